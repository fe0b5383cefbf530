"""What follows what: what holders of a SKU may buy, and what of a product is for whom ("お持ちの製品から選ぶ")."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import F

from licenseonline.catalog.models import Program, Sku, SkuQuerySet, SkuRelation
from licenseonline.kit import clock, states

_KINDS: Final = SkuRelation.Kind.values
_PROGRAMS: Final = Program.values
_PERPETUAL: Final = 9_999  # months, after all terms


@dataclass(frozen=True, slots=True)
class Way:
    """In one way (追加, 更新 …) what may be bought, by program, term and band."""

    kind: str
    skus: list[Sku]

    @property
    def label(self) -> str:
        """The kind in words."""
        return states.label(SkuRelation.Kind, self.kind)


@dataclass(frozen=True, slots=True)
class Holding:
    """Who holds licences of this product may buy in these ways. `is_same`: it is the product itself."""

    product_code: str
    product_name: str
    vendor_name: str
    is_same: bool
    ways: list[Way]


def following(held: Sku, *, store_id: int, day: date | None = None) -> list[Way]:
    """What the store sells (without a day: today) to who holds this SKU, by kind; each SKU with product and `offer`. One query."""
    sold = _sold(store_id, day).filter(follows__held=held).annotate(kind=F("follows__kind"))
    return _ways(sold)


def paths(product_id: int, *, store_id: int, day: date | None = None) -> list[Holding]:
    """For whom there are SKUs of a product that the store sells: what is held → how → which. One query for any number.

    First holders of the product itself, then of the same vendor's others by how popular they are, then of other makers'.
    """
    rows = (
        _sold(store_id, day)
        .filter(product=product_id)
        .annotate(
            kind=F("follows__kind"),
            held_id=F("follows__held__product"),
            held_code=F("follows__held__product__code"),
            held_name=F("follows__held__product__name"),
            held_vendor=F("follows__held__product__vendor__name"),
            held_vendor_id=F("follows__held__product__vendor"),
            held_popularity=F("follows__held__product__popularity"),
        )
        .filter(kind__isnull=False)
        .distinct()
    )
    groups: dict[int, list[Sku]] = {}
    for row in rows:
        groups.setdefault(row.held_id, []).append(row)  # type: ignore[attr-defined]  # annotated
    return [_holding(skus) for skus in sorted(groups.values(), key=_nearest)]


def _sold(store_id: int, day: date | None) -> SkuQuerySet:
    return Sku.objects.public(store_id, day=day or clock.today()).select_related("product__vendor")


def _nearest(skus: list[Sku]) -> tuple[bool, bool, int, int]:
    row, own = skus[0], skus[0].product
    is_other = row.held_vendor_id != own.vendor_id  # type: ignore[attr-defined]  # annotated
    return (row.held_id != own.pk, is_other, -row.held_popularity, row.held_id)  # type: ignore[attr-defined]  # annotated


def _holding(skus: list[Sku]) -> Holding:
    row = skus[0]
    names = (row.held_code, row.held_name, row.held_vendor)  # type: ignore[attr-defined]  # annotated
    return Holding(*names, is_same=row.held_id == row.product_id, ways=_ways(skus))  # type: ignore[attr-defined]  # annotated


def _ways(skus: Iterable[Sku]) -> list[Way]:
    found: dict[str, dict[int, Sku]] = {}
    for sku in skus:
        found.setdefault(sku.kind, {})[sku.pk] = sku  # type: ignore[attr-defined]  # annotated
    return [Way(kind, sorted(found[kind].values(), key=_in_order)) for kind in _KINDS if kind in found]


def _in_order(sku: Sku) -> tuple[int, str, int, int, str]:
    months = sku.term_months if sku.term_months is not None else _PERPETUAL
    return (_PROGRAMS.index(sku.program), sku.product.code, months, sku.band_from or 0, sku.model_number)
