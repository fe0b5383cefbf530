"""パスワードの再発行 and the page that follows a sign-in with a 仮パスワード."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from licenseonline.accounts import password_changes, passwords, reissues
from licenseonline.kit.errors import Refused
from licenseonline.kit.forms import show_refusal
from licenseonline.kit.networks import client_network
from licenseonline.web import devices
from licenseonline.web.requests import StoreRequest
from licenseonline.web.storefront import entrance
from licenseonline.web.storefront.entrance import Step
from licenseonline.web.storefront.password_forms import NewPasswordForm, ReissueForm

_STATUS = {"throttled": 429}


@require_http_methods(["GET", "HEAD", "POST"])
def reissue(request: StoreRequest, store_id: int) -> HttpResponse:
    """Ask for a 仮パスワード; what comes of it is in the mail alone."""
    form = ReissueForm(request.POST if request.method == "POST" else None)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            reissues.ask(request.store, email=form.cleaned_data["email"], network=client_network(request.META))
        except Refused as refusal:
            form.add_error(None, refusal.message)
            status = _STATUS.get(refusal.code, 422)
        else:
            return redirect("store:reissue_sent", store_id=store_id)
    return render(request, "web/storefront/reissue.html", {"form": form}, status=status)


@require_safe
def reissue_sent(request: StoreRequest, store_id: int) -> HttpResponse:
    """The same for every address: what to do when the mail is there, and when it does not come."""
    return render(request, "web/storefront/reissue_sent.html")


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: StoreRequest, store_id: int) -> HttpResponse:
    """The new password after a 仮パスワード; only then does a session begin."""
    if request.member is not None:
        return redirect("store:password", store_id=store_id)
    found = entrance.waiting(request, Step.PASSWORD)
    if found is None:
        return render(request, "web/storefront/password_over.html", status=200)
    least = passwords.LEAST_WITH_SECOND_FACTOR if found.member.has_second_factor else passwords.LEAST
    form = NewPasswordForm(request.POST if request.method == "POST" else None, least=least)
    if form.is_valid() and _replaced(request, found, form):
        return entrance.admit(request, found, passed=Step.PASSWORD)
    context = {"form": form, "person": found.member}
    return render(request, "web/storefront/password_change.html", context, status=422 if form.is_bound else 200)


def _replaced(request: StoreRequest, found: entrance.Entrance, form: NewPasswordForm) -> bool:
    device = devices.name_of(request.META.get("HTTP_USER_AGENT", ""))
    try:
        password_changes.replace_temporary(found.member, form.cleaned_data["password"], device=device)
    except Refused as refusal:
        show_refusal(form, refusal)
        return False
    messages.success(request, done(verified=found.member.is_verified))
    return True


def done(*, verified: bool) -> str:
    """What the page says after a change, and what is left to do."""
    if verified:
        return _("パスワードを変更しました。")
    return _(
        "パスワードを変更しました。メール認証を行うためのメールをお送りしました。"
        "メール内に記載しているURLをクリックいただくことで本登録が完了となります。24時間以内にご対応ください。"
    )
