"""Every request is one transaction that sees only the stores of its area and actor."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY, get_user
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare

from licenseonline.accounts.models import Member, User
from licenseonline.kit import scope
from licenseonline.kit.errors import NotVisible, Refused
from licenseonline.stores import stores
from licenseonline.stores.models import Store, StoreState
from licenseonline.web import acting_gate, errors, hosts, store_gate
from licenseonline.web.areas import Area, AreaKind

SERVER_ERROR = 500


class RequestScopeMiddleware(AuthenticationMiddleware):
    """Finds store and actor, opens the scope, and rolls back what a failed request wrote.

    Django turns a view's exception into a response before a middleware's `atomic()` can see it, so the status decides.
    """

    get_response: Callable[[HttpRequest], HttpResponse]

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve the request inside its scope."""
        request.user = AnonymousUser()
        area: Area = request.area  # type: ignore[attr-defined]  # see web/requests.py
        with self._scope(request, area) as edition:
            if hosts.is_misdirected(request, area):
                return errors.wrong_host(request)
            try:
                self._find_actor(request, area, edition)
            except NotVisible:
                return errors.unknown_store(request)
            response = self.get_response(request)
            if area.kind is not AreaKind.BARE and response.status_code >= SERVER_ERROR:
                transaction.set_rollback(True)
        if _is_personal(request):
            response.setdefault("Cache-Control", "private, no-store")
        return response

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        """A store that is not open answers for itself; a store's own host leads home to it."""
        store: Store | None = getattr(request, "store", None)
        if store is None:
            return hosts.home(request)
        return store_gate.answer(request, store) or acting_gate.answer(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """What is not visible is a 404; a refusal that no form shows is a page that says why."""
        if isinstance(exception, NotVisible):
            return errors.not_found(request, exception)
        if isinstance(exception, Refused):
            return errors.refused(request, exception)
        return None

    @staticmethod
    def _scope(request: HttpRequest, area: Area) -> AbstractContextManager[int | None]:
        if area.kind is AreaKind.BARE:
            return nullcontext()
        if area.kind is AreaKind.STORE:
            return scope.stores([area.store_id or 0], reading=stores.EDITION)
        if area.kind is AreaKind.DEMO:
            return scope.platform()
        user = _staff(request) if area.kind in {AreaKind.PARTNER, AreaKind.BACKOFFICE} else None
        if not isinstance(user, User) or (user.partner_id is None) != (area.kind is AreaKind.BACKOFFICE):
            return scope.stores([])
        request.user = user
        return scope.platform() if user.visible_stores is None else scope.stores(user.visible_stores)

    @staticmethod
    def _find_actor(request: HttpRequest, area: Area, edition: int | None) -> None:
        if area.kind is AreaKind.STORE:
            store = stores.open_store(area.store_id or 0, edition=edition)
            if store.state == StoreState.DRAFT and not store_gate.is_previewed(request, store):
                raise NotVisible
            store = store_gate.with_changes(request, store)
            request.store = store  # type: ignore[attr-defined]  # see web/requests.py
            member = _member(request)
            if member is not None:
                member.store = request.store  # type: ignore[attr-defined]  # see web/requests.py
                member = member if acting_gate.holds(request, member) else None
            request.member = member  # type: ignore[attr-defined]  # see web/requests.py


def _member(request: HttpRequest) -> Member | None:
    """Whom the session belongs to: read with its row, and as valid as in Django's own `get_user`."""
    session = request.session
    if session.session_key is None:
        return None  # no cookie: nothing is read
    person, digest = session.get(SESSION_KEY), session.get(HASH_SESSION_KEY, "")
    member: Member | None = session.member  # type: ignore[attr-defined]  # our store's
    if member is None or not member.is_active or str(member.pk) != person:
        return None
    if not constant_time_compare(digest, member.get_session_auth_hash()):
        session.flush()  # the password was changed elsewhere
        return None
    return member


def _staff(request: HttpRequest) -> User | None:
    user = get_user(request) if request.session.session_key else None
    return user if isinstance(user, User) else None


def _is_personal(request: HttpRequest) -> bool:
    return getattr(request, "member", None) is not None or request.user.is_authenticated
