"""Between the password and the session: a code is still to come, or a new password. Until then the browser is nobody's.

What is known of it lies in the session's data; the session itself has no owner, so `request.member` stays None everywhere.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final

from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.auth import login as start_session
from django.http import HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from licenseonline.accounts.backends import MemberBackend
from licenseonline.accounts.models import Member
from licenseonline.kit import clock
from licenseonline.web.requests import StoreRequest

_KEY: Final = "entrance"
_BACKEND: Final = "licenseonline.accounts.backends.MemberBackend"


class Step(StrEnum):
    """What is still missing."""

    CODE = "code"
    PASSWORD = "password"  # noqa: S105  (a step)


_LASTS: Final = {Step.CODE: timedelta(minutes=10), Step.PASSWORD: timedelta(minutes=30)}


@dataclass(frozen=True, slots=True)
class Entrance:
    """Whose password was right, and what comes after the missing step."""

    member: Member
    must_change: bool
    after: str


def admit(request: StoreRequest, entrance: Entrance, *, passed: Step | None = None) -> HttpResponse:
    """The next page: for the code, for a new password, or (a session has begun) where one came from. `passed` is the last step."""
    store_id = request.store.pk
    if passed is None and entrance.member.has_second_factor:
        _wait(request, entrance, Step.CODE)
        return redirect("store:login_code", store_id=store_id)
    if passed is not Step.PASSWORD and entrance.must_change:
        _wait(request, entrance, Step.PASSWORD)
        return redirect("store:password_change", store_id=store_id)
    request.session.pop(_KEY, None)
    start_session(request, entrance.member, backend=_BACKEND)  # type: ignore[arg-type]  # any user model; the stubs know one
    return redirect(entrance.after or reverse("store:top", args=[store_id]))


def waiting(request: StoreRequest, step: Step) -> Entrance | None:
    """Who has come as far as this step, if the time is not over and the password is still the one that was shown."""
    data: dict[str, Any] | None = request.session.get(_KEY) if request.session.session_key else None
    if data is None or data["step"] != step or data["until"] <= clock.now().timestamp():
        return None
    member = MemberBackend().get_user(data["member"])
    if member is None or not constant_time_compare(data["hash"], member.get_session_auth_hash()):
        return None
    member.store = request.store
    return Entrance(member, must_change=data["must_change"], after=data["after"])


def _wait(request: StoreRequest, entrance: Entrance, step: Step) -> None:
    """Under a new key, as at every change of what a browser may do."""
    request.session.cycle_key()
    request.session[_KEY] = {
        "step": step.value,
        "member": entrance.member.pk,
        "hash": entrance.member.get_session_auth_hash(),
        "until": (clock.now() + _LASTS[step]).timestamp(),
        "must_change": entrance.must_change,
        "after": entrance.after,
    }
    rotate_token(request)


def renew(request: StoreRequest, member: Member) -> None:
    """The member's password is new: this session goes on, under a new key."""
    request.session.cycle_key()
    request.session[HASH_SESSION_KEY] = member.get_session_auth_hash()
