"""A vendor order as the file that the vendor takes: PDF, CSV or Excel, with our values under its headings."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path
from typing import Any, Final

from django.conf import settings
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


@rights.needs(Right.ORDER_FROM_VENDORS)
def of(vendor_order: VendorOrder, *, by: Actor) -> VendorFile:  # noqa: ARG001  (by: whose right is asked)
    """The order in its vendor's form; the same order gives the same bytes. Costs are as frozen, in yen without tax."""
    form = vendor_formats.of(vendor_order.vendor, FormatPurpose.ORDER)
    columns = vendor_formats.columns(form)
    header = [heading for heading, _name in columns]
    values = [_values(vendor_order, number, row) for number, row in enumerate(rows_of(vendor_order), start=1)]
    rows = [[value.get(name) for _heading, name in columns] for value in values]
    if form.kind == FormatKind.CSV:
        return _csv(vendor_order, form, header, rows)
    if form.kind == FormatKind.EXCEL:
        sheet = workbooks.Sheet(_("発注書"), header, rows)
        content = workbooks.workbook(sheet, made_at=_made_at(vendor_order))
        return VendorFile(_name(vendor_order, "xlsx"), content, workbooks.TYPE)
    return VendorFile(_name(vendor_order, "pdf"), _pdf(vendor_order, values), "application/pdf")


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


def _name(vendor_order: VendorOrder, ending: str) -> str:
    return f"{_('発注書')}_{vendor_order.number or vendor_order.pk}.{ending}"


def _csv(
    vendor_order: VendorOrder, form: VendorFormat, header: list[str], rows: Iterable[Iterable[object]]
) -> VendorFile:
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
    return VendorFile(_name(vendor_order, "csv"), content, content_type, tuple(lacking))


def _fits(text: str, encoding: str) -> bool:
    return _fitting(text, encoding) == text


def _fitting(text: str, encoding: str) -> str:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return "".join(one if one.encode(encoding, "ignore") else pdf.GETA for one in text)
    return text


def _pdf(vendor_order: VendorOrder, values: list[dict[str, Any]]) -> bytes:
    amounts = [value["amount"] for value in values]
    data = {
        "title": _("発注書"),
        "buyer": [settings.PLATFORM_NAME, settings.PLATFORM_EMAIL],
        "number": vendor_order.number or vendor_order.reference,
        "ordered_on": vendor_order.ordered_on.isoformat() if vendor_order.ordered_on else "",
        "vendor": vendor_order.vendor.name,
        "lines": [{**value, "ordered_on": ""} for value in values],
        "total": None if None in amounts else sum(amounts),
    }
    return pdf.render(_TEMPLATE, data, timestamp=_made_at(vendor_order))
