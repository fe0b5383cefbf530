"""The forms of a vendor order's steps."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import INPUT_CLASSES

from licenseonline.backoffice.fields import DayField, TextField, YenField
from licenseonline.backoffice.order_forms import StepForm
from licenseonline.sales.models import VendorOrder, VendorOrderLine
from licenseonline.sales.vendor_orders import Confirmation

_NUMBER = {"class": " ".join(INPUT_CLASSES), "inputmode": "numeric", "autocomplete": "off"}


class PlainForm(StepForm):
    """A button; `ids` tells which."""


class LineForm(StepForm):
    """One line of the order."""

    step = "leave_out"

    line = forms.IntegerField(widget=forms.HiddenInput)


class ConfirmForm(StepForm):
    """The vendor's number and day, and of each line what it confirmed; a line without a quantity is not confirmed yet."""

    step = "confirm"

    reference = TextField(label=_("メーカーの受付番号"), max_length=80)
    expected_on = DayField(label=_("納品予定日"), required=False)

    def __init__(
        self, vendor_order: VendorOrder, rows: Iterable[VendorOrderLine], data: Any = None, **options: Any
    ) -> None:
        initial = {"reference": vendor_order.reference, "expected_on": vendor_order.expected_on}
        super().__init__(data, initial=initial, **options)
        self.rows = list(rows)
        for row in self.rows:
            self.fields |= _fields_of(row)

    @property
    def heads(self) -> list[forms.BoundField]:
        """What is said of the whole order."""
        return [self["reference"], self["expected_on"]]

    @property
    def lines(self) -> list[tuple[VendorOrderLine, list[forms.BoundField]]]:
        """The fields by line."""
        return [(row, [self[name] for name in _fields_of(row)]) for row in self.rows]

    def confirmations(self) -> dict[int, Confirmation]:
        """What the verb takes."""
        given = self.cleaned_data
        return {
            row.pk: Confirmation(
                quantity=given[f"quantity_{row.pk}"],
                unit_yen=given[f"unit_yen_{row.pk}"],
                note=given[f"note_{row.pk}"],
            )
            for row in self.rows
            if given.get(f"quantity_{row.pk}") is not None
        }

    def clean(self) -> dict[str, Any]:
        """A confirmed line has its price."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for row in self.rows:
            has_no_price = f"unit_yen_{row.pk}" in cleaned and cleaned[f"unit_yen_{row.pk}"] is None
            if has_no_price and cleaned.get(f"quantity_{row.pk}") is not None:
                self.add_error(f"unit_yen_{row.pk}", _("確認した単価を入力してください。"))
        return cleaned


def _fields_of(row: VendorOrderLine) -> dict[str, forms.Field]:
    quantity = row.line.quantity if row.confirmed_quantity is None else row.confirmed_quantity
    unit_yen = row.unit_cost_yen if row.confirmed_unit_yen is None else row.confirmed_unit_yen
    given: dict[str, Any] = {"required": False}
    return {
        f"quantity_{row.pk}": forms.IntegerField(
            label=_("確認数"), initial=quantity, widget=forms.TextInput(attrs=_NUMBER), **given
        ),
        f"unit_yen_{row.pk}": YenField(label=_("確認単価（円）"), least=0, initial=unit_yen, **given),
        f"note_{row.pk}": TextField(label=_("差異の理由"), max_length=400, initial=row.note, **given),
    }
