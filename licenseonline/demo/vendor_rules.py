"""The demo's vendors' rules from `data/vendor_rules.csv`: the real ones, with their sources."""

import csv
from collections.abc import Mapping

from licenseonline.catalog.models import Product, Vendor, VendorRule
from licenseonline.demo.stores import DATA

_NUMBERS = (
    "cap_per_mille", "package_cap_per_mille", "most_months", "most_free_months", "most_free_months_cloud",
    "renewal_with_addition_from", "cut_off_business_days", "cancel_days",
)  # fmt: skip
_ARRAYS = ("notice_days", "never_starts_on")


def make(vendors: Mapping[str, Vendor], products: Mapping[str, Product]) -> None:
    """Write them; an empty cell is the column's own default."""
    with (DATA / "vendor_rules.csv").open(encoding="utf-8", newline="") as file:
        VendorRule.objects.bulk_create(_rule(row, vendors, products) for row in csv.DictReader(file))


def _rule(row: dict[str, str], vendors: Mapping[str, Vendor], products: Mapping[str, Product]) -> VendorRule:
    vendor, product = vendors[row.pop("vendor")], products.get(row.pop("product"))
    numbers = {name: int(text) for name in _NUMBERS if (text := row.pop(name))}
    arrays = {name: list(map(int, row.pop(name).split())) for name in _ARRAYS}
    texts = {name: text for name, text in row.items() if text}
    return VendorRule(vendor=vendor, product=product, **numbers, **arrays, **texts)
