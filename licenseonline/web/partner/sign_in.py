"""Sign-in of a partner's staff: SPID, address, password and a code."""

import re
from http import HTTPStatus
from urllib.parse import unquote

from django.contrib import auth
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from licenseonline.accounts import sign_in
from licenseonline.kit.errors import Refused
from licenseonline.kit.networks import client_network
from licenseonline.web.partner.forms import SignInForm
from licenseonline.web.requests import AreaRequest

_BACKEND = "licenseonline.accounts.backends.StaffBackend"
_STATUS = {"throttled": HTTPStatus.TOO_MANY_REQUESTS}
_ODD = re.compile(r"[\x00-\x20\x7f\\]|//|\.\.")


@sensitive_post_parameters("password", "code")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: AreaRequest) -> HttpResponse:
    """The sign-in page; afterwards the page of the console that was asked for."""
    after = _within(request.GET.get("next", ""))
    if request.user.is_authenticated:
        return redirect(after)
    form = SignInForm(request.POST if request.method == "POST" else None)
    status = _try(request, form) if form.is_bound else HTTPStatus.OK
    if status == HTTPStatus.FOUND:
        return redirect(after)
    return render(request, "web/partner/login.html", {"form": form}, status=status)


@require_POST
def logout(request: AreaRequest) -> HttpResponse:
    """End the session of the console."""
    auth.logout(request)
    return redirect("partner:login")


def _try(request: AreaRequest, form: SignInForm) -> HTTPStatus:
    """302 signed in, 422 mistyped or mismatched, 429 too many failures."""
    if not form.is_valid():
        return HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        user = sign_in.staff(**form.cleaned_data, network=client_network(request.META))
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return _STATUS.get(refusal.code, HTTPStatus.UNPROCESSABLE_ENTITY)
    auth.login(request, user, backend=_BACKEND)
    return HTTPStatus.FOUND


def _within(path: str) -> str:
    """The path when it is a page of the console, else its home: no other host or area, however it is written."""
    home = reverse("partner:home")
    inside = path.startswith(home) and not _ODD.search(path) and not _ODD.search(unquote(path))
    return path if inside and not path.startswith(reverse("partner:login")) else home
