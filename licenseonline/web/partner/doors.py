"""Pages of mailed links to a partner's staff, and パスワードの再発行. Looking changes nothing, since mail scanners look too."""

from http import HTTPStatus
from typing import Final

import segno
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from licenseonline.accounts import staff_links, staff_passwords
from licenseonline.accounts.models import StaffLink
from licenseonline.kit.errors import Refused
from licenseonline.kit.networks import client_network
from licenseonline.web.partner.door_forms import PasswordForm, ReissueForm, StartForm
from licenseonline.web.requests import AreaRequest

_STATUS: Final = {"unknown": HTTPStatus.NOT_FOUND, "used": HTTPStatus.GONE, "expired": HTTPStatus.GONE}


@sensitive_post_parameters("password", "code")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: AreaRequest, secret: str) -> HttpResponse:
    """The password and the second factor; then on to signing in."""
    form = StartForm(request.POST if request.method == "POST" else None)
    try:
        link = staff_links.opened(secret, purpose=StaffLink.Purpose.START, of_operator=False)
        if form.is_valid():
            staff_passwords.start(secret, **form.cleaned_data, of_operator=False)
            messages.success(request, _("設定が完了しました。SPIDと、設定したパスワードでログインしてください。"))
            return redirect("partner:login")
    except Refused as refusal:
        if refusal.code in _STATUS:
            return _over(request, refusal)
        form.add_error(refusal.field, refusal.message)
    return _page(request, "start", form, link)


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def password_new(request: AreaRequest, secret: str) -> HttpResponse:
    """Another password."""
    form = PasswordForm(request.POST if request.method == "POST" else None)
    try:
        link = staff_links.opened(secret, purpose=StaffLink.Purpose.REISSUE, of_operator=False)
        if form.is_valid():
            staff_passwords.reissue(secret, **form.cleaned_data, of_operator=False)
            messages.success(request, _("パスワードを変更しました。新しいパスワードでログインしてください。"))
            return redirect("partner:login")
    except Refused as refusal:
        if refusal.code in _STATUS:
            return _over(request, refusal)
        form.add_error(refusal.field, refusal.message)
    return _page(request, "password_new", form, link)


@require_http_methods(["GET", "HEAD", "POST"])
def reissue(request: AreaRequest) -> HttpResponse:
    """Ask for a link to a new password; what comes of it is in the mail alone."""
    form = ReissueForm(request.POST if request.method == "POST" else None)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    if form.is_valid():
        given = form.cleaned_data
        try:
            staff_passwords.ask_reissue(given["spid"], email=given["email"], network=client_network(request.META))
        except Refused as refusal:
            form.add_error(None, refusal.message)
            status = HTTPStatus.TOO_MANY_REQUESTS
        else:
            return redirect("partner:reissue_sent")
    return render(request, "web/partner/reissue.html", {"form": form}, status=status)


@require_safe
def reissue_sent(request: AreaRequest) -> HttpResponse:
    """The same for every address."""
    return render(request, "web/partner/reissue_sent.html")


def _page(request: AreaRequest, name: str, form: StartForm | PasswordForm, link: StaffLink) -> HttpResponse:
    context: dict[str, object] = {"form": form, "person": link.user, "expires_at": link.expires_at}
    if name == "start":
        code = segno.make(staff_passwords.setup_address(link), error="m", micro=False)
        picture = code.svg_data_uri(scale=4, border=4, dark="#000", light="#fff")
        context |= {"picture": picture, "secret": staff_passwords.setup_secret(link)}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, f"web/partner/{name}.html", context, status=status)


def _over(request: AreaRequest, refusal: Refused) -> HttpResponse:
    """Why the link does nothing, and what to do instead."""
    return render(request, "web/partner/link_over.html", {"refusal": refusal}, status=_STATUS[refusal.code])
