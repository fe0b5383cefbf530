"""The rule of prices as SQL, for lists: what price_rules.py decides for one SKU, for as many as are asked.

`figures(asked)` begins a statement; `asked` selects sku_id, product_id, vendor_id and units (what decides the band), and what
else the statement wants to have beside them. The table figures then has these, the vendor's price_id, band_from and list_yen,
and store_yen, unit_yen and by. Values are store, company (or NULL) and day. Step by step, because PostgreSQL takes longer to
plan one join of all these tables than to run it. tests/catalog/test_prices_twins.py holds both to the same answers.
"""

from typing import Final

TAX: Final = """
coalesce((SELECT percent FROM catalog_taxrate WHERE from_day <= %(day)s ORDER BY from_day DESC LIMIT 1), 0)
"""

_ROWS: Final = """
asked LEFT JOIN (
  catalog_price price JOIN catalog_pricelist list ON list.id = price.price_list_id
  AND list.from_day <= %(day)s AND list.to_day >= %(day)s AND list.withdrawn_at IS NULL
) ON price.sku_id = asked.sku_id
"""
# The list is the latest begun that has the SKU; in it the highest band that is reached counts, else the lowest.
PRICED: Final = f"""
SELECT DISTINCT ON (asked.sku_id) asked.*, price.id AS price_id, price.list_yen, price.band_from
FROM {_ROWS}
ORDER BY asked.sku_id, list.from_day DESC, list.id DESC, price.band_from > asked.units, abs(price.band_from - asked.units)
"""  # noqa: S608  (names of our own)
# All bands of that list.
_BANDS: Final = f"""
SELECT * FROM (
  SELECT asked.*, price.id AS price_id, price.list_yen, price.band_from,
    rank() OVER (PARTITION BY asked.sku_id ORDER BY list.from_day DESC, list.id DESC) AS age
  FROM {_ROWS}
) of_list WHERE age = 1
"""  # noqa: S608  (names of our own)


def _most_particular(columns: str) -> str:
    """Of the rows joined for SKU, product, vendor and all the first that is there."""
    found = "WHEN of_sku.id IS NOT NULL THEN of_sku.{0} WHEN of_product.id IS NOT NULL THEN of_product.{0}"
    vendor = "WHEN of_vendor.id IS NOT NULL THEN of_vendor.{0} ELSE of_all.{0}"
    return ", ".join(f"CASE {found} {vendor} END AS {{0}}".format(name) for name in columns.split())


_RULED: Final = f"""
SELECT priced.*, rule.id AS rule_id, rule.kind, rule.per_mille, rule.fixed_yen, rule.rounding, rule.round_to_yen::bigint AS step
FROM priced
LEFT JOIN catalog_sellingrule of_sku ON of_sku.store_id = %(store)s AND of_sku.sku_id = priced.sku_id
LEFT JOIN catalog_sellingrule of_product ON of_product.store_id = %(store)s AND of_product.product_id = priced.product_id
LEFT JOIN catalog_sellingrule of_vendor ON of_vendor.store_id = %(store)s AND of_vendor.vendor_id = priced.vendor_id
LEFT JOIN catalog_sellingrule of_all ON of_all.store_id = %(store)s
  AND of_all.vendor_id IS NULL AND of_all.product_id IS NULL AND of_all.sku_id IS NULL
CROSS JOIN LATERAL (
  SELECT {_most_particular("id kind per_mille fixed_yen rounding round_to_yen")}
) rule
"""  # noqa: S608  (names of our own)

# What runs on the day for a vendor, product or SKU: the company's price that began last, and the lowest of campaigns.
_REDUCED: Final = """
SELECT vendor_id, product_id, sku_id, bool_or(is_company) AS is_company,
  max(per_mille_off) FILTER (WHERE is_company) AS company_off, max(fixed_yen) FILTER (WHERE is_company) AS company_fixed,
  max(per_mille_off) FILTER (WHERE NOT is_company) AS campaign_off, min(fixed_yen) FILTER (WHERE NOT is_company) AS campaign_fixed
FROM (
  (SELECT DISTINCT ON (vendor_id, product_id, sku_id) vendor_id, product_id, sku_id, true AS is_company, per_mille_off, fixed_yen
   FROM catalog_companyprice
   WHERE store_id = %(store)s AND company_id = %(company)s AND from_day <= %(day)s AND to_day >= %(day)s
   ORDER BY vendor_id, product_id, sku_id, from_day DESC)
  UNION ALL
  SELECT item.vendor_id, item.product_id, item.sku_id, false, item.per_mille_off, item.fixed_yen
  FROM catalog_campaign campaign JOIN catalog_campaignitem item ON item.campaign_id = campaign.id
  WHERE campaign.store_id = %(store)s AND item.store_id = %(store)s AND campaign.is_published
  AND campaign.from_day <= %(day)s AND campaign.to_day >= %(day)s
) running GROUP BY 1, 2, 3
"""


def _rounded(amount: str, divisor: str) -> str:
    """The exact fraction amount/divisor to a multiple of the rule's step, in whole numbers."""
    size = f"({divisor} * step)"
    more = f"CASE rounding WHEN 'up' THEN {size} - 1 WHEN 'nearest' THEN {size} / 2 ELSE 0 END"
    return f"({amount} + {more}) / {size} * step"


_STORE_YEN: Final = f"""
SELECT CASE kind WHEN 'list' THEN {_rounded("list_yen * per_mille", "1000")}
  WHEN 'margin' THEN catalog_margin_yen(rule_id, price_id)
  WHEN 'fixed' THEN fixed_yen END AS store_yen
OFFSET 0  -- not computed again for each use
"""
_LESS_FOR_COMPANY: Final = """
CASE WHEN of_sku.is_company THEN of_sku.company_off WHEN of_product.is_company THEN of_product.company_off
  WHEN of_vendor.is_company THEN of_vendor.company_off END
"""
_LESS_BY_CAMPAIGN: Final = "greatest(of_sku.campaign_off, of_product.campaign_off, of_vendor.campaign_off)"
_REDUCED_YEN: Final = f"""
SELECT CASE WHEN of_sku.company_fixed IS NOT NULL THEN of_sku.company_fixed
  ELSE {_rounded(f"store_yen * (1000 - {_LESS_FOR_COMPANY})", "1000")} END AS company_yen,
least({_rounded(f"store_yen * (1000 - {_LESS_BY_CAMPAIGN})", "1000")}, of_sku.campaign_fixed) AS campaign_yen
OFFSET 0
"""
_FIGURES: Final = f"""
SELECT ruled.*, store_yen,
  CASE WHEN store_yen IS NOT NULL THEN least(coalesce(company_yen, store_yen), campaign_yen) END AS unit_yen,
  CASE WHEN store_yen IS NULL THEN NULL WHEN campaign_yen < coalesce(company_yen, store_yen) THEN 'campaign'
    WHEN company_yen IS NOT NULL THEN 'company' ELSE 'store' END AS by
FROM ruled
LEFT JOIN reduced of_sku ON of_sku.sku_id = ruled.sku_id
LEFT JOIN reduced of_product ON of_product.product_id = ruled.product_id
LEFT JOIN reduced of_vendor ON of_vendor.vendor_id = ruled.vendor_id
CROSS JOIN LATERAL ({_STORE_YEN}) of_store
CROSS JOIN LATERAL ({_REDUCED_YEN}) of_reduced
"""  # noqa: S608  (names of our own)


def figures(asked: str, *, bands: bool = False) -> str:
    """The beginning of a statement; with `bands` each SKU has a row for each band of its list."""
    steps = {"asked": asked, "priced": _BANDS if bands else PRICED, "ruled": _RULED, "reduced": _REDUCED}
    written = ", ".join(f"{name} AS MATERIALIZED ({step})" for name, step in steps.items())
    return f"WITH {written}, figures AS ({_FIGURES})"
