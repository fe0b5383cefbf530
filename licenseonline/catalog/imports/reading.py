"""Files of price lists as rows of text. They come from outside: everything about them is bounded, and they change nothing.

CSV in UTF-8 (with and without BOM), UTF-16 or CP932, with commas, tabs or semicolons; sheets of Excel and OpenDocument.
The encoding is found by decoding the whole file strictly, so that no broken character ever passes for a price list.
"""

import codecs
import csv
import io
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from typing import IO, Final

from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from licenseonline.catalog.imports import sheets
from licenseonline.catalog.imports.words import header_key
from licenseonline.catalog.models import PriceImport
from licenseonline.kit.errors import Refused
from licenseonline.kit.text import squash

MOST_BYTES: Final = 200 * 1024 * 1024
MOST_SHEET_BYTES: Final = 50 * 1024 * 1024
MOST_UNPACKED: Final = 1024 * 1024 * 1024
MOST_PARTS: Final = 10_000  # files in the ZIP that such a sheet is
SMALL_SECONDS: Final = 10  # of computing, for a sheet that somebody waits for
MOST_ROWS: Final = 2_000_000
MOST_COLUMNS: Final = 300
HEADER_WITHIN: Final = 50  # rows
_MOST_HEADER = 100
_PIECE = 1024 * 1024
_SAMPLE = 64 * 1024
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_MACROS = ("_VBA_PROJECT".encode("utf-16-le"), "_VBA_PROJECT_CUR".encode("utf-16-le"))
_NOT_CP932 = frozenset("\x80\xa0\uf8f0\uf8f1\uf8f2\uf8f3")  # what Python lets pass for bytes that mean nothing

Record = tuple[int, list[str]]  # the line (or the sheet's row) where it begins, and its cells


@dataclass(frozen=True)
class Table:
    """A file's columns, and what stands below them; `all_rows` is about how many rows there are."""

    headers: list[str]
    records: Iterator[Record]
    all_rows: int


def check_upload(file: IO[bytes], name: str) -> int:
    """The size in bytes of a file that may be a price list, whatever its name says. Refused: `upload`."""
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    head = file.read(8)
    if not head:
        raise _unfit(_("ファイルの中身が空です。"))
    if head.startswith((_ZIP, _OLE)):
        if size > MOST_SHEET_BYTES:
            raise _unfit(_("Excel ファイルは %(most)sMB 以内にしてください。") % {"most": MOST_SHEET_BYTES // 1024**2})
        _check_zip(file) if head.startswith(_ZIP) else _check_ole(file)
    elif size > MOST_BYTES:
        raise _unfit(_("CSV ファイルは %(most)sMB 以内にしてください。") % {"most": MOST_BYTES // 1024**2})
    elif head.startswith(b"%PDF") or name.lower().endswith((".xlsx", ".xls", ".xlsm", ".xlsb", ".ods", ".pdf")):
        raise _unfit(_("CSV・Excel として読めないファイルです。ファイルの中身をご確認ください。"))
    return size


def _unfit(message: str) -> Refused:
    return Refused(message, code="upload", field="file")


def _check_zip(file: IO[bytes]) -> None:
    try:
        with zipfile.ZipFile(file) as packed:
            parts = packed.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError):
        raise _unfit(_("ファイルが壊れています。Excel で開けるかご確認ください。")) from None
    names = {part.filename for part in parts}
    if any(name.lower().endswith("vbaproject.bin") or name.startswith("Basic/") for name in names):
        raise _unfit(
            _("マクロを含むファイルは取り込めません。マクロのない Excel ブック（.xlsx）で保存し直してください。")
        )
    if not names & {"xl/workbook.xml", "content.xml"}:
        raise _unfit(_("Excel ブック（.xlsx、.xls、.ods）または CSV を選択してください。"))
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise _unfit(_("展開すると大きすぎるファイルです。シートを分けて保存し直してください。"))


def _check_ole(file: IO[bytes]) -> None:
    file.seek(0)
    content = file.read(MOST_SHEET_BYTES)
    if any(mark in content for mark in _OLE_MACROS):
        raise _unfit(
            _("マクロを含むファイルは取り込めません。マクロのない Excel ブック（.xlsx）で保存し直してください。")
        )


@contextmanager
def opened(price_import: PriceImport, known: Iterable[str]) -> Iterator[Table]:
    """The file's table: below the first row that has one of the `known` headers. Refused: `broken`, with the line."""
    with default_storage.open(price_import.file_path, "rb") as file:
        head = file.read(8)
        file.seek(0)
        read = _of_sheet if head.startswith((_ZIP, _OLE)) else _of_csv
        with read(file) as (records, all_rows):
            yield _table(_bounded(records), all_rows, known)


@contextmanager
def rows(file: IO[bytes]) -> Iterator[Iterator[Record]]:
    """The rows of a small file that `check_upload` let pass. Refused: `broken`, with the line."""
    file.seek(0)
    head = file.read(8)
    file.seek(0)
    is_sheet = head.startswith((_ZIP, _OLE))
    with _of_sheet(file, SMALL_SECONDS) if is_sheet else _of_csv(file) as (records, _all_rows):
        yield _bounded(records)


def _table(records: Iterator[Record], all_rows: int, known: Iterable[str]) -> Table:
    first = list(islice(records, HEADER_WITHIN))
    wanted = {header_key(header) for header in known}
    several = [at for at, (_line, cells) in enumerate(first) if len(_filled(cells)) > 1]
    named = [at for at in several if wanted & {header_key(cell[:_MOST_HEADER]) for cell in first[at][1]}]
    if not several:
        raise _broken(_("見出しの行が見つかりません。1行に2列以上の見出しが必要です。"))
    at = named[0] if named else max(several, key=lambda at: (len(_filled(first[at][1])), -at))
    return Table(_unique(first[at][1]), chain(first[at + 1 :], records), max(0, all_rows - first[at][0]))


def _filled(cells: list[str]) -> set[str]:
    return {cell for cell in cells if cell.strip()}


def _unique(cells: list[str]) -> list[str]:
    """Headers on one line each; one that occurs twice is numbered, one that is missing is empty."""
    found: list[str] = []
    for cell in cells:
        header = squash(cell)[:_MOST_HEADER]
        number = 2
        while header and header in found:
            header = f"{squash(cell)[:_MOST_HEADER]} ({number})"
            number += 1
        found.append(header)
    return found


def _bounded(records: Iterator[Record]) -> Iterator[Record]:
    for number, (line, cells) in enumerate(records):
        if number > MOST_ROWS:
            raise _broken(_("行が多すぎます（%(most)s行まで）。") % {"most": f"{MOST_ROWS:,}"})
        if len(cells) > MOST_COLUMNS:
            raise _broken(_("%(line)s行目の列が多すぎます（%(most)s列まで）。") % {"line": line, "most": MOST_COLUMNS})
        yield line, cells


def _broken(message: str) -> Refused:
    return Refused(message, code="broken")


@contextmanager
def _of_csv(file: IO[bytes]) -> Iterator[tuple[Iterator[Record], int]]:
    encoding, lines = _encoding(file)
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, newline="")
    delimiter = _delimiter(text.read(_SAMPLE))
    text.seek(0)
    try:
        yield _csv_records(text, delimiter), lines
    finally:
        text.detach()


def _delimiter(sample: str) -> str:
    """What parts the columns: the mark that the longest row of the beginning has most often."""
    marks = {mark: max(line.count(mark) for line in sample.splitlines()[:HEADER_WITHIN] or [""]) for mark in ",\t;"}
    return max(marks, key=lambda mark: marks[mark])


def _csv_records(text: IO[str], delimiter: str) -> Iterator[Record]:
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            message = _('%(line)s行目から CSV として読めません。引用符（"）の閉じ忘れがないかご確認ください。')
            raise _broken(message % {"line": line}) from None
        yield line, cells


@dataclass(frozen=True)
class _Decoded:
    """How far a decoding went: all lines, or the line where it broke off, and whether there was Japanese before."""

    lines: int
    is_broken: bool = False
    has_japanese: bool = False


def _encoding(file: IO[bytes]) -> tuple[str, int]:
    """The encoding by which the whole file can be read, and how many lines it has."""
    head = file.read(4)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        tries = ["utf-16"]
    else:
        tries = ["utf-8-sig"] if head.startswith(codecs.BOM_UTF8) else ["utf-8", "cp932"]
    found = _decoded(file, tries[0])
    if not found.is_broken:
        return tries[0], found.lines
    if len(tries) > 1 and not found.has_japanese:  # Japanese in UTF-8 was meant as such
        other = _decoded(file, tries[1])
        if not other.is_broken:
            return tries[1], other.lines
        found = max(found, other, key=lambda one: one.lines)
    message = _("%(line)s行目に読めない文字があります。文字コード（Shift_JIS・UTF-8・UTF-16）をご確認ください。")
    raise _broken(message % {"line": found.lines})


def _decoded(file: IO[bytes], encoding: str) -> _Decoded:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    lines, has_japanese = 1, False
    file.seek(0)
    while True:
        piece = file.read(_PIECE)
        try:
            text = decoder.decode(piece, final=not piece)
            bad = _bad_at(text, encoding)
        except UnicodeDecodeError as error:
            text = error.object[: error.start].decode(encoding, "ignore")
            bad = len(text)
        if bad is not None:
            before = text[:bad]
            return _Decoded(lines + before.count("\n"), True, has_japanese or _is_japanese(before))
        lines += text.count("\n") or text.count("\r")
        has_japanese = has_japanese or _is_japanese(text)
        if not piece:
            return _Decoded(lines)


def _bad_at(text: str, encoding: str) -> int | None:
    """Where a character stands that no price list has."""
    if "\x00" in text:
        return text.index("\x00")
    if encoding == "cp932" and not text.isascii() and not _NOT_CP932.isdisjoint(text):
        return next(at for at, character in enumerate(text) if character in _NOT_CP932)
    return None


def _is_japanese(text: str) -> bool:
    return not text.isascii() and max(text) >= "\u3000"


@contextmanager
def _of_sheet(file: IO[bytes], seconds: int = sheets.MOST_SECONDS) -> Iterator[tuple[Iterator[Record], int]]:
    with tempfile.TemporaryFile() as copy:
        while piece := file.read(_PIECE):
            copy.write(piece)
        copy.seek(0)
        command = [sys.executable, "-m", sheets.__name__, str(seconds)]
        with subprocess.Popen(command, stdin=copy, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
            try:
                yield from _sheet_records(process)
            finally:
                process.kill()


def _sheet_records(process: "subprocess.Popen[bytes]") -> Iterator[tuple[Iterator[Record], int]]:
    if process.stdout is None:
        raise _broken(_("Excel ファイルを読み込めませんでした。"))
    with io.TextIOWrapper(process.stdout, encoding="utf-8", newline="") as text:
        number = text.readline().strip()
        if not number:
            raise _sheet_fault(process.wait())
        yield _rows_of_sheet(text, process), int(number)


def _rows_of_sheet(text: IO[str], process: "subprocess.Popen[bytes]") -> Iterator[Record]:
    yield from enumerate(csv.reader(text), start=1)
    if process.wait():
        raise _sheet_fault(process.returncode)


def _sheet_fault(code: int) -> Refused:
    """Why the process ended without a sheet."""
    if code == sheets.LOCKED:
        return _broken(_("パスワードで保護されたファイルは読み込めません。パスワードを解除して保存し直してください。"))
    if code == sheets.EMPTY:
        return _broken(_("表示されているシートにデータがありません。"))
    return _broken(_("Excel ファイルを読み込めませんでした。ファイルが壊れているか、シートが大きすぎます。"))
