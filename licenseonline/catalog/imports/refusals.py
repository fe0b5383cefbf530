"""Refused rows as CSV for whoever mends the price list: line, reason, and the row as it stands in the file."""

import csv
import io
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from licenseonline.catalog.imports import mappings, microsoft_sheet, reading
from licenseonline.catalog.models import ImportOutcome, ImportRow, PriceImport
from licenseonline.kit import scope

_AT_ONCE = 1000  # rows
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would compute such a cell


def csv_of(price_import: PriceImport) -> Iterator[bytes]:
    """Piece by piece, in UTF-8 with BOM; what a spreadsheet would compute is text in it."""
    # Read now: when the pieces are asked for, the request's scope is over.
    known = [*(price_import.columns or {}).values(), *mappings.known(price_import.vendor), *microsoft_sheet.NEEDED]
    return _pieces(price_import, known)


def _pieces(price_import: PriceImport, known: Sequence[str]) -> Iterator[bytes]:
    with reading.opened(price_import, known) as table:
        yield b"\xef\xbb\xbf" + _line([_("行"), _("取り込めない理由"), *table.headers])
        refused = _refused(price_import)
        row = next(refused, None)
        for line, cells in table.records:
            if row is None:
                return
            if line == row.line:
                yield _line([str(line), row.reason, *cells])
                row = next(refused, None)


def _refused(price_import: PriceImport) -> Iterator[ImportRow]:
    """By line; each part in a scope of its own, because the answer outlives the request's."""
    after = 0
    while True:
        with scope.platform():
            found = ImportRow.objects.filter(price_import=price_import, outcome=ImportOutcome.REFUSED, line__gt=after)
            rows = list(found.order_by("line").only("line", "reason")[:_AT_ONCE])
        if not rows:
            return
        yield from rows
        after = rows[-1].line


def _line(cells: Sequence[str]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerow([f"'{cell}" if cell.startswith(_DANGEROUS) else cell for cell in cells])
    return out.getvalue().encode()
