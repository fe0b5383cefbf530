"""Sessions that count in one area only: the row itself says which."""

from typing import cast

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from licenseonline.accounts.models import Session


class SessionStore(DatabaseStore):
    """Django's database sessions, found by key and area together."""

    def __init__(self, session_key: str | None = None, area: str = "") -> None:
        super().__init__(session_key)
        self.area = area

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """Our table with the area."""
        return Session

    def _get_session_from_db(self) -> Session | None:
        session: Session | None = super()._get_session_from_db()  # type: ignore[misc]  # not in the stubs
        if session is None or session.area != self.area:
            self._session_key = None
            return None
        return session

    def create_model_instance(self, data: dict[str, object]) -> Session:
        """The row to save, with its area."""
        row = cast("Session", super().create_model_instance(data))
        row.area = self.area
        return row
