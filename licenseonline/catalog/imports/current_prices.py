"""The vendor's prices that hold on a day, as SQL to compare an import with; the rule is that of catalog/prices.py."""

from typing import Final, LiteralString

# For sorting and joining a million rows, in this transaction.
ROOM: Final[LiteralString] = "SELECT set_config('work_mem', '128MB', true)"

# Of a SKU: the latest begun list that has it, its bands in order. Asks for %(vendor)s and %(day)s.
CURRENT: Final[LiteralString] = """
list AS (
  SELECT id, to_day, row_number() OVER (ORDER BY from_day DESC, id DESC) AS rank FROM catalog_pricelist
  WHERE vendor_id = %(vendor)s AND withdrawn_at IS NULL AND %(day)s::date BETWEEN from_day AND to_day
),
held AS (
  SELECT price.sku_id, min(list.rank) AS rank
  FROM list JOIN catalog_price price ON price.price_list_id = list.id GROUP BY price.sku_id
),
current AS (
  SELECT price.sku_id, price.band_from, price.list_yen, cost.cost_yen, list.to_day,
         row_number() OVER (PARTITION BY price.sku_id ORDER BY price.band_from) AS place,
         count(*) OVER (PARTITION BY price.sku_id) AS bands
  FROM held JOIN list USING (rank)
  JOIN catalog_price price ON price.price_list_id = list.id AND price.sku_id = held.sku_id
  LEFT JOIN catalog_cost cost ON cost.price_id = price.id
)
"""
