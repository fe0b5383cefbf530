"""この価格の理由: why a SKU costs what it costs, for a store, company, number and day."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from unfold.widgets import INPUT_CLASSES, SELECT_CLASSES

from licenseonline.accounts.models import Company
from licenseonline.backoffice import access
from licenseonline.backoffice.fields import DayField, TextField
from licenseonline.backoffice.requests import DeskRequest
from licenseonline.backoffice.site import site
from licenseonline.catalog import price_steps, prices, quantities, vendor_rules
from licenseonline.catalog.models import Sku
from licenseonline.catalog.price_rules import Decision
from licenseonline.kit import clock, whole_numbers
from licenseonline.kit.rights import Right
from licenseonline.kit.text import fold_model
from licenseonline.stores.models import Store

_NUMBER = {"class": f"{' '.join(INPUT_CLASSES)} desk-num", "inputmode": "numeric", "autocomplete": "off"}
_NAMED = 5  # companies that an error tells apart


class PriceForm(forms.Form):
    """What a price depends on."""

    store = forms.ModelChoiceField(
        label=gettext_lazy("ストア"),
        queryset=Store.objects.order_by("id"),
        empty_label=gettext_lazy("選択してください"),
        widget=forms.Select(attrs={"class": " ".join(SELECT_CLASSES)}),
    )
    model = TextField(label=gettext_lazy("型番"), max_length=80)
    company = TextField(
        label=gettext_lazy("会社"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("会社名の一部、またはIDです。空欄は一般のお客様です。"),
    )
    quantity = forms.IntegerField(
        label=gettext_lazy("数量"),
        min_value=1,
        max_value=quantities.MOST,
        initial=1,
        widget=forms.TextInput(attrs=_NUMBER),
    )
    held = forms.IntegerField(
        label=gettext_lazy("保有数"),
        min_value=0,
        max_value=10**7,
        required=False,
        widget=forms.TextInput(attrs=_NUMBER),
        help_text=gettext_lazy("保有数と合わせて数量帯を決めるメーカーのとき、使います。"),
    )
    day = DayField(label=gettext_lazy("日付"), initial=clock.today)

    def clean_model(self) -> Sku:
        """In any spelling; one that is not there is refused."""
        folded = fold_model(self.cleaned_data["model"])
        found = Sku.objects.filter(folded_model=folded).select_related("product__vendor").order_by("id")
        exact = [sku for sku in found[:20] if sku.model_number == self.cleaned_data["model"]]
        sku: Sku | None = next(iter([*exact, *found[:1]]), None)
        if sku is None:
            raise forms.ValidationError(_("この型番は登録されていません。"))
        return sku

    def clean(self) -> dict[str, Any]:
        """The company is one of the store's."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("company") and data.get("store"):
            data["company"] = self._company(data["company"], data["store"])
        return data

    def _company(self, written: str, store: Store) -> Company | None:
        companies = Company.objects.filter(store=store)
        number = whole_numbers.read(written)
        if number is not None:
            found = list(companies.filter(pk=number))
        else:
            found = list(companies.filter(Q(name__icontains=written) | Q(kana__icontains=written))[: _NAMED + 1])
        if len(found) == 1:
            return found[0]
        message = _("このストアに該当する会社がありません。")
        if found:
            names = "、".join(f"{one.name}（ID {one.pk}）" for one in found[:_NAMED])  # house: between names in a list
            message = _("該当する会社が複数あります。IDを入力してください：%(names)s") % {"names": names}
        self.add_error("company", message)
        return None


@dataclass(frozen=True, slots=True)
class Answer:
    """A decision in words, for a number of units that is charged."""

    decision: Decision
    quantity: int
    counted: str  # how held and added make the number that decides the band; empty where held do not count

    @property
    def steps(self) -> list[price_steps.Step]:
        """All steps."""
        return price_steps.steps(self.decision)

    @property
    def amount_yen(self) -> int | None:
        """Of all units, tax excluded."""
        unit = self.decision.unit_yen
        return None if unit is None else unit * self.quantity


@access.needs(Right.EDIT_CATALOGUE)
@require_safe
def show(request: DeskRequest) -> HttpResponse:
    """The form; filled, the price and how it was made."""
    form = (
        PriceForm(request.GET)
        if {"store", "quantity", "day"} & request.GET.keys()
        else PriceForm(initial=_given(request))
    )
    answer = _answer(form.cleaned_data) if form.is_bound and form.is_valid() else None
    context = {**site.each_context(request), "title": _("この価格の理由"), "form": form, "answer": answer}
    return render(request, "backoffice/price.html", context, status=422 if form.errors else 200)


def _given(request: DeskRequest) -> dict[str, object]:
    """What a link from a SKU's page fills in."""
    return {"model": request.GET.get("model", "").replace("\0", "")[:80], "quantity": 1, "day": clock.today()}


def _answer(data: dict[str, Any]) -> Answer:
    sku: Sku = data["model"]
    quantity: int = data["quantity"]
    held: int = data["held"] or 0
    day: date = data["day"]
    units = vendor_rules.units(vendor_rules.of(sku, day=day), quantity, held=held)
    company = data["company"] or None
    decision = prices.price(sku, store=data["store"], day=day, units=units, company=company)
    return Answer(decision, quantity, _counted(quantity, held, units))


def _counted(quantity: int, held: int, units: int) -> str:
    facts = {"held": f"{held:,}", "added": f"{quantity:,}", "units": f"{units:,}"}
    if units != quantity:
        return (
            _("保有数 %(held)s と数量 %(added)s の合計 %(units)s が数量帯を決めます。請求は数量 %(added)s 分です。")
            % facts
        )
    if held:
        return _("このメーカーの規定では数量だけで数量帯が決まるため、保有数 %(held)s は数えません。") % facts
    return ""
