"""What the desk orders from vendors (メーカー発注) and in which shape. Only the platform sees these tables."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from licenseonline.accounts.models import User
from licenseonline.catalog.models import Vendor
from licenseonline.kit.states import choice_check, state_check


class VendorForm(models.Model):
    """One version of what a vendor wants to know of the end user, from a day on.

    `fields` is a list of {name, label, kind, required, most, choices, prefill, column}. Everybody may read it.
    """

    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="forms")
    name = models.CharField(max_length=80)
    version = models.PositiveSmallIntegerField()
    from_day = models.DateField()
    purchase_type = models.CharField(max_length=12, blank=True)  # empty: of all
    fields = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vendor", "name", "version"], name="one_form_per_version"),
        ]

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"


class VendorOrderState(models.TextChoices):
    """How far it is."""

    COLLECTING = "collecting", _("集約中")
    CLOSED = "closed", _("締め済み")
    SENT = "sent", _("発注済み")
    PARTLY_CONFIRMED = "partly_confirmed", _("一部確認済み")
    CONFIRMED = "confirmed", _("確認済み")
    CANCELLED = "cancelled", _("取り消し")


class VendorOrder(models.Model):
    """An order to a vendor for lines of many orders and stores: ours is `number`, the vendor's own `reference`.

    One that was closed at the vendor's cut-off of the day `closed_on` takes no more lines; `recorded_by` is nobody until
    somebody of the desk touches it.
    """

    State = VendorOrderState
    MOVES: ClassVar[dict[str, set[str]]] = {
        State.COLLECTING: {State.CLOSED, State.SENT, State.CANCELLED},
        State.CLOSED: {State.SENT, State.CANCELLED},
        State.SENT: {State.PARTLY_CONFIRMED, State.CONFIRMED, State.CANCELLED},
        State.PARTLY_CONFIRMED: {State.CONFIRMED},
    }
    NOT_SENT: ClassVar[frozenset[str]] = frozenset({State.COLLECTING, State.CLOSED})

    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=20, blank=True)
    reference = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=20, choices=State.choices, default=State.SENT)
    cut_off_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    ordered_on = models.DateField(null=True)
    expected_on = models.DateField(null=True)
    reminded_at = models.DateTimeField(null=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vendor", "closed_on"], name="one_closing_per_vendor_and_day"),
            models.UniqueConstraint(
                fields=["vendor", "reference"],
                condition=~models.Q(reference=""),
                name="one_vendor_order_per_reference",
            ),
            models.UniqueConstraint(
                fields=["number"], condition=~models.Q(number=""), name="one_vendor_order_per_number"
            ),
            models.UniqueConstraint(
                fields=["vendor"], condition=models.Q(state="collecting"), name="one_collecting_per_vendor"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["collecting", "closed", "cancelled"])
                | models.Q(ordered_on__isnull=False),
                name="vendor_order_sent_on",
            ),
            state_check(VendorOrderState, "vendor_order_state"),
        ]

    def __str__(self) -> str:
        return self.reference or self.number

    @property
    def is_sent(self) -> bool:
        """The vendor has it, or had it before it was taken back."""
        return self.state not in self.NOT_SENT


class VendorOrderLine(models.Model):
    """One order line in a vendor order: what we expected it to cost a unit (yen, frozen), and what the vendor confirmed."""

    vendor_order = models.ForeignKey(VendorOrder, on_delete=models.PROTECT, related_name="order_lines")
    line = models.OneToOneField("sales.OrderLine", on_delete=models.PROTECT, related_name="+")
    unit_cost_yen = models.BigIntegerField(null=True)
    confirmed_quantity = models.PositiveIntegerField(null=True)
    confirmed_unit_yen = models.BigIntegerField(null=True)
    expected_on = models.DateField(null=True)
    note = models.CharField(max_length=400, blank=True)  # why it was taken dearer or fewer than ordered
    settled_note = models.CharField(max_length=400, blank=True)  # why the vendor never invoices it

    line_id: int
    vendor_order_id: int

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(models.Q(unit_cost_yen=None) | models.Q(unit_cost_yen__gte=0))
                & (models.Q(confirmed_unit_yen=None) | models.Q(confirmed_unit_yen__gte=0)),
                name="vendor_order_line_yen",
            )
        ]


class FormatPurpose(models.TextChoices):
    """What the file is for."""

    ORDER = "order", _("発注書")
    INVOICE = "invoice", _("請求明細")
    KEYS = "keys", _("キーの納品")


class FormatKind(models.TextChoices):
    """What kind of file it is."""

    PDF = "pdf", _("PDF")
    CSV = "csv", _("CSV")
    EXCEL = "excel", _("Excel")


class VendorFormat(models.Model):
    """How a vendor takes orders, or sends its invoices and keys: the kind of file, and our values by its columns."""

    Purpose = FormatPurpose
    Kind = FormatKind

    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="formats")
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    kind = models.CharField(max_length=6, choices=Kind.choices)
    encoding = models.CharField(max_length=12, default="utf-8-sig")
    email = models.EmailField(blank=True)  # where its orders go
    columns = models.JSONField(default=list)  # [[heading, name of our value], …]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vendor", "purpose"], name="one_format_per_purpose"),
            choice_check("purpose", FormatPurpose, "vendor_format_purpose"),
            choice_check("kind", FormatKind, "vendor_format_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.vendor} {self.get_purpose_display()}"


class VendorInvoice(models.Model):
    """A vendor's monthly invoice file, compared with what we ordered."""

    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="+")
    month = models.DateField()  # its first day
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    read_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["vendor", "sha256"], name="one_reading_per_invoice")]


class VendorInvoiceLine(models.Model):
    """One line of it, and which of our lines it is for; without one nobody ordered it."""

    invoice = models.ForeignKey(VendorInvoice, on_delete=models.CASCADE, related_name="lines")
    row = models.PositiveIntegerField()
    reference = models.CharField(max_length=80)
    model_number = models.CharField(max_length=80)
    quantity = models.IntegerField()
    unit_yen = models.BigIntegerField()
    line = models.ForeignKey(VendorOrderLine, on_delete=models.PROTECT, null=True, related_name="invoiced")
    is_ambiguous = models.BooleanField(default=False)  # its number is several orders'
    settled_note = models.CharField(max_length=400, blank=True)  # how a deviation was settled


class BatchState(models.TextChoices):
    """How far it is."""

    PREVIEWED = "previewed", _("確認待ち")
    PARTLY = "partly", _("一部納品済み")
    DELIVERED = "delivered", _("納品済み")
    DISCARDED = "discarded", _("取り消し")


class DeliveryBatch(models.Model):
    """A file of keys, or a ZIP of certificates, matched to lines and shown before anything is delivered.

    `rows` is what was read: keys encrypted with DATA_KEY, never in clear.
    """

    State = BatchState
    MOVES: ClassVar[dict[str, set[str]]] = {
        State.PREVIEWED: {State.PARTLY, State.DELIVERED, State.DISCARDED},
        State.PARTLY: {State.DELIVERED},
    }

    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.PREVIEWED)
    name = models.CharField(max_length=200)
    path = models.CharField(max_length=200, blank=True)  # of the uploaded ZIP
    rows = models.JSONField(default=list)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [state_check(BatchState, "delivery_batch_state")]

    @property
    def is_open(self) -> bool:
        """Some of it may still be delivered."""
        return self.state in self.MOVES
