"""Sessions that count in one area only: the row itself says which."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final, cast

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from licenseonline.accounts.models import Session
from licenseonline.kit import clock, crypto
from licenseonline.kit.networks import client_network
from licenseonline.web import devices

SEEN_EVERY: Final = timedelta(hours=1)  # a page that is only read writes no more often than this


class SessionStore(DatabaseStore):
    """Django's database sessions, found by key and area together, with what their owner's list of sessions shows.

    `meta` are WSGI's variables of the request, for the browser's name and network.
    """

    def __init__(
        self, session_key: str | None = None, area: str = "", meta: Mapping[str, object] = MappingProxyType({})
    ) -> None:
        super().__init__(session_key)
        self.area = area
        self.meta = meta
        self._began: datetime | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """Our table with the area."""
        return Session

    def _get_session_from_db(self) -> Session | None:
        session: Session | None = super()._get_session_from_db()  # type: ignore[misc]  # not in the stubs
        if session is None or session.area != self.area:
            self._session_key = None
            return None
        self._began = session.created_at
        _note_seen(session)
        return session

    def create(self) -> None:
        """A new key begins a new session."""
        self._began = None
        super().create()

    def create_model_instance(self, data: dict[str, object]) -> Session:
        """The row to save, with its area and its owner."""
        row = cast("Session", super().create_model_instance(data))
        row.area = self.area
        owner, backend = data.get("_auth_user_id"), str(data.get("_auth_user_backend"))
        if owner is not None:
            person = int(str(owner))
            row.member_id, row.user_id = (person, None) if backend.endswith("MemberBackend") else (None, person)
        network = client_network(self.meta)
        row.network = crypto.fingerprint(f"network:{network}")[:16] if network else ""
        row.device = devices.name_of(str(self.meta.get("HTTP_USER_AGENT", "")))
        row.seen_at = clock.now()
        row.created_at = self._began = self._began or row.seen_at
        return row


def _note_seen(session: Session) -> None:
    now = clock.now()
    if session.seen_at is None or session.seen_at <= now - SEEN_EVERY:
        Session.objects.filter(pk=session.pk).update(seen_at=now)  # house: a session is nobody's store row
