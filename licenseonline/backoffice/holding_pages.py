"""What a company holds, on the desk: what was delivered, and what is entered and withdrawn by hand."""

import uuid
from collections.abc import Callable
from datetime import date
from http import HTTPStatus
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe
from unfold.widgets import SELECT_CLASSES

from licenseonline.accounts.models import Company
from licenseonline.backoffice import access, steps
from licenseonline.backoffice.fields import DayField, TextField
from licenseonline.backoffice.order_forms import StepForm
from licenseonline.backoffice.order_views import Step
from licenseonline.backoffice.requests import DeskRequest
from licenseonline.backoffice.site import site
from licenseonline.catalog.models import Sku
from licenseonline.kit import rights
from licenseonline.kit.rights import Right
from licenseonline.kit.text import fold_model
from licenseonline.licensing import holding_entries, holdings
from licenseonline.licensing.holding_entries import Entry
from licenseonline.licensing.models import Holding
from licenseonline.sales import followings, holding_uses
from licenseonline.sales.models import CompanyProof

_EVER = date(1980, 1, 1)


class HoldingForm(StepForm):
    """One holding."""

    step = "holding"

    model_number = TextField(
        label=gettext_lazy("型番"), max_length=80, required=False,
        help_text=gettext_lazy("当サイトで扱う製品の型番。他社製品は空欄にします。"),
    )  # fmt: skip
    name = TextField(
        label=gettext_lazy("製品名"), max_length=200, required=False,
        help_text=gettext_lazy("型番を入力した場合は空欄でかまいません。"),
    )  # fmt: skip
    quantity = forms.IntegerField(
        label=gettext_lazy("数量"), widget=TextField.widget, min_value=1, max_value=holding_entries.MOST_UNITS
    )
    ends_on = DayField(label=gettext_lazy("終了日"), required=False, help_text=gettext_lazy("空欄は永続です。"))
    vendor_contract_number = TextField(label=gettext_lazy("メーカー契約番号"), max_length=80, required=False)
    proof = forms.ModelChoiceField(
        label=gettext_lazy("根拠とした書類"),
        queryset=CompanyProof.objects.none(),
        required=False,
        empty_label=gettext_lazy("なし"),
        widget=forms.Select(attrs={"class": " ".join(SELECT_CLASSES)}),
    )

    def __init__(self, company: Company, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        own = CompanyProof.objects.filter(store=company.store_id, company=company)  # house: its own
        proofs = own.filter(withdrawn_at=None).exclude(file=None)
        field: Any = self.fields["proof"]
        field.queryset = proofs.select_related("file").order_by("-id")
        field.label_from_instance = lambda proof: f"{proof.get_paper_display()}：{proof.file.name}"  # house: a name

    def clean_model_number(self) -> Sku | None:
        """The SKU of that number."""
        typed = self.cleaned_data["model_number"]
        if not typed:
            return None
        found = Sku.objects.select_related("product__vendor").filter(folded_model=fold_model(typed)).first()
        if found is None:
            raise forms.ValidationError(_("この型番は登録されていません。製品名だけを入力することもできます。"))
        return found

    def entry(self) -> Entry:
        """What the verb takes."""
        given = self.cleaned_data
        sku, proof = given["model_number"], given["proof"]
        return Entry(
            quantity=given["quantity"],
            product=sku.product if sku else None,
            name=given["name"],
            ends_on=given["ends_on"],
            vendor_contract_number=given["vendor_contract_number"],
            proof=proof.file if proof else None,
        )


class WithdrawForm(StepForm):
    """Nothing to fill in."""

    step = "withdraw"


@access.needs(Right.VIEW_CUSTOMERS)
@require_safe
def show(request: DeskRequest, store_id: int, company_id: int) -> HttpResponse:
    """All that it holds."""
    return _page(request, _company(request, store_id, company_id))


@access.needs(Right.REVIEW_PAPERS)
@require_POST
def enter(request: DeskRequest, store_id: int, company_id: int) -> HttpResponse:
    """Put a holding on record."""
    company = _company(request, store_id, company_id)
    form = HoldingForm(company, request.POST)

    def do() -> None:
        holding_uses.enter(company, form.entry(), by=request.user)

    return _step(request, company, form, do, _("保有を登録しました。"))


@access.needs(Right.REVIEW_PAPERS)
@require_POST
def withdraw(request: DeskRequest, store_id: int, company_id: int, holding_id: int) -> HttpResponse:
    """Take back what was entered by mistake."""
    company = _company(request, store_id, company_id)
    rows = Holding.objects.visible_to(request.user).select_related("company")
    holding = get_object_or_404(rows, store_id=store_id, company=company, pk=holding_id)

    def do() -> None:
        holding_uses.withdraw(holding, by=request.user)

    return _step(request, company, WithdrawForm(request.POST), do, _("保有の登録を取り消しました。"))


def _company(request: DeskRequest, store_id: int, company_id: int) -> Company:
    found = Company.objects.visible_to(request.user).select_related("store")
    return get_object_or_404(found, store_id=store_id, pk=company_id)


def _step(request: DeskRequest, company: Company, form: StepForm, do: Callable[[], None], done: str) -> HttpResponse:
    if steps.taken(request, form, do, done, store_id=company.store_id):
        return redirect("backoffice:company_holdings", company.store_id, company.pk)
    return _page(request, company, form)


def _page(request: DeskRequest, company: Company, failed: StepForm | None = None) -> HttpResponse:
    may = rights.allowed(request.user, Right.REVIEW_PAPERS)
    rows = Holding.objects.visible_to(request.user).filter(store_id=company.store_id, company=company)
    entered = list(rows.select_related("entered_by", "proof").order_by("-id"))
    used = followings.used_of(company.store_id, [one.pk for one in entered])
    form = failed if isinstance(failed, HoldingForm) else HoldingForm(company)
    address = reverse("backoffice:company_holding_enter", args=[company.store_id, company.pk])
    hint = _("他で購入されたライセンスや他社製品を登録すると、更新・追加・乗換の数量の確認にすぐ使われます。")
    context = {
        **site.each_context(request),
        "title": _("%(company)s の保有ライセンス") % {"company": company.name},
        "company": company,
        "delivered": [one for one in holdings.held(company, since=_EVER) if one.contract_id],
        "entered": [(one, used.get(one.pk, 0)) for one in entered],
        "steps": [Step(_("保有を登録する"), hint, _("登録する"), address, form)] if may else [],
        "may": may,
        "failed": failed,
        "key": uuid.uuid4(),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if failed else HTTPStatus.OK
    return render(request, "backoffice/company_holdings.html", context, status=status)
