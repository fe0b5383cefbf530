"""Drawings from elsewhere (SVG): only shapes, colours and text are kept; what could run, fetch or grow without end is not.

What is shown is written anew from what was understood, so nothing passes that is not listed here.
"""

import math
import re
from typing import Final
from xml.etree import ElementTree as ET

from django.utils.translation import gettext as _

from licenseonline.kit.errors import Refused

MOST_BYTES: Final = 100 * 1024
MOST_ELEMENTS: Final = 2000
MOST_DEPTH: Final = 20
MOST_SIDE: Final = 100_000
_NS: Final = "http://www.w3.org/2000/svg"
_HREF: Final = "{http://www.w3.org/1999/xlink}href"
_GRADIENTS: Final = {"linearGradient", "radialGradient"}
_ELEMENTS: Final = _GRADIENTS | {
    "svg", "g", "defs", "title", "desc", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan",
    "stop", "clipPath",
}  # fmt: skip
# What says how something is painted, as an attribute or inside style="…".
_PAINT: Final = {
    "fill", "fill-opacity", "fill-rule", "stroke", "stroke-width", "stroke-linecap", "stroke-linejoin", "stroke-miterlimit",
    "stroke-dasharray", "stroke-dashoffset", "stroke-opacity", "opacity", "color", "clip-path", "clip-rule", "stop-color",
    "stop-opacity", "font-family", "font-size", "font-style", "font-weight", "letter-spacing", "text-anchor", "display",
    "visibility",
}  # fmt: skip
_ATTRIBUTES: Final = _PAINT | {
    "id", "d", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "fx", "fy", "dx", "dy", "width", "height",
    "points", "transform", "offset", "gradientUnits", "gradientTransform", "spreadMethod", "clipPathUnits", "textLength",
}  # fmt: skip
_DOCTYPE: Final = re.compile(r"<!DOCTYPE[^\[>]*>", re.IGNORECASE)
_OWN_URL: Final = re.compile(r"^url\(\s*[\"']?(#[\w.-]{1,80})[\"']?\s*\)$")
_OWN_ID: Final = re.compile(r"^#[\w.-]{1,80}$")
_UNSAFE: Final = re.compile(r"url|script|import|expression|[<>&;{}\\@]|:|//", re.IGNORECASE)
_NUMBER: Final = re.compile(r"^\s*([0-9]*\.?[0-9]+(?:e[+-]?[0-9]{1,2})?)\s*(?:px)?\s*$", re.IGNORECASE)


def sanitized(content: bytes) -> str:
    """The drawing again, from its listed parts alone, with a viewBox. Scripts, handlers, links, pictures and the like are left out.

    Refused, field `logo`: `svg` (no SVG, too large, without a size, with a style sheet or an entity, too many or too deep parts).
    """
    if len(content) > MOST_BYTES:
        raise _refused(_("SVGファイルは100KBまでです。不要な情報を除いて書き出してください。"))
    try:
        text = _DOCTYPE.sub("", content.decode("utf-8-sig"), count=1)
        if "<!DOCTYPE" in text.upper() or "<!ENTITY" in text.upper():
            raise _refused(
                _(
                    "SVGファイルに実体参照（ENTITY）の定義が含まれています。「SVG 1.1、実体参照なし」で書き出してください。"
                )
            )
        root = ET.fromstring(text)  # noqa: S314  (without entities, and of bounded size)
    except (UnicodeDecodeError, ET.ParseError, ValueError):
        raise _refused(_("SVGファイルとして読み取れませんでした。")) from None
    if root.tag != f"{{{_NS}}}svg":
        raise _refused(_("SVGファイルとして読み取れませんでした。"))
    width, height = _size(root)
    if sum(1 for _each in root.iter()) > MOST_ELEMENTS:
        raise _refused(_("SVGファイルの図形が多すぎます。簡素なロゴにしてください。"))
    clean = _clean(root, 0)
    clean.attrib = {"viewBox": (root.get("viewBox") and _box(root.get("viewBox", ""))) or f"0 0 {width:g} {height:g}"}
    ET.register_namespace("", _NS)
    return ET.tostring(clean, encoding="unicode")


def picture(png: bytes, width: int, height: int) -> str:
    """A PNG of ours as a drawing, so that a logo is one kind of thing. `png` in base64."""
    source = f"data:image/png;base64,{png.decode()}"
    return f'<svg xmlns="{_NS}" viewBox="0 0 {width} {height}"><image width="{width}" height="{height}" href="{source}" /></svg>'


def _clean(element: ET.Element, depth: int) -> ET.Element:
    if depth > MOST_DEPTH:
        raise _refused(_("SVGファイルの構造が複雑すぎます。グループを解除して書き出してください。"))
    kind = element.tag.removeprefix(f"{{{_NS}}}")
    made = ET.Element(element.tag, _attributes(element, kind))
    made.text, made.tail = (element.text if kind in {"text", "tspan", "title", "desc"} else None), None
    for child in element:
        name = str(child.tag).removeprefix(f"{{{_NS}}}")
        if name == "style" and (child.text or "").strip():
            hint = _(
                "SVGファイルのスタイルシート（style要素）には対応していません。「プレゼンテーション属性」で書き出してください。"
            )
            raise _refused(hint)
        if name in _ELEMENTS - {"svg"} and str(child.tag).startswith("{" + _NS + "}"):
            inner = _clean(child, depth + 1)
            inner.tail = child.tail if kind in {"text", "tspan"} else None
            made.append(inner)
    return made


def _attributes(element: ET.Element, kind: str) -> dict[str, str]:
    found = {name: value for name, value in element.attrib.items() if name in _ATTRIBUTES}
    for declaration in element.get("style", "").split(";"):
        name, _colon, value = declaration.partition(":")
        if name.strip() in _PAINT:
            found[name.strip()] = value.strip()
    kept = {name: value for name, value in found.items() if not _UNSAFE.search(value) or _OWN_URL.match(value.strip())}
    target = element.get("href") or element.get(_HREF) or ""
    if kind in _GRADIENTS and _OWN_ID.match(target):
        kept["href"] = target
    return kept


def _size(root: ET.Element) -> tuple[float, float]:
    box = root.get("viewBox")
    sides = _box(box).split()[2:] if box else [root.get("width", ""), root.get("height", "")]
    numbers = [_NUMBER.match(side) for side in sides]
    width, height = (float(found[1]) if found else math.nan for found in numbers)
    if not (0 < width <= MOST_SIDE and 0 < height <= MOST_SIDE):
        raise _refused(_("SVGファイルに大きさ（viewBox または width と height）がありません。"))
    return width, height


def _box(text: str) -> str:
    parts = text.replace(",", " ").split()
    try:
        numbers = [float(part) for part in parts]
    except ValueError:
        numbers = []
    if len(numbers) != 4 or not all(math.isfinite(number) for number in numbers):  # noqa: PLR2004  (x, y, width, height)
        raise _refused(_("SVGファイルの大きさ（viewBox）を読み取れませんでした。"))
    return " ".join(f"{number:g}" for number in numbers)


def _refused(message: str) -> Refused:
    return Refused(message, code="svg", field="logo")
