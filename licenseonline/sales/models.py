"""From the cart to the delivered order."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from licenseonline.accounts.models import Company, Member, User
from licenseonline.billing.models import Receivable
from licenseonline.catalog.models import Sku, Vendor
from licenseonline.kit import clock, states
from licenseonline.kit.states import state_check
from licenseonline.kit.tenancy import StoreForeignKey, StoreModel, StoreOneToOneField, StoreQuerySet
from licenseonline.licensing.models import Contract
from licenseonline.records.models import StoredFile


class CartLine(StoreModel):
    """A SKU that a member has put aside, with the quantity wanted. A colleague has a cart of their own."""

    company_path = "member__company"

    member = StoreForeignKey(Member, on_delete=models.CASCADE, related_name="cart_lines")
    sku = models.ForeignKey(Sku, on_delete=models.CASCADE, related_name="+")
    quantity = models.PositiveIntegerField()
    added_at = models.DateTimeField()

    objects = StoreQuerySet["CartLine"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "member", "sku"], name="one_cart_line_per_sku"),
            models.CheckConstraint(condition=models.Q(quantity__gte=1), name="cart_quantity"),
        ]


class QuoteState(models.TextChoices):
    """How far it is."""

    ISSUED = "issued", _("発行済み")
    ORDERED = "ordered", _("注文済み")


class Quote(StoreModel):
    """An offer (見積), frozen in its snapshot and valid to the end of its last day in Japan."""

    company_path = "company"

    State = QuoteState
    MOVES: ClassVar[dict[str, set[str]]] = {State.ISSUED: {State.ORDERED}}

    number = models.CharField(max_length=20)
    company = StoreForeignKey(Company, related_name="quotes")
    member = StoreForeignKey(Member, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.ISSUED)
    issued_at = models.DateTimeField()
    valid_until = models.DateField()
    subject = models.CharField(max_length=100, blank=True)
    total_yen = models.BigIntegerField()
    title = models.CharField(max_length=260)  # what a list shows of the snapshot, which is long
    snapshot = models.JSONField()
    pdf = StoreForeignKey(StoredFile, related_name="+", null=True)

    company_id: int
    member_id: int
    pdf_id: int | None
    objects = StoreQuerySet["Quote"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "number"], name="one_quote_per_number"),
            state_check(QuoteState, "quote_state"),
        ]
        indexes = [
            models.Index(fields=["store", "company", "-id"], name="quotes_of_company"),
            models.Index(fields=["store", "-id"], name="quotes_of_store"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_expired(self) -> bool:
        """Past the end of its last valid day in Japan."""
        return clock.today() > self.valid_until

    @property
    def can_be_ordered(self) -> bool:
        """Issued and still valid."""
        return self.state == self.State.ISSUED and not self.is_expired


class OrderState(models.TextChoices):
    """How far it is."""

    AWAITING_PAYMENT = "awaiting_payment", _("入金待ち")
    PAID = "paid", _("入金確認済み")
    ARRANGING = "arranging", _("メーカー手配中")
    DELIVERED = "delivered", _("納品済")


class Order(StoreModel):
    """What was bought (注文), frozen in its snapshot. Prepaid: it waits for the money, then for the vendor."""

    company_path = "company"

    State = OrderState
    MOVES: ClassVar[dict[str, set[str]]] = {
        State.AWAITING_PAYMENT: {State.PAID},
        State.PAID: {State.ARRANGING},
        State.ARRANGING: {State.DELIVERED},
    }

    number = models.CharField(max_length=20)
    quote = StoreOneToOneField(Quote, related_name="order")
    company = StoreForeignKey(Company, related_name="orders")
    member = StoreForeignKey(Member, related_name="+")
    receivable = StoreOneToOneField(Receivable, related_name="order")
    state = models.CharField(max_length=20, choices=State.choices, default=State.AWAITING_PAYMENT)
    placed_at = models.DateTimeField()
    terms_version = models.CharField(max_length=20)
    total_yen = models.BigIntegerField()
    title = models.CharField(max_length=260)  # what a list shows of the snapshot, which is long
    snapshot = models.JSONField()

    company_id: int
    member_id: int
    objects = StoreQuerySet["Order"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "number"], name="one_order_per_number"),
            state_check(OrderState, "order_state"),
        ]
        indexes = [
            models.Index(fields=["store", "company", "-id"], name="orders_of_company"),
            models.Index(fields=["state", "id"], name="orders_by_state"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_delivered(self) -> bool:
        """All of it."""
        return self.state == self.State.DELIVERED

    @property
    def state_label(self) -> str:
        """How far it is, in words."""
        return states.label(OrderState, self.state)


class VendorOrder(models.Model):
    """What the desk ordered from a vendor (メーカー発注), for lines of many orders and stores; only the platform sees it."""

    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=80)
    ordered_on = models.DateField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["vendor", "reference"], name="one_vendor_order_per_reference")]

    def __str__(self) -> str:
        return self.reference


class OrderLine(StoreModel):
    """One SKU of an order, as it was promised."""

    company_path = "order__company"

    order = StoreForeignKey(Order, related_name="lines")
    position = models.PositiveSmallIntegerField()
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField()
    unit_yen = models.BigIntegerField()
    vendor_order = models.ForeignKey(VendorOrder, on_delete=models.PROTECT, null=True, related_name="lines")
    contract = StoreOneToOneField(Contract, related_name="order_line", null=True)

    order_id: int
    sku_id: int
    vendor_order_id: int | None
    objects = StoreQuerySet["OrderLine"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "order", "position"], name="one_line_per_position"),
            models.CheckConstraint(condition=models.Q(quantity__gte=1, unit_yen__gte=0), name="order_line_amounts"),
        ]

    @property
    def amount_yen(self) -> int:
        """Tax excluded."""
        return self.quantity * self.unit_yen


class LineMargin(StoreModel):
    """Cost, margin and commission of an order line as frozen at order, in yen for the whole line. Never a member's."""

    line = StoreOneToOneField(OrderLine, related_name="margin")
    cost_yen = models.BigIntegerField(null=True)
    margin_yen = models.BigIntegerField(null=True)
    commission_per_mille = models.PositiveSmallIntegerField()
    commission_yen = models.BigIntegerField()

    objects = StoreQuerySet["LineMargin"].as_manager()
