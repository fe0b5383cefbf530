"""What follows what in the demo.

Within a product and program whoever holds a SKU may buy additional and renewal SKUs that are charged as often: additional
ones of the held band and those above (more are held then), renewals of the held band and those below (no more than are
held are renewed). Between products it is what `data/relations.csv` says, for corporate customers as for the others.
"""

import csv
from collections import defaultdict
from collections.abc import Iterator

from licenseonline.catalog.models import PurchaseType, Sku, SkuRelation
from licenseonline.demo.stores import DATA

_LARGEST = 10**9
_Groups = dict[tuple[str, str], list[Sku]]


def make(skus: list[Sku]) -> None:
    """Write them for these SKUs, whose products are loaded."""
    groups: _Groups = defaultdict(list)
    for sku in skus:
        groups[sku.product.code, sku.program].append(sku)
    SkuRelation.objects.bulk_create([*_within(groups), *_between(groups)])


def _within(groups: _Groups) -> Iterator[SkuRelation]:
    for group in groups.values():
        for held in _holdable(group):
            for sku in group:
                if sku.purchase_type in {PurchaseType.ADDITIONAL, PurchaseType.RENEWAL} and _fits(held, sku):
                    yield SkuRelation(held=held, following=sku, kind=sku.purchase_type)


def _fits(held: Sku, sku: Sku) -> bool:
    if held.billing != sku.billing:
        return False
    if sku.purchase_type == PurchaseType.ADDITIONAL:
        return (sku.band_to or _LARGEST) >= (held.band_from or 1)
    return (sku.band_from or 1) <= (held.band_to or _LARGEST)


def _between(groups: _Groups) -> Iterator[SkuRelation]:
    with (DATA / "relations.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        for (code, program), group in groups.items():
            if code != row["following"]:
                continue
            for held in _holdable(groups.get((row["held"], program), [])):
                for sku in group:
                    if sku.purchase_type == row["kind"] and sku != held:
                        yield SkuRelation(held=held, following=sku, kind=row["kind"])


def _holdable(group: list[Sku]) -> list[Sku]:
    """Additional units are held under the SKU that they were added to."""
    return [sku for sku in group if sku.purchase_type != PurchaseType.ADDITIONAL]
