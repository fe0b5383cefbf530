"""Vendors' price lists, tax rates, and what makes a store's price of them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from licenseonline.catalog.models.choices import EVER_SINCE, FOR_EVER
from licenseonline.catalog.models.products import Vendor
from licenseonline.catalog.models.skus import AboutOne, Sku
from licenseonline.kit import states
from licenseonline.kit.tenancy import StoreForeignKey, StoreModel, StoreQuerySet


class PriceList(models.Model):
    """A vendor's prices from a first to a last day, both included; for each SKU the latest begun list that has it counts.

    Of two lists of one day the one made later counts. A list that was withdrawn counts for nothing.
    """

    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="price_lists")
    name = models.CharField(max_length=120)
    from_day = models.DateField()
    to_day = models.DateField(default=FOR_EVER)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(from_day__lte=models.F("to_day")), name="list_days_in_order")
        ]

    def __str__(self) -> str:
        return self.name


class Price(models.Model):
    """The vendor's list price of one SKU in one list from a number of units on: yen per unit, tax excluded.

    Of the rows of a list that has several for a SKU, the highest `band_from` that the number reaches counts.
    """

    price_list = models.ForeignKey(PriceList, on_delete=models.PROTECT, related_name="prices")
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="prices")
    band_from = models.PositiveIntegerField(default=1)
    list_yen = models.BigIntegerField()

    price_list_id: int

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sku", "price_list", "band_from"], name="one_price_per_band"),
            models.CheckConstraint(condition=models.Q(list_yen__gte=0), name="price_not_negative"),
            models.CheckConstraint(condition=models.Q(band_from__gte=1), name="price_band_positive"),
        ]

    def __str__(self) -> str:
        return str(self.sku)


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


def _names(least: int, most: int) -> models.Q:
    """How many of vendor, product and SKU a row names: a rule is for one of them, or for all."""
    ways = [
        models.Q(vendor__isnull=of != "vendor", product__isnull=of != "product", sku__isnull=of != "sku")
        for of in (["none"] if least == 0 else []) + (["vendor", "product", "sku"] if most == 1 else [])
    ]
    condition = ways[0]
    for way in ways[1:]:
        condition |= way
    return condition


class SellingKind(models.TextChoices):
    """From what a selling price is made."""

    LIST = "list", _("定価に対する掛率")
    MARGIN = "margin", _("原価に対する粗利率")
    FIXED = "fixed", _("固定価格")


class Round(models.TextChoices):
    """Which way a price is rounded."""

    DOWN = "down", _("切り捨て")
    UP = "up", _("切り上げ")
    NEAREST = "nearest", _("四捨五入")


class SellingRule(AboutOne, StoreModel):
    """How a store's price follows from the vendor's, for a SKU, a product, a vendor, or (without) all else.

    LIST: per mille of the list price. MARGIN: the price of which per mille remain when the cost is paid. FIXED: yen per
    unit, for one SKU. All but FIXED are then rounded to a multiple of `round_to_yen`.
    """

    Kind = SellingKind

    Round = Round

    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.LIST)
    per_mille = models.PositiveIntegerField(null=True, blank=True)
    fixed_yen = models.BigIntegerField(null=True, blank=True)
    round_to_yen = models.PositiveIntegerField(default=1)
    rounding = models.CharField(max_length=8, choices=Round.choices, default=Round.DOWN)

    objects = StoreQuerySet["SellingRule"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["store", "vendor", "product", "sku"], name="one_rule_for_each", nulls_distinct=False
            ),
            models.CheckConstraint(condition=_names(0, 1), name="selling_rule_names_one"),
            models.CheckConstraint(
                condition=models.Q(kind="list", per_mille__isnull=False, per_mille__gte=1, fixed_yen=None)
                | models.Q(kind="margin", per_mille__isnull=False, per_mille__lt=1000, fixed_yen=None)
                | models.Q(kind="fixed", per_mille=None, fixed_yen__isnull=False, fixed_yen__gte=0, sku__isnull=False),
                name="selling_rule_figures",
            ),
            models.CheckConstraint(condition=models.Q(round_to_yen__gte=1), name="selling_rule_step"),
            states.choice_check("rounding", Round, "selling_rule_rounding"),
        ]


class CompanyPrice(AboutOne, StoreModel):
    """What one company pays from a first to a last day: yen for a SKU, or per mille less than the store's price.

    The most particular one counts, of those the one that began last.
    """

    company_path = "company_id"

    company = StoreForeignKey("accounts.Company", on_delete=models.CASCADE, related_name="prices")
    per_mille_off = models.PositiveSmallIntegerField(null=True, blank=True)
    fixed_yen = models.BigIntegerField(null=True, blank=True)
    from_day = models.DateField(default=EVER_SINCE)
    to_day = models.DateField(default=FOR_EVER)
    reason = models.CharField(max_length=200)

    objects = StoreQuerySet["CompanyPrice"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=_names(1, 1), name="company_price_names_one"),
            models.UniqueConstraint(
                fields=["store", "company", "vendor", "product", "sku", "from_day"],
                name="one_company_price_a_day",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=models.Q(per_mille_off__isnull=False, per_mille_off__lte=1000, fixed_yen=None)
                | models.Q(per_mille_off=None, fixed_yen__isnull=False, fixed_yen__gte=0, sku__isnull=False),
                name="company_price_figures",
            ),
            models.CheckConstraint(
                condition=models.Q(from_day__lte=models.F("to_day")), name="company_price_days_in_order"
            ),
        ]


class Campaign(StoreModel):
    """A store's campaign (キャンペーン), shown and counting from its first to its last day, both included."""

    is_public = True

    code = models.SlugField(max_length=60)
    title = models.CharField(max_length=120)
    summary = models.CharField(max_length=300, blank=True)
    body = models.TextField(blank=True)
    from_day = models.DateField()
    to_day = models.DateField()
    is_published = models.BooleanField(default=False)

    objects = StoreQuerySet["Campaign"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["store", "code"],
                name="one_campaign_of_a_code",
                violation_error_message=_("このストアには同じコードのキャンペーンがすでにあります。"),
            ),
            models.CheckConstraint(
                condition=models.Q(from_day__lte=models.F("to_day")),
                name="campaign_days_in_order",
                violation_error_message=_("終了日は開始日以降の日付にしてください。"),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class CampaignItem(AboutOne, StoreModel):
    """What a campaign is about: per mille off the store's price, yen for a SKU, or (without) shown only.

    Of several that fit a SKU the lowest price counts.
    """

    is_public = True

    campaign = StoreForeignKey(Campaign, on_delete=models.CASCADE, related_name="items")
    per_mille_off = models.PositiveSmallIntegerField(null=True, blank=True)
    fixed_yen = models.BigIntegerField(null=True, blank=True)

    objects = StoreQuerySet["CampaignItem"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=_names(1, 1),
                name="campaign_item_names_one",
                violation_error_message=_("メーカー、製品、型番のいずれか1つを指定してください。"),
            ),
            models.CheckConstraint(
                condition=models.Q(per_mille_off__lte=1000, fixed_yen=None)
                | models.Q(per_mille_off=None, fixed_yen=None)
                | models.Q(per_mille_off=None, fixed_yen__gte=0, sku__isnull=False),
                name="campaign_item_figures",
                violation_error_message=_(
                    "割引率（100まで）か固定価格のどちらか1つを入力してください。固定価格は型番を指定したときだけ使えます。"
                ),
            ),
            models.UniqueConstraint(
                fields=["campaign", "vendor", "product", "sku"],
                name="one_campaign_item",
                violation_error_message=_("同じ対象がすでに登録されています。"),
                nulls_distinct=False,
            ),
        ]
