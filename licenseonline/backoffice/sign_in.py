"""Sign-in of the operator's staff: address, password and a code."""

from urllib.parse import unquote

from django import forms
from django.contrib import auth
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from licenseonline.accounts import passwords, sign_in
from licenseonline.backoffice.fields import CodeField, PasswordField, TextField
from licenseonline.backoffice.site import desk_policy
from licenseonline.kit.errors import Refused
from licenseonline.kit.networks import client_network

BACKEND = "licenseonline.accounts.backends.StaffBackend"
STATUS = {"throttled": 429}


class SignInForm(forms.Form):
    """What is asked of staff."""

    email = TextField(label=_("メールアドレス"), max_length=254)
    password = PasswordField(label=_("パスワード"), max_length=passwords.MOST)
    code = CodeField(label=_("確認コード（6桁）"))


@desk_policy
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """The sign-in page; afterwards the page that was asked for, within the back office."""
    after = _within(request.GET.get("next", ""))
    if request.user.is_authenticated:
        return redirect(after)
    form = SignInForm(request.POST if request.method == "POST" else None)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            user = sign_in.staff("", **form.cleaned_data, network=client_network(request.META))
        except Refused as refusal:
            form.add_error(None, refusal.message)
            status = STATUS.get(refusal.code, 422)
        else:
            auth.login(request, user, backend=BACKEND)
            return redirect(after)
    return render(
        request, "backoffice/login.html", {"form": form, "title": _("ログイン"), "theme": "light"}, status=status
    )


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """End the session of this area."""
    auth.logout(request)
    return redirect("backoffice:login")


def _within(target: str) -> str:
    """`target` when it is a page of the back office, else its home."""
    home = reverse("backoffice:home")
    inside = target.startswith(home) and ".." not in unquote(target) and url_has_allowed_host_and_scheme(target, None)
    return target if inside and not target.startswith(reverse("backoffice:login")) else home
