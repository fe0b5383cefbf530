"""PDF/A documents from a typst template and data: the same input gives the same bytes, on every machine.

Data goes in as JSON and is never put into the template's text, so nothing in it can act as markup or read a file.
"""

import json
import re
import threading
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final

import typst
from fontTools.ttLib import TTFont

FONT_PACKAGES: Final = ("noto_cjk_sans_jp_regular", "noto_cjk_sans_jp_bold")
GETA: Final = "〓"  # what Japanese typesetters set for a character they have no type for
MAX_IMAGE: Final = 1_000_000  # bytes; a logo or a seal, not a photograph
MAX_PIXELS: Final = 4_000_000  # a few kB of PNG can hold gigabytes of pixels

# Parts of one emoji: what is joined to it, its skin colour, its presentation. One 〓 stands for the whole.
_EMOJI_PARTS = re.compile("\u200d[\u2600-\u27bf\U0001f000-\U0001faff]|[\U0001f3fb-\U0001f3ff\ufe0e\ufe0f]")
_CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]+")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ud800-\udfff\U000e0100-\U000e01ef]+")

# What could draw in other files or blow up: images within the image, and entities that could hide them.
_SVG_LOADS = re.compile(rb"<([\w.-]+:)?(fe)?image\b|<!ENTITY", re.IGNORECASE)


class _PerThread(threading.local):
    def __init__(self) -> None:
        self.compilers: dict[Path, typst.Compiler] = {}


_per_thread = _PerThread()


def render(
    template: Path,
    data: Mapping[str, object],
    *,
    images: Mapping[str, bytes] | None = None,
    timestamp: datetime,
) -> bytes:
    """A PDF/A-3b of the template with the data, a pure function of its arguments.

    The template reads `json(bytes(sys.inputs.data))` and `json(bytes(sys.inputs.images))`, in which each image is
    an array of bytes for `image(bytes(…))`: PNG, or SVG without embedded or linked images. It sees only files beside
    it and the Noto fonts. Characters without a glyph become 〓. `timestamp` is aware and becomes the file's date.
    Refused: a naive timestamp, another or a large image (ValueError), a faulty template or image (typst.TypstError).
    """
    return _compile(_compiler(template.resolve()), data, images or {}, timestamp)


def printable(text: str) -> str:
    """The text with only what the fonts can print: no control characters but line breaks, 〓 for unknown characters."""
    text = _INVISIBLE.sub("", _CONTROLS.sub(" ", _EMOJI_PARTS.sub("", text.replace("\r\n", "\n"))))
    known = _characters()
    if known.issuperset(text):
        return text
    # Composing first saves decomposed kana and accents; only where needed, as it modernises some kanji of names.
    return "".join(c if c in known else GETA for c in unicodedata.normalize("NFC", text))


def _compile(
    compiler: typst.Compiler, data: Mapping[str, object], images: Mapping[str, bytes], timestamp: datetime
) -> bytes:
    if timestamp.utcoffset() is None:
        message = "the timestamp needs a time zone"
        raise ValueError(message)
    for name, image in images.items():
        if not _is_safe_image(image):
            message = f"image {name} is neither a plain SVG nor a PNG, or too large"
            raise ValueError(message)
    inputs = {
        "data": json.dumps(_printable(data), ensure_ascii=False, sort_keys=True),
        "images": json.dumps({name: list(image) for name, image in images.items()}),
    }
    result = compiler.compile(
        format="pdf", sys_inputs=inputs, pdf_standards=["a-3b"], timestamp=int(timestamp.timestamp())
    )
    if not isinstance(result, bytes):
        message = "typst returned no document"
        raise TypeError(message)
    return result


def _is_safe_image(image: bytes) -> bool:
    if len(image) > MAX_IMAGE:
        return False
    if image.startswith(b"\x89PNG\r\n\x1a\n") and image[12:16] == b"IHDR":
        return int.from_bytes(image[16:20]) * int.from_bytes(image[20:24]) <= MAX_PIXELS
    return image.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<") and not _SVG_LOADS.search(image)


def _printable(value: object) -> object:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, Mapping):
        return {key: _printable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(item) for item in value]
    return value


def _compiler(template: Path) -> typst.Compiler:
    """One per thread and template: a shared one refuses a second thread with "Already borrowed"."""
    compilers = _per_thread.compilers
    if template not in compilers:
        compilers[template] = typst.Compiler(
            template, root=template.parent, font_paths=_fonts(), ignore_system_fonts=True
        )
    return compilers[template]


@cache
def _font_files() -> tuple[Path, ...]:
    return tuple(path for package in FONT_PACKAGES for path in sorted(Path(str(files(package))).glob("*.otf")))


@cache
def _fonts() -> typst.Fonts:
    """The fonts of our own wheels only: a system's fonts would make the same document differ between machines."""
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=sorted({path.parent for path in _font_files()}),
    )


@cache
def _characters() -> frozenset[str]:
    """Every character that all our weights can print, and the line break."""
    tables: list[set[int]] = []
    for path in _font_files():
        with TTFont(path, lazy=True) as font:
            tables.append(set(font.getBestCmap()))
    return frozenset(map(chr, set.intersection(*tables))) | {"\n"}
