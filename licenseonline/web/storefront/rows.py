"""Products and SKUs as the storefront shows them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext as _

from licenseonline.catalog import campaigns, prices
from licenseonline.catalog.models import Billing, Campaign, Product, Program, PurchaseType, Sku
from licenseonline.kit import clock
from licenseonline.stores.models import Store
from licenseonline.web.visitor_pages import once


@dataclass(frozen=True, slots=True)
class ProductRow:
    """A product with its lowest price at the store; `offer` is that of the SKU whose model number was asked for."""

    product: Product
    lowest: prices.Lowest | None
    offer: prices.Offer | None = None
    campaign: Campaign | None = None


@dataclass(frozen=True, slots=True)
class SkuRow:
    """A SKU with its price and its conditions in words."""

    offer: prices.Offer
    name: str
    program: str
    term: str
    band: str

    @property
    def sku(self) -> Sku:
        """The SKU itself."""
        return self.offer.sku


@dataclass(frozen=True, slots=True)
class Section:
    """The SKUs of one purchase type."""

    purchase_type: str
    label: str
    rows: list[SkuRow]


def of_products(
    products: Iterable[Product],
    *,
    store: Store,
    asked: Iterable[Sku] = (),
    lowest: Mapping[int, prices.Lowest] | None = None,
) -> list[ProductRow]:
    """Rows for products that the store sells, in their order; two queries when their lowest offers are not known yet.

    Two more when SKUs were asked for.
    """
    products = list(products)
    if not products:
        return []
    if lowest is None or any(product.pk not in lowest for product in products):
        lowest = prices.lowest(products, store=store, day=clock.today())
    wanted = [sku.pk for sku in asked]
    skus = Sku.objects.public(store.pk).filter(pk__in=wanted)
    offers = prices.offers(skus, store=store, day=clock.today()) if wanted else []
    by_product = {offer.sku.product_id: offer for offer in offers}
    covered = covered_at(store)
    return [
        ProductRow(product, lowest.get(product.pk), by_product.get(product.pk), covered.of_product(product))
        for product in products
    ]


def covered_at(store: Store) -> campaigns.Covered:
    """What the store's running campaigns cover, read once per edition and day."""
    return once(_covered, store)


def _covered(store: Store) -> campaigns.Covered:
    return campaigns.covered(store.pk, day=clock.today())


def sections(offers: Iterable[prices.Offer]) -> list[Section]:
    """Offers of one product by purchase type, each in the order program, term, band."""
    order = {value: place for place, value in enumerate([*PurchaseType.values, *Program.values])}

    def place(offer: prices.Offer) -> tuple[int, int, int, int, str]:
        sku = offer.sku
        return order[sku.purchase_type], order[sku.program], sku.term_months or 0, sku.band_from or 0, sku.model_number

    grouped = groupby(sorted(offers, key=place), key=lambda offer: offer.sku.purchase_type)
    return [Section(kind, str(PurchaseType(kind).label), [_row(offer) for offer in found]) for kind, found in grouped]


def _row(offer: prices.Offer) -> SkuRow:
    sku = offer.sku
    name = sku.name.removeprefix(sku.product.name).strip() or sku.name
    return SkuRow(offer, name, str(Program(sku.program).label), term(sku), sku.band_label)


def term(sku: Sku) -> str:
    """How long it runs and how it is charged: 1年・年額."""
    return _("%(length)s・%(billing)s") % {"length": sku.term_label, "billing": Billing(sku.billing).label}
