"""The forms of a delivery in bulk."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import SELECT_CLASSES

from licenseonline.backoffice.fields import TextField
from licenseonline.backoffice.order_forms import StepForm
from licenseonline.catalog.models import Vendor
from licenseonline.sales import delivery_batches, delivery_matches
from licenseonline.sales.delivery_matches import Row
from licenseonline.sales.models import DeliveryBatch

_ENDINGS = ".csv,.tsv,.txt,.xlsx,.xls,.ods,.zip"
_BY_NUMBER = {"unmatched", "ambiguous"}  # what another number may mend


class BatchForm(StepForm):
    """A vendor's file of keys, or a ZIP of certificates: which, its content says."""

    step = "batch"

    vendor = forms.ModelChoiceField(
        label=gettext_lazy("メーカー"),
        queryset=Vendor.objects.order_by("kana", "id"),
        empty_label=gettext_lazy("選択してください"),
        widget=forms.Select(attrs={"class": " ".join(SELECT_CLASSES)}),
    )
    file = forms.FileField(
        label=gettext_lazy("キーのファイルまたは証書のZIP"),
        max_length=200,
        help_text=gettext_lazy(
            "キーはCSV・Excel（5MBまで、列は「メーカーの書式」で設定）。証書はファイル名に番号を含むPDF・PNG・JPEGのZIP（50MBまで）。番号は、受付番号・発注番号（M2611-00001）・発注番号-明細番号（M2611-00001-2）・ストア番号-注文番号（87465-P2611-00001）のいずれかです。"
        ),
        widget=forms.FileInput(attrs={"class": "desk-file", "accept": _ENDINGS}),
    )


class DeliverForm(StepForm):
    """The rows that were shown as good."""

    step = "deliver"

    rows = forms.CharField(max_length=60_000, validators=[RegexValidator(r"\A\d{1,5}(,\d{1,5})*\Z")])

    def shown(self) -> list[int]:
        """Their places."""
        return [int(place) for place in self.cleaned_data["rows"].split(",")]


class MatchForm(StepForm):
    """For each row that no line, or several, were found for, the number that means one."""

    step = "match"

    def __init__(self, batch: DeliveryBatch, data: Any = None) -> None:
        super().__init__(data)
        for at, row in enumerate(batch.rows):
            if row["problem"] in _BY_NUMBER:
                label = _("%(row)sの番号") % {"row": place(row)}
                self.fields[f"said_{at}"] = TextField(
                    label=label,
                    max_length=delivery_batches.MOST_NUMBER,
                    required=False,
                    initial=row.get("said") or row["reference"],
                )

    def said(self) -> dict[int, str]:
        """What was written into rows that had something else."""
        given = {name: text for name, text in self.cleaned_data.items() if text and text != self.fields[name].initial}
        return {int(name.removeprefix("said_")): text for name, text in given.items()}


def place(row: Row) -> str:
    """Where it stands in the file."""
    return _("%(line)s行目") % {"line": row["row"]} if isinstance(row["row"], int) else str(row["reference"])


def refused_table(batch: DeliveryBatch) -> tuple[list[str], list[list[object]]]:
    """The refused rows, to be mended in the vendor's file; keys stand in it masked."""
    header = [_("行"), _("番号"), _("型番"), _("キー"), _("契約番号"), _("開始日"), _("理由")]
    names = ("row", "reference", "model", "shown", "contract", "starts_on")
    rows = delivery_batches.refused(batch)
    return header, [[*(row.get(name, "") for name in names), delivery_matches.why(row)] for row in rows]
