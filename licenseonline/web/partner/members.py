"""One member on the console: who it is, acting for the member, and what was done so."""

from http import HTTPStatus
from uuid import uuid4

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from licenseonline.accounts import acting
from licenseonline.accounts.models import Member
from licenseonline.kit import crypto
from licenseonline.kit.errors import Refused
from licenseonline.kit.forms import show_refusal
from licenseonline.kit.rights import Right
from licenseonline.records import idempotency
from licenseonline.stores import stores
from licenseonline.web import policy
from licenseonline.web.access import partner_needs
from licenseonline.web.fields import LineField
from licenseonline.web.partner import noting
from licenseonline.web.requests import StaffRequest


class ActingForm(forms.Form):
    """Why one acts for the member."""

    reason = LineField(
        label=_("理由"),
        max_length=acting.MOST_REASON,
        help_text=_(
            "例：お電話でのご依頼により見積を作成するため。お客様へのメールと「代理操作の記録」に、このまま表示されます。"
        ),
    )
    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)


@partner_needs(Right.VIEW_CUSTOMERS)
@require_safe
def show(request: StaffRequest, store_id: int, member_id: int) -> HttpResponse:
    """The member, with the form to act for them where one may."""
    return _page(request, _member(request, store_id, member_id), ActingForm())


@partner_needs(Right.HELP_MEMBERS)
@require_POST
def begin_acting(request: StaffRequest, store_id: int, member_id: int) -> HttpResponse:
    """On to the store, with a ticket."""
    member = _member(request, store_id, member_id)
    form = ActingForm(request.POST)
    try:
        if form.is_valid():
            return redirect(_ticket(request, member, form))
    except Refused as refusal:
        show_refusal(form, refusal)
    return _page(request, member, form)


def _ticket(request: StaffRequest, member: Member, form: ActingForm) -> str:
    reason = form.cleaned_data["reason"]

    def do() -> str:
        secret = acting.begin(member, reason=reason, by=request.user)
        return crypto.encrypt(stores.url(member.store, reverse("store:acting", args=[member.store_id, secret])))

    body = {"do": "acting.begin", "member": member.pk, "reason": reason}
    key = form.cleaned_data["key"]
    return crypto.decrypt(idempotency.once(key, body, do, by=request.user, store_id=member.store_id))


def _member(request: StaffRequest, store_id: int, member_id: int) -> Member:
    people = Member.objects.visible_to(request.user).select_related("company", "store")
    return get_object_or_404(people, store_id=store_id, pk=member_id)


def _page(request: StaffRequest, member: Member, form: ActingForm) -> HttpResponse:
    context = {
        "person": member,
        "form": form,
        "key": uuid4(),
        "records": acting.records(member),
        **noting.beside(member, request.user),
        "may_prepare": request.user.may(Right.PREPARE_QUOTES) and member.is_active,
        "may_act": request.user.may(Right.HELP_MEMBERS) and member.is_active and member.store.state != "closed",
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    response = render(request, "web/partner/member.html", context, status=status)
    return policy.with_forms_to(member.store, response)
