"""ログイン and ログアウト: per store, so that signing in here says nothing at another store."""

import re
from urllib.parse import unquote, urlsplit

from django.contrib.auth import logout as end_session
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from licenseonline.accounts import second_factors, sign_in
from licenseonline.kit.errors import Refused
from licenseonline.kit.networks import client_network
from licenseonline.web import acting_gate, devices
from licenseonline.web.requests import StoreRequest
from licenseonline.web.storefront import entrance
from licenseonline.web.storefront.entrance import Entrance, Step
from licenseonline.web.storefront.forms import SignInForm
from licenseonline.web.storefront.password_forms import CodeForm

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
    refused = None
    if request.method == "POST" and form.is_valid():
        try:
            entry = sign_in.enter(request.store, **form.cleaned_data, network=client_network(request.META))
            return entrance.admit(request, Entrance(entry.member, entry.must_change, after))
        except Refused as refusal:
            refused = refusal.code
            form.add_error(None, refusal.message)
    context = {"form": form, "next": after, "refused": refused}
    return render(request, "web/storefront/login.html", context, status=_status(request, refused))


@sensitive_post_parameters("code")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: StoreRequest, store_id: int) -> HttpResponse:
    """The second step, for members who want one."""
    found = entrance.waiting(request, Step.CODE) if request.member is None else None
    if found is None:
        return redirect("store:login", store_id=store_id)
    form = CodeForm(request.POST if request.method == "POST" else None)
    refused = None
    if form.is_valid():
        device = devices.name_of(request.META.get("HTTP_USER_AGENT", ""))
        try:
            network = client_network(request.META)
            second_factors.check(found.member, form.cleaned_data["code"], network=network, device=device)
            return entrance.admit(request, found, passed=Step.CODE)
        except Refused as refusal:
            refused = refusal.code
            form.add_error(refusal.field, refusal.message)
    return render(request, "web/storefront/login_code.html", {"form": form}, status=_status(request, refused))


def _status(request: StoreRequest, refused: str | None) -> int:
    """422 mistyped or mismatched, 429 too many failures."""
    return _STATUS.get(refused or "", 422) if request.method == "POST" else 200


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
        acting_gate.leave(request)
        end_session(request)
        return redirect("store:top", store_id=store_id)
    return render(request, "web/storefront/logout.html")
