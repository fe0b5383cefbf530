"""What a file is, by its bytes: papers come as PDF, picture, Excel, Word, or a ZIP of those. Names are never asked."""

import lzma
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, Final

from django.utils.translation import gettext as _

from licenseonline.kit.errors import Refused

MOST_PARTS: Final = 300
MOST_UNPACKED: Final = 300 * 1024 * 1024
MOST_RATIO: Final = 100  # unpacked to packed, of what unpacks to more than:
_HARMLESS: Final = 20 * 1024 * 1024
_PIECE: Final = 256 * 1024
_HEAD: Final = 512
_ZIP: Final = b"PK"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED: Final = 0x1


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of content: its type, the ending that a reader's machine opens it by, and other endings that mean the same."""

    content_type: str
    ending: str
    also: tuple[str, ...] = ()

    @property
    def is_drawn(self) -> bool:
        """Whether there is a preview of it."""
        return self in {PDF, PNG, JPEG, HEIC}


_OFFICE: Final = "application/vnd.openxmlformats-officedocument"
PDF = FileKind("application/pdf", "pdf")
PNG = FileKind("image/png", "png")
JPEG = FileKind("image/jpeg", "jpg", ("jpeg",))
HEIC = FileKind("image/heic", "heic", ("heif",))
XLSX = FileKind(f"{_OFFICE}.spreadsheetml.sheet", "xlsx")
DOCX = FileKind(f"{_OFFICE}.wordprocessingml.document", "docx")
XLS = FileKind("application/vnd.ms-excel", "xls")
DOC = FileKind("application/msword", "doc")
ZIP = FileKind("application/zip", "zip")
PAPERS: Final = (PDF, PNG, JPEG, HEIC, XLSX, DOCX, XLS, DOC, ZIP)

_BEGINNINGS: Final = ((b"%PDF-", PDF), (b"\x89PNG\r\n\x1a\n", PNG), (b"\xff\xd8\xff", JPEG))
_HEIC_BRANDS: Final = {b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"}
# Archives and programs have no place in a ZIP.
_NESTED: Final = (
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
    b"BZh",
    b"\xfd7zXZ",
    b"MSCF",
    b"MZ",
    b"\x7fELF",
)


def find(file: IO[bytes]) -> FileKind | None:
    """The kind of the content, None for any other. Refused (`upload`): a ZIP, Excel or Word file that is built to harm."""
    file.seek(0)
    head = file.read(_HEAD)
    for beginning, kind in _BEGINNINGS:
        if head.startswith(beginning):
            return kind
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS:
        return HEIC
    if head.startswith(_OLE):
        return _ole_kind(file)
    return _packed_kind(file) if head.startswith(_ZIP) else None


def listing(file: IO[bytes]) -> list[tuple[str, int]]:
    """The names and sizes in a ZIP that was received, for who reviews it; names are only text."""
    with zipfile.ZipFile(file) as packed:
        return [(part.filename[:200], part.file_size) for part in packed.infolist() if not part.is_dir()]


def _refused(message: str) -> Refused:
    return Refused(message, code="upload")


def _ole_kind(file: IO[bytes]) -> FileKind | None:
    """Excel's and Word's old files are known by the names of their streams; macros by theirs."""
    marks = {name: name.encode("utf-16-le") for name in ("Workbook", "Book", "WordDocument", "_VBA_PROJECT", "Macros")}
    found: set[str] = set()
    before = b""
    file.seek(0)
    while piece := file.read(_PIECE):
        found |= {name for name, mark in marks.items() if mark in before + piece}
        before = piece[-64:]
    if "_VBA_PROJECT" in found:
        raise _macros()
    if "WordDocument" in found:
        return DOC
    return XLS if found & {"Workbook", "Book"} else None


def _macros() -> Refused:
    return _refused(_("マクロを含むファイルは受け付けられません。マクロのない形式か PDF で保存し直してください。"))


def _packed_kind(file: IO[bytes]) -> FileKind:
    try:
        with zipfile.ZipFile(file) as packed:
            parts = packed.infolist()
            _check_bounds(parts)
            office = _office_kind({part.filename for part in parts})
            if office is None:
                _check_names(parts)
            for _part, head, content in _unpacked(packed, parts):
                if office is None:
                    _check_part(head, content)
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, ValueError, EOFError, RuntimeError) as fault:
        # An encrypted part is a plain RuntimeError; a way of packing that nobody knows is one of its kinds.
        raise _locked() if type(fault) is RuntimeError else _broken() from None
    return office or ZIP


def _broken() -> Refused:
    return _refused(_("ファイルが壊れているか、読み込めない形式です。開けるかどうかご確認ください。"))


def _locked() -> Refused:
    return _refused(_("パスワード付きのファイルは受け付けられません。パスワードを外してからお送りください。"))


def _check_bounds(parts: list[zipfile.ZipInfo]) -> None:
    packed, unpacked = (sum(getattr(part, name) for part in parts) for name in ("compress_size", "file_size"))
    bombs = unpacked > _HARMLESS and unpacked > MOST_RATIO * max(packed, 1)
    if bombs or unpacked > MOST_UNPACKED or len(parts) > MOST_PARTS:
        raise _too_large()
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise _locked()


def _too_large() -> Refused:
    return _refused(_("展開すると大きすぎるファイルです。ファイルを分けるか、PDF でお送りください。"))


def _office_kind(names: set[str]) -> FileKind | None:
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise _macros()
    if "[Content_Types].xml" not in names:
        return None
    return XLSX if "xl/workbook.xml" in names else DOCX if "word/document.xml" in names else None


def _check_names(parts: list[zipfile.ZipInfo]) -> None:
    """No way out of the folder that somebody unpacks into, and no links."""
    for part in parts:
        pieces = part.orig_filename.replace("\\", "/").split("/")
        is_link = stat.S_ISLNK(part.external_attr >> 16)
        if ".." in pieces or not pieces[0] or ":" in pieces[0] or "\0" in part.orig_filename or is_link:
            raise _refused(_("ZIP の中に、安全に展開できないファイルがあります。中のファイルを個別にお送りください。"))
    if not any(not part.is_dir() for part in parts):
        raise _refused(_("ZIP の中にファイルがありません。"))


def _unpacked(
    packed: zipfile.ZipFile, parts: list[zipfile.ZipInfo]
) -> Iterator[tuple[zipfile.ZipInfo, bytes, IO[bytes]]]:
    """Each part's first bytes and its content on the disk; what it really is in size counts, not what the ZIP says."""
    left = MOST_UNPACKED
    for part in parts:
        with packed.open(part) as content, tempfile.TemporaryFile() as copy:
            while piece := content.read(_PIECE):
                left -= len(piece)
                if left < 0:
                    raise _too_large()
                copy.write(piece)
            copy.seek(0)
            yield part, copy.read(_HEAD), copy


def _check_part(head: bytes, content: IO[bytes]) -> None:
    """Excel and Word files are ZIPs that may lie in a ZIP; other archives and programs may not."""
    is_tar = head[257:262] == b"ustar"
    if not is_tar and not head.startswith(_NESTED):
        return
    if head.startswith(_ZIP):
        with suppress(zipfile.BadZipFile), zipfile.ZipFile(content) as inner:
            _check_bounds(inner.infolist())
            if _office_kind({part.filename for part in inner.infolist()}):
                return
    message = _("ZIP の中の圧縮ファイルやプログラムは受け付けられません。中のファイルを個別にお送りください。")
    raise _refused(message)
