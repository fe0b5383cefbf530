"""Excel and OpenDocument sheets as CSV, made by a process of its own under limits: such files can be built to kill.

`python -m licenseonline.catalog.imports.sheets [seconds] < file` writes the number of rows on a line, then the first sheet that
has any as CSV in UTF-8, whole numbers without a fraction, days as ISO dates. Formulas are read as what they last gave.
"""

import csv
import io
import resource
import sys
from datetime import date, datetime, time, timedelta
from typing import IO, Final

from python_calamine import CalamineError, CalamineSheet, PasswordError, SheetTypeEnum, SheetVisibleEnum, load_workbook

MOST_MEMORY: Final = 3 * 1024**3
MOST_SECONDS: Final = 300
UNREADABLE, LOCKED, EMPTY = 3, 4, 5  # how the process ends


def main() -> int:
    """The process."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else MOST_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    try:
        with load_workbook(io.BytesIO(sys.stdin.buffer.read())) as book:
            shown = [
                sheet.name
                for sheet in book.sheets_metadata
                if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
            ]
            for name in shown:
                sheet = book.get_sheet_by_name(name)
                if sheet.height:
                    _write(sheet, io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", errors="replace", newline=""))
                    return 0
    except PasswordError:
        return LOCKED
    except (CalamineError, OSError, ValueError, MemoryError):
        return UNREADABLE
    return EMPTY


def _write(sheet: CalamineSheet, out: IO[str]) -> None:
    """The rows, with those before the first one empty, so that their numbers are the sheet's."""
    before = sheet.start[0] if sheet.start else 0
    out.write(f"{before + sheet.height}\n")
    writer = csv.writer(out)
    writer.writerows([] for _row in range(before))
    for row in sheet.iter_rows():
        writer.writerow([_text(value) for value in row])
    out.flush()


def _text(value: float | str | bool | time | date | datetime | timedelta) -> str:  # noqa: FBT001  (a cell)
    """A cell as it is read on."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)  # noqa: PLR2004  (exact)
    if isinstance(value, datetime):
        return value.date().isoformat()
    return str(value).replace("\r\n", "\n").replace("\r", "\n")


if __name__ == "__main__":
    sys.exit(main())
