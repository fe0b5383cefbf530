"""What a store sells, as SQL: the rule of `Sku.objects.public` for statements that look at few SKUs of many.

tests/catalog/test_search_sql.py holds both to the same answers.
"""

from dataclasses import dataclass
from typing import Final

from licenseonline.kit import sql

# Joined to `sku` and `product`: the most particular rule decides, the SKU's, else the product's, else the vendor's.
RULES: Final = """
LEFT JOIN catalog_storelisting of_sku ON of_sku.sku_id = sku.id AND of_sku.store_id = %(store)s
LEFT JOIN catalog_storelisting of_product ON of_product.product_id = product.id AND of_product.store_id = %(store)s
LEFT JOIN catalog_storelisting of_vendor ON of_vendor.vendor_id = product.vendor_id AND of_vendor.store_id = %(store)s
"""
SOLD: Final = """
%(day)s BETWEEN sku.sale_from AND sku.sale_to AND coalesce(of_sku.offer, of_product.offer, of_vendor.offer) IN ('priced', 'on_request')
"""


@dataclass(frozen=True, slots=True)
class Assortment:
    """What may be sold at all, by a store's rules: all of these vendors, but for some products, and some more."""

    vendors: list[int]
    more: list[int]
    less: list[int]


def of(store_id: int) -> Assortment:
    """Which products can have something that the store sells; whether one has is asked of its SKUs.

    It spares looking at the SKUs of products that are found but not sold. (Joined, PostgreSQL reads all SKUs for a store
    with many rules: 75 ms of a million.)
    """
    [(vendors, more, less)] = sql.rows(
        """WITH rule AS (SELECT vendor_id, product_id, sku_id, offer <> 'hidden' AS sold
                         FROM catalog_storelisting WHERE store_id = %(store)s),
           by_sku AS (SELECT DISTINCT (SELECT product_id FROM catalog_sku sku WHERE sku.id = rule.sku_id) AS product_id
                      FROM rule WHERE sku_id IS NOT NULL AND sold)
           SELECT ARRAY(SELECT vendor_id FROM rule WHERE vendor_id IS NOT NULL AND sold),
             ARRAY(SELECT product_id FROM rule WHERE product_id IS NOT NULL AND sold UNION SELECT product_id FROM by_sku),
             ARRAY(SELECT product_id FROM rule WHERE product_id IS NOT NULL AND NOT sold
                   EXCEPT SELECT product_id FROM by_sku)""",
        store=store_id,
    )
    return Assortment(vendors, more, less)
