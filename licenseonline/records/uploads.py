"""Files that people hand in are hostile: what they are is read from their bytes, and their name is only text."""

import hashlib
import re
from collections.abc import Collection
from dataclasses import dataclass

from django.core.files import File
from django.utils.translation import gettext as _

from licenseonline.kit.errors import Refused
from licenseonline.kit.text import squash
from licenseonline.records import file_kinds, scanning
from licenseonline.records.file_kinds import FileKind

MOST_BYTES = 10 * 1024 * 1024
MOST_RECEIVED = 50 * 1024 * 1024
MOST_NAME = 200

# First bytes → content type and the ending that a reader's machine opens it by.
_TYPES = {
    b"%PDF-": ("application/pdf", "pdf"),
    b"\x89PNG\r\n\x1a\n": ("image/png", "png"),
    b"\xff\xd8\xff": ("image/jpeg", "jpg"),
}
_ENDINGS = {"pdf": {"pdf"}, "png": {"png"}, "jpg": {"jpg", "jpeg"}}
_ENDINGS |= {kind.ending: {kind.ending, *kind.also} for kind in file_kinds.PAPERS}
_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f:*?"<>|]+')


@dataclass(frozen=True, slots=True)
class Upload:
    """A checked file: its bytes, a harmless name, and the type found in its content."""

    content: bytes
    name: str
    content_type: str


@dataclass(frozen=True, slots=True)
class Received:
    """A large file that was looked at and is not kept yet: its content stays on the disk, see `files.keep_received`."""

    file: "File[bytes]"
    name: str
    content_type: str
    size: int
    sha256: str
    scan: str


def receive(file: "File[bytes]", *, kinds: Collection[FileKind] = file_kinds.PAPERS) -> Received:
    """The handed-in file, when its content is of one of these kinds and at most 50 MB; it is never in memory as a whole.

    Refused: `upload` (too large, empty, another kind of content, a ZIP built to harm), `infected`, `scanner`.
    """
    digest, size = hashlib.sha256(), 0
    for piece in file.chunks():
        size += len(piece)
        if size > MOST_RECEIVED:
            raise Refused(_("ファイルは1つ 50MB 以内にしてください。"), code="upload")
        digest.update(piece)
    content = file.file
    if not size or content is None:
        raise Refused(_("ファイルの中身が空です。"), code="upload")
    kind = file_kinds.find(content)
    if kind is None or kind not in kinds:
        message = _("受け付けられるのは PDF、JPEG、PNG、HEIC、Excel、Word、ZIP のファイルです。中身をご確認ください。")
        raise Refused(message, code="upload")
    name = _harmless(file.name or "", kind.ending)
    return Received(file, name, kind.content_type, size, digest.hexdigest(), scanning.check(content))


def check(file: "File[bytes]") -> Upload:
    """The handed-in file, when it is a PDF, PNG or JPEG of at most 10 MB, whatever its name and header say.

    Refused: `upload` (too large, empty, another kind of content).
    """
    if (file.size or 0) > MOST_BYTES:
        raise Refused(_("ファイルは 10MB 以内にしてください。"), code="upload")
    content = file.read(MOST_BYTES + 1)
    found = next((kind for magic, kind in _TYPES.items() if content.startswith(magic)), None)
    if found is None or len(content) > MOST_BYTES:
        message = _("PDF、PNG、JPEG 以外のファイルは受け付けられません。ファイルの中身をご確認ください。")
        raise Refused(message, code="upload")
    content_type, ending = found
    return Upload(content=content, name=_harmless(file.name or "", ending), content_type=content_type)


def _harmless(name: str, ending: str) -> str:
    """The last part of the name without what systems treat specially, at most 200 characters, ending as its content is."""
    last = re.split(r"[/\\]", name)[-1]
    stem = squash(_NOT_IN_NAMES.sub("", last)).strip(". ") or _("証書")
    if "." in stem and stem.rpartition(".")[2].lower() in _ENDINGS[ending]:
        stem = stem.rpartition(".")[0]
    return f"{stem[: MOST_NAME - len(ending) - 1]}.{ending}"
