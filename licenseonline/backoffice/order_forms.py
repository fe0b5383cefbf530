"""The forms of an order's next step. Each knows its step on the page and what makes it the same form sent twice."""

import hashlib
from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from licenseonline.backoffice.fields import CertificateField, DayField, KeyField, PickField, TextField, YenField
from licenseonline.catalog.models import Vendor
from licenseonline.kit import clock
from licenseonline.kit.errors import Refused
from licenseonline.records import uploads
from licenseonline.records.upload_fields import ACCEPT, FilesInput, PapersField, digests
from licenseonline.sales.deliveries import Certificate, Item
from licenseonline.sales.models import OrderLine, Source


class StepForm(forms.Form):
    """A form for one step of an order."""

    step: ClassVar[str] = ""

    def __init__(self, data: Any = None, files: Any = None, *, ids: str = "", **options: Any) -> None:
        super().__init__(data, files, auto_id=f"id_{ids or self.step}_%s", **options)

    def facts(self) -> dict[str, object]:
        """What was sent, so that the same form sent twice is known."""
        return {name: str(value) for name, value in self.cleaned_data.items()}


class TransferForm(StepForm):
    """A bank transfer."""

    step = "transfer"

    amount_yen = YenField(label=_("入金額（円）"))
    received_on = DayField(label=_("入金日"))
    payer_name = TextField(label=_("振込名義"), max_length=120, required=False)


class VendorOrderForm(StepForm):
    """What was ordered from one vendor."""

    reference = TextField(label=_("メーカーの受付番号"), max_length=80)
    ordered_on = DayField(label=_("発注日"))

    def __init__(self, vendor: Vendor, data: Any = None, **options: Any) -> None:
        super().__init__(data, ids=f"vendor_{vendor.code}", **options)
        self.vendor = vendor


class DeliveryForm(StepForm):
    """For each line its key or certificate, the vendor's contract number and the first day of the term."""

    step = "delivery"

    def __init__(self, lines: Iterable[OrderLine], data: Any = None, files: Any = None, **options: Any) -> None:
        super().__init__(data, files, **options)
        # What was sent is read as it was sent, so that the same form sent twice is known.
        self.lines = [line for line in lines if _is_at_vendor(line) or f"starts_on_{line.position}" in (data or {})]
        for line in self.lines:
            self.fields |= _fields_of(line.position)

    @property
    def groups(self) -> list[tuple[OrderLine, list[forms.BoundField]]]:
        """The fields by line."""
        return [(line, [self[name] for name in _fields_of(line.position)]) for line in self.lines]

    @property
    def had_files(self) -> bool:
        """Whether files were chosen that must be chosen again."""
        return any(self.files.values())

    def clean(self) -> dict[str, Any]:
        """Look into the uploads."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name, value in list(cleaned.items()):
            if isinstance(value, UploadedFile):
                try:
                    cleaned[name] = uploads.check(value)
                except Refused as refusal:
                    self.add_error(name, refusal.message)
        return cleaned

    def items(self) -> dict[int, Item]:
        """What the verb takes: the lines of which anything came."""
        names = ("key", "certificate", "contract")
        filled = [no for no in (line.position for line in self.lines) if any(self._given(no, name) for name in names)]
        return {no: self._item(no) for no in filled}

    def facts(self) -> dict[str, object]:
        """As sent, with a digest in place of the files and the keys, so that no key is kept."""
        return {name: _digest(value) for name, value in self.cleaned_data.items()}

    def _given(self, no: int, name: str) -> object:
        return self.cleaned_data.get(f"{name}_{no}")

    def _item(self, no: int) -> Item:
        upload: uploads.Upload | None = self.cleaned_data[f"certificate_{no}"]
        return Item(
            starts_on=self.cleaned_data[f"starts_on_{no}"],
            key=self.cleaned_data[f"key_{no}"],
            certificate=Certificate(upload.content, upload.name, upload.content_type) if upload else None,
            vendor_contract_number=self.cleaned_data[f"contract_{no}"],
        )


def _is_at_vendor(line: OrderLine) -> bool:
    sent = line.vendor_order is not None and line.vendor_order.is_sent
    return sent and line.delivered_at is None


def _fields_of(no: int) -> dict[str, forms.Field]:
    return {
        f"key_{no}": KeyField(label=_("ライセンスキー"), max_length=2000, required=False),
        f"certificate_{no}": CertificateField(
            label=_("証書ファイル"), required=False, help_text=_("PDF・PNG・JPEG、10MBまで"), max_length=255
        ),
        f"contract_{no}": TextField(label=_("メーカー契約番号"), max_length=80, required=False),
        f"starts_on_{no}": DayField(label=_("利用開始日"), initial=clock.today),
    }


def _digest(value: object) -> str:
    content = value.content if isinstance(value, uploads.Upload) else str(value).encode()
    return hashlib.sha256(content).hexdigest()


class WishForm(StepForm):
    """The desk's answer to what a member asks for."""

    granted = PickField(label=_("回答"), choices=[("yes", _("承る")), ("no", _("お断りする"))])
    text = TextField(
        label=_("お客様へのご説明"),
        max_length=1000,
        required=False,
        help_text=_("お断りする場合は、理由を入力してください。"),
    )

    def __init__(self, wish_id: int, data: Any = None, **options: Any) -> None:
        super().__init__(data, ids=f"wish_{wish_id}", **options)


class RefundForm(StepForm):
    """What had come was given back."""

    step = "refund"

    paid_on = DayField(label=_("返金日"))


class OwnPaperForm(StepForm):
    """The customer's own 注文書, as it came."""

    step = "own_paper"

    source = PickField(
        label=_("受け取った方法"),
        choices=[(one.value, one.label) for one in (Source.FAX, Source.MAIL, Source.POST)],
    )
    uploads = PapersField(
        label=_("注文書のファイル"),
        error_messages={"required": _("ファイルを選択してください。")},
        widget=FilesInput(attrs={"accept": ACCEPT}),
    )

    def facts(self) -> dict[str, object]:
        """As sent."""
        return {"source": self.cleaned_data["source"], "files": digests(self.cleaned_data["uploads"])}
