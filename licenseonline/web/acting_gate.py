"""Staff who act for a member: who they are in each request, how they come in and go, and the pages that stay the member's own."""

from typing import Final

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token

from licenseonline.accounts import acting
from licenseonline.accounts.models import ActingTicket, Member
from licenseonline.kit import rights
from licenseonline.kit.errors import Refused
from licenseonline.web import errors
from licenseonline.web.requests import StoreRequest

_BACKEND: Final = "licenseonline.accounts.backends.MemberBackend"
# The verbs behind them refuse too; these pages would show forms for nothing, or a secret of the second factor.
_OWN: Final = frozenset({
    "password", "password_change", "sessions", "sessions_end", "session_end", "second_factor", "second_factor_on",
    "second_factor_picture", "second_factor_off", "second_factor_codes", "profile_person", "profile_company",
    "profile_company_name", "profile_billing", "profile_email", "profile_email_confirm", "profile_newsletter",
    "profile_withdraw", "profile_approvals", "approver_name", "approver_remove", "colleague_role", "colleague_remove",
    "invitation_again", "invitation_withdraw", "key_reveal", "key_certificate",
})  # fmt: skip


def holds(request: HttpRequest, member: Member) -> bool:
    """Whether the session is the member's own, or is still good for acting; then the member knows who acts."""
    number: int | None = request.session.get(acting.SESSION_KEY)
    if number is None:
        return True
    ticket = acting.current(number, member=member)
    if ticket is None:
        request.session.flush()
        return False
    member.acting, member.acting_ticket = ticket.user, ticket
    return True


def answer(request: HttpRequest) -> HttpResponse | None:
    """Why a page of the member's own is not there for who acts."""
    member: Member | None = getattr(request, "member", None)
    route = request.resolver_match.url_name if request.resolver_match else ""
    if member is None or member.acting is None or route not in _OWN:
        return None
    try:
        rights.check_in_person(member)
    except Refused as refusal:
        return errors.refused(request, refusal)
    return None


def enter(request: StoreRequest, ticket: ActingTicket) -> None:
    """A session of its own, under a new key, that ends with the hour. It is no sign-in of the member's."""
    member: Member = ticket.member
    request.session.flush()
    request.session[SESSION_KEY] = str(member.pk)
    request.session[BACKEND_SESSION_KEY] = _BACKEND
    request.session[HASH_SESSION_KEY] = member.get_session_auth_hash()
    request.session[acting.SESSION_KEY] = ticket.pk
    request.session.set_expiry(acting.until(ticket))
    rotate_token(request)


def leave(request: StoreRequest) -> ActingTicket | None:
    """End acting, if somebody does, and the session with it."""
    ticket = request.member.acting_ticket if request.member else None
    if ticket is not None:
        acting.end(ticket)
        request.session.flush()
        request.member = None
    return ticket
