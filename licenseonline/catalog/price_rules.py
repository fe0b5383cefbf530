"""The rule of prices in Python, for one SKU: list, store, company, campaign. prices.py says when; price_sql.py is its twin.

Everything that was looked at is kept, so that the decision can be explained (price_steps.py).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from math import ceil, floor
from typing import TypeVar

from django.db.models import Q

from licenseonline.accounts.models import Company
from licenseonline.catalog.models import (
    CampaignItem,
    CompanyPrice,
    Cost,
    Price,
    SellingRule,
    Sku,
    StoreListing,
    TaxRate,
)
from licenseonline.kit import money, scope
from licenseonline.stores.models import Store

_MILLE = 1000

Particular = TypeVar("Particular", StoreListing, SellingRule, CompanyPrice)


class By(StrEnum):
    """What decided a price."""

    STORE = "store"
    COMPANY = "company"
    CAMPAIGN = "campaign"


@dataclass(frozen=True, slots=True)
class Decision:
    """One SKU's price, yen per unit, with what led to it; `unit_yen` is None when it has none (見積依頼, or not sold).

    For staff: `cost_yen` is among what it looked at.
    """

    sku: Sku
    store: Store
    company: Company | None
    day: date
    units: int
    tax_percent: int
    offer: str  # StoreListing.Offer; empty when the store does not list it
    listed: Price | None
    next_band: int | None  # of the same list, from which another price holds
    rule: SellingRule | None
    cost_yen: int | None  # read for MARGIN alone
    store_yen: int | None
    company_price: CompanyPrice | None
    company_yen: int | None
    item: CampaignItem | None  # the campaign's that would be lowest
    campaign_yen: int | None

    @property
    def is_sold(self) -> bool:
        """Whether the store sells it on that day, with a price or on request."""
        return self.offer in {StoreListing.Offer.PRICED, StoreListing.Offer.ON_REQUEST} and self.is_on_sale

    @property
    def is_on_sale(self) -> bool:
        """Whether the vendor sells it on that day."""
        return self.sku.sale_from <= self.day <= self.sku.sale_to

    @property
    def list_yen(self) -> int | None:
        """The vendor's list price."""
        return self.listed.list_yen if self.listed else None

    @property
    def asked_yen(self) -> int | None:
        """The company's price, else the store's; campaigns left out."""
        return self.store_yen if self.company_yen is None else self.company_yen

    @property
    def by(self) -> By | None:
        """What decided; None without a price."""
        if not self.is_sold or self.offer != StoreListing.Offer.PRICED or self.asked_yen is None:
            return None
        if self.campaign_yen is not None and self.campaign_yen < self.asked_yen:
            return By.CAMPAIGN
        return By.STORE if self.company_yen is None else By.COMPANY

    @property
    def unit_yen(self) -> int | None:
        """What one unit costs, tax excluded."""
        if self.by is None:
            return None
        return self.campaign_yen if self.by == By.CAMPAIGN else self.asked_yen

    @property
    def with_tax_yen(self) -> int | None:
        """What one unit costs with tax, for showing."""
        if self.unit_yen is None:
            return None
        return money.with_tax(self.unit_yen, self.tax_percent, money.Rounding(self.store.rounding))


def decide(sku: Sku, *, store: Store, day: date, units: int, company: Company | None) -> Decision:
    """Read all that may count for it, and decide."""
    listed, next_band = _listed(sku, day, units)
    rule = _most_particular(SellingRule.objects.filter(_names(sku) | _ALL, store=store))
    cost = _cost_yen(listed) if rule and rule.kind == SellingRule.Kind.MARGIN else None
    store_yen = _store_yen(rule, listed, cost)
    special = _company_price(sku, store, day, company)
    items = _campaign_items(sku, store, day)
    item = min(items, key=lambda one: _reduced(one, store_yen, rule) or 0, default=None)
    listing = _most_particular(StoreListing.objects.filter(_names(sku), store=store))
    return Decision(
        sku=sku,
        store=store,
        company=company,
        day=day,
        units=units,
        tax_percent=tax_percent(day),
        offer=listing.offer if listing else "",
        listed=listed,
        next_band=next_band,
        rule=rule,
        cost_yen=cost,
        store_yen=store_yen,
        company_price=special,
        company_yen=_reduced(special, store_yen, rule),
        item=item,
        campaign_yen=_reduced(item, store_yen, rule),
    )


def tax_percent(day: date) -> int:
    """The standard rate of consumption tax on that day (software is never at the reduced rate); 0 before there was one."""
    found = TaxRate.objects.filter(from_day__lte=day).order_by("-from_day").first()
    return found.percent if found else 0


def rounded(yen: Fraction, step: int, way: str) -> int:
    """The exact amount to a multiple of `step` yen: down, up, or nearest (a half goes up)."""
    steps = yen / step
    if way == SellingRule.Round.UP:
        return ceil(steps) * step
    if way == SellingRule.Round.NEAREST:
        return floor(steps + Fraction(1, 2)) * step
    return floor(steps) * step


_ALL = Q(vendor=None, product=None, sku=None)


def _names(sku: Sku) -> Q:
    """Rows for the SKU, its product or its vendor."""
    return Q(sku=sku) | Q(product=sku.product_id) | Q(vendor=sku.product.vendor_id)


def _most_particular(rows: Iterable[Particular]) -> Particular | None:
    """The SKU's, else the product's, else the vendor's, else the general one."""
    return min(rows, key=lambda row: (row.sku_id is None, row.product_id is None, row.vendor_id is None), default=None)


def _listed(sku: Sku, day: date, units: int) -> tuple[Price | None, int | None]:
    """Of the latest list that has the SKU, the row of the band that the units reach; and where the next one begins.

    Of two lists of one day the one made later; below the lowest band the lowest holds.
    """
    begun = Price.objects.filter(sku=sku, price_list__from_day__lte=day, price_list__to_day__gte=day)
    rows = list(begun.filter(price_list__withdrawn_at=None).select_related("price_list"))
    if not rows:
        return None, None
    latest = max((row.price_list for row in rows), key=lambda one: (one.from_day, one.pk))
    bands = sorted((row for row in rows if row.price_list == latest), key=lambda row: row.band_from)
    reached = [row for row in bands if row.band_from <= units] or bands[:1]
    following = bands[bands.index(reached[-1]) + 1 :]
    return reached[-1], following[0].band_from if following else None


def _cost_yen(listed: Price | None) -> int | None:
    """As the platform: the serving role cannot read costs."""
    if listed is None:
        return None
    with scope.platform():
        found = Cost.objects.filter(price=listed).first()
    return found.cost_yen if found else None


def _store_yen(rule: SellingRule | None, listed: Price | None, cost: int | None) -> int | None:
    if rule is None:
        return None
    if rule.kind == SellingRule.Kind.FIXED:
        return rule.fixed_yen
    exact = exact_yen(rule, listed, cost)
    return None if exact is None else rounded(exact, rule.round_to_yen, rule.rounding)


def exact_yen(rule: SellingRule, listed: Price | None, cost: int | None) -> Fraction | None:
    """What a LIST or MARGIN rule makes of list price or cost, before it is rounded; None where that is not known."""
    if rule.kind == SellingRule.Kind.MARGIN:
        return None if cost is None else Fraction(cost * _MILLE, _MILLE - (rule.per_mille or 0))
    return None if listed is None else Fraction(listed.list_yen * (rule.per_mille or 0), _MILLE)


def less(store_yen: int, per_mille_off: int) -> Fraction:
    """Per mille off the store's price, before it is rounded."""
    return Fraction(store_yen * (_MILLE - per_mille_off), _MILLE)


def _company_price(sku: Sku, store: Store, day: date, company: Company | None) -> CompanyPrice | None:
    """The company's running price: the most particular, of those the one that began last."""
    if company is None:
        return None
    running = CompanyPrice.objects.filter(_names(sku), store=store, company=company, from_day__lte=day, to_day__gte=day)
    return _most_particular(running.order_by("-from_day"))  # of equals the first


def _campaign_items(sku: Sku, store: Store, day: date) -> list[CampaignItem]:
    """What running campaigns ask for it; those that are only shown ask nothing less."""
    items = CampaignItem.objects.filter(
        _names(sku),
        store=store,
        campaign__is_published=True,
        campaign__from_day__lte=day,
        campaign__to_day__gte=day,
    )
    found = items.select_related("campaign").order_by("id")
    return [item for item in found if item.fixed_yen is not None or item.per_mille_off is not None]


def _reduced(row: CompanyPrice | CampaignItem | None, store_yen: int | None, rule: SellingRule | None) -> int | None:
    """Its price; None without a price of the store's, which it could take the place of."""
    if row is None or store_yen is None or rule is None:
        return None
    if row.fixed_yen is not None:
        return row.fixed_yen
    return rounded(less(store_yen, row.per_mille_off or 0), rule.round_to_yen, rule.rounding)
