"""パスワードの変更, ログイン中の端末, and the authentication mail once more."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from licenseonline.accounts import password_changes, passwords, security_notices, sessions, verifications
from licenseonline.accounts.security_notices import Kind
from licenseonline.kit.errors import Refused
from licenseonline.kit.networks import client_network
from licenseonline.web.access import member_required
from licenseonline.web.member import changes
from licenseonline.web.requests import MemberRequest
from licenseonline.web.storefront import entrance
from licenseonline.web.storefront.password_forms import PasswordChangeForm
from licenseonline.web.storefront.passwords import done


@sensitive_post_parameters("current", "password")
@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: MemberRequest, store_id: int) -> HttpResponse:
    """パスワードの変更; every other browser is signed out by it."""
    member = request.member
    least = passwords.LEAST_WITH_SECOND_FACTOR if member.has_second_factor else passwords.LEAST
    form = PasswordChangeForm(request.POST if request.method == "POST" else None, least=least)

    def change() -> None:
        given = form.cleaned_data
        password_changes.change(
            member, given["password"], current=given["current"], by=member, network=client_network(request.META),
            device=changes.device(request), keep=request.session.session_key,
        )  # fmt: skip
        entrance.renew(request, member)

    answer = changes.answered(request, form, change, done(verified=member.is_verified))
    return answer or changes.page(request, "password", form)


@member_required
@require_POST
def send_verification(request: MemberRequest, store_id: int) -> HttpResponse:
    """認証メールを再送する."""
    try:
        verifications.ask(request.member, network=client_network(request.META))
    except Refused as refusal:
        messages.warning(request, refusal.message)
    else:
        messages.success(
            request, _("認証メールをお送りしました。24時間以内に、メール内に記載しているURLをクリックしてください。")
        )
    return redirect("store:profile", store_id=store_id)


@member_required
@require_safe
def devices(request: MemberRequest, store_id: int) -> HttpResponse:
    """ログイン中の端末: this one and the others."""
    here = request.session.session_key
    rows = [(session, session.session_key == here) for session in sessions.of(request.member)]
    return render(request, "web/member/sessions.html", {"rows": sorted(rows, key=lambda row: not row[1])})


@member_required
@require_POST
def end_others(request: MemberRequest, store_id: int) -> HttpResponse:
    """他の端末をすべてログアウト."""
    member = request.member
    return _ended(request, sessions.end_others(member, keep=request.session.session_key, by=member))


@member_required
@require_POST
def end_one(request: MemberRequest, store_id: int, reference: str) -> HttpResponse:
    """Sign out of one other browser; this one has its own button in the menu."""
    if any(
        session.reference == reference for session in sessions.of(request.member).filter(pk=request.session.session_key)
    ):
        return HttpResponse(status=HTTPStatus.CONFLICT)
    return _ended(request, sessions.end(request.member, reference, by=request.member))


def _ended(request: MemberRequest, count: int) -> HttpResponse:
    if count:
        security_notices.send(request.member, Kind.SIGNED_OUT_ELSEWHERE, device=changes.device(request))
        text = ngettext("%(count)s台の端末からログアウトしました。", "%(count)s台の端末からログアウトしました。", count)
        messages.success(request, text % {"count": count})
    else:
        messages.info(request, _("ほかにログイン中の端末はありません。"))
    return redirect("store:sessions", store_id=request.store.pk)
