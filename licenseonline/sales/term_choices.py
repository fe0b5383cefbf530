"""One, three and five years side by side: the terms that the store sells of what is in the cart."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q

from licenseonline.accounts.models import Member
from licenseonline.catalog import prices
from licenseonline.catalog.models import Sku
from licenseonline.kit import clock
from licenseonline.sales.snapshots import SnapshotLine

_SAME = ("product_id", "purchase_type", "program", "unit", "billing", "band_from", "band_to", "is_cloud")


@dataclass(frozen=True, slots=True)
class Choice:
    """A term of the line's product, yen without tax; `is_chosen` is the one in the cart."""

    sku: Sku
    unit_yen: int
    amount_yen: int
    a_year_yen: int
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Table:
    """Terms as columns, shortest first; a row is a line and its choice for each of them, None where it has none."""

    terms: list[str]
    rows: list[tuple[SnapshotLine, list[Choice | None]]]


def table(lines: Sequence[SnapshotLine], *, by: Member) -> Table | None:
    """The lines that have several terms, side by side; None where none has."""
    found = of(lines, by=by)
    labels = {one.sku.term_months or 0: one.sku.term_label for choices in found.values() for one in choices}
    months = sorted(labels)
    rows: list[tuple[SnapshotLine, list[Choice | None]]] = []
    for line in lines:
        by_term = {one.sku.term_months or 0: one for one in found.get(line["sku_id"], [])}
        if by_term:
            rows.append((line, [by_term.get(term) for term in months]))
    return Table([labels[term] for term in months], rows) if rows else None


def of(lines: Iterable[SnapshotLine], *, by: Member) -> dict[int, list[Choice]]:
    """For the lines that have several terms the choices, shortest first, by SKU; three queries for any number.

    A term that several SKUs have says nothing about which one is meant, and is left out.
    """
    quantities = {line["sku_id"]: line["quantity"] for line in lines}
    mine = [sku for sku in Sku.objects.filter(pk__in=quantities) if _has_years(sku)]
    if not mine:
        return {}
    wanted = Q(pk__in=[])
    for sku in mine:
        wanted |= Q(**{name: getattr(sku, name) for name in _SAME if getattr(sku, name) is not None})
    siblings = [sku for sku in Sku.objects.public(by.store_id).filter(wanted) if _has_years(sku)]
    alike = {sku.pk: _alike(sku, siblings) for sku in mine}
    units = {other.pk: quantities[pk] for pk, others in alike.items() if len(others) > 1 for other in others}
    if not units:
        return {}
    offers = prices.offers_of(units, store=by.store, day=clock.today(), company=by.company)
    found = {pk: _choices(pk, others, offers, quantities[pk]) for pk, others in alike.items()}
    return {pk: choices for pk, choices in found.items() if len(choices) > 1}


def _has_years(sku: Sku) -> bool:
    return bool(sku.term_months) and (sku.term_months or 0) % 12 == 0


def _alike(sku: Sku, siblings: Iterable[Sku]) -> list[Sku]:
    """The SKU's own term and the others, each if one SKU alone has it."""
    by_term: dict[int, list[Sku]] = {}
    for other in siblings:
        if all(getattr(other, name) == getattr(sku, name) for name in _SAME):
            by_term.setdefault(other.term_months or 0, []).append(other)
    if len(by_term.get(sku.term_months or 0, [])) != 1:
        return []
    return [others[0] for _months, others in sorted(by_term.items()) if len(others) == 1]


def _choices(pk: int, others: list[Sku], offers: dict[int, prices.Offer], quantity: int) -> list[Choice]:
    found = []
    for sku in others:
        yen = offers[sku.pk].unit_yen if sku.pk in offers else None
        if yen is not None:
            a_year = yen * 12 // (sku.term_months or 12)
            found.append(Choice(sku, yen, yen * quantity, a_year, sku.pk == pk))
    return found
