"""Pages of mailed links to the operator's staff, and パスワードの再発行. Looking changes nothing, since mail scanners look too."""

from http import HTTPStatus
from typing import Any, Final

import segno
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from licenseonline.accounts import passwords, staff_links, staff_passwords
from licenseonline.accounts.models import StaffLink
from licenseonline.backoffice.fields import CodeField, MailField, PasswordField
from licenseonline.backoffice.site import desk_policy
from licenseonline.kit.errors import Refused
from licenseonline.kit.networks import client_network

_STATUS: Final = {"unknown": HTTPStatus.NOT_FOUND, "used": HTTPStatus.GONE, "expired": HTTPStatus.GONE}


class NewPasswordForm(forms.Form):
    """Another password. How good it must be is the verb's to say."""

    password = PasswordField(
        label=gettext_lazy("新しいパスワード"),
        max_length=passwords.MOST,
        help_text=format_lazy(
            gettext_lazy("{least}文字以上で設定してください。文字の種類は問いません。"),
            least=passwords.LEAST_WITH_SECOND_FACTOR,
        ),
    )


class StartForm(NewPasswordForm):
    """The password, and the first code of the app."""

    code = CodeField(label=gettext_lazy("確認コード（6桁）"))


class ReissueForm(forms.Form):
    """Who asks for another password."""

    email = MailField(label=gettext_lazy("ご登録メールアドレス"))


@sensitive_post_parameters("password", "code")
@desk_policy
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, secret: str) -> HttpResponse:
    """The password and the second factor; then on to signing in."""
    form = StartForm(request.POST if request.method == "POST" else None)
    try:
        link = staff_links.opened(secret, purpose=StaffLink.Purpose.START, of_operator=True)
        if form.is_valid():
            staff_passwords.start(secret, **form.cleaned_data, of_operator=True)
            return _done(request, _("設定が完了しました。設定したパスワードでログインしてください。"))
    except Refused as refusal:
        if refusal.code in _STATUS:
            return _over(request, refusal)
        form.add_error(refusal.field, refusal.message)
    code = segno.make(staff_passwords.setup_address(link), error="m", micro=False)
    context = {
        "picture": code.svg_data_uri(scale=4, border=4, dark="#000", light="#fff"),
        "secret": staff_passwords.setup_secret(link),
    }
    return _page(request, _("アカウントの利用開始"), form, _("利用を開始する"), person=link.user, **context)


@sensitive_post_parameters("password")
@desk_policy
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def password_new(request: HttpRequest, secret: str) -> HttpResponse:
    """Another password."""
    form = NewPasswordForm(request.POST if request.method == "POST" else None)
    try:
        link = staff_links.opened(secret, purpose=StaffLink.Purpose.REISSUE, of_operator=True)
        if form.is_valid():
            staff_passwords.reissue(secret, **form.cleaned_data, of_operator=True)
            return _done(request, _("パスワードを変更しました。新しいパスワードでログインしてください。"))
    except Refused as refusal:
        if refusal.code in _STATUS:
            return _over(request, refusal)
        form.add_error(refusal.field, refusal.message)
    return _page(request, _("新しいパスワードの設定"), form, _("パスワードを変更する"), person=link.user)


@desk_policy
@require_http_methods(["GET", "HEAD", "POST"])
def reissue(request: HttpRequest) -> HttpResponse:
    """Ask for a link to a new password; what comes of it is in the mail alone."""
    form = ReissueForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            staff_passwords.ask_reissue("", email=form.cleaned_data["email"], network=client_network(request.META))
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            text = _("登録されている場合に、新しいパスワードを設定するURL（24時間有効）をメールでお送りします。")
            return _done(request, text)
    return _page(request, _("パスワードの再発行"), form, _("パスワード再発行"))


def _page(request: HttpRequest, title: str, form: forms.Form, button: str, **context: Any) -> HttpResponse:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    values = {"title": title, "form": form, "button": button, "theme": "light", **context}
    return render(request, "backoffice/door.html", values, status=status)


def _done(request: HttpRequest, text: str) -> HttpResponse:
    """The sign-in page with a sentence; not a redirect, for there is no session to keep it in."""
    return render(
        request, "backoffice/door.html", {"title": _("お手続きを受け付けました"), "done": text, "theme": "light"}
    )


def _over(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """Why the link does nothing."""
    context = {"title": _("URLをご確認ください"), "over": refusal.message, "theme": "light"}
    return render(request, "backoffice/door.html", context, status=_STATUS[refusal.code])
