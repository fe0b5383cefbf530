"""PDFs: what stands on a quotation, that its bytes are reproducible, and that data stays data."""

import hashlib
import io
import json
import struct
import subprocess
import sys
import zlib
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pypdf
import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st

import licenseonline.sales
from licenseonline.kit import money, pdf

TEMPLATE = Path(licenseonline.sales.__path__[0]) / "quote.typ"
MOMENT = datetime(2026, 11, 23, 9, 30, tzinfo=timezone(timedelta(hours=9)))
LOGO = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 10"><rect width="40" height="10" fill="#0b63b6"/></svg>'
)


def png(width: int, height: int, pixels: bytes | None = None) -> bytes:
    """A translucent red rectangle, or a header that lies about its pixels."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    rows = pixels if pixels is not None else (b"\0" + b"\xc8\x1e\x1e\xb4" * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


SEAL = png(32, 32)


def line(no: int = 1, **changes: object) -> dict[str, Any]:
    return {
        "no": no,
        "model_number": "TM-VBBSS-10-N1",
        "name": "ウイルスバスター ビジネスセキュリティサービス",
        "note": "新規・1年・コーポレート",
        "quantity": 3,
        "unit": "ライセンス",
        "unit_price": 105,
        "amount": 315,
        "tax_rate": 10,
    } | changes


def quote(lines: list[dict[str, Any]], **changes: object) -> dict[str, Any]:
    sums = money.totals([(each["amount"], each["tax_rate"]) for each in lines], money.Rounding.FLOOR)
    return {
        "title": "御見積書",
        "number": "Q2611-00001",
        "revision": 1,
        "issued_on": "2026-11-23",
        "valid_until": "2026-11-30",
        "subject": "ソフトウェア更新の件",
        "store": {"id": 87465, "name": "青空ライセンスストア"},
        "seller": {
            "name": "株式会社青空システムズ",
            "postal_code": "105-0011",
            "address": "東京都港区芝公園4-2-8",
            "phone": "03-1234-5678",
            "email": "license@aozora.example",
            "registration_number": "T7123456789012",
            "desk_name": "販売窓口 佐藤",
            "hours": "平日 9:00〜17:30",
        },
        "buyer": {
            "company": "株式会社みなと製作所",
            "department": "情報システム部",
            "person": "山田 太郎",
            "postal_code": "220-0012",
            "address": "横浜市西区みなとみらい2-3-1",
        },
        "lines": lines,
        "net": sums.net,
        "taxes": [{"rate": g.rate_percent, "base": g.base_yen, "tax": g.tax_yen} for g in sums.groups],
        "total": sums.gross,
        "delivery": "ご入金確認後 5営業日",
        "payment": "銀行振込（前払い）",
        "terms": ["ご注文後のキャンセル・返品はお受けできません。"],
        "terms_version": "2026-04-01",
        "note": "",
    } | changes


def pages(data: dict[str, Any], images: dict[str, bytes] | None = None) -> list[str]:
    """The text of each page, without spaces and line breaks, as columns wrap."""
    document = pypdf.PdfReader(io.BytesIO(pdf.render(TEMPLATE, data, images=images, timestamp=MOMENT)))
    return ["".join(page.extract_text().split()).replace("\u200b", "") for page in document.pages]


def test_a_quotation_says_what_an_approval_needs() -> None:
    lines = [line(1), line(2, name="Microsoft 365", amount=1_234_500), line(3, name="飲料水", amount=300, tax_rate=8)]
    (page,) = pages(quote(lines, note="納品先：横浜本社"), {"logo": LOGO, "seal": SEAL})
    for wanted in (
        "御見積書",
        "Q2611-00001",
        "2026年11月23日",
        "2026年11月30日まで",
        "株式会社みなと製作所情報システム部山田太郎様",
        "株式会社青空システムズ",
        "登録番号T7123456789012",
        "担当販売窓口佐藤",
        "ソフトウェア更新の件",
        "TM-VBBSS-10-N1",
        "新規・1年・コーポレート",
        "飲料水※",
        "¥1,235,115",
        "消費税（10%対象¥1,234,815）¥123,481",
        "消費税（8%対象¥300）¥24",
        "¥1,358,620",
        "ご入金確認後5営業日",
        "銀行振込（前払い）",
        "納品先：横浜本社",
        "条件書2026-04-01",
        "1/1ページ",
    ):
        assert wanted in page


@pytest.mark.parametrize(
    ("buyer", "address"),
    [
        ({"company": "みなと", "department": "", "person": ""}, "みなと御中"),
        ({"company": "みなと", "department": "総務部", "person": ""}, "みなと総務部御中"),
        ({"company": "みなと", "department": "", "person": "山田"}, "みなと山田様"),
    ],
)
def test_only_the_last_name_of_an_address_is_honoured(buyer: dict[str, str], address: str) -> None:
    (page,) = pages(quote([line()], buyer=buyer))
    assert address in page
    assert page.count("御中") + page.count("様") == 1


def test_a_long_quotation_repeats_its_header_and_number_on_each_page() -> None:
    found = pages(quote([line(no, name=f"製品{no:03}") for no in range(1, 101)]))
    assert len(found) > 2
    for number, page in enumerate(found, start=1):
        assert f"{number}/{len(found)}ページ" in page
        assert "Q2611-00001" in page
    for page in found[:-1]:
        assert "型番品名" in page
    text = "".join(found)
    assert all(f"製品{no:03}" in text for no in range(1, 101))
    assert text.count("合計（税込）") == 1


def test_a_revision_a_discount_and_an_open_date_are_shown() -> None:
    (page,) = pages(quote([line(), line(2, name="値引", amount=-100, unit_price=-100)], revision=3, issued_on=""))
    assert "第3版" in page
    assert "-100" in page
    assert "2026年11月23日" not in page


def test_long_words_wrap_inside_their_column() -> None:
    long = line(model_number="M" * 60, name="N" * 200 + "長" * 200, unit_price=10**12, amount=10**13)
    (page,) = pages(quote([long], seller=quote([])["seller"] | {"name": "社" * 60}))
    assert page.count("M") >= 60
    assert "長" * 200 in page
    assert "¥11,000,000,000,000" in page


def test_characters_without_a_glyph_become_geta() -> None:
    (page,) = pages(quote([line(name="特価😀👨\u200d👩\u200d👧👍🏽セット\U00020bb7野家 髙﨑 か\u3099\x07\ud800")]))
    assert "特価〓〓〓セット\U00020bb7野家髙﨑が" in page


def test_markup_and_code_in_data_are_only_text() -> None:
    nasty = '#read("quote.typ") *x* $y$ <a> @b \\ "c" ${d} #image("/etc/passwd")'
    (page,) = pages(quote([line(name=nasty)], note=nasty, subject=nasty))
    assert page.count("".join(nasty.split())) == 3


@settings(max_examples=25, deadline=None)
@given(st.text(st.characters(exclude_categories=()), max_size=40))
def test_any_text_can_be_printed(anything: str) -> None:
    data = quote([line(name=anything, note=anything)], note=anything, subject=anything)
    assert pdf.render(TEMPLATE, data, timestamp=MOMENT).startswith(b"%PDF-")


SCRIPT = """
import hashlib, json, sys
from datetime import datetime
from pathlib import Path
from licenseonline.kit import pdf
job = json.load(sys.stdin)
images = {name: bytes(image) for name, image in job["images"].items()}
moment = datetime.fromisoformat(job["moment"])
print(hashlib.sha256(pdf.render(Path(job["template"]), job["data"], images=images, timestamp=moment)).hexdigest())
"""


def test_two_processes_make_the_same_bytes() -> None:
    data = quote([line(no) for no in range(1, 30)])
    images = {"logo": LOGO, "seal": SEAL}
    here = pdf.render(TEMPLATE, data, images=images, timestamp=MOMENT)
    job = {
        "template": str(TEMPLATE),
        "data": data,
        "images": {name: list(image) for name, image in images.items()},
        "moment": MOMENT.astimezone(UTC).isoformat(),
    }
    root = Path(licenseonline.__path__[0]).parent
    there = subprocess.run(
        [sys.executable, "-c", SCRIPT], input=json.dumps(job), capture_output=True, text=True, check=True, cwd=root
    )
    assert there.stdout.strip() == hashlib.sha256(here).hexdigest()
    assert pdf.render(TEMPLATE, data, images=images, timestamp=MOMENT + timedelta(seconds=1)) != here


def test_threads_render_at_the_same_time() -> None:
    data = quote([line()])
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: pdf.render(TEMPLATE, data, timestamp=MOMENT), range(12)))
    assert len(set(made)) == 1


def test_the_file_is_pdf_a_with_embedded_fonts_and_says_what_it_is() -> None:
    made = pdf.render(TEMPLATE, quote([line()]), images={"seal": SEAL}, timestamp=MOMENT)
    document = pypdf.PdfReader(io.BytesIO(made))
    assert document.metadata is not None
    assert document.metadata.title == "御見積書 Q2611-00001"
    assert document.metadata.author == "株式会社青空システムズ"
    assert document.metadata.creation_date == MOMENT
    assert b"pdfaid:part>3" in made
    assert b"pdfaid:conformance>B" in made
    assert len(document.pages[0].images) == 1
    fonts = {str(font) for font in document.pages[0]["/Resources"]["/Font"].values() for font in [font["/BaseFont"]]}  # type: ignore[index]  # pypdf types no dictionaries
    assert fonts
    assert all("NotoSansCJKjp" in font for font in fonts)


@pytest.mark.parametrize("image", [LOGO, SEAL, b"\xef\xbb\xbf \n" + LOGO], ids=["svg", "png", "svg with a mark"])
def test_plain_images_are_accepted(image: bytes) -> None:
    assert pdf.render(TEMPLATE, quote([line()]), images={"logo": image}, timestamp=MOMENT).startswith(b"%PDF-")


@pytest.mark.parametrize(
    "image",
    [
        b"",
        b"hello",
        b"<svg",
        b"<html></html>",
        b"GIF89a",
        SEAL[:60],
        png(60_000, 60_000, b""),
        LOGO + b" " * pdf.MAX_IMAGE,
        LOGO.replace(b"<rect", b'<image href="quote.typ" width="9" height="9"/><rect'),
        LOGO.replace(b"<rect", b'<x:image href="file:///etc/passwd" width="9" height="9"/><rect'),
        b'<!DOCTYPE s [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + LOGO,
        LOGO.replace(b"<rect", "<text y='9' font-family='Noto Sans CJK JP'>😀</text><rect".encode()),
        LOGO.decode().encode("utf-16"),
    ],
    ids=range(13),
)
def test_images_that_would_fail_or_load_others_are_refused(image: bytes) -> None:
    with pytest.raises((ValueError, typst.TypstError)):
        pdf.render(TEMPLATE, quote([line()]), images={"logo": image}, timestamp=MOMENT)


def test_a_timestamp_names_an_instant() -> None:
    with pytest.raises(ValueError, match="time zone"):
        pdf.render(TEMPLATE, quote([line()]), timestamp=MOMENT.replace(tzinfo=None))


def test_a_template_reads_nothing_outside_its_folder(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    folder = tmp_path / "templates"
    folder.mkdir()
    template = folder / "reads.typ"
    template.write_text('#read("../secret.txt")')
    with pytest.raises(typst.TypstError):
        pdf.render(template, {}, timestamp=MOMENT)
