"""Files that vendors send, as rows of our values: bounded, and read by the vendor's own column headings."""

import io
import re
import unicodedata
from itertools import islice
from typing import IO, Final

from django.utils.translation import gettext as _

from licenseonline.catalog.imports import reading
from licenseonline.catalog.imports.words import header_key
from licenseonline.kit.errors import Refused
from licenseonline.kit.text import squash
from licenseonline.sales import vendor_formats
from licenseonline.sales.models import VendorFormat

MOST_BYTES: Final = 5 * 1024 * 1024
MOST_ROWS: Final = 5_000
_LONGEST: Final = 2_000
_NUMBER: Final = re.compile(r"-?[0-9]{1,12}(\.0+)?")
_AROUND: Final = re.compile(r"[,\s¥\\円]")  # house: what vendors write

Row = tuple[int, dict[str, str]]  # the file's line, and its cells by the names of our values


def read(file: IO[bytes], name: str, form: VendorFormat) -> list[Row]:
    """The rows that have anything in them; a column that the file has not is empty.

    Refused: `upload` (too large, no such file), `broken` (with the line), `columns` (no row of the form's headings), `empty`.
    """
    if file.seek(0, io.SEEK_END) > MOST_BYTES:
        raise _unfit(_("ファイルは5MB以内にしてください。"))
    reading.check_upload(file, name)
    with reading.rows(file) as records:
        rows = list(islice(records, MOST_ROWS + reading.HEADER_WITHIN + 1))
    at, places = _header(rows, form)
    found = [(line, _cells(cells, places)) for line, cells in rows[at + 1 :]]
    filled = [(line, cells) for line, cells in found if any(cells.values())]
    if not filled:
        raise _unfit(_("見出しの下に明細がありません。"))
    if len(filled) > MOST_ROWS:
        raise _unfit(_("明細が多すぎます（%(most)s行まで）。") % {"most": f"{MOST_ROWS:,}"})
    return filled


def number(text: str) -> int | None:
    """A whole number as vendors write it (１，０００, ▲10, 3,640円); None when it is none."""
    plain = _AROUND.sub("", unicodedata.normalize("NFKC", text)).replace("▲", "-").replace("△", "-")
    return int(plain.partition(".")[0]) if _NUMBER.fullmatch(plain) else None


def _header(rows: list[tuple[int, list[str]]], form: VendorFormat) -> tuple[int, dict[str, int]]:
    """Where the headings stand, and the column of each value; what is optional may be missing."""
    wanted = {name: header_key(heading) for heading, name in vendor_formats.columns(form)}
    needed = set(wanted) - vendor_formats.OPTIONAL
    for at, (_line, cells) in enumerate(rows[: reading.HEADER_WITHIN]):
        keys = [header_key(cell[:100]) for cell in cells]
        places = {name: keys.index(key) for name, key in wanted.items() if key in keys}
        if needed <= set(places):
            return at, places
    headings = "、".join(heading for heading, name in vendor_formats.columns(form) if name in needed)  # house: names
    message = _("見出しの行が見つかりません。次の見出しが必要です：%(headings)s（「メーカーの書式」で変更できます）")
    raise Refused(message % {"headings": headings}, code="columns", field="file")


def _cells(cells: list[str], places: dict[str, int]) -> dict[str, str]:
    return {
        name: squash(cells[at])[:_LONGEST] if at < len(cells) and name != "key" else _key(cells, at)
        for name, at in places.items()
    }


def _key(cells: list[str], at: int) -> str:
    """A key may have several lines; only what stands around it is dropped."""
    return cells[at].replace("\0", "").strip()[: _LONGEST + 1] if at < len(cells) else ""  # too long is told, not cut


def _unfit(message: str) -> Refused:
    return Refused(message, code="upload", field="file")
