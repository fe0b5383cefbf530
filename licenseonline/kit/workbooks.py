"""Excel workbooks (.xlsx): texts are texts, whatever they begin with; numbers and days are what Excel adds up and sorts."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

import xlsxwriter

TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LONGEST: Final = 32_767  # characters that a cell of Excel holds
_WIDEST, _NARROWEST = 48, 9
_WIDE: Final = 0x2E80  # from here on most characters are as wide as two


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: `title` has at most 31 characters. Cells are str, int, date or None."""

    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[object]]


def workbook(*sheets: Sheet, made_at: datetime) -> bytes:
    """The file. The same sheets and `made_at` give the same bytes."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"created": made_at.replace(tzinfo=None)})
        head = book.add_format({"bold": True, "bg_color": "#eef1f5", "bottom": 1, "text_wrap": True, "valign": "top"})
        formats = {int: book.add_format({"num_format": "#,##0"}), date: book.add_format({"num_format": "yyyy/mm/dd"})}
        for sheet in sheets:
            _write(book.add_worksheet(sheet.title), sheet, head, formats)
    return buffer.getvalue()


def _write(page: "xlsxwriter.worksheet.Worksheet", sheet: Sheet, head: object, formats: dict[type, object]) -> None:
    for column, title in enumerate(sheet.header):
        page.write_string(0, column, title, head)
        texts = [title, *(str(row[column]) for row in sheet.rows[:200] if row[column] is not None)]
        page.set_column(column, column, min(max(_NARROWEST, *map(_width, texts)), _WIDEST))
    for number, row in enumerate(sheet.rows, start=1):
        for column, value in enumerate(row):
            if isinstance(value, int) and not isinstance(value, bool):
                page.write_number(number, column, value, formats[int])
            elif isinstance(value, date):
                page.write_datetime(number, column, value, formats[date])
            elif value is not None:
                page.write_string(number, column, str(value)[:_LONGEST])
    page.freeze_panes(1, 0)
    if sheet.rows:
        page.autofilter(0, 0, len(sheet.rows), len(sheet.header) - 1)


def _width(text: str) -> int:
    return 2 + sum(2 if ord(character) >= _WIDE else 1 for character in text)
