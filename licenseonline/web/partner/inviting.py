"""会員の招待: somebody new to one of the own stores, into a company there or with a new one."""

from http import HTTPStatus
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from licenseonline.accounts import partner_invitations
from licenseonline.accounts.models import Company, CompanyState, MailLink, Role
from licenseonline.kit.errors import Refused
from licenseonline.kit.forms import choose_of, show_refusal
from licenseonline.kit.rights import Right
from licenseonline.records import idempotency
from licenseonline.stores.models import Store, StoreState
from licenseonline.web.access import partner_needs
from licenseonline.web.fields import MailField
from licenseonline.web.partner import figures
from licenseonline.web.requests import StaffRequest

_HINT = _("登録用のURL（7日間有効）をメールでお送りします。このアドレスがログインにも使われます。")


class InviteForm(forms.Form):
    """Whom, and to which store."""

    store = forms.ChoiceField(
        label=_("ストア"),
        error_messages={"required": _("ストアを選択してください。"), "invalid_choice": _("ストアを選択してください。")},
    )
    email = MailField(label=_("メールアドレス"), autocomplete="off", help_text=_HINT)
    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    def __init__(self, data: Any = None, *, stores: list[Store]) -> None:
        super().__init__(data, initial={"store": str(stores[0].pk) if stores else ""})
        self.stores = {str(store.pk): store for store in stores}
        choose_of(self, "store", [(number, one.name) for number, one in self.stores.items()])


class JoinForm(forms.Form):
    """Whom, into a company that is known."""

    email = MailField(label=_("メールアドレス"), autocomplete="off", help_text=_HINT)
    role = forms.ChoiceField(
        label=_("権限"),
        choices=Role.choices,
        initial=Role.BUYER,
        widget=forms.RadioSelect,
        error_messages={"required": _("権限を選択してください。"), "invalid_choice": _("権限を選択してください。")},
    )
    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)


@partner_needs(Right.HELP_MEMBERS)
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: StaffRequest) -> HttpResponse:
    """The invitations that wait; POST invites."""
    own = [store for store in figures.own_stores(request.user) if store.state == StoreState.OPEN]
    form = InviteForm(request.POST if request.method == "POST" else None, stores=own)
    if form.is_valid() and _invited(request, form, form.stores[form.cleaned_data["store"]], None):
        return redirect("partner:invitations")
    context = {"form": form, "key": uuid4(), "invitations": partner_invitations.waiting(request.user), "own": own}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "web/partner/invitations.html", context, status=status)


@partner_needs(Right.HELP_MEMBERS)
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: StaffRequest, store_id: int, company_id: int) -> HttpResponse:
    """Into this company."""
    rows = Company.objects.visible_to(request.user).exclude(state=CompanyState.MERGED).select_related("store")
    company = get_object_or_404(rows, store_id=store_id, pk=company_id)
    form = JoinForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _invited(request, form, company.store, company):
        return redirect("partner:company", store_id=store_id, company_id=company_id)
    context = {"form": form, "key": uuid4(), "company": company}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "web/partner/invite_colleague.html", context, status=status)


def _invited(request: StaffRequest, form: forms.Form, store: Store, company: Company | None) -> bool:
    email, role = form.cleaned_data["email"], form.cleaned_data.get("role", "")

    def do() -> str:
        partner_invitations.invite(email, store=store, company=company, role=role, by=request.user)
        return request.path

    body = {"do": "partner_invitations.invite", "email": email, "role": role, "company": company and company.pk}
    try:
        idempotency.once(form.cleaned_data["key"], body, do, by=request.user, store_id=store.pk)
    except Refused as refusal:
        show_refusal(form, refusal)
        return False
    messages.success(request, gettext("招待のメールをお送りします。登録用のURLは7日間有効です。"))
    return True


@partner_needs(Right.HELP_MEMBERS)
@require_POST
def act(request: StaffRequest, link_id: int, step: str) -> HttpResponse:
    """The invitation once more, or taken back; a second time it is no longer there, so without a key."""
    link = get_object_or_404(MailLink.objects.visible_to(request.user).select_related("store", "company"), pk=link_id)
    verb = {"again": partner_invitations.send_again, "withdraw": partner_invitations.withdraw}[step]
    done = {
        "again": _("招待のメールをもう一度お送りします。前のメールのURLは使えなくなりました。"),
        "withdraw": _("招待を取り消しました。"),
    }
    try:
        verb(link, by=request.user)
        messages.success(request, done[step])
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("partner:invitations")
