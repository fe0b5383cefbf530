"""A member on the desk: who has lost the second factor, and acting for a member."""

import uuid
from http import HTTPStatus

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods

from licenseonline.accounts import acting, second_factors
from licenseonline.accounts.models import Member
from licenseonline.backoffice import access, steps
from licenseonline.backoffice.fields import TextField
from licenseonline.backoffice.order_forms import StepForm
from licenseonline.backoffice.order_views import Step
from licenseonline.backoffice.requests import DeskRequest
from licenseonline.backoffice.site import site
from licenseonline.kit import crypto
from licenseonline.kit.errors import Refused
from licenseonline.kit.forms import show_refusal
from licenseonline.kit.rights import Right
from licenseonline.records import idempotency
from licenseonline.stores import stores


class ResetForm(StepForm):
    """How the desk made sure that it is the member who asks."""

    step = "reset"

    reason = TextField(
        label=gettext_lazy("ご本人の確認方法"),
        max_length=200,
        help_text=gettext_lazy("例：登録の電話番号に折り返して確認。お客様へのメールに、このまま記載されます。"),
    )


@access.needs(Right.HELP_MEMBERS)
@require_http_methods(["GET", "HEAD", "POST"])
def second_factor(request: DeskRequest, store_id: int, member_id: int) -> HttpResponse:
    """Take the second factor off; the member is told by mail, and can stop it."""
    people = Member.objects.visible_to(request.user).select_related("company", "store")
    member = get_object_or_404(people, store_id=store_id, pk=member_id)
    form = ResetForm(request.POST if request.method == "POST" else None)
    if _reset(request, member, form):
        return redirect("backoffice:member_second_factor", store_id, member_id)
    failed = form if form.errors else None
    context = _context(request, get_object_or_404(people, pk=member_id), form, failed)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if failed else HTTPStatus.OK
    return render(request, "backoffice/member_second_factor.html", context, status=status)


class ActingForm(StepForm):
    """Why the desk acts for the member."""

    step = "acting"

    reason = TextField(
        label=gettext_lazy("理由"),
        max_length=acting.MOST_REASON,
        help_text=gettext_lazy("お客様へのメールと「代理操作の記録」に、このまま表示されます。"),
    )


@access.needs(Right.HELP_MEMBERS)
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: DeskRequest, store_id: int, member_id: int) -> HttpResponse:
    """Act for the member: on to the store with a ticket. Below, who did so before."""
    people = Member.objects.visible_to(request.user).select_related("company", "store")
    member = get_object_or_404(people, store_id=store_id, pk=member_id)
    form = ActingForm(request.POST if request.method == "POST" else None)
    try:
        if form.is_valid():
            return redirect(_ticket(request, member, form))
    except Refused as refusal:
        show_refusal(form, refusal)
    hint = gettext(
        "お客様に代わってストアを操作します。1時間で自動的に終了します。開始すると、お客様へメールでお知らせします。"
    )
    step = Step(gettext("代理操作"), hint, gettext("代理操作を始める"), request.path, form)
    context = _acting_context(request, member, step)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    response = render(request, "backoffice/member_acting.html", context, status=status)
    if member.store.host:  # browsers hold the redirect to the policy too
        vars(response)["_csp_update"] = {"form-action": [f"https://{member.store.host}"]}
    return response


def _acting_context(request: DeskRequest, member: Member, step: Step) -> dict[str, object]:
    return {
        **site.each_context(request),
        "title": gettext("代理操作：%(name)s") % {"name": member.name},
        "person": member,
        "step": step if member.is_active else None,
        "failed": step.form if step.form.errors else None,
        "records": acting.records(member),
        "key": uuid.uuid4(),
    }


def _ticket(request: DeskRequest, member: Member, form: ActingForm) -> str:
    def once() -> str:
        secret = acting.begin(member, reason=form.cleaned_data["reason"], by=request.user)
        return crypto.encrypt(stores.url(member.store, reverse("store:acting", args=[member.store_id, secret])))

    body = {"path": request.path, **form.facts()}
    key = request.POST.get("key", "")
    return crypto.decrypt(idempotency.once(key, body, once, by=request.user, store_id=member.store_id))


def _reset(request: DeskRequest, member: Member, form: ResetForm) -> bool:
    def do() -> None:
        second_factors.reset(member, reason=form.cleaned_data["reason"], by=request.user)

    done = gettext("二段階認証を解除し、お客様へメールでお知らせしました。")
    return steps.taken(request, form, do, done, store_id=member.store_id)


def _context(request: DeskRequest, member: Member, form: ResetForm, failed: forms.Form | None) -> dict[str, object]:
    url = reverse("backoffice:member_second_factor", args=[member.store_id, member.pk])
    hint = gettext("次回から、パスワードだけでログインできるようになります。ご本人であることを必ず確認してください。")
    step = Step(gettext("二段階認証の解除"), hint, gettext("二段階認証を解除する"), url, form)
    return {
        **site.each_context(request),
        "title": gettext("二段階認証：%(name)s") % {"name": member.name},
        "person": member,
        "step": step if member.has_second_factor else None,
        "failed": failed,
        "key": uuid.uuid4(),
    }
