"""Model numbers that are no longer sold, and what took their place."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import F

from licenseonline.catalog.models import Sku
from licenseonline.kit import sql
from licenseonline.kit.text import fold_model

_LONGEST: Final = 80  # a model number's
_CHAIN: Final = """
WITH RECURSIVE chain AS (
  SELECT successor_id AS id, 1 AS step FROM catalog_sku WHERE id = %(sku)s
  UNION ALL
  SELECT sku.successor_id, step + 1 FROM chain JOIN catalog_sku sku ON sku.id = chain.id WHERE step < 20
)
SELECT id FROM chain WHERE id IS NOT NULL ORDER BY step
"""


@dataclass(frozen=True, slots=True)
class Ended:
    """A SKU that the store no longer sells; `successor` is what it sells instead, if anything does."""

    model_number: str
    product_code: str
    successor: Sku | None


def ended(model: str, *, store_id: int, day: date) -> Ended | None:
    """The SKU of this model number (in any spelling) that the store sold until a day before; None for any other text.

    Successors are followed until one is sold. One query for what is no such model number.
    """
    folded = fold_model(model[:_LONGEST])
    if not folded:
        return None
    last_day = F("sale_to")
    sold_once = Sku.objects.public(store_id, day=last_day)  # type: ignore[arg-type]  # each row's own last day
    sku = sold_once.filter(folded_model=folded, sale_to__lt=day).select_related("product").order_by("-sale_to").first()
    if sku is None:
        return None
    return Ended(sku.model_number, sku.product.code, _successor(sku, store_id, day))


def _successor(sku: Sku, store_id: int, day: date) -> Sku | None:
    chain = [pk for (pk,) in sql.rows(_CHAIN, sku=sku.pk)] if sku.successor_id else []
    if not chain:
        return None
    sold = {one.pk: one for one in Sku.objects.public(store_id, day=day).filter(pk__in=chain).select_related("product")}
    return next((sold[pk] for pk in chain if pk in sold), None)
