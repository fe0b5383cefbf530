"""The only pricing rule: list price of the day, times the store's selling rule, rounded down to the store's step."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Min, OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from licenseonline.catalog.models import Cost, Price, Product, SellingRule, Sku, SkuQuerySet, StoreListing, TaxRate
from licenseonline.kit import money, scope
from licenseonline.kit.errors import Refused
from licenseonline.stores.models import Store


@dataclass(frozen=True, slots=True)
class Offer:
    """What a store asks for one unit of a SKU. `unit_yen` excludes tax and is None when it is sold on request (見積依頼)."""

    sku: Sku
    unit_yen: int | None
    list_yen: int | None
    tax_percent: int
    with_tax_yen: int | None


def tax_percent(day: date) -> int:
    """The standard rate of consumption tax on that day; software is never at the reduced rate."""
    return TaxRate.objects.filter(from_day__lte=day).order_by("-from_day").values_list("percent", flat=True)[0]


def offers(skus: SkuQuerySet, *, store: Store, day: date) -> list[Offer]:
    """The store's offers for SKUs that came from `Sku.objects.public(store)`, in their order; three queries for any number."""
    current = Price.objects.filter(sku=OuterRef("pk"), price_list__from_day__lte=day).order_by("-price_list__from_day")
    rows = skus.select_related("product__vendor").annotate(list_yen=Subquery(current.values("list_yen")[:1]))
    rules = {rule.vendor_id: rule for rule in SellingRule.objects.filter(store=store)}
    percent = tax_percent(day)
    return [_offer(sku, rules, percent, store) for sku in rows]


def _offer(sku: Sku, rules: dict[int | None, SellingRule], percent: int, store: Store) -> Offer:
    list_yen: int | None = sku.list_yen  # type: ignore[attr-defined]  # annotated in offers()
    rule = rules.get(sku.product.vendor_id) or rules.get(None)
    if list_yen is None or rule is None or sku.offer != StoreListing.Offer.PRICED:
        return Offer(sku, None, list_yen, percent, None)
    unit = sell(list_yen, rule.per_mille_of_list, rule.round_to_yen)
    return Offer(sku, unit, list_yen, percent, money.with_tax(unit, percent, money.Rounding(store.rounding)))


@dataclass(frozen=True, slots=True)
class Lowest:
    """From what a product costs at a store, yen per unit; None when all of it is sold on request. `skus` of it are sold."""

    unit_yen: int | None
    with_tax_yen: int | None
    skus: int


def lowest(products: Iterable[Product], *, store: Store, day: date) -> dict[int, Lowest]:
    """The lowest offer of each product that the store sells; three queries for any number, without its SKUs.

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
    rules = {rule.vendor_id: rule for rule in SellingRule.objects.filter(store=store)}
    percent = tax_percent(day)
    found = {}
    for product_id, least, number in rows:
        rule = rules.get(vendors[product_id]) or rules.get(None)
        unit = sell(least, rule.per_mille_of_list, rule.round_to_yen) if rule and least is not None else None
        gross = None if unit is None else money.with_tax(unit, percent, money.Rounding(store.rounding))
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
        rows = (
            Cost.objects.filter(price__sku__in=list(sku_ids), price__price_list__from_day__lte=day)
            .order_by("price__sku_id", "-price__price_list__from_day")
            .distinct("price__sku_id")
            .values_list("price__sku_id", "cost_yen")
        )
        return dict(rows)
