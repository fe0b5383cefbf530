"""A vendor's monthly invoice compared with what we ordered: not ordered, not invoiced, other quantities and prices.

Vendors invoice by their number and model, often several of our lines in one: quantities are compared by vendor order and SKU.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import IO, Final

from django.db import transaction
from django.utils.translation import gettext as _

from licenseonline.accounts.models import User
from licenseonline.catalog.models import Vendor
from licenseonline.kit import clock, rights, states, terms
from licenseonline.kit.errors import Refused
from licenseonline.kit.rights import Right
from licenseonline.kit.text import fold_model
from licenseonline.records import history
from licenseonline.sales import vendor_formats, vendor_numbers, vendor_tables
from licenseonline.sales.models import FormatPurpose, VendorInvoice, VendorInvoiceLine, VendorOrder, VendorOrderLine

MOST_NOTE: Final = 400
MOST_SHOWN: Final = 200
_MOST_NUMBER: Final = 2**31 - 1
_ORDERED: Final = (
    VendorOrder.State.SENT,
    VendorOrder.State.PARTLY_CONFIRMED,
    VendorOrder.State.CONFIRMED,
)

Group = tuple[int, int]  # vendor order and SKU


@dataclass(frozen=True, slots=True)
class Checked:
    """One invoiced line beside what we ordered; a figure is None where it is as it should be.

    `invoiced` and `ordered` are units of the whole group, `expected_yen` what a unit should have cost.
    """

    line: VendorInvoiceLine
    is_unordered: bool = False
    invoiced: int | None = None
    ordered: int | None = None
    expected_yen: int | None = None

    @property
    def deviates(self) -> bool:
        """Anything is not as ordered."""
        return self.is_unordered or self.ordered is not None or self.expected_yen is not None

    @property
    def is_open(self) -> bool:
        """It deviates, and nobody has said how that was settled."""
        return self.deviates and not self.line.settled_note


@rights.needs(Right.ORDER_FROM_VENDORS)
@transaction.atomic
def read(vendor: Vendor, *, month: date, file: IO[bytes], name: str, by: User) -> VendorInvoice:
    """Keep the vendor's invoice of a month, each line matched to ours by its number and model.

    Refused: `same` (this file was read), `cells` (a line without quantity or price), and as vendor_tables.read.
    """
    form = vendor_formats.of(vendor, FormatPurpose.INVOICE)
    rows = vendor_tables.read(file, name, form)
    file.seek(0)
    digest = hashlib.sha256(file.read()).hexdigest()
    Vendor.objects.select_for_update().get(pk=vendor.pk)  # of two clerks with one file the second is told
    if VendorInvoice.objects.filter(vendor=vendor, sha256=digest).exists():
        raise Refused(_("この請求明細のファイルは、すでに読み込まれています。"), code="same", field="file")
    made = VendorInvoice.objects.create(
        vendor=vendor, month=month.replace(day=1), name=name[:200], sha256=digest, read_by=by, read_at=clock.now()
    )
    lines = [_line(made, number, cells) for number, cells in rows]
    _match(vendor, lines)
    VendorInvoiceLine.objects.bulk_create(lines)
    return made


@rights.needs(Right.ORDER_FROM_VENDORS)
@transaction.atomic
def settle(line: VendorInvoiceLine, *, note: str, by: User) -> VendorInvoiceLine:
    """Say how a deviation was settled; saying it again the same way changes nothing. Refused: `note` (empty)."""
    _write_note(line, note, "vendor_invoice_line.settled", by=by)
    return line


@rights.needs(Right.ORDER_FROM_VENDORS)
@transaction.atomic
def settle_missing(row: VendorOrderLine, *, note: str, by: User) -> VendorOrderLine:
    """Say why the vendor never invoices what was ordered of it: the monthly check asks no more.

    Refused: `note` (empty), `invoiced` (it stands on an invoice by now), `state` (nothing is ordered of the vendor).
    """
    vendor_order = row.vendor_order
    Vendor.objects.select_for_update().get(pk=vendor_order.vendor_id)  # as `read`, which may bring it meanwhile
    states.lock(vendor_order)
    if vendor_order.state not in _ORDERED:
        raise Refused(_("発注されていない明細です。画面を更新してご確認ください。"), code="state")
    if VendorInvoiceLine.objects.filter(line__vendor_order=vendor_order, line__line__sku=row.line.sku_id).exists():
        raise Refused(_("この明細は請求されています。画面を更新してご確認ください。"), code="invoiced")
    _write_note(row, note, "vendor_order_line.settled", by=by)
    return row


def _write_note(row: VendorInvoiceLine | VendorOrderLine, note: str, event: str, *, by: User) -> None:
    said = note.strip()[:MOST_NOTE]
    if not said:
        raise Refused(_("対応の内容を入力してください。"), code="note", field="note")
    states.lock(row)  # of two notes at once the second follows the first
    if said != row.settled_note:
        history.record_platform(row, event, by=by, note=[row.settled_note, said])
        row.settled_note = said
        row.save(update_fields=["settled_note"])


def checked(invoice: VendorInvoice) -> list[Checked]:
    """Every line of it beside what we ordered. Three queries for any number."""
    related = ("line__vendor_order", "line__line__order", "line__line__sku")
    lines = list(invoice.lines.select_related(*related).order_by("row"))
    groups = {_group(one.line) for one in lines if one.line}
    ours: dict[Group, list[VendorOrderLine]] = {}
    for row in VendorOrderLine.objects.filter(vendor_order__in={order for order, _sku in groups}).select_related(
        "line"
    ):
        ours.setdefault(_group(row), []).append(row)
    invoiced: dict[Group, int] = {}
    others = VendorInvoiceLine.objects.filter(line__vendor_order__in={order for order, _sku in groups})
    for one in others.select_related("line__line"):
        if one.line:
            invoiced[_group(one.line)] = invoiced.get(_group(one.line), 0) + one.quantity
    return [_checked(line, ours, invoiced) for line in lines]


def not_invoiced(invoice: VendorInvoice) -> tuple[list[VendorOrderLine], list[VendorOrderLine]]:
    """What was ordered until the month's end and stands on no invoice yet, oldest first; and what of it was settled.

    Of each at most MOST_SHOWN, of the settled the newest. Two queries.
    """
    until = terms.last_day(invoice.month, 1)
    rows = VendorOrderLine.objects.filter(
        vendor_order__vendor=invoice.vendor_id, vendor_order__ordered_on__lte=until, vendor_order__state__in=_ORDERED
    )
    seen = set(
        VendorInvoiceLine.objects.filter(line__vendor_order__vendor=invoice.vendor_id).values_list(
            "line__vendor_order", "line__line__sku"
        )
    )
    found = rows.select_related("vendor_order", "line__order", "line__sku").order_by("vendor_order__ordered_on", "pk")
    missing = [row for row in found.iterator() if _group(row) not in seen]
    settled = [row for row in missing if row.settled_note]
    return [row for row in missing if not row.settled_note][:MOST_SHOWN], settled[-MOST_SHOWN:]


def _line(made: VendorInvoice, number: int, cells: Mapping[str, str]) -> VendorInvoiceLine:
    quantity, unit_yen = (vendor_tables.number(cells[name]) for name in ("quantity", "unit_yen"))
    if quantity is None or unit_yen is None or abs(quantity) > _MOST_NUMBER:
        message = _("%(line)s行目の数量または単価を読めません。") % {"line": number}
        raise Refused(message, code="cells", field="file")
    return VendorInvoiceLine(
        invoice=made,
        row=number,
        reference=cells["reference"][:80],
        model_number=cells["model_number"][:80],
        quantity=quantity,
        unit_yen=unit_yen,
    )


def _match(vendor: Vendor, lines: Iterable[VendorInvoiceLine]) -> None:
    """By the vendor's number or ours; of several lines of one vendor order the one of that quantity, else the first.

    A number that stands in several vendor orders (order numbers are each store's own) means none of them: `is_ambiguous`.
    """
    by_key: dict[tuple[str, str], list[VendorOrderLine]] = {}
    wanted = {vendor_numbers.fold(one.reference) for one in lines}
    for row, numbers in _numbered(vendor):
        for reference in numbers & wanted:
            by_key.setdefault((reference, row.line.sku.folded_model), []).append(row)
    taken: set[int] = set()
    for one in lines:
        found = by_key.get((vendor_numbers.fold(one.reference), fold_model(one.model_number)), [])
        if len({row.vendor_order_id for row in found}) > 1:
            one.is_ambiguous = True
            continue
        free = [row for row in found if row.pk not in taken] or found
        same = [row for row in free if row.line.quantity == one.quantity]
        one.line = next(iter([*same, *free]), None)
        taken |= {one.line.pk} if one.line else set()


def _numbered(vendor: Vendor) -> Iterator[tuple[VendorOrderLine, frozenset[str]]]:
    """What was ordered of the vendor, with all numbers by which it may be called."""
    rows = VendorOrderLine.objects.filter(vendor_order__vendor=vendor, vendor_order__state__in=_ORDERED)
    counts: Counter[int] = Counter()
    for row in rows.select_related("line__vendor_order", "line__order", "line__sku").order_by("pk").iterator():
        counts[row.vendor_order_id] += 1
        yield row, vendor_numbers.every(row.line, counts[row.vendor_order_id])


def _group(row: VendorOrderLine) -> Group:
    return row.vendor_order_id, row.line.sku_id


def _checked(
    line: VendorInvoiceLine, ours: Mapping[Group, list[VendorOrderLine]], invoiced: Mapping[Group, int]
) -> Checked:
    if line.line is None:
        return Checked(line, is_unordered=True)
    group = _group(line.line)
    rows = ours[group]
    ordered = sum(row.line.quantity if row.confirmed_quantity is None else row.confirmed_quantity for row in rows)
    prices = [row.unit_cost_yen if row.confirmed_unit_yen is None else row.confirmed_unit_yen for row in rows]
    known = [yen for yen in prices if yen is not None]
    is_same = ordered == invoiced[group]
    return Checked(
        line,
        invoiced=None if is_same else invoiced[group],
        ordered=None if is_same else ordered,
        expected_yen=known[0] if known and line.unit_yen not in known else None,
    )
