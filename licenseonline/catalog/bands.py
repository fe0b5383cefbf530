"""Which SKU of a product is for how many units: its siblings of one purchase type, program and term differ by band."""

from collections.abc import Iterable
from datetime import date

from licenseonline.catalog.models import Sku


def pick(skus: Iterable[Sku], units: int) -> Sku | None:
    """Of these SKUs the one whose band holds `units`, the highest of several; None when none does."""
    holding = [sku for sku in skus if (sku.band_from or 1) <= units <= (sku.band_to or units)]
    return max(holding, key=lambda sku: (sku.band_from or 1, -sku.pk), default=None)


def fitting(sku: Sku, units: int, *, store_id: int, day: date) -> Sku | None:
    """What the store sells of the SKU's product, purchase type, program, term and billing for `units`. One query."""
    siblings = Sku.objects.public(store_id, day=day).filter(
        product=sku.product_id,
        purchase_type=sku.purchase_type,
        program=sku.program,
        term_months=sku.term_months,
        term_until=sku.term_until,
        billing=sku.billing,
    )
    return pick(siblings.order_by("id"), units)
