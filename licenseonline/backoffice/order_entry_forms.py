"""The form for a whole order that came without a quotation: pasted or typed lines, and how it came."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from licenseonline.accounts.models import Member, User
from licenseonline.backoffice.fields import TextField, dress
from licenseonline.backoffice.filing_forms import OrderPapersField, SourceField
from licenseonline.kit.errors import Refused
from licenseonline.kit.text import MAX_QUERY
from licenseonline.records.upload_fields import digests
from licenseonline.sales import filed_orders, offers, quick_entry
from licenseonline.sales.filed_orders import Arrival
from licenseonline.sales.models import Order
from licenseonline.sales.offer_forms import LinesForm


class WhoForm(forms.Form):
    """Whose order it is."""

    q = TextField(label=_("会社名・氏名（フリガナでも可）・メールアドレス"), required=False, max_length=MAX_QUERY)


class OrderEntryForm(LinesForm):
    """What is pasted becomes rows as soon as any button is pressed; the files are chosen last, beside what it will cost."""

    source = SourceField()
    paste = forms.CharField(
        label=_("型番と数量の貼り付け"),
        required=False,
        max_length=quick_entry.MOST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("1行に1つ、型番と数量をタブ・カンマ・空白で区切って貼り付けてください。下の明細に入ります。"),
    )
    uploads = OrderPapersField()
    total_yen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    field_order = ("source", "po_number", "subject")

    def __init__(self, member: Member, data: Any = None, files: Any = None) -> None:
        self.member = member
        self.unread: Refused | None = None
        if data and str(data.get("paste", "")).strip():
            try:
                data = _unfolded(data, quick_entry.read(str(data["paste"])))
            except Refused as refusal:
                self.unread = refusal
        super().__init__(member, data, files)
        dress(self)

    @property
    def beside(self) -> list[forms.BoundField]:
        """The fields that stand in the panel of their own."""
        apart = ("paste", "uploads", "total_yen")
        return [field for field in super().beside if field.name not in apart]

    @property
    def had_files(self) -> bool:
        """Whether files were chosen that must be chosen again."""
        return any(self.files.values())

    def clean(self) -> dict[str, Any]:
        """What was pasted must have been read."""
        given = super().clean()
        if self.unread:
            self.add_error("paste", self.unread.message)
        return given

    def facts(self) -> dict[str, object]:
        """As sent, with the files' hashes."""
        return {**super().facts(), "uploads": digests(self.cleaned_data["uploads"])}

    def preview(self) -> offers.Prepared | None:
        """What the order would be; None when that is refused, which the form then says."""
        try:
            return offers.promise(self.member, self.content(), number="")
        except Refused as refusal:
            self.refuse(refusal)
            return None

    def write(self, *, by: User) -> Order:
        """The order, with its quotation. Refused as filed_orders.enter."""
        given = self.cleaned_data
        return filed_orders.enter(
            self.member,
            self.content(),
            Arrival(given["source"], given["po_number"], given["uploads"]),
            total_yen=given["total_yen"] or 0,
            by=by,
        )


def _unfolded(data: Mapping[str, Any], pasted: Sequence[quick_entry.Wanted]) -> dict[str, Any]:
    """What was sent, with the pasted lines in rows after the last that is filled. Refused: `most`."""
    sent = {name: data[name] for name in data}
    filled = [no for no in range(1, offers.MOST_LINES + 1) if str(sent.get(f"model_{no}", "")).strip()]
    first = max(filled, default=0) + 1
    last = first + len(pasted) - 1
    if last > offers.MOST_LINES:
        message = gettext("明細は %(most)s 行までです。") % {"most": offers.MOST_LINES}
        raise Refused(message, code="most", field="paste")
    for no, one in enumerate(pasted, start=first):
        quantity = one.typed if one.quantity is None else str(one.quantity)
        sent |= {f"model_{no}": one.model, f"quantity_{no}": quantity}
    return sent | {"paste": "", "rows": str(last)}
