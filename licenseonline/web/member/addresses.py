"""メールアドレスの変更: asked for with the password, done by the URL in the mail to the new address."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from licenseonline.accounts import email_changes
from licenseonline.kit.errors import Refused
from licenseonline.kit.networks import client_network
from licenseonline.web.access import member_required
from licenseonline.web.member import changes
from licenseonline.web.member.profile_forms import EmailForm
from licenseonline.web.requests import MemberRequest

_STATUS = {"unknown": HTTPStatus.NOT_FOUND, "taken": HTTPStatus.CONFLICT}


@sensitive_post_parameters("current")
@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: MemberRequest, store_id: int) -> HttpResponse:
    """The new address and the password; the answer is the same whether the address is registered already."""
    form = EmailForm(request.POST or None)

    def do() -> None:
        email_changes.ask(
            request.member, form.cleaned_data["email"], password=form.cleaned_data["current"],
            network=client_network(request.META), by=request.member, device=changes.device(request),
        )  # fmt: skip

    sentence = _(
        "新しいメールアドレスにメールをお送りしました。24時間以内にメールのURLを開き、変更を完了してください。"
    )
    return changes.answered(request, form, do, sentence) or changes.page(request, "profile_email", form)


@never_cache
@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: MemberRequest, store_id: int, secret: str) -> HttpResponse:
    """The mailed URL: a GET only asks (mail scanners open URLs), the button changes the address."""
    try:
        if request.method == "POST":
            email_changes.confirm(secret, by=request.member, device=changes.device(request))
            messages.success(
                request, _("メールアドレスを変更しました。次回から新しいメールアドレスでログインしてください。")
            )
            return redirect("store:profile", store_id=store_id)
        address = email_changes.open(secret, by=request.member)
    except Refused as refusal:
        status = _STATUS.get(refusal.code, HTTPStatus.GONE)
        return render(request, "web/member/profile_email_confirm.html", {"refusal": refusal}, status=status)
    return render(request, "web/member/profile_email_confirm.html", {"refusal": None, "address": address})
