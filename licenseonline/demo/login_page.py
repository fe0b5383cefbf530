"""`/demo/logins`: who can sign in where, with the passwords and the codes of this moment."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from licenseonline.accounts import sign_in
from licenseonline.accounts.models import User
from licenseonline.demo import logins
from licenseonline.demo.access import local_only
from licenseonline.demo.logins import Desk, Login
from licenseonline.stores.models import Store


@dataclass(frozen=True, slots=True)
class Row:
    """A login, the name of where it leads, and the second factor's code (staff)."""

    login: Login
    place: str
    code: str


@local_only
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """All logins, members first."""
    stores = {store.pk: str(store) for store in Store.objects.all()}
    users = {(user.email, user.partner.spid if user.partner else ""): user for user in _staff()}
    members = [Row(login, stores.get(login.store_id or 0, ""), "") for login in logins.ALL if login.desk is Desk.STORE]
    staff = [
        Row(login, user.partner.name if user.partner else "", sign_in.next_code(user))
        for login in logins.ALL
        if login.desk is not Desk.STORE and (user := users.get((login.email, login.spid)))
    ]
    return render(request, "demo/logins.html", {"members": members, "staff": staff})


def _staff() -> list[User]:
    return list(User.objects.filter(is_active=True).select_related("partner"))
