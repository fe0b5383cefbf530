"""Whom a price list's changes touch: stores that sell what changes, and open quotations that promise another price."""

from dataclasses import dataclass
from typing import Final, LiteralString

from licenseonline.accounts.models import User
from licenseonline.catalog import assortment
from licenseonline.catalog.models import ImportOutcome, PriceImport
from licenseonline.kit import clock, sql
from licenseonline.sales.models import Quote

MOST_QUOTES: Final = 50
MOST_COUNTED: Final = 10_000  # rows of a store's changed SKUs


@dataclass(frozen=True, slots=True)
class TouchedStore:
    """A store, and how many of the changed SKUs it sells at a price that follows the list's."""

    pk: int
    name: str
    count: int
    rows: int

    @property
    def is_capped(self) -> bool:
        """There may be more: counting stops after so many rows."""
        return self.rows == MOST_COUNTED


@dataclass(frozen=True, slots=True)
class Effects:
    """Stores with what they sell of it, the quotations that are over first, and how many there are in all."""

    stores: list[TouchedStore]
    quotes: list[Quote]
    quote_count: int


_RULES: Final[LiteralString] = assortment.RULES.replace("%(store)s", "store.id")

# Only stores with a rule that sells something of the vendor are looked at row by row, and only as far as is counted.
_STORES: Final[LiteralString] = f"""
WITH store AS MATERIALIZED (
  SELECT id, name FROM stores_store WHERE id IN (
    SELECT rule.store_id FROM catalog_storelisting rule
    LEFT JOIN catalog_sku of_rule ON of_rule.id = rule.sku_id
    LEFT JOIN catalog_product made ON made.id = coalesce(rule.product_id, of_rule.product_id)
    WHERE rule.offer = 'priced' AND coalesce(rule.vendor_id, made.vendor_id) = %(vendor)s))
SELECT store.id, store.name, sold.number, sold.rows
FROM store CROSS JOIN LATERAL (
  SELECT count(DISTINCT sku_id) AS number, count(*) AS rows FROM (
    SELECT row.sku_id FROM catalog_importrow row
    JOIN catalog_sku sku ON sku.id = row.sku_id JOIN catalog_product product ON product.id = sku.product_id
    {_RULES}
    WHERE row.price_import_id = %(import)s AND row.outcome = %(changed)s
      AND coalesce(of_sku.offer, of_product.offer, of_vendor.offer) = 'priced'
      AND NOT EXISTS (SELECT FROM catalog_sellingrule fixed
                      WHERE fixed.store_id = store.id AND fixed.sku_id = sku.id AND fixed.kind = 'fixed')
    LIMIT %(most)s
  ) counted
) sold
WHERE sold.number > 0 ORDER BY store.id
"""  # noqa: S608  (constants)

# Few quotations are open at a time; what they promise stands in their snapshots.
_QUOTES: Final[LiteralString] = """
WITH promised AS MATERIALIZED (
  SELECT quote.id, quote.valid_until, (line ->> 'sku_id')::bigint AS sku_id
  FROM sales_quote quote CROSS JOIN LATERAL jsonb_array_elements(quote.snapshot -> 'lines') line
  WHERE quote.state = %(issued)s AND quote.valid_until >= %(today)s)
SELECT id, count(*) OVER () FROM promised
WHERE sku_id IN (SELECT sku_id FROM catalog_importrow WHERE price_import_id = %(import)s AND outcome = %(changed)s)
GROUP BY id, valid_until ORDER BY valid_until, id LIMIT %(most)s
"""


def of(price_import: PriceImport, *, by: User) -> Effects:
    """What the changed prices touch at all stores; three queries, whatever their number."""
    which = {"import": price_import.pk, "changed": str(ImportOutcome.CHANGED)}
    stores = [
        TouchedStore(*row) for row in sql.rows(_STORES, most=MOST_COUNTED, vendor=price_import.vendor_id, **which)
    ]
    issued = {"issued": str(Quote.State.ISSUED), "today": clock.today()}
    found = sql.rows(_QUOTES, most=MOST_QUOTES, **issued, **which)
    quotes = Quote.objects.visible_to(by).filter(pk__in=[pk for pk, _count in found])
    quotes = quotes.select_related("store", "company").defer("snapshot").order_by("valid_until", "id")
    return Effects(stores, list(quotes), found[0][1] if found else 0)
