"""Pages of mailed addresses: メールアドレスの認証 and stopping a change. Looking changes nothing, since mail scanners look too."""

from http import HTTPStatus
from typing import Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from licenseonline.accounts import links, security_notices, stops, verifications
from licenseonline.accounts.models import MailLink
from licenseonline.kit.errors import Refused
from licenseonline.kit.networks import client_network
from licenseonline.web.requests import StoreRequest

_STATUS: Final = {"unknown": HTTPStatus.NOT_FOUND, "throttled": HTTPStatus.TOO_MANY_REQUESTS}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: StoreRequest, store_id: int, secret: str) -> HttpResponse:
    """One button that completes 本登録; in any browser, signed in or not."""
    try:
        if request.method == "POST":
            verifications.confirm(secret, store=request.store)
            messages.success(request, _("メールアドレスの認証が済み、本登録が完了しました。"))
            return redirect("store:profile" if request.member else "store:login", store_id=store_id)
        link = links.open(secret, purpose=MailLink.Purpose.VERIFY, store=request.store)
    except Refused as refusal:
        return _over(request, refusal, "web/storefront/verify_over.html", secret)
    return render(request, "web/storefront/verify.html", {"person": link.member})


@require_POST
def verify_again(request: StoreRequest, store_id: int, secret: str) -> HttpResponse:
    """Another mail in place of one that was opened too late; it goes to the member's address, whoever asks."""
    try:
        verifications.ask_again(secret, store=request.store, network=client_network(request.META))
    except Refused as refusal:
        return _over(request, refusal, "web/storefront/verify_over.html", secret)
    messages.success(request, _("新しい認証メールをお送りしました。24時間以内にメールのURLを開いてください。"))
    return redirect("store:profile" if request.member else "store:login", store_id=store_id)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: StoreRequest, store_id: int, secret: str) -> HttpResponse:
    """One button for “that was not me”."""
    try:
        if request.method == "POST":
            return render(request, "web/storefront/stopped.html", {"mailed": stops.stop(secret, store=request.store)})
        link = links.open(secret, purpose=MailLink.Purpose.STOP, store=request.store)
    except Refused as refusal:
        return _over(request, refusal, "web/storefront/stop_over.html", secret)
    notice = security_notices.told_by(link)
    title = security_notices.title(notice)
    return render(request, "web/storefront/stop.html", {"title": title, "notice": notice})


def _over(request: StoreRequest, refusal: Refused, template: str, secret: str) -> HttpResponse:
    """Why the link does nothing, and what to do instead."""
    status = _STATUS.get(refusal.code, HTTPStatus.GONE)
    return render(request, template, {"refusal": refusal, "secret": secret}, status=status)
