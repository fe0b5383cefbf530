"""The vendor's prices that hold on a day, as SQL to compare an import with; the rule is that of catalog/prices.py."""

from typing import Final, LiteralString

# For sorting and joining a million rows, in this transaction. PostgreSQL knows nothing yet of rows just written, takes them for
# few and would join them one by one; reading both sides once is never slow.
ROOM: Final[LiteralString] = "SELECT set_config('work_mem', '128MB', true), set_config('enable_nestloop', 'off', true)"
AS_BEFORE: Final[LiteralString] = "SELECT set_config('enable_nestloop', 'on', true)"

# Of a SKU: the latest begun list that has it, its bands in order. Asks for %(vendor)s and %(day)s.
CURRENT: Final[LiteralString] = """
list AS (
  SELECT id, to_day, row_number() OVER (ORDER BY from_day DESC, id DESC) AS rank FROM catalog_pricelist
  WHERE vendor_id = %(vendor)s AND withdrawn_at IS NULL AND %(day)s::date BETWEEN from_day AND to_day
),
ranked AS (  -- one sort serves all three
  SELECT price.id, price.sku_id, price.band_from, price.list_yen, list.to_day,
         rank() OVER (PARTITION BY price.sku_id ORDER BY list.rank) AS level,
         row_number() OVER (PARTITION BY price.sku_id ORDER BY list.rank, price.band_from) AS place,
         count(*) OVER (PARTITION BY price.sku_id, list.rank) AS bands
  FROM list JOIN catalog_price price ON price.price_list_id = list.id
),
current AS (
  SELECT ranked.*, cost.cost_yen FROM ranked LEFT JOIN catalog_cost cost ON cost.price_id = ranked.id WHERE level = 1
)
"""
