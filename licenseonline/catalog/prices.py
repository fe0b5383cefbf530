"""The only pricing rule: list price of the day, times the store's selling rule, rounded down to the store's step."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Count, DateField, Min, OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from licenseonline.catalog.models import Price, Product, Sku, SkuQuerySet, StoreListing
from licenseonline.kit import money, scope, sql
from licenseonline.kit.errors import Refused
from licenseonline.kit.prepared import Given, Prepared, given_text
from licenseonline.stores.models import Store


@dataclass(frozen=True, slots=True)
class Offer:
    """What a store asks for one unit of a SKU. `unit_yen` excludes tax and is None when it is sold on request (見積依頼)."""

    sku: Sku
    unit_yen: int | None
    list_yen: int | None
    tax_percent: int
    with_tax_yen: int | None


class _Rule(NamedTuple):
    """How a store's price follows from the list price."""

    per_mille: int
    round_to_yen: int


@dataclass(frozen=True, slots=True)
class _Terms:
    """What holds for all of a store's prices of a day. Rules are by vendor; None is for all others."""

    tax_percent: int
    rounding: money.Rounding
    rules: dict[int | None, _Rule]

    def rule(self, vendor_id: int) -> _Rule | None:
        """The vendor's own rule, else the general one, else none."""
        return self.rules.get(vendor_id) or self.rules.get(None)


def _terms(store: Store, day: date) -> _Terms:
    """The standard rate of consumption tax on that day (software is never at the reduced rate), and the store's rules."""
    found = sql.rows(
        """SELECT percent, vendor_id, per_mille, round_to_yen
           FROM (SELECT percent FROM catalog_taxrate WHERE from_day <= %(day)s ORDER BY from_day DESC LIMIT 1) tax
           LEFT JOIN catalog_sellingrule rule ON rule.store_id = %(store)s""",
        day=day,
        store=store.pk,
    )
    rules = {vendor_id: _Rule(per_mille, step) for _percent, vendor_id, per_mille, step in found if per_mille}
    return _Terms(found[0][0], money.Rounding(store.rounding), rules)


def offers(skus: SkuQuerySet, *, store: Store, day: date) -> list[Offer]:
    """The store's offers for SKUs that came from `Sku.objects.public(store)`, in their order; two queries for any number."""
    terms = _terms(store, day)
    return [_offer(sku, sku.list_yen, terms) for sku in _listed(skus, day)]  # type: ignore[attr-defined]  # annotated


def offers_of_product(code: str, *, store: Store, day: date) -> list[Offer]:
    """As `offers`, of all SKUs of the product that the store sells."""
    terms, skus = _terms(store, day), _of_product.rows(store=store.pk, code=code, day=day)
    return [_offer(sku, sku.list_yen, terms) for sku in skus]  # type: ignore[attr-defined]  # annotated


def _listed(skus: SkuQuerySet, day: date | Given) -> SkuQuerySet:
    """With vendor, and the list price that holds on that day."""
    current = Price.objects.filter(sku=OuterRef("pk"), price_list__from_day__lte=day).order_by("-price_list__from_day")
    return skus.select_related("product__vendor").annotate(list_yen=Subquery(current.values("list_yen")[:1]))


_of_product = Prepared(
    lambda: _listed(
        Sku.objects.public(Given("store"), day=Given("day", DateField())).filter(product__code=given_text("code")),
        Given("day", DateField()),
    )
)


_SKU: Final = [field.attname for field in Sku._meta.concrete_fields]
_READ: Final = {"id", "vendor_id", "code"}
_PRODUCT: Final = [field.attname for field in Product._meta.concrete_fields if field.attname in _READ]
_OFFERS_OF: Final = f"""
SELECT {", ".join(f"sku.{name}" for name in _SKU)}, {", ".join(f"product.{name}" for name in _PRODUCT)}, listing.offer,
  (SELECT list_yen FROM catalog_price price JOIN catalog_pricelist list ON list.id = price.price_list_id
   WHERE price.sku_id = sku.id AND list.from_day <= %(day)s ORDER BY list.from_day DESC LIMIT 1),
  (SELECT percent FROM catalog_taxrate WHERE from_day <= %(day)s ORDER BY from_day DESC LIMIT 1),
  selling.per_mille, selling.round_to_yen
FROM catalog_sku sku JOIN catalog_product product ON product.id = sku.product_id
CROSS JOIN LATERAL (
  SELECT offer FROM catalog_storelisting rule WHERE rule.store_id = %(store)s
  AND (rule.sku_id = sku.id OR rule.product_id = product.id OR rule.vendor_id = product.vendor_id)
  ORDER BY rule.sku_id, rule.product_id LIMIT 1  -- the most particular first: nulls come last
) listing
LEFT JOIN LATERAL (
  SELECT per_mille, round_to_yen FROM catalog_sellingrule rule WHERE rule.store_id = %(store)s
  AND (rule.vendor_id = product.vendor_id OR rule.vendor_id IS NULL) ORDER BY rule.vendor_id LIMIT 1
) selling ON true
WHERE sku.id = ANY(%(skus)s) AND %(day)s BETWEEN sku.sale_from AND sku.sale_to AND listing.offer IN ('priced', 'on_request')
"""  # noqa: S608  (names of our own columns)


def offers_of(sku_ids: Iterable[int], *, store: Store, day: date) -> dict[int, Offer]:
    """The offers of those of these SKUs that the store sells, by SKU; of products only what carts and quotations read.

    The rules of `Sku.objects.public` and `offers` once more, in SQL for few SKUs: Django compiled them longer than all
    the rest of a quotation took. tests/catalog/test_offers_of.py holds both to the same answers.
    """
    found, rounding = {}, money.Rounding(store.rounding)
    for row in sql.rows(_OFFERS_OF, skus=list(sku_ids), store=store.pk, day=day):
        *rest, offer, list_yen, tax_percent, per_mille, step = row
        sku = Sku.from_db(DEFAULT_DB_ALIAS, _SKU, rest[: len(_SKU)])
        sku.product, sku.offer = Product.from_db(DEFAULT_DB_ALIAS, _PRODUCT, rest[len(_SKU) :]), offer
        terms = _Terms(tax_percent, rounding, {None: _Rule(per_mille, step)} if per_mille else {})
        found[sku.pk] = _offer(sku, list_yen, terms)
    return found


def _offer(sku: Sku, list_yen: int | None, terms: _Terms) -> Offer:
    rule = terms.rule(sku.product.vendor_id)
    if list_yen is None or rule is None or sku.offer != StoreListing.Offer.PRICED:
        return Offer(sku, None, list_yen, terms.tax_percent, None)
    unit = sell(list_yen, rule.per_mille, rule.round_to_yen)
    return Offer(sku, unit, list_yen, terms.tax_percent, money.with_tax(unit, terms.tax_percent, terms.rounding))


@dataclass(frozen=True, slots=True)
class Lowest:
    """From what a product costs at a store, yen per unit; None when all of it is sold on request. `skus` of it are sold."""

    unit_yen: int | None
    with_tax_yen: int | None
    skus: int


def lowest(products: Iterable[Product], *, store: Store, day: date) -> dict[int, Lowest]:
    """The lowest offer of each product that the store sells; two queries for any number, without its SKUs.

    One rule holds for a vendor and a higher list price never sells for less, so the lowest list price decides.
    """
    vendors = {product.pk: product.vendor_id for product in products}
    current = Price.objects.filter(sku=OuterRef("pk"), price_list__from_day__lte=day).order_by("-price_list__from_day")
    sold = (
        Sku.objects.public(store.pk)
        .filter(product__in=vendors)
        .annotate(list_yen=Subquery(current.values("list_yen")[:1]))
    )
    sums = sold.values("product_id").annotate(
        least=Min("list_yen", filter=Q(offer=StoreListing.Offer.PRICED)), number=Count("pk")
    )
    rows = list(sums.values_list("product_id", "least", "number"))
    terms, found = _terms(store, day), {}
    for product_id, least, number in rows:
        rule = terms.rule(vendors[product_id])
        unit = sell(least, rule.per_mille, rule.round_to_yen) if rule and least is not None else None
        gross = None if unit is None else money.with_tax(unit, terms.tax_percent, terms.rounding)
        found[product_id] = Lowest(unit, gross, number)
    return found


def sell(list_yen: int, per_mille: int, round_to_yen: int) -> int:
    """A selling price in yen: per mille of the list price, rounded down to a multiple of `round_to_yen`."""
    return list_yen * per_mille // 1000 // round_to_yen * round_to_yen


def priced(offer: Offer) -> int:
    """The unit price in yen; refused (`on_request`) when the store sells it on request only."""
    if offer.unit_yen is None:
        message = _("%(model)s はお見積依頼にて承る製品です。窓口までお問い合わせください。") % {
            "model": offer.sku.model_number
        }
        raise Refused(message, code="on_request")
    return offer.unit_yen


def costs(sku_ids: Iterable[int], *, day: date) -> dict[int, int]:
    """What each SKU costs the operator on that day, yen per unit; SKUs without a known cost are absent.

    Only for freezing margins: the serving role cannot read costs, so this looks as the platform.
    """
    with scope.platform():
        found = sql.rows(
            """SELECT DISTINCT ON (price.sku_id) price.sku_id, cost.cost_yen
               FROM catalog_cost cost JOIN catalog_price price ON price.id = cost.price_id
               JOIN catalog_pricelist list ON list.id = price.price_list_id
               WHERE price.sku_id = ANY(%(skus)s) AND list.from_day <= %(day)s
               ORDER BY price.sku_id, list.from_day DESC""",
            skus=list(sku_ids),
            day=day,
        )
    return dict(found)
