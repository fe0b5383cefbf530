"""A vendor order as the file that the vendor takes: PDF, CSV or Excel, with our values under its headings."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from licenseonline.kit import clock, csv_files, pdf, rights, workbooks
from licenseonline.kit.actors import Actor
from licenseonline.kit.rights import Right
from licenseonline.sales import vendor_formats, vendor_numbers
from licenseonline.sales.models import FormatKind, FormatPurpose, VendorFormat, VendorOrder, VendorOrderLine

_TEMPLATE: Final = Path(__file__).parent / "vendor_order.typ"
_END_USER: Final = ("company", "kana", "department", "person", "postal_code", "address", "phone", "email")


@dataclass(frozen=True, slots=True)
class VendorFile:
    """The file; `lacking` are texts with characters that its encoding has not, which stand in it as 〓."""

    name: str
    content: bytes
    content_type: str
    lacking: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Head:
    """What the file says of the whole order."""

    number: str
    vendor: str
    ordered_on: date | None
    made_at: datetime


@rights.needs(Right.ORDER_FROM_VENDORS)
def of(vendor_order: VendorOrder, *, by: Actor) -> VendorFile:  # noqa: ARG001  (by: whose right is asked)
    """The order in its vendor's form; the same order gives the same bytes. Costs are as frozen, in yen without tax."""
    values = [_values(vendor_order, number, row) for number, row in enumerate(rows_of(vendor_order), start=1)]
    number, vendor = vendor_order.number or vendor_order.reference or str(vendor_order.pk), vendor_order.vendor
    head = _Head(number, vendor.name, vendor_order.ordered_on, _made_at(vendor_order))
    return _file(vendor_formats.of(vendor, FormatPurpose.ORDER), head, values)


@rights.needs(Right.ORDER_FROM_VENDORS)
def sample(form: VendorFormat, *, by: Actor) -> VendorFile:  # noqa: ARG001  (as above)
    """What an order in this form looks like, for who sets it up: one line of vendor_formats.SAMPLE."""
    example = vendor_formats.SAMPLE[FormatPurpose.ORDER]
    shown = {name: str(value) if isinstance(value, Promise) else value for name, value in example.items()}
    day: date = example["ordered_on"]
    head = _Head(shown["number"], form.vendor.name, day, datetime.combine(day, time(), tzinfo=clock.JST))
    return _file(form, head, [shown])


def _file(form: VendorFormat, head: _Head, values: list[dict[str, Any]]) -> VendorFile:
    columns = vendor_formats.columns(form)
    header = [heading for heading, _name in columns]
    rows = [[value.get(name) for _heading, name in columns] for value in values]
    if form.kind == FormatKind.CSV:
        return _csv(head, form, header, rows)
    if form.kind == FormatKind.EXCEL:
        content = workbooks.workbook(workbooks.Sheet(_("発注書"), header, rows), made_at=head.made_at)
        return VendorFile(_name(head, "xlsx"), content, workbooks.TYPE)
    return VendorFile(_name(head, "pdf"), _pdf(head, values), "application/pdf")


def rows_of(vendor_order: VendorOrder) -> list[VendorOrderLine]:
    """Its lines with all that files and pages say of them, in the order in which they were collected. One query."""
    related = ("line__order__store", "line__sku", "line__follows", "line__margin", "line__vendor_order")
    return list(vendor_order.order_lines.select_related(*related).order_by("pk"))


def _values(vendor_order: VendorOrder, number: int, row: VendorOrderLine) -> dict[str, Any]:
    line = row.line
    frozen = line.order.snapshot
    promised = next(one for one in frozen["lines"] if one["no"] == line.position)
    user = frozen.get("end_user") or {**frozen["buyer"], "phone": ""}
    followed = line.follows
    return {
        "number": vendor_order.number or vendor_order.reference,
        "ordered_on": vendor_order.ordered_on,
        "line": number,
        "model_number": promised["model_number"],
        "name": promised["name"],
        "quantity": line.quantity,
        "unit": promised["unit"],
        "unit_cost": row.unit_cost_yen,
        "amount": None if row.unit_cost_yen is None else row.unit_cost_yen * line.quantity,
        **{f"end_user_{name}": user.get(name, "") for name in _END_USER},
        "follows": (followed.vendor_contract_number or followed.number) if followed else "",
        "line_number": vendor_numbers.of(line, number),
        "order_number": vendor_numbers.order_of(line),
        "store": line.order.store.name,
    }


def _made_at(vendor_order: VendorOrder) -> datetime:
    day = vendor_order.ordered_on
    return datetime.combine(day, time(), tzinfo=clock.JST) if day else vendor_order.recorded_at


def _name(head: _Head, ending: str) -> str:
    return f"{_('発注書')}_{head.number}.{ending}"


def _csv(head: _Head, form: VendorFormat, header: list[str], rows: Iterable[Iterable[object]]) -> VendorFile:
    """No cell is a formula; what the encoding lacks becomes 〓 and is told."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    lacking: dict[str, None] = {}
    for row in (header, *rows):
        cells = [csv_files.cell(value) for value in row]
        lacking |= {cell: None for cell in cells if not _fits(cell, form.encoding)}
        writer.writerow([_fitting(cell, form.encoding) for cell in cells])
    content = out.getvalue().encode(form.encoding)
    content_type = f"text/csv; charset={'shift_jis' if form.encoding == 'cp932' else 'utf-8'}"
    return VendorFile(_name(head, "csv"), content, content_type, tuple(lacking))


def _fits(text: str, encoding: str) -> bool:
    return _fitting(text, encoding) == text


def _fitting(text: str, encoding: str) -> str:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return "".join(one if one.encode(encoding, "ignore") else pdf.GETA for one in text)
    return text


def _pdf(head: _Head, values: list[dict[str, Any]]) -> bytes:
    amounts = [value["amount"] for value in values]
    data = {
        "title": _("発注書"),
        "buyer": [settings.PLATFORM_NAME, settings.PLATFORM_EMAIL],
        "number": head.number,
        "ordered_on": head.ordered_on.isoformat() if head.ordered_on else "",
        "vendor": head.vendor,
        "lines": [{**value, "ordered_on": ""} for value in values],
        "total": None if None in amounts else sum(amounts),
    }
    return pdf.render(_TEMPLATE, data, timestamp=head.made_at)
