"""Which papers the demo's vendors want, from `data/paper_rules.csv`."""

import csv
from collections.abc import Mapping

from licenseonline.catalog.models import PaperRule, Product, Vendor
from licenseonline.demo.stores import DATA


def make(vendors: Mapping[str, Vendor], products: Mapping[str, Product]) -> None:
    """Write them."""
    with (DATA / "paper_rules.csv").open(encoding="utf-8", newline="") as file:
        PaperRule.objects.bulk_create(
            PaperRule(**{**row, "vendor": vendors[row["vendor"]], "product": products.get(row["product"])})
            for row in csv.DictReader(file)
        )
