"""The rule of prices as SQL, for lists: what price_rules.py decides for one SKU, for as many as are asked.

A statement is `WITH {TERMS} SELECT … FROM catalog_sku sku JOIN catalog_product product … {joins(units)}`, and takes store,
company (or NULL) and day. It then has price (the vendor's: id, list_yen, band_from), selling (the store's rule), store_price.yen
and unit_price.yen, unit_price.by. tests/catalog/test_prices_twins.py holds both to the same answers.
"""

from typing import Final

TAX: Final = """
coalesce((SELECT percent FROM catalog_taxrate WHERE from_day <= %(day)s ORDER BY from_day DESC LIMIT 1), 0)
"""

# What runs on the day, per vendor, product or SKU: few rows, read once.
TERMS: Final = """
special AS MATERIALIZED (
  SELECT DISTINCT ON (vendor_id, product_id, sku_id) vendor_id, product_id, sku_id, id, per_mille_off, fixed_yen
  FROM catalog_companyprice
  WHERE store_id = %(store)s AND company_id = %(company)s AND from_day <= %(day)s AND to_day >= %(day)s
  ORDER BY vendor_id, product_id, sku_id, from_day DESC
),
reduced AS MATERIALIZED (
  SELECT item.vendor_id, item.product_id, item.sku_id, max(per_mille_off) AS per_mille_off, min(fixed_yen) AS fixed_yen
  FROM catalog_campaign campaign JOIN catalog_campaignitem item ON item.campaign_id = campaign.id
  WHERE campaign.store_id = %(store)s AND item.store_id = %(store)s AND campaign.is_published
  AND campaign.from_day <= %(day)s AND campaign.to_day >= %(day)s
  GROUP BY 1, 2, 3
)
"""

# The list: the latest begun that has the SKU; in it the highest band that is reached, else the lowest.
_PRICE: Final = """
LEFT JOIN LATERAL (
  SELECT one.id, one.list_yen, one.band_from
  FROM catalog_price one JOIN catalog_pricelist list ON list.id = one.price_list_id
  WHERE one.sku_id = sku.id AND list.from_day <= %(day)s AND list.to_day >= %(day)s AND list.withdrawn_at IS NULL
  ORDER BY list.from_day DESC, list.id DESC, one.band_from > {units}, abs(one.band_from - {units}) LIMIT 1
) price ON true
"""

# As _PRICE, but all bands of that list.
_BANDS: Final = """
LEFT JOIN LATERAL (
  SELECT one.id, one.list_yen, one.band_from FROM catalog_price one WHERE one.sku_id = sku.id AND one.price_list_id = (
    SELECT list.id FROM catalog_price had JOIN catalog_pricelist list ON list.id = had.price_list_id
    WHERE had.sku_id = sku.id AND list.from_day <= %(day)s AND list.to_day >= %(day)s AND list.withdrawn_at IS NULL
    ORDER BY list.from_day DESC, list.id DESC LIMIT 1
  )
) price ON true
"""


def _rounded(amount: str, divisor: str) -> str:
    """The exact fraction amount/divisor to a multiple of the store's step, in whole numbers."""
    step = f"({divisor} * selling.round_to_yen::bigint)"
    more = f"CASE selling.rounding WHEN 'up' THEN {step} - 1 WHEN 'nearest' THEN {step} / 2 ELSE 0 END"
    return f"({amount} + {more}) / {step} * selling.round_to_yen"


def _most_particular(prefix: str, columns: str, *, general: bool) -> str:
    """Of the rows joined for SKU, product and vendor (and for all) the first that is there."""
    last = f"{prefix}_general" if general else f"{prefix}_vendor"
    of = [f"{prefix}_sku", f"{prefix}_product", *([f"{prefix}_vendor"] if general else [])]
    picked = [
        "CASE "
        + " ".join(f"WHEN {row}.id IS NOT NULL THEN {row}.{name}" for row in of)
        + f" ELSE {last}.{name} END AS {name}"
        for name in columns.split()
    ]
    return "SELECT " + ", ".join(picked)


_OF: Final = {"sku": "sku.id", "product": "sku.product_id", "vendor": "product.vendor_id"}


def _joined(table: str, prefix: str, condition: str = "") -> str:
    return "\n".join(
        f"LEFT JOIN {table} {prefix}_{of} ON {prefix}_{of}.{of}_id = {key} {condition.format(f'{prefix}_{of}')}"
        for of, key in _OF.items()
    )


_OF_STORE: Final = "AND {}.store_id = %(store)s"
_RULES: Final = f"""
{_joined("catalog_sellingrule", "rule", _OF_STORE)}
LEFT JOIN catalog_sellingrule rule_general ON rule_general.store_id = %(store)s
  AND rule_general.vendor_id IS NULL AND rule_general.product_id IS NULL AND rule_general.sku_id IS NULL
{_joined("special", "special")}
{_joined("reduced", "reduced")}
CROSS JOIN LATERAL (
  {_most_particular("rule", "id kind per_mille fixed_yen round_to_yen rounding", general=True)}
) selling
CROSS JOIN LATERAL (
  {_most_particular("special", "id per_mille_off fixed_yen", general=False)}
) company
CROSS JOIN LATERAL (
  SELECT CASE selling.kind
    WHEN 'list' THEN {_rounded("price.list_yen * selling.per_mille", "1000")}
    WHEN 'margin' THEN catalog_margin_yen(selling.id, price.id)
    WHEN 'fixed' THEN selling.fixed_yen
  END AS yen OFFSET 0  -- computed once, not again for each use below
) store_price
CROSS JOIN LATERAL (
  SELECT CASE WHEN company.fixed_yen IS NOT NULL THEN company.fixed_yen
    WHEN company.id IS NOT NULL THEN {_rounded("store_price.yen * (1000 - company.per_mille_off)", "1000")}
    ELSE store_price.yen END AS asked,
  least(
    {_rounded("store_price.yen * (1000 - greatest(reduced_sku.per_mille_off, reduced_product.per_mille_off, reduced_vendor.per_mille_off))", "1000")},
    reduced_sku.fixed_yen
  ) AS reduced OFFSET 0
) both_prices
CROSS JOIN LATERAL (
  SELECT CASE WHEN store_price.yen IS NOT NULL THEN least(both_prices.asked, both_prices.reduced) END AS yen,
  CASE WHEN store_price.yen IS NULL THEN NULL WHEN both_prices.reduced < both_prices.asked THEN 'campaign'
    WHEN company.id IS NOT NULL THEN 'company' ELSE 'store' END AS by
) unit_price
"""


def price(units: str) -> str:
    """To be joined to sku: the vendor's price for that many units, an expression."""
    return _PRICE.format(units=units)


def joins(units: str) -> str:
    """To be joined to sku and product: as `price`, and the store's."""
    return price(units) + _RULES


BANDS: Final = _BANDS + _RULES
