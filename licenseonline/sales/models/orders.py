"""Orders (注文), their lines, and what was asked about them afterwards."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from licenseonline.accounts.models import Company, Member, User
from licenseonline.billing.models import Receivable
from licenseonline.catalog.models import PaymentMethod, Sku
from licenseonline.kit import states
from licenseonline.kit.states import choice_check, state_check
from licenseonline.kit.tenancy import StoreForeignKey, StoreModel, StoreOneToOneField, StoreQuerySet
from licenseonline.licensing.models import Contract, Holding
from licenseonline.records.models import StoredFile
from licenseonline.sales.models.quotes import Quote
from licenseonline.sales.models.vendor_orders import VendorOrder


class OrderState(models.TextChoices):
    """How far it is. It follows from papers, payment and delivery, which move independently: `progress.settle`."""

    RECEIVED = "received", _("受付")
    AWAITING_PAPERS = "awaiting_papers", _("書類待ち")
    IN_REVIEW = "in_review", _("審査中")
    AWAITING_PAYMENT = "awaiting_payment", _("入金待ち")
    ARRANGING = "arranging", _("メーカー手配中")
    DELIVERED = "delivered", _("納品済")
    COMPLETED = "completed", _("完了")
    CANCELLED = "cancelled", _("キャンセル")


_UNDER_WAY: set[str] = {
    OrderState.RECEIVED,
    OrderState.AWAITING_PAPERS,
    OrderState.IN_REVIEW,
    OrderState.AWAITING_PAYMENT,
    OrderState.ARRANGING,
}


class Source(models.TextChoices):
    """How it reached the store."""

    WEB = "web", _("Web")
    FAX = "fax", _("FAX")
    MAIL = "mail", _("メール")
    POST = "post", _("郵送")
    PHONE = "phone", _("電話")


class Order(StoreModel):
    """What was bought (注文), frozen in its snapshot."""

    company_path = "company"

    State = OrderState
    MOVES: ClassVar[dict[str, set[str]]] = {
        **{state: (_UNDER_WAY - {state}) | {OrderState.CANCELLED} for state in _UNDER_WAY},
        State.ARRANGING: (_UNDER_WAY - {State.ARRANGING}) | {State.DELIVERED, State.CANCELLED},
        State.DELIVERED: {State.COMPLETED},
    }

    number = models.CharField(max_length=20)
    quote = StoreOneToOneField(Quote, related_name="order")
    quote_revision = models.PositiveSmallIntegerField(default=1)
    company = StoreForeignKey(Company, related_name="orders")
    member = StoreForeignKey(Member, related_name="+")
    receivable = StoreOneToOneField(Receivable, related_name="order")
    payment_method = models.CharField(max_length=10, choices=PaymentMethod.choices, default=PaymentMethod.TRANSFER)
    state = models.CharField(max_length=20, choices=State.choices, default=State.RECEIVED)
    source = models.CharField(max_length=6, choices=Source.choices, default=Source.WEB)
    filed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    placed_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)
    po_number = models.CharField(max_length=40, blank=True)  # the customer's own
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
            choice_check("source", Source, "order_source"),
            choice_check("payment_method", PaymentMethod, "order_payment_method"),
            models.CheckConstraint(
                condition=models.Q(source="web") | models.Q(filed_by__isnull=False), name="order_filed_by"
            ),
        ]
        indexes = [
            models.Index(fields=["store", "company", "-id"], name="orders_of_company"),
            models.Index(fields=["state", "id"], name="orders_by_state"),
            models.Index(fields=["number"], name="orders_by_number"),
            models.Index(fields=["placed_at"], include=["id", "store", "state"], name="orders_by_day"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_delivered(self) -> bool:
        """All of it."""
        return self.state in {self.State.DELIVERED, self.State.COMPLETED}

    @property
    def state_label(self) -> str:
        """How far it is, in words."""
        return states.label(OrderState, self.state)


class OrderLine(StoreModel):
    """One SKU of an order, as it was promised."""

    company_path = "order__company"

    order = StoreForeignKey(Order, related_name="lines")
    position = models.PositiveSmallIntegerField()
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField()
    unit_yen = models.BigIntegerField()
    vendor_order = models.ForeignKey(VendorOrder, on_delete=models.PROTECT, null=True, related_name="lines")
    contract = StoreOneToOneField(Contract, related_name="order_line", null=True)  # opened by its delivery
    follows = StoreForeignKey(
        Contract, related_name="following_lines", null=True
    )  # what it renews, adds to or replaces
    expected_on = models.DateField(null=True)  # by the vendor's answer
    delivered_at = models.DateTimeField(null=True)

    order_id: int
    sku_id: int
    vendor_order_id: int | None
    objects = StoreQuerySet["OrderLine"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "order", "position"], name="one_line_per_position"),
            models.CheckConstraint(condition=models.Q(quantity__gte=1, unit_yen__gte=0), name="order_line_amounts"),
        ]
        indexes = [  # few among many: what the work list looks for
            models.Index(
                fields=["store", "order"],
                include=["vendor_order"],
                condition=models.Q(delivered_at=None),
                name="order_lines_to_come",
            )
        ]

    @property
    def amount_yen(self) -> int:
        """Tax excluded."""
        return self.quantity * self.unit_yen


class HoldingUse(StoreModel):
    """Units of an entered holding that an order line renews or replaces. Those of cancelled orders do not count."""

    company_path = "line__order__company"

    line = StoreForeignKey(OrderLine, related_name="holding_uses")
    holding = StoreForeignKey(Holding, related_name="+")
    units = models.PositiveIntegerField()

    holding_id: int
    objects = StoreQuerySet["HoldingUse"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "line", "holding"], name="one_use_per_line_and_holding"),
            models.CheckConstraint(condition=models.Q(units__gte=1), name="holding_use_units"),
        ]
        indexes = [models.Index(fields=["store", "holding"], name="uses_of_holding")]


class LineMargin(StoreModel):
    """Cost, margin and commission of an order line as frozen at order, in yen for the whole line. Never a member's."""

    line = StoreOneToOneField(OrderLine, related_name="margin")
    cost_yen = models.BigIntegerField(null=True)
    margin_yen = models.BigIntegerField(null=True)
    commission_per_mille = models.PositiveSmallIntegerField()
    commission_yen = models.BigIntegerField()

    objects = StoreQuerySet["LineMargin"].as_manager()


class OrderFileKind(models.TextChoices):
    """What a document of an order is."""

    ACKNOWLEDGEMENT = "acknowledgement", _("注文請書")
    PURCHASE_ORDER = "purchase_order", _("注文書")  # the customer's own
    INSPECTION = "inspection", _("検収書")
    RECEIPT = "receipt", _("受領書")


class OrderFile(StoreModel):
    """A document of an order: made here, or the customer's own."""

    company_path = "order__company"

    order = StoreForeignKey(Order, related_name="files")
    kind = models.CharField(max_length=16, choices=OrderFileKind.choices)
    file = StoreForeignKey(StoredFile, related_name="+")
    source = models.CharField(max_length=6, choices=Source.choices, default=Source.WEB)
    at = models.DateTimeField()

    objects = StoreQuerySet["OrderFile"].as_manager()

    class Meta:
        constraints = [
            choice_check("kind", OrderFileKind, "order_file_kind"),
            choice_check("source", Source, "order_file_source"),
            models.UniqueConstraint(
                fields=["store", "order"], condition=models.Q(kind="acknowledgement"), name="one_acknowledgement"
            ),
        ]


class WishState(models.TextChoices):
    """What became of it."""

    ASKED = "asked", _("確認中")
    GRANTED = "granted", _("承りました")
    REFUSED = "refused", _("お受けできません")


class OrderWish(StoreModel):
    """What a member asks for after ordering: to cancel, or to change something. The desk answers."""

    company_path = "order__company"

    class Kind(models.TextChoices):
        CANCEL = "cancel", _("キャンセルのご依頼")
        CHANGE = "change", _("変更のご依頼")
        INSPECTION = "inspection", _("検収書のご依頼")

    State = WishState
    MOVES: ClassVar[dict[str, set[str]]] = {State.ASKED: {State.GRANTED, State.REFUSED}}

    order = StoreForeignKey(Order, related_name="wishes")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    state = models.CharField(max_length=8, choices=State.choices, default=State.ASKED)
    text = models.CharField(max_length=1000)
    answer = models.CharField(max_length=1000, blank=True)
    member = StoreForeignKey(Member, related_name="+")
    asked_at = models.DateTimeField()
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    order_id: int
    objects = StoreQuerySet["OrderWish"].as_manager()

    class Meta:
        constraints = [
            state_check(WishState, "wish_state"),
            models.CheckConstraint(condition=models.Q(kind__in=["cancel", "change", "inspection"]), name="wish_kind"),
            models.UniqueConstraint(
                fields=["store", "order", "kind"], condition=models.Q(state="asked"), name="one_open_wish_of_a_kind"
            ),
        ]
        indexes = [models.Index(fields=["asked_at"], condition=models.Q(state="asked"), name="wishes_to_answer")]


class EndUserSheet(StoreModel):
    """What a vendor wants to know of the end user (エンドユーザー情報) for an order, as the buyer filled it in.

    `answers` are by the names of the form's version.
    """

    company_path = "order__company"

    order = StoreForeignKey(Order, related_name="end_user_sheets")
    form = models.ForeignKey("sales.VendorForm", on_delete=models.PROTECT, related_name="+")
    answers = models.JSONField(default=dict)
    filled_at = models.DateTimeField(null=True)  # complete and checked

    objects = StoreQuerySet["EndUserSheet"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "order", "form"], name="one_sheet_per_form")]
