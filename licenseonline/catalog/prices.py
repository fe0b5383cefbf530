"""What a store asks for a SKU: the vendor's list, the store's rule of it, the company's price, campaigns.

    price(sku, store=…, day=…, units=100, company=…)  one decision, with its explanation

1. The vendor's list: the latest begun one that has the SKU, that has not ended and was not withdrawn. In it the highest band
   that the units reach, else its lowest.
2. The store's most particular rule (SKU, product, vendor, all else): per mille of the list price, a margin on the cost, or
   fixed yen; all but these are rounded to the rule's step. Without rule, list price or cost there is no price (見積依頼).
3. The company's most particular running price takes the place of the store's.
4. The lowest of the running campaigns, when it is lower.

For lists the same rule is SQL (price_sql.py).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Final, NamedTuple

from django.db import DEFAULT_DB_ALIAS
from django.db.models import DateField
from django.utils.translation import gettext as _

from licenseonline.accounts.models import Company
from licenseonline.catalog import assortment, price_rules, price_sql, quantities
from licenseonline.catalog.models import Product, SellingRule, Sku, SkuQuerySet, StoreListing
from licenseonline.catalog.price_rules import By, Decision
from licenseonline.kit import money, scope, sql
from licenseonline.kit.errors import Refused
from licenseonline.kit.prepared import Given, Prepared, given_text
from licenseonline.stores.models import Store


@dataclass(frozen=True, slots=True)
class Offer:
    """What a store asks for one unit of a SKU. `unit_yen` excludes tax and is None when it is sold on request (見積依頼).

    `store_yen` is what it would be without company price and campaign, `by` says which of them decided.
    """

    sku: Sku
    unit_yen: int | None
    list_yen: int | None
    tax_percent: int
    with_tax_yen: int | None
    store_yen: int | None = None
    by: By | None = None

    @property
    def is_reduced(self) -> bool:
        """By a campaign, or for the company."""
        return self.unit_yen is not None and self.store_yen is not None and self.unit_yen < self.store_yen


def price(sku: Sku, *, store: Store, day: date, units: int = 1, company: Company | None = None) -> Decision:
    """What the store asks this company (without: any visitor) for one unit of the SKU on that day, and why.

    `units` is the number that decides the band. Takes some queries: lists have their own functions, with the same answers.
    """
    return price_rules.decide(sku, store=store, day=day, units=units, company=company)


def offers(skus: SkuQuerySet, *, store: Store, day: date, company: Company | None = None) -> list[Offer]:
    """The store's offers for SKUs that came from `Sku.objects.public(store)`, in their order; two queries for any number.

    Each at the fewest units that can be ordered.
    """
    return _offers(list(skus.select_related("product__vendor")), store, day, company)


def offers_of_product(code: str, *, store: Store, day: date, company: Company | None = None) -> list[Offer]:
    """As `offers`, of all SKUs of the product that the store sells."""
    return _offers(_of_product.rows(store=store.pk, code=code, day=day), store, day, company)


_of_product = Prepared(
    lambda: (
        Sku.objects.public(Given("store"), day=Given("day", DateField()))
        .filter(product__code=given_text("code"))
        .select_related("product__vendor")
    )
)


_FIGURES: Final = f"{price_sql.TAX}, list_yen, store_yen, unit_yen, by"
_AT_FEWEST: Final = """
SELECT sku.id AS sku_id, sku.product_id, product.vendor_id, sku.min_quantity AS units
FROM catalog_sku sku JOIN catalog_product product ON product.id = sku.product_id WHERE sku.id = ANY(%(skus)s)
"""
_PRICES: Final = f"{price_sql.figures(_AT_FEWEST)} SELECT sku_id, {_FIGURES} FROM figures"  # noqa: S608  (names of our own)


def _offers(skus: list[Sku], store: Store, day: date, company: Company | None) -> list[Offer]:
    if not skus:
        return []
    found = sql.rows(_PRICES, skus=[sku.pk for sku in skus], **_terms(store, day, company))
    figures = {pk: _Figures(*rest) for pk, *rest in found}
    return [_offer(sku, store, figures[sku.pk]) for sku in skus]


def _terms(store: Store, day: date, company: Company | None) -> dict[str, Any]:
    return {"store": store.pk, "day": day, "company": company.pk if company else None}


class _Figures(NamedTuple):
    """What `_FIGURES` answers."""

    tax: int
    list_yen: int | None
    store_yen: int | None
    yen: int | None
    by: str | None


def _offer(sku: Sku, store: Store, made: _Figures) -> Offer:
    if made.yen is None or made.by is None or sku.offer != StoreListing.Offer.PRICED:
        return Offer(sku, None, made.list_yen, made.tax, None)
    gross = _with_tax(made.yen, made.tax, store)
    return Offer(sku, made.yen, made.list_yen, made.tax, gross, made.store_yen, By(made.by))


def _with_tax(yen: int, percent: int, store: Store) -> int:
    return money.with_tax(yen, percent, money.Rounding(store.rounding))


_SKU: Final = [field.attname for field in Sku._meta.concrete_fields]
_READ: Final = {"id", "vendor_id", "code"}
_PRODUCT: Final = [field.attname for field in Product._meta.concrete_fields if field.attname in _READ]
_OFFER: Final = "coalesce(of_sku.offer, of_product.offer, of_vendor.offer) AS offer"
_AT_UNITS: Final = f"""
SELECT sku.id AS sku_id, sku.product_id, product.vendor_id, cart.units, {_OFFER}
FROM unnest(%(skus)s::bigint[], %(units)s::bigint[]) cart (sku_id, units)
JOIN catalog_sku sku ON sku.id = cart.sku_id JOIN catalog_product product ON product.id = sku.product_id
{assortment.RULES} WHERE {assortment.SOLD}
"""  # noqa: S608  (names of our own)
_OFFERS_OF: Final = f"""
{price_sql.figures(_AT_UNITS)}
SELECT {", ".join(f"sku.{name}" for name in _SKU)}, {", ".join(f"product.{name}" for name in _PRODUCT)}, offer, {_FIGURES}
FROM figures JOIN catalog_sku sku ON sku.id = figures.sku_id JOIN catalog_product product ON product.id = sku.product_id
"""  # noqa: S608  (names of our own columns)


def offers_of(
    units: Mapping[int, int], *, store: Store, day: date, company: Company | None = None
) -> dict[int, Offer]:  # fmt: skip
    """The offers of those of these SKUs that the store sells, by SKU, each at its number of units.

    For carts and quotations, in one query; of products only what these read.
    """
    found = {}
    values = {"skus": list(units), "units": list(units.values()), **_terms(store, day, company)}
    for row in sql.rows(_OFFERS_OF, **values):
        sku = Sku.from_db(DEFAULT_DB_ALIAS, _SKU, row[: len(_SKU)])
        *product, offer = row[len(_SKU) : -len(_Figures._fields)]
        sku.product, sku.offer = Product.from_db(DEFAULT_DB_ALIAS, _PRODUCT, product), offer
        found[sku.pk] = _offer(sku, store, _Figures(*row[-len(_Figures._fields) :]))
    return found


@dataclass(frozen=True, slots=True)
class Lowest:
    """From what a product costs at a store, yen per unit; None when all of it is sold on request.

    `skus` of it are sold, and arrive after from `least_days` to `most_days` business days.
    """

    unit_yen: int | None
    with_tax_yen: int | None
    skus: int
    least_days: int
    most_days: int


_OF_PRODUCTS: Final = f"""
SELECT sku.id AS sku_id, sku.product_id, product.vendor_id, sku.min_quantity AS units, sku.lead_days, {_OFFER}
FROM catalog_sku sku JOIN catalog_product product ON product.id = sku.product_id {assortment.RULES}
WHERE product.id = ANY(%(products)s) AND {assortment.SOLD}
"""  # noqa: S608  (names of our own)
_LOWEST: Final = f"""
{price_sql.figures(_OF_PRODUCTS)}
SELECT product_id, {price_sql.TAX}, min(unit_yen) FILTER (WHERE offer = 'priced'), count(*), min(lead_days), max(lead_days)
FROM figures GROUP BY product_id
"""  # noqa: S608  (names of our own)


def lowest(
    product_ids: Iterable[int], *, store: Store, day: date, company: Company | None = None
) -> dict[int, Lowest]:  # fmt: skip
    """The lowest offer of each of these products that the store sells; one query for any number, without its SKUs.

    Planned each time: from three to three thousand SKUs are looked at.
    """
    wanted = list(product_ids)
    return {
        product_id: Lowest(yen, None if yen is None else _with_tax(yen, tax, store), *rest)
        for product_id, tax, yen, *rest in sql.planned(_LOWEST, products=wanted, **_terms(store, day, company))
    }


@dataclass(frozen=True, slots=True)
class Break:
    """From how many units on one of them costs how much, yen without and with tax; None where that is on request."""

    from_units: int
    unit_yen: int | None
    with_tax_yen: int | None


_BREAKS: Final = f"""
{price_sql.figures(_AT_FEWEST, bands=True)}
SELECT sku_id, {price_sql.TAX}, coalesce(band_from, 1) AS band, unit_yen FROM figures ORDER BY sku_id, band
"""  # noqa: S608  (names of our own)


def breaks(
    skus: Iterable[Sku], *, store: Store, day: date, company: Company | None = None
) -> dict[int, list[Break]]:  # fmt: skip
    """For each SKU from how many units on what is asked, fewest first; one query. Empty for what is sold on request.

    The first holds from the fewest units that can be ordered; bands of the same price are one.
    """
    by_pk = {sku.pk: sku for sku in skus}
    found: dict[int, list[Break]] = {pk: [] for pk in by_pk}
    for pk, tax, band_from, yen in sql.rows(_BREAKS, skus=list(by_pk), **_terms(store, day, company)):
        sku, mine = by_pk[pk], found[pk]
        if sku.offer != StoreListing.Offer.PRICED or (mine and quantities.is_over_band(sku, band_from)):
            continue
        if band_from <= sku.min_quantity:
            mine.clear()  # it begins below the fewest, as those before it
        if not mine or mine[-1].unit_yen != yen:
            first = band_from if mine else sku.min_quantity
            mine.append(Break(first, yen, None if yen is None else _with_tax(yen, tax, store)))
    return {pk: mine if any(one.unit_yen is not None for one in mine) else [] for pk, mine in found.items()}


def sell(list_yen: int, per_mille: int, round_to_yen: int) -> int:
    """A selling price in yen: per mille of the list price, rounded down to a multiple of `round_to_yen`."""
    return price_rules.rounded(Fraction(list_yen * per_mille, 1000), round_to_yen, SellingRule.Round.DOWN)


def priced(offer: Offer) -> int:
    """The unit price in yen; refused (`on_request`) when the store sells it on request only."""
    if offer.unit_yen is None:
        message = _("%(model)s はお見積依頼にて承る製品です。窓口までお問い合わせください。") % {
            "model": offer.sku.model_number
        }
        raise Refused(message, code="on_request")
    return offer.unit_yen


_COSTS: Final = f"""
WITH asked AS (SELECT * FROM unnest(%(skus)s::bigint[], %(units)s::bigint[]) cart (sku_id, units)),
priced AS ({price_sql.PRICED})
SELECT priced.sku_id, cost.cost_yen FROM priced JOIN catalog_cost cost ON cost.price_id = priced.price_id
"""  # noqa: S608  (names of our own)


def costs(units: Mapping[int, int], *, day: date) -> dict[int, int]:
    """What each SKU, at its number of units, costs the operator on that day, yen per unit; absent where it is not known.

    Only for freezing margins: the serving role cannot read costs, so this looks as the platform.
    """
    with scope.platform(savepoint=False):  # it only reads
        return dict(sql.rows(_COSTS, skus=list(units), units=list(units.values()), day=day))
