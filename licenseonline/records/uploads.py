"""Files that people hand in are hostile: what they are is read from their bytes, and their name is only text."""

import re
from dataclasses import dataclass

from django.core.files import File
from django.utils.translation import gettext as _

from licenseonline.kit.errors import Refused
from licenseonline.kit.text import squash

MOST_BYTES = 10 * 1024 * 1024
MOST_NAME = 200

# First bytes → content type and the ending that a reader's machine opens it by.
_TYPES = {
    b"%PDF-": ("application/pdf", "pdf"),
    b"\x89PNG\r\n\x1a\n": ("image/png", "png"),
    b"\xff\xd8\xff": ("image/jpeg", "jpg"),
}
_ENDINGS = {"pdf": {"pdf"}, "png": {"png"}, "jpg": {"jpg", "jpeg"}}
_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f:*?"<>|]+')


@dataclass(frozen=True, slots=True)
class Upload:
    """A checked file: its bytes, a harmless name, and the type found in its content."""

    content: bytes
    name: str
    content_type: str


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
