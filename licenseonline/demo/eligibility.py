"""Whom some vendors mean by their programs, from `data/eligibility.csv`."""

import csv
from collections.abc import Mapping

from licenseonline.catalog.models import Eligibility, Vendor
from licenseonline.demo.stores import DATA


def make(vendors: Mapping[str, Vendor]) -> None:
    """Write them."""
    with (DATA / "eligibility.csv").open(encoding="utf-8", newline="") as file:
        Eligibility.objects.bulk_create(
            Eligibility(**{**row, "vendor": vendors[row["vendor"]], "kinds": row["kinds"].split()})
            for row in csv.DictReader(file)
        )
