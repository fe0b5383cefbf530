"""SKUs (型番), what a store lists of them, and what follows what."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from licenseonline.catalog.models.choices import (
    EVER_SINCE,
    FOR_EVER,
    Billing,
    Delivery,
    Paper,
    Program,
    PurchaseType,
    Unit,
)
from licenseonline.kit import clock, states
from licenseonline.kit.prepared import Given
from licenseonline.kit.tenancy import StoreModel, StoreQuerySet
from licenseonline.stores.models import PaymentMethod


class SkuQuerySet(models.QuerySet["Sku"]):
    """Reads that start from the store."""

    def public(self, store_id: int | Given, *, day: date | Given | None = None) -> Self:
        """SKUs that the store sells on that day (without: today), with a price or for quotation on request, each with its `offer`.

        The most particular rule decides: the SKU's, else the product's, else the vendor's. Joins, because a subquery
        for each SKU took ten times as long.
        """

        def rule_of(path: str) -> models.FilteredRelation:
            return models.FilteredRelation(path, condition=models.Q(**{f"{path}__store_id": store_id}))

        rules = self.on_sale(day or clock.today()).annotate(
            of_sku=rule_of("storelisting"),
            of_product=rule_of("product__storelisting"),
            of_vendor=rule_of("product__vendor__storelisting"),
        )
        offer = Coalesce("of_sku__offer", "of_product__offer", "of_vendor__offer")
        return rules.annotate(offer=offer).filter(offer__in=[StoreListing.Offer.PRICED, StoreListing.Offer.ON_REQUEST])

    def on_sale(self, day: date | Given) -> Self:
        """Those that the vendor sells on that day."""
        return self.filter(sale_from__lte=day, sale_to__gte=day)


class Sku(models.Model):
    """The orderable line (型番): one purchase type, program, band and term of a product.

    It runs for `term_months`, or until `term_until`, or without both for ever. It is sold from its first to its last day,
    both included. `lead_days` are business days. Without `payment_methods` every one of the store's will do.
    """

    product = models.ForeignKey("catalog.Product", on_delete=models.PROTECT, related_name="skus", db_index=False)
    model_number = models.CharField(max_length=80, unique=True)
    folded_model = models.CharField(max_length=80, db_collation="C")
    name = models.CharField(max_length=200)
    purchase_type = models.CharField(max_length=12, choices=PurchaseType.choices, default=PurchaseType.NEW)
    program = models.CharField(max_length=12, choices=Program.choices, default=Program.CORPORATE)
    unit = models.CharField(max_length=10, choices=Unit.choices, default=Unit.LICENCE)
    term_months = models.PositiveSmallIntegerField(null=True, blank=True)
    term_until = models.DateField(null=True, blank=True)
    billing = models.CharField(max_length=8, choices=Billing.choices, default=Billing.ONCE)
    band_from = models.PositiveIntegerField(null=True, blank=True)
    band_to = models.PositiveIntegerField(null=True, blank=True)
    min_quantity = models.PositiveIntegerField(default=1)
    quantity_step = models.PositiveIntegerField(default=1)
    lead_days = models.PositiveSmallIntegerField(default=5)
    delivery = models.CharField(max_length=12, choices=Delivery.choices, default=Delivery.KEY)
    is_cloud = models.BooleanField(default=False)
    papers = ArrayField(models.CharField(max_length=20, choices=Paper.choices), default=list, blank=True)
    payment_methods = ArrayField(
        models.CharField(max_length=10, choices=PaymentMethod.choices), default=list, blank=True
    )
    sale_from = models.DateField(default=EVER_SINCE)
    sale_to = models.DateField(default=FOR_EVER)
    successor = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="predecessors")
    popularity = models.IntegerField(default=0)

    product_id: int
    successor_id: int | None
    offer: str  # annotated by SkuQuerySet.public
    objects = SkuQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(min_quantity__gte=1, quantity_step__gte=1), name="sku_quantities_positive"
            ),
            models.CheckConstraint(
                condition=models.Q(band_to=None) | models.Q(band_from__lte=models.F("band_to")),
                name="sku_band_in_order",
            ),
            models.CheckConstraint(
                condition=models.Q(term_months=None) | models.Q(term_until=None), name="sku_one_term"
            ),
            models.CheckConstraint(condition=~models.Q(successor=models.F("id")), name="sku_follows_another"),
            states.choice_check("purchase_type", PurchaseType, "sku_purchase_type"),
            states.choice_check("program", Program, "sku_program"),
            states.choice_check("billing", Billing, "sku_billing"),
            states.choice_check("unit", Unit, "sku_unit"),
            states.choice_check("delivery", Delivery, "sku_delivery"),
        ]
        indexes = [
            models.Index(fields=["folded_model"], include=("product", "sale_from", "sale_to"), name="sku_folded_model"),
            models.Index(  # also the foreign key's
                fields=["product"],
                include=("sale_from", "sale_to", "purchase_type", "program", "term_months"),
                name="sku_of_product",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.model_number} {self.name}"

    @property
    def unit_label(self) -> str:
        """What is counted, in words."""
        return states.label(Unit, self.unit)

    @property
    def delivery_label(self) -> str:
        """How it reaches the customer, in words."""
        return states.label(Delivery, self.delivery)

    @property
    def paper_labels(self) -> list[str]:
        """The papers in words."""
        return [str(Paper(code).label) for code in self.papers]

    @property
    def term_label(self) -> str:
        """The term in words: 永続, 3年, 1か月 or 2027年3月31日まで."""
        if self.term_until is not None:
            return gettext("%(year)s年%(month)s月%(day)s日まで") % {
                "year": self.term_until.year, "month": self.term_until.month, "day": self.term_until.day,
            }  # fmt: skip
        if self.term_months is None:
            return gettext("永続")
        if self.term_months % 12 == 0:
            return gettext("%(years)s年") % {"years": self.term_months // 12}
        return gettext("%(months)sか月") % {"months": self.term_months}

    @property
    def band_label(self) -> str:
        """For how many units the price is: 5～24, 250以上 or 1; empty when it does not depend on them."""
        if self.band_from is None and self.band_to is None:
            return ""
        first = f"{self.band_from or 1:,}"
        if self.band_to is None:
            return gettext("%(from)s以上") % {"from": first}
        return first if self.band_from == self.band_to else f"{first}～{self.band_to:,}"


class RelationKind(models.TextChoices):
    """In which way one SKU follows another."""

    ADDITIONAL = "additional", _("追加")
    RENEWAL = "renewal", _("更新")
    UPGRADE = "upgrade", _("アップグレード")
    CROSSGRADE = "crossgrade", _("切替")
    COMPETITIVE = "competitive", _("乗換")


class SkuRelation(models.Model):
    """What follows what: who holds `held` may buy `following`, as its kind says."""

    Kind = RelationKind

    held = models.ForeignKey(Sku, on_delete=models.CASCADE, related_name="followed_by")
    following = models.ForeignKey(Sku, on_delete=models.CASCADE, related_name="follows")
    kind = models.CharField(max_length=12, choices=Kind.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["held", "following", "kind"],
                name="one_relation",
                violation_error_message=_("この関係はすでに登録されています。"),
            ),
            states.choice_check("kind", RelationKind, "relation_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.held.model_number} → {self.following.model_number} {self.get_kind_display()}"


class AboutOne(models.Model):
    """What is said of a SKU, a product or a vendor, or (without) of all products. Shown by that one's name."""

    vendor = models.ForeignKey("catalog.Vendor", on_delete=models.CASCADE, null=True, blank=True)
    product = models.ForeignKey("catalog.Product", on_delete=models.CASCADE, null=True, blank=True)
    sku = models.ForeignKey(Sku, on_delete=models.CASCADE, null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.sku or self.product or self.vendor or _("すべての製品"))


class StoreListing(AboutOne, StoreModel):
    """A rule of a store's assortment: what it sells of a vendor, a product or one SKU. The most particular rule wins."""

    is_public = True

    class Offer(models.TextChoices):
        PRICED = "priced", _("価格を表示して販売")
        ON_REQUEST = "on_request", _("見積依頼で販売")
        HIDDEN = "hidden", _("取り扱わない")

    offer = models.CharField(max_length=12, choices=Offer.choices)

    objects = StoreQuerySet["StoreListing"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(vendor__isnull=False, product=None, sku=None)
                | models.Q(vendor=None, product__isnull=False, sku=None)
                | models.Q(vendor=None, product=None, sku__isnull=False),
                name="listing_names_one_thing",
            ),
            models.UniqueConstraint(fields=["store", "vendor"], name="one_listing_per_vendor"),
            models.UniqueConstraint(fields=["store", "product"], name="one_listing_per_product"),
            models.UniqueConstraint(fields=["store", "sku"], name="one_listing_per_sku"),
        ]
