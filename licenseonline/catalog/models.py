"""What is sold: vendors, products, SKUs and their prices belong to the platform; what a store sells of it is its rules."""

from __future__ import annotations

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from licenseonline.catalog import search_models  # noqa: F401  (Django finds models here)
from licenseonline.kit.prepared import Given
from licenseonline.kit.tenancy import StoreModel, StoreQuerySet


class Vendor(models.Model):
    """The maker (メーカー)."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    kana = models.CharField(max_length=120, blank=True)
    aliases = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["kana", "name"]

    def __str__(self) -> str:
        return self.name


class ProductQuerySet(models.QuerySet["Product"]):
    """Reads that start from the store."""

    def public(self, store_id: int) -> Self:
        """Products of which the store sells at least one SKU, by its listing rules (the most particular rule wins)."""
        return self.filter(models.Exists(Sku.objects.public(store_id).filter(product=models.OuterRef("pk"))))


class Product(models.Model):
    """What is sold (製品), with the text that search compares."""

    code = models.CharField(max_length=60, unique=True)
    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="products")
    name = models.CharField(max_length=200)
    kana = models.CharField(max_length=200, blank=True)
    aliases = models.CharField(max_length=300, blank=True)
    category = models.CharField(max_length=40, blank=True)
    is_cloud = models.BooleanField(default=False)
    summary = models.CharField(max_length=200, blank=True)
    description = models.TextField(blank=True)
    unit = models.CharField(max_length=20)
    lead_days = models.PositiveSmallIntegerField(default=5)
    papers_note = models.CharField(max_length=300, blank=True)
    popularity = models.IntegerField(default=0)

    # Written by search.index only; see kit/text.py for the folding.
    folded_name = models.CharField(max_length=400, db_collation="C", blank=True)
    folded_text = models.TextField(blank=True)
    search_vector = SearchVectorField(null=True)

    objects = ProductQuerySet.as_manager()

    class Meta:
        indexes = [
            GinIndex(fields=["search_vector"], name="product_search", fastupdate=False),
            models.Index(fields=["folded_name"], name="product_folded_name"),
            models.Index(fields=["-popularity", "id"], name="product_popularity"),
        ]

    def __str__(self) -> str:
        return self.name


class PurchaseType(models.TextChoices):
    """What the buyer does with it (購入形態)."""

    NEW = "new", _("新規")
    ADDITIONAL = "additional", _("追加")
    RENEWAL = "renewal", _("更新")
    COMPETITIVE = "competitive", _("乗換")
    UPGRADE = "upgrade", _("アップグレード")
    CROSSGRADE = "crossgrade", _("切替")


class Program(models.TextChoices):
    """For whom the price is."""

    CORPORATE = "corporate", _("コーポレート")
    ACADEMIC = "academic", _("アカデミック")
    GOVERNMENT = "government", _("ガバメント")


class Billing(models.TextChoices):
    """How often it is charged; lines that differ cannot share a cart."""

    ONCE = "once", _("一括払い")
    YEARLY = "yearly", _("年額")
    MONTHLY = "monthly", _("月額")


class Paper(models.TextChoices):
    """Papers an order line may need (ご提出書類)."""

    HOLDING_PROOF = "holding_proof", _("保有ライセンスの証明（証書の写しなど）")
    ACADEMIC_PROOF = "academic_proof", _("教育機関であることの証明")
    GOVERNMENT_PROOF = "government_proof", _("官公庁・自治体であることの証明")
    COMPETITOR_PROOF = "competitor_proof", _("乗換元製品の保有証明")
    APPLICATION_FORM = "application_form", _("メーカー指定の申請書")


class SkuQuerySet(models.QuerySet["Sku"]):
    """Reads that start from the store."""

    def public(self, store_id: int | Given) -> Self:
        """SKUs that the store sells, shown with a price or for quotation on request, each with its `offer`.

        The most particular rule decides: the SKU's, else the product's, else the vendor's. Joins, because a subquery
        for each SKU took ten times as long.
        """

        def rule_of(path: str) -> models.FilteredRelation:
            return models.FilteredRelation(path, condition=models.Q(**{f"{path}__store_id": store_id}))

        rules = self.annotate(
            of_sku=rule_of("storelisting"),
            of_product=rule_of("product__storelisting"),
            of_vendor=rule_of("product__vendor__storelisting"),
        )
        offer = Coalesce("of_sku__offer", "of_product__offer", "of_vendor__offer")
        return rules.annotate(offer=offer).filter(
            is_on_sale=True, offer__in=[StoreListing.Offer.PRICED, StoreListing.Offer.ON_REQUEST]
        )


class Sku(models.Model):
    """The orderable line (型番): one purchase type, program, band and term of a product."""

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="skus")
    model_number = models.CharField(max_length=80, unique=True)
    folded_model = models.CharField(max_length=80, db_collation="C")
    name = models.CharField(max_length=200)
    purchase_type = models.CharField(max_length=12, choices=PurchaseType.choices, default=PurchaseType.NEW)
    program = models.CharField(max_length=12, choices=Program.choices, default=Program.CORPORATE)
    term_months = models.PositiveSmallIntegerField(null=True, blank=True)
    billing = models.CharField(max_length=8, choices=Billing.choices, default=Billing.ONCE)
    band_from = models.PositiveIntegerField(null=True, blank=True)
    band_to = models.PositiveIntegerField(null=True, blank=True)
    min_quantity = models.PositiveIntegerField(default=1)
    quantity_step = models.PositiveIntegerField(default=1)
    papers = ArrayField(models.CharField(max_length=20, choices=Paper.choices), default=list, blank=True)
    is_on_sale = models.BooleanField(default=True)
    popularity = models.IntegerField(default=0)

    product_id: int
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
            models.CheckConstraint(condition=models.Q(purchase_type__in=PurchaseType.values), name="sku_purchase_type"),
            models.CheckConstraint(condition=models.Q(program__in=Program.values), name="sku_program"),
            models.CheckConstraint(condition=models.Q(billing__in=Billing.values), name="sku_billing"),
        ]
        indexes = [models.Index(fields=["folded_model"], name="sku_folded_model")]

    def __str__(self) -> str:
        return f"{self.model_number} {self.name}"

    @property
    def paper_labels(self) -> list[str]:
        """The papers in words."""
        return [str(Paper(code).label) for code in self.papers]

    @property
    def term_label(self) -> str:
        """The term in words: 永続, 3年 or 1か月."""
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


class PriceList(models.Model):
    """A vendor's prices from a day on; for each SKU the latest begun list that has it counts."""

    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="price_lists")
    name = models.CharField(max_length=120)
    from_day = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["vendor", "from_day"], name="one_list_per_day")]

    def __str__(self) -> str:
        return self.name


class Price(models.Model):
    """The vendor's list price of one SKU in one list: yen per unit, tax excluded."""

    price_list = models.ForeignKey(PriceList, on_delete=models.PROTECT, related_name="prices")
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="prices")
    list_yen = models.BigIntegerField()

    price_list_id: int

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sku", "price_list"], name="one_price_per_list"),
            models.CheckConstraint(condition=models.Q(list_yen__gte=0), name="price_not_negative"),
        ]


class Cost(models.Model):
    """What the operator pays for that price: yen per unit. The serving role cannot read it; only prices.costs does, as platform."""

    price = models.OneToOneField(Price, on_delete=models.CASCADE, primary_key=True, related_name="cost")
    cost_yen = models.BigIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(cost_yen__gte=0), name="cost_not_negative")]


class TaxRate(models.Model):
    """Consumption tax in percent from a day on (消費税法 第29条 and its history back to 1989)."""

    from_day = models.DateField(unique=True)
    percent = models.PositiveSmallIntegerField()


class StoreListing(StoreModel):
    """A rule of a store's assortment: what it sells of a vendor, a product or one SKU. The most particular rule wins."""

    is_public = True

    class Offer(models.TextChoices):
        PRICED = "priced", _("価格を表示して販売")
        ON_REQUEST = "on_request", _("見積依頼で販売")
        HIDDEN = "hidden", _("取り扱わない")

    vendor = models.ForeignKey(Vendor, on_delete=models.CASCADE, null=True, blank=True)
    product = models.ForeignKey(Product, on_delete=models.CASCADE, null=True, blank=True)
    sku = models.ForeignKey(Sku, on_delete=models.CASCADE, null=True, blank=True)
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


class SellingRule(StoreModel):
    """How a store's price follows from the list price, for one vendor or (without) for all others."""

    vendor = models.ForeignKey(Vendor, on_delete=models.CASCADE, null=True, blank=True)
    per_mille_of_list = models.PositiveIntegerField()
    round_to_yen = models.PositiveIntegerField(default=1)

    objects = StoreQuerySet["SellingRule"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "vendor"], name="one_rule_per_vendor", nulls_distinct=False),
            models.CheckConstraint(
                condition=models.Q(per_mille_of_list__gte=1, round_to_yen__gte=1), name="selling_rule_positive"
            ),
        ]
