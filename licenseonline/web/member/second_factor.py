"""二段階認証: set up, taken off, its recovery codes."""

from io import BytesIO
from typing import Final

import segno
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from licenseonline.accounts import second_factors
from licenseonline.kit import crypto
from licenseonline.kit.networks import client_network
from licenseonline.web.access import member_required
from licenseonline.web.member import changes
from licenseonline.web.requests import MemberRequest
from licenseonline.web.storefront.password_forms import CodeForm, CurrentPasswordForm

_SETUP: Final = "second_factor"  # encrypted in the session's data until the first code has shown that the app has it


@member_required
@require_safe
def show(request: MemberRequest, store_id: int) -> HttpResponse:
    """Whether it is on, and what can be done about it."""
    left = second_factors.unused_codes(request.member) if request.member.has_second_factor else 0
    return render(request, "web/member/second_factor.html", {"left": left})


@sensitive_post_parameters("code")
@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def turn_on(request: MemberRequest, store_id: int) -> HttpResponse:
    """The secret as a picture and as text; the first code confirms it, and the recovery codes are shown, once."""
    if request.member.has_second_factor:
        return redirect("store:second_factor", store_id=store_id)
    secret = _secret(request)
    form = CodeForm(request.POST if request.method == "POST" else None)
    made: list[str] = []

    def do() -> None:
        code, device = form.cleaned_data["code"], changes.device(request)
        made.extend(second_factors.turn_on(request.member, secret=secret, code=code, by=request.member, device=device))

    if changes.succeeded(request, form, do):
        return _codes(request, made)
    address = second_factors.setup_address(request.member, secret)
    return changes.page(request, "second_factor_on", form, {"secret": secret, "address": address})


@member_required
@require_safe
def picture(request: MemberRequest, store_id: int) -> HttpResponse:
    """The secret as a QR code; only while it is being set up."""
    if _SETUP not in request.session or request.member.has_second_factor:
        raise Http404
    drawn = BytesIO()
    code = segno.make(second_factors.setup_address(request.member, _secret(request)), error="m", micro=False)
    code.save(drawn, kind="svg", scale=4, border=4, dark="#000", light="#fff", title=None)
    return HttpResponse(drawn.getvalue(), content_type="image/svg+xml")


@sensitive_post_parameters("current")
@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def turn_off(request: MemberRequest, store_id: int) -> HttpResponse:
    """Back to the password alone."""
    member = request.member
    form = CurrentPasswordForm(request.POST if request.method == "POST" else None)

    def do() -> None:
        current, network = form.cleaned_data["current"], client_network(request.META)
        second_factors.turn_off(member, current=current, by=member, network=network, device=changes.device(request))

    answer = changes.answered(request, form, do, _("二段階認証を解除しました。"), to="store:second_factor")
    return answer or changes.page(request, "second_factor_off", form)


@sensitive_post_parameters("current")
@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def codes(request: MemberRequest, store_id: int) -> HttpResponse:
    """New recovery codes, shown once."""
    member = request.member
    form = CurrentPasswordForm(request.POST if request.method == "POST" else None)
    made: list[str] = []

    def do() -> None:
        current, network, device = form.cleaned_data["current"], client_network(request.META), changes.device(request)
        made.extend(second_factors.renew_codes(member, current=current, by=member, network=network, device=device))

    if changes.succeeded(request, form, do):
        return _codes(request, made)
    return changes.page(request, "second_factor_codes", form)


def _secret(request: MemberRequest) -> str:
    """The secret that is being set up: the same until it is confirmed, so that a page opened twice shows one."""
    if _SETUP not in request.session:
        request.session[_SETUP] = crypto.encrypt(second_factors.new_secret())
    return crypto.decrypt(request.session[_SETUP])


def _codes(request: MemberRequest, made: list[str]) -> HttpResponse:
    request.session.pop(_SETUP, None)
    return render(request, "web/member/recovery_codes.html", {"codes": made})
