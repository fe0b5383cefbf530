"""A row of a vendor's price list as typed values, or the reason why it cannot be taken."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from enum import Enum
from typing import Any, Final, NamedTuple

from django.utils.translation import gettext as _

from licenseonline.catalog.imports import cells
from licenseonline.kit.errors import Refused
from licenseonline.kit.text import squash


class Staged(NamedTuple):
    """One row for COPY. `fields` is JSON: what else it says, by the names of the SKU's columns; `reason` refuses it."""

    model_number: str
    band_from: int | None = None
    band_to: int | None = None
    list_yen: int | None = None
    cost_yen: int | None = None
    fields: str | None = None
    reason: str = ""


class Skipped(Enum):
    """Rows that are not for us; they are counted."""

    OTHER_MARKET = "other_market"
    OTHER_DAYS = "other_days"


Convert = Callable[[Sequence[str]], Staged | Skipped | None]  # None: an empty row
_MOST_CELL: Final = 2000
_MOST_SHOWN: Final = 80

# Field of the mapping → its name in `fields`, and how its cell is read.
_SIMPLE: Final[dict[str, tuple[str, Callable[[str], Any]]]] = {
    "name": ("name", cells.name),
    "product_code": ("code", cells.product_code),
    "product_name": ("product", cells.product_name),
    "purchase_type": ("purchase_type", cells.purchase_type),
    "program": ("program", cells.program),
    "unit": ("unit", cells.unit),
    "billing": ("billing", cells.billing),
    "min_quantity": ("min_quantity", cells.number),
    "quantity_step": ("quantity_step", cells.number),
    "lead_days": ("lead_days", cells.days),
    "delivery": ("delivery", cells.delivery),
    "is_cloud": ("is_cloud", cells.is_cloud),
    "papers": ("papers", cells.papers),
    "sale_to": ("sale_to", cells.day),
}


def converter(headers: Sequence[str], columns: Mapping[str, str], *, from_day: date) -> Convert:
    """What makes typed values of a row of these columns (field → header). Refused: `columns` when one is not there."""
    at = {field: _place(headers, header) for field, header in columns.items()}
    model, price, cost = at["model_number"], at["list_yen"], at.get("cost_yen")
    band_from, band_to, term = at.get("band_from"), at.get("band_to"), at.get("term")
    simple = [(at[field], *read) for field, read in _SIMPLE.items() if field in at]

    def convert(row: Sequence[str]) -> Staged | Skipped | None:
        if not any(cell and not cell.isspace() for cell in row):
            return None
        number = ""
        try:
            _check_size(row)
            number = cells.model_number(_cell(row, model))
            list_yen = cells.list_price(_cell(row, price))
            cost_yen = None if cost is None else cells.cost(_cell(row, cost))
            fields = {name: value for place, name, read in simple if (value := read(_cell(row, place))) is not None}
            first, last = _band(_cell(row, band_from), _cell(row, band_to))
            if first is not None:
                fields |= {"band_from": first, "band_to": last}
            fields |= _term(_cell(row, term))
            _check_sale(fields, from_day)
        except cells.Bad as bad:
            return refused(number or _cell(row, model), str(bad))
        said = json.dumps(fields, ensure_ascii=False, default=str) if fields else None
        return Staged(number, first, last, list_yen, cost_yen, said)

    return convert


def _check_size(row: Sequence[str]) -> None:
    if max(map(len, row)) > _MOST_CELL:
        raise cells.Bad(_("セルの文字が長すぎます（%(most)s文字まで）。") % {"most": _MOST_CELL})


def refused(model_number: str, reason: str) -> Staged:
    """A row that cannot be taken."""
    return Staged(squash(model_number)[:_MOST_SHOWN], reason=reason)


def _place(headers: Sequence[str], header: str) -> int:
    if header not in headers:
        message = _("「%(header)s」という列がファイルにありません。列の対応を設定し直してください。") % {
            "header": header
        }
        raise Refused(message, code="columns")
    return headers.index(header)


def _cell(row: Sequence[str], at: int | None) -> str:
    return row[at] if at is not None and at < len(row) else ""


def _band(first: str, last: str) -> tuple[int | None, int | None]:
    """From and to; a range may stand in the first cell alone."""
    begins = cells.band(first)
    if begins is None:
        if last.strip():
            raise cells.Bad(_("数量帯の下限がありません。"))
        return None, None
    ends = cells.number(last) if last.strip() else begins.last
    if ends is not None and ends < begins.first:
        raise cells.Bad(_("数量帯の上限が下限より小さくなっています。"))
    return begins.first, ends


def _term(text: str) -> dict[str, Any]:
    found = cells.term(text)
    return {} if found is None else {"term_months": found.months, "term_until": found.until}


def _check_sale(fields: Mapping[str, Any], from_day: date) -> None:
    sale_to = fields.get("sale_to")
    if sale_to is not None and sale_to < from_day:
        raise cells.Bad(_("販売終了日が適用開始日より前です。"))
