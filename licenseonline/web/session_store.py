"""Sessions that count in one area only: the row itself says which."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final, cast

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db.models import Count, DateTimeField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext

from licenseonline.accounts import acting
from licenseonline.accounts.models import Member, Session
from licenseonline.kit import clock, crypto
from licenseonline.kit.networks import client_network
from licenseonline.kit.prepared import Given, Prepared, given_text
from licenseonline.sales.models import CartLine
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
        self.member: Member | None = None  # as read with the row, with the company
        self.cart_lines = 0

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """Our table with the area."""
        return Session

    def _get_session_from_db(self) -> Session | None:
        session = _open.first(key=self.session_key, area=self.area, now=clock.now())
        if session is None:
            self._session_key = None
            return None
        self._began = session.created_at
        self.member, self.cart_lines = session.member, session.cart_lines  # type: ignore[attr-defined]  # annotated
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
        if acting.SESSION_KEY in data:  # the staff's browser is nobody's to recognise
            row.device, row.network = gettext("代理操作"), ""
        row.seen_at = clock.now()
        row.created_at = self._began = self._began or row.seen_at
        return row


def _sessions() -> QuerySet[Session]:
    """With all that every page of a member shows, in one query."""
    lines = CartLine.objects.filter(member_id=OuterRef("member_id"))  # house: of the session's own member
    count = Subquery(lines.order_by().values("member_id").annotate(count=Count("pk")).values("count"))
    rows = Session.objects.filter(session_key=given_text("key"), area=given_text("area"))  # house: as in _note_seen
    rows = rows.filter(expire_date__gt=Given("now", DateTimeField()))
    return rows.select_related("member__company").annotate(cart_lines=Coalesce(count, 0))


_open = Prepared(_sessions)


def _note_seen(session: Session) -> None:
    now = clock.now()
    if session.seen_at is None or session.seen_at <= now - SEEN_EVERY:
        Session.objects.filter(pk=session.pk).update(seen_at=now)  # house: a session is nobody's store row
