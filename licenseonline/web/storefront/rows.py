"""Products and SKUs as the storefront shows them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from licenseonline.accounts.models import Company
from licenseonline.catalog import campaigns, prices
from licenseonline.catalog.models import Billing, Campaign, Product, Sku
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


def of_products(
    products: Iterable[Product],
    *,
    store: Store,
    company: Company | None = None,
    asked: Iterable[Sku] = (),
    lowest: Mapping[int, prices.Lowest] | None = None,
) -> list[ProductRow]:
    """Rows for products that the store sells, in their order, at what the company pays (without: any visitor).

    One query when their lowest offers are not known yet, and two when SKUs were asked for.
    """
    products = list(products)
    if not products:
        return []
    if lowest is None or any(product.pk not in lowest for product in products):
        lowest = prices.lowest([product.pk for product in products], store=store, day=clock.today(), company=company)
    wanted = [sku.pk for sku in asked]
    skus = Sku.objects.public(store.pk).filter(pk__in=wanted)
    offers = prices.offers(skus, store=store, day=clock.today(), company=company) if wanted else []
    by_product = {offer.sku.product_id: offer for offer in offers}
    covered = covered_at(store)
    return [
        ProductRow(product, lowest.get(product.pk), by_product.get(product.pk), covered.of_product(product))
        for product in products
    ]


def for_company(shared: list[ProductRow], company: Company | None, *, store: Store) -> list[ProductRow]:
    """Rows that were made once for all, at what this company pays: one query, none for visitors."""
    if company is None or not shared:
        return shared
    lowest = prices.lowest([row.product.pk for row in shared], store=store, day=clock.today(), company=company)
    return [replace(row, lowest=lowest.get(row.product.pk)) for row in shared]


def covered_at(store: Store) -> campaigns.Covered:
    """What the store's running campaigns cover, read once per edition and day."""
    return once(_covered, store)


def _covered(store: Store) -> campaigns.Covered:
    return campaigns.covered(store.pk, day=clock.today())


def term(sku: Sku) -> str:
    """How long it runs and how it is charged: 1年・年額."""
    return _("%(length)s・%(billing)s") % {"length": sku.term_label, "billing": Billing(sku.billing).label}
