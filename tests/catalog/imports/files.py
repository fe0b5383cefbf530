"""Price lists as vendors send them, made in memory."""

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape

HEAD = ("型番", "製品名", "型番名", "標準価格(税抜)", "仕切価格", "購入形態", "期間")


def table(*rows: Sequence[object], head: Sequence[str] = HEAD, delimiter: str = ",") -> str:
    """A CSV with headers."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([head, *rows])
    return out.getvalue()


def xlsx(
    sheets: Iterable[tuple[str, Sequence[Sequence[object]]]], *, more: Iterable[str] = (), hidden: str = ""
) -> bytes:
    """A workbook: text inline, numbers as numbers."""
    named = list(sheets)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        types = "".join(
            f'<Override PartName="/xl/worksheets/sheet{n}.xml" '
            'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
            for n in range(1, len(named) + 1)
        )
        book.writestr(
            "[Content_Types].xml",
            '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" '
            'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
            f"{types}</Types>",
        )
        of = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        book.writestr("_rels/.rels", _relations([("rId1", "officeDocument", "xl/workbook.xml")]))
        states = {name: ' state="hidden"' if name == hidden else "" for name, _rows in named}
        listed = "".join(
            f'<sheet name="{name}" sheetId="{n}"{states[name]} r:id="rId{n}"/>'
            for n, (name, _rows) in enumerate(named, 1)
        )
        book.writestr(
            "xl/workbook.xml",
            '<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
            f'xmlns:r="{of}"><sheets>{listed}</sheets></workbook>',
        )
        pointers = [(f"rId{n}", "worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(named) + 1)]
        book.writestr("xl/_rels/workbook.xml.rels", _relations(pointers))
        for n, (_name, rows) in enumerate(named, 1):
            book.writestr(f"xl/worksheets/sheet{n}.xml", _sheet(rows))
        for name in more:
            book.writestr(name, b"x")
    return out.getvalue()


def _relations(pointers: Iterable[tuple[str, str, str]]) -> str:
    of = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    lines = "".join(f'<Relationship Id="{key}" Type="{of}/{kind}" Target="{to}"/>' for key, kind, to in pointers)
    return (
        '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f"{lines}</Relationships>"
    )


def _sheet(rows: Sequence[Sequence[object]]) -> str:
    lines = []
    for n, row in enumerate(rows, 1):
        cells = "".join(_cell(f"{chr(65 + at)}{n}", value) for at, value in enumerate(row) if value is not None)
        lines.append(f'<row r="{n}">{cells}</row>')
    return (
        '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<sheetData>{''.join(lines)}</sheetData></worksheet>"
    )


def _cell(place: str, value: object) -> str:
    if isinstance(value, int | float):
        return f'<c r="{place}"><v>{value}</v></c>'
    if isinstance(value, str) and value.startswith("="):
        return f'<c r="{place}" t="str"><f>{escape(value[1:])}</f><v>1234</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t>{escape(str(value))}</t></is></c>'
