"""Logos from elsewhere: what is kept of a drawing, and what is not."""

import struct
import zlib
from xml.etree import ElementTree as ET

import pytest

from licenseonline.kit import pictures, svg
from licenseonline.kit.errors import Refused

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 240 48">'


def drawn(inside: str, head: str = HEAD) -> str:
    return svg.sanitized(f"{head}{inside}</svg>".encode())


@pytest.mark.parametrize(
    "bad",
    [
        "<script>alert(1)</script>",
        '<rect onload="alert(1)" width="1" height="1"/>',
        "<foreignObject><body xmlns='http://www.w3.org/1999/xhtml'>x</body></foreignObject>",
        '<image href="https://evil.example/x.png" width="1" height="1"/>',
        '<use href="#a"/>',
        '<a href="javascript:alert(1)"><rect width="1" height="1"/></a>',
        '<animate attributeName="x" to="9"/>',
        '<rect fill="url(https://evil.example/#a)" width="1" height="1"/>',
        '<rect style="fill:url(//evil.example/a);background:url(x)" width="1" height="1"/>',
        '<linearGradient href="https://evil.example/#a"/>',
        '<set attributeName="href" to="javascript:alert(1)"/>',
        '<script xmlns="http://www.w3.org/1999/xhtml">alert(1)</script>',
        "<!-- evil --><?evil x?>",
    ],
)
def test_what_runs_or_fetches_is_left_out(bad: str) -> None:
    clean = drawn(f'{bad}<path d="M0 0h9" fill="#123456"/>')
    for word in ("script", "evil", "onload", "foreign", "use", "animate", "<a", "<image", "javascript"):
        assert word not in clean.lower(), word
    assert 'd="M0 0h9"' in clean
    ET.fromstring(clean)  # noqa: S314  (what we made)


def test_shapes_colours_gradients_and_text_stay() -> None:
    inside = (
        '<defs><linearGradient id="g" xlink:href="#h"><stop offset="0" style="stop-color:#fff;stop-opacity:.5"/></linearGradient>'
        '</defs><g transform="translate(1 2)"><circle cx="5" cy="5" r="4" fill="url(#g)" style="stroke: #000; filter: url(#f)"/>'
        '<text x="1" y="9" font-family="sans-serif">株式会社<tspan dy="2">北</tspan>日本</text></g>'
    )
    clean = drawn(inside)
    for kept in (
        'href="#h"',
        'stop-color="#fff"',
        'fill="url(#g)"',
        'stroke="#000"',
        "株式会社",
        ">日本</",
        'viewBox="0 0 240 48"',
    ):
        assert kept in clean, kept
    assert "filter" not in clean
    assert drawn("", "<!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.1//EN' 'http://x'>" + HEAD)
    assert 'viewBox="0 0 24 12"' in drawn("", '<svg xmlns="http://www.w3.org/2000/svg" width="24px" height="12">')


@pytest.mark.parametrize(
    "content",
    [
        b"not a drawing",
        b"<svg></svg>",
        b"\xff\xfe",
        f"{HEAD}<style>.a{{fill:red}}</style></svg>".encode(),
        b'<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + f"{HEAD}<text>&b;</text></svg>".encode(),
        b'<svg xmlns="http://www.w3.org/2000/svg"/>',
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 0 0"/>',
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 nan 5"/>',
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="a"/>',
        f"{HEAD}{'<g>' * 30}{'</g>' * 30}</svg>".encode(),
        f"{HEAD}{'<g/>' * 3000}</svg>".encode(),
        f"{HEAD}{' ' * 200_000}</svg>".encode(),
    ],
)
def test_what_is_no_plain_drawing_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(Refused, match="SVG") as refused:
        svg.sanitized(content)
    assert refused.value.field == "logo"


def a_png(width: int = 2, height: int = 2) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = (b"\0" + b"\x10\x20\x30" * width) * height
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    text = chunk(b"tEXt", b"Comment\0secret")
    return pictures.SIGNATURE + chunk(b"IHDR", head) + text + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def test_a_picture_is_drawn_anew() -> None:
    made, width, height = pictures.png(a_png(), field="seal")
    assert (width, height) == (2, 2)
    assert made.startswith(pictures.SIGNATURE)
    assert b"secret" not in made


@pytest.mark.parametrize("content", [b"", b"GIF89a", pictures.SIGNATURE + b"x", a_png(2001, 1), b"x" * 2_000_000])
def test_what_is_no_small_picture_is_refused(content: bytes) -> None:
    with pytest.raises(Refused) as refused:
        pictures.png(content, field="seal")
    assert (refused.value.code, refused.value.field) == ("png", "seal")
