"""Which line each row of a vendor's delivery is for, and what keeps a row from being delivered."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy

from licenseonline.catalog.models import Vendor
from licenseonline.kit import crypto
from licenseonline.kit.text import fold_model
from licenseonline.licensing.models import Key
from licenseonline.sales import vendor_numbers
from licenseonline.sales.models import Order, OrderLine, VendorOrder

PROBLEMS: Final = {
    "unmatched": gettext_lazy("番号と型番に当てはまる、納品待ちの明細がありません。"),
    "ambiguous": gettext_lazy("番号に当てはまる明細が複数あります。"),
    "duplicate": gettext_lazy("同じキー、または同じ明細の証書が重複しています。"),
    "together": gettext_lazy("同じ明細のほかの行に確認が必要なため、合わせて保留します。"),
    "key": gettext_lazy("キーがないか、長すぎます。"),
    "day": gettext_lazy("開始日を読めません。"),
    "file": gettext_lazy("PDF・PNG・JPEG（10MBまで）ではありません。"),
}
MOST_CHOICES: Final = 4
_AT_VENDOR: Final = (VendorOrder.State.SENT, VendorOrder.State.PARTLY_CONFIRMED, VendorOrder.State.CONFIRMED)
_FOUND: Final = ("line", "order_id", "store_id", "order", "position", "choices")

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A line that can be delivered, its own number, and all by which a vendor may call it."""

    line: OrderLine
    name: str
    numbers: frozenset[str]


def candidates(vendor: Vendor) -> list[Candidate]:
    """What the vendor has of all stores and has not delivered. Two queries."""
    found = OrderLine.objects.filter(  # house: a vendor delivers for all stores
        delivered_at=None,
        order__state=Order.State.ARRANGING,
        vendor_order__vendor=vendor,
        vendor_order__state__in=_AT_VENDOR,
    )
    lines = list(found.select_related("order", "vendor_order", "sku").order_by("pk"))
    places = vendor_numbers.places({line.vendor_order_id for line in lines if line.vendor_order_id})
    return [
        Candidate(line, vendor_numbers.of(line, places[line.pk]), vendor_numbers.every(line, places[line.pk]))
        for line in lines
    ]


def match(rows: Iterable[Row], *, vendor: Vendor, are_files: bool) -> None:
    """Write into each row that is not delivered yet its line, or its `problem`; a line whose rows are not all good waits whole.

    A row is found by what the desk `said`, else by the vendor's number (in the name of a file) and model.
    """
    waiting, known = [row for row in rows if not row.get("done")], candidates(vendor)
    for row in waiting:
        for name in _FOUND:
            row.pop(name, None)
        row["problem"] = ""
        _find(row, _named(row, known) if are_files and not row.get("said") else _called(row, known))
        row["problem"] = row["fault"] or row["problem"]
    _mark_known(waiting, are_files=are_files)
    held = {row["line"] for row in waiting if row["problem"] and "line" in row}
    for row in waiting:
        if not row["problem"] and row["line"] in held:
            row["problem"] = "together"


def why(row: Row) -> str:
    """The row's problem in words; empty without one."""
    if row["problem"] == "ambiguous":
        return vendor_numbers.how(row["choices"])
    return str(PROBLEMS.get(row["problem"], ""))


def _find(row: Row, found: Sequence[Candidate]) -> None:
    if len(found) != 1:
        row["problem"] = "ambiguous" if found else "unmatched"
        row["choices"] = [one.name for one in found[:MOST_CHOICES]]
        return
    line = found[0].line
    row |= {"line": line.pk, "order_id": line.order_id, "store_id": line.store_id}
    row |= {"order": line.order.number, "position": line.position, "model": line.sku.model_number}


def _called(row: Row, known: Iterable[Candidate]) -> list[Candidate]:
    number, model = vendor_numbers.fold(row.get("said") or row["reference"]), fold_model(row["model"])
    return [one for one in known if number in one.numbers and model in {"", one.line.sku.folded_model}]


def _named(row: Row, known: Iterable[Candidate]) -> list[Candidate]:
    """Whose number stands in the name: of several the longest, which says most; of lines of one number those of the model."""
    name = vendor_numbers.fold("_".join(row["reference"].split()))  # a space ends a number here
    lengths = {
        one.line.pk: max((len(number) for number in one.numbers if _stands_in(number, name)), default=0)
        for one in known
    }
    longest = max(lengths.values(), default=0)
    found = [one for one in known if longest and lengths[one.line.pk] == longest]
    exact = [one for one in found if one.line.sku.folded_model in fold_model(row["reference"])]
    return exact if len(found) > 1 and exact else found


def _stands_in(number: str, name: str) -> bool:
    """As a whole, not as a part of a longer one."""
    return re.search(rf"(?<![0-9A-Z]){re.escape(number)}(?![0-9A-Z])", name) is not None


def _mark_known(rows: Sequence[Row], *, are_files: bool) -> None:
    """A key that stands twice, or was delivered before to anybody; a second certificate of a line."""
    marks = [str(row.get("line", "")) if are_files else _fingerprint(row) for row in rows]
    known = Key.objects.filter(fingerprint__in=[] if are_files else [mark for mark in marks if mark])
    taken = Counter(set(known.values_list("fingerprint", flat=True)))  # house: of all stores
    for row, mark in zip(rows, marks, strict=True):
        if mark and taken[mark] and not row["problem"]:
            row["problem"] = "duplicate"
        taken[mark] += 1


def _fingerprint(row: Row) -> str:
    return crypto.fingerprint(crypto.decrypt(row["key"])) if row.get("key") else ""
