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


# Once it is known that the product is sold and that the store has no rule for one of its SKUs.
SOLD_ALIKE: Final = "%(day)s BETWEEN sku.sale_from AND sku.sale_to"


@dataclass(frozen=True, slots=True)
class Assortment:
    """What may be sold at all, by a store's rules: all of these vendors, but for some products, and some more.

    `mixed` are products of which a rule names a SKU: only their SKUs tell whether they are sold. Texts are
    as PostgreSQL writes arrays, ready to be sent with each search.
    """

    vendors: frozenset[int]
    hidden: frozenset[int]  # all other vendors
    number_of_more: int
    more: str
    less: str
    mixed: str
    vendor_ids: str
    hidden_ids: str

    @property
    def has_less(self) -> bool:
        """Whether there are exceptions."""
        return len(self.less) > len("{}")

    @property
    def has_mixed(self) -> bool:
        """Whether some products are sold in part."""
        return len(self.mixed) > len("{}")


def of(store_id: int) -> Assortment:
    """Which products can have something that the store sells; whether one has is asked of its SKUs.

    It spares looking at the SKUs of products that are found but not sold. (Joined, PostgreSQL reads all SKUs for a store
    with many rules: 75 ms of a million.)
    """
    [(vendors, hidden, number, *products)] = sql.rows(
        """WITH rule AS (SELECT vendor_id, product_id, sku_id, offer <> 'hidden' AS sold
                         FROM catalog_storelisting WHERE store_id = %(store)s),
           of_sku AS (SELECT sku.product_id, rule.sold FROM rule JOIN catalog_sku sku ON sku.id = rule.sku_id),
           more AS (SELECT product_id FROM rule WHERE product_id IS NOT NULL AND sold
                    UNION SELECT product_id FROM of_sku WHERE sold),
           less AS (SELECT product_id FROM rule WHERE product_id IS NOT NULL AND NOT sold
                    EXCEPT SELECT product_id FROM of_sku WHERE sold)
           SELECT ARRAY(SELECT vendor_id FROM rule WHERE vendor_id IS NOT NULL AND sold),
             ARRAY(SELECT id FROM catalog_vendor EXCEPT SELECT vendor_id FROM rule WHERE vendor_id IS NOT NULL AND sold),
             (SELECT count(*) FROM more), ARRAY(SELECT product_id FROM more)::text,
             ARRAY(SELECT product_id FROM less)::text, ARRAY(SELECT DISTINCT product_id FROM of_sku)::text""",
        store=store_id,
    )
    ids = ("{" + ",".join(map(str, one)) + "}" for one in (vendors, hidden))
    return Assortment(frozenset(vendors), frozenset(hidden), number, *products, *ids)
