"""Stores' campaigns (キャンペーン): which run on a day, and what they cover. What they do to prices is in `prices`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.core import signing

from licenseonline.catalog.models import Campaign, CampaignItem, Product, Sku
from licenseonline.kit import clock

_SALT: Final = "licenseonline.catalog.campaigns.preview"
PREVIEWED: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Covered:
    """The running campaigns of a store by what they are about; of several the one that ends first, lower prices before none."""

    vendors: Mapping[int, Campaign]
    products: Mapping[int, Campaign]
    skus: Mapping[int, Campaign]
    products_of_skus: Mapping[int, Campaign]

    def of_sku(self, sku: Sku) -> Campaign | None:
        """The campaign that covers the SKU: its own, else its product's, else its vendor's. It needs `sku.product`."""
        own = self.skus.get(sku.pk) or self.products.get(sku.product_id)
        return own or self.vendors.get(sku.product.vendor_id)

    def of_product(self, product: Product) -> Campaign | None:
        """The campaign that covers the product or some of its SKUs."""
        own = self.products.get(product.pk) or self.vendors.get(product.vendor_id)
        return own or self.products_of_skus.get(product.pk)


@dataclass(frozen=True, slots=True)
class Subjects:
    """What a campaign is about, as keys."""

    vendors: frozenset[int]
    products: frozenset[int]
    skus: frozenset[int]


def running(store_id: int, *, day: date) -> list[Campaign]:
    """The store's published campaigns of that day (both ends included), first the one that ends first."""
    published = Campaign.objects.public(store_id).filter(is_published=True, from_day__lte=day, to_day__gte=day)
    return list(published.order_by("to_day", "id"))


def covered(store_id: int, *, day: date) -> Covered:
    """What the store's running campaigns cover; one query."""
    items = CampaignItem.objects.public(store_id).filter(
        campaign__is_published=True, campaign__from_day__lte=day, campaign__to_day__gte=day
    )
    rows = list(items.select_related("campaign", "sku"))
    rows.sort(key=lambda item: (item.per_mille_off is None and item.fixed_yen is None, item.campaign.to_day, item.pk))
    return Covered(
        _first((item.vendor_id, item.campaign) for item in rows),
        _first((item.product_id, item.campaign) for item in rows),
        _first((item.sku_id, item.campaign) for item in rows),
        _first((item.sku.product_id if item.sku else None, item.campaign) for item in rows),
    )


def subjects(campaign: Campaign) -> Subjects:
    """What it is about; one query."""
    rows = list(CampaignItem.objects.public(campaign.store_id).filter(campaign=campaign))
    return Subjects(
        frozenset(row.vendor_id for row in rows if row.vendor_id),
        frozenset(row.product_id for row in rows if row.product_id),
        frozenset(row.sku_id for row in rows if row.sku_id),
    )


def preview_token(campaign: Campaign) -> str:
    """What lets its page be seen before its time by who has the address, today and tomorrow."""
    return signing.dumps([campaign.pk, (clock.today() + PREVIEWED).toordinal()], salt=_SALT)


def is_preview(campaign: Campaign, token: str) -> bool:
    """Whether this is a token of this campaign that still holds."""
    try:
        key, until = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return False
    return bool(key == campaign.pk and clock.today().toordinal() <= until)


def _first(pairs: Iterable[tuple[int | None, Campaign]]) -> dict[int, Campaign]:
    found: dict[int, Campaign] = {}
    for key, campaign in pairs:
        if key is not None:
            found.setdefault(key, campaign)
    return found
