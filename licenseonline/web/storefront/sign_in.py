"""ログイン and ログアウト: per store, so that signing in here says nothing at another store."""

import re
from http import HTTPStatus
from urllib.parse import unquote, urlsplit

from django.contrib.auth import login as start_session
from django.contrib.auth import logout as end_session
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from licenseonline.accounts import sign_in
from licenseonline.kit.errors import Refused
from licenseonline.kit.networks import client_network
from licenseonline.web.requests import StoreRequest
from licenseonline.web.storefront.forms import SignInForm

_BACKEND = "licenseonline.accounts.backends.MemberBackend"
_STATUS = {"throttled": 429}
_ODD = re.compile(r"[\x00-\x20\x7f\\]|//|/\.{1,2}(/|$)")


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: StoreRequest, store_id: int) -> HttpResponse:
    """Sign a member of this store in and lead back to where they came from, within the store."""
    after = after_sign_in(request.POST.get("next") or request.GET.get("next") or "", store_id)
    if request.member is not None:
        return redirect(after or reverse("store:top", args=[store_id]))
    form = SignInForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = _try(request, form)
        if status == HTTPStatus.FOUND:
            return redirect(after or reverse("store:top", args=[store_id]))
    return render(request, "web/storefront/login.html", {"form": form, "next": after}, status=status)


def _try(request: StoreRequest, form: SignInForm) -> int:
    """The status to answer with: 302 signed in, 422 mistyped or mismatched, 429 too many failures."""
    if not form.is_valid():
        return 422
    given = form.cleaned_data
    try:
        member = sign_in.member(
            request.store, email=given["email"], password=given["password"], network=client_network(request.META)
        )
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return _STATUS.get(refusal.code, 422)
    start_session(request, member, backend=_BACKEND)  # type: ignore[arg-type]  # any user model; the stubs know one
    return 302


def after_sign_in(path: str, store_id: int) -> str:
    """The path if it is a page of this store, else nothing: no other host, store or area, however it is written."""
    decoded = unquote(urlsplit(path).path) if path.startswith(f"/{store_id}/") else ""
    safe = (
        decoded.startswith(f"/{store_id}/") and not _ODD.search(decoded) and not re.search(r"[\x00-\x20\x7f\\]", path)
    )
    return path if safe else ""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def logout(request: StoreRequest, store_id: int) -> HttpResponse:
    """End the session here; a link alone ends nothing, it asks."""
    if request.method == "POST" or request.member is None:
        end_session(request)
        return redirect("store:top", store_id=store_id)
    return render(request, "web/storefront/logout.html")


@require_safe
def register(request: StoreRequest, store_id: int) -> HttpResponse:
    """新規会員登録: by the desk, until the form is there."""
    return render(request, "web/storefront/register.html")


@require_safe
def reissue(request: StoreRequest, store_id: int) -> HttpResponse:
    """パスワード再発行: by the desk, until the form is there."""
    return render(request, "web/storefront/reissue.html")
