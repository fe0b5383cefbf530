"""The quotation's PDF by the product (typst) against the same page by WeasyPrint, in one process, in turn.

Runs in var/bench/venv, which holds requirements/bench.txt. Both use the same font files and write PDF/A-3b.
"""

import argparse
import base64
import os
import time
from collections.abc import Callable
from datetime import UTC, datetime
from html import escape
from importlib.resources import files
from pathlib import Path
from statistics import median
from typing import Any

from bench import place, table
from licenseonline.kit import pdf

GOAL = 10.0
_AT = datetime(2026, 11, 23, tzinfo=UTC)
_SALES = place.ROOT / "licenseonline" / "sales"
_DATA = place.ROOT / "licenseonline" / "demo" / "data"
_LOGO, _SEAL = (_DATA / "logo-87465.svg").read_bytes(), (_DATA / "seal-87465.png").read_bytes()


def main() -> None:
    parser = argparse.ArgumentParser(prog="bin/bench pdf", description="typst against WeasyPrint.")
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    weasyprint = _weasyprint()
    rows, kept = [], {}
    for pages, lines in ((1, 10), (10, 200)):
        times: dict[str, list[float]] = {"typst": [], "WeasyPrint": []}
        sizes: dict[str, int] = {}
        makers: dict[str, Callable[[dict[str, Any]], bytes]] = {"typst": _typst, "WeasyPrint": weasyprint}
        for number in range(options.rounds + 1):
            document = quotation(lines, number)
            for name, make in makers.items():
                began = time.perf_counter()
                made = make(document)
                times[name].append(time.perf_counter() - began)
                sizes[name] = len(made)
        ours, theirs = (median(times[name][1:]) * 1000 for name in times)  # the first one warms
        goal = [f"{GOAL:.0f}×", table.verdict(theirs / ours, GOAL)] if pages == 1 else ["", ""]
        kilobytes = [f"{sizes[name] / 1024:.0f}" for name in times]
        rows.append(
            [f"{pages} ({lines} lines)", f"{ours:.1f}", f"{theirs:.0f}", f"{theirs / ours:.1f}×", *goal, *kilobytes]
        )
        kept[str(pages)] = times
    table.keep("pdf", kept)
    print(table.machine())
    print(
        table.markdown(["pages", "typst ms", "WeasyPrint ms", "ratio", "target", "", "typst KB", "WeasyPrint KB"], rows)
    )


def quotation(lines: int, number: int) -> dict[str, Any]:
    """A snapshot as the product freezes it; another one for every number, so that nothing is remembered."""
    rows = [
        {
            "no": n, "model_number": f"VBBSS-{number:02}-{n:04}", "quantity": n, "unit": "ライセンス", "unit_price": 4860,
            "name": f"ウイルスバスター ビジネスセキュリティサービス 1年 新規 {n}～{n + 9}",
            "note": "新規 / コーポレート / 1年", "amount": 4860 * n, "tax_rate": 10,
        }
        for n in range(1, lines + 1)
    ]  # fmt: skip
    net = sum(int(str(row["amount"])) for row in rows)
    return {
        "title": "御見積書", "number": f"Q2611-{number:05}", "revision": 1, "issued_on": "2026-11-23",
        "valid_until": "2026-11-30", "subject": "ライセンス更新", "store": {"id": 87465, "name": "エルサットストア"},
        "seller": {
            "name": "エルサット商事株式会社", "postal_code": "101-0021", "address": "東京都千代田区外神田0丁目0番1号",
            "phone": "03-0000-8746", "email": "license@elsat.example.jp", "registration_number": "T5010001999101",
            "desk_name": "エルサットストア ライセンス窓口", "hours": "平日 10:00～17:00", "bank_account": "",
        },
        "buyer": {
            "company": "株式会社青空製作所", "department": "情報システム部", "person": "青空 花子",
            "postal_code": "100-0001", "address": "東京都千代田区千代田1-1",
        },
        "lines": rows, "net": net, "taxes": [{"rate": 10, "base": net, "tax": net // 10}], "tax": net // 10,
        "total": net + net // 10, "delivery": "ご入金確認後 約5営業日", "payment": "銀行振込（前払い）ご注文後7営業日以内",
        "terms": ["お見積の有効期限内にご注文ください。", "振込手数料はお客様のご負担となります。"] * 3,
        "terms_version": "2026-04-01", "note": "",
    }  # fmt: skip


def _typst(document: dict[str, Any]) -> bytes:
    return pdf.render(_SALES / "quote.typ", document, images={"logo": _LOGO, "seal": _SEAL}, timestamp=_AT)


def _weasyprint() -> Callable[[dict[str, Any]], bytes]:
    """WeasyPrint warmed as a server would have it: fonts configured and stylesheet parsed once."""
    fonts = place.VAR / "fonts.conf"
    folders = "".join(f"<dir>{files(package)}</dir>" for package in pdf.FONT_PACKAGES)
    fonts.parent.mkdir(parents=True, exist_ok=True)
    fonts.write_text(f"<fontconfig>{folders}<cachedir>{place.VAR / 'fontconfig'}</cachedir></fontconfig>")
    os.environ["FONTCONFIG_FILE"] = str(fonts)
    import weasyprint  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415  (after FONTCONFIG_FILE)
    from weasyprint.text.fonts import (  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415  (after FONTCONFIG_FILE)
        FontConfiguration,
    )

    configured = FontConfiguration()
    sheet = weasyprint.CSS(filename=Path(__file__).with_name("quote.css"), font_config=configured)

    def make(document: dict[str, Any]) -> bytes:
        page = weasyprint.HTML(string=_html(document))
        made: bytes = page.write_pdf(stylesheets=[sheet], font_config=configured, pdf_variant="pdf/a-3b")
        return made

    return make


def _html(d: dict[str, Any]) -> str:
    seller, buyer = d["seller"], d["buyer"]
    lines = "".join(
        f"<tr><td>{row['no']}<td class=model>{escape(row['model_number'])}<td>{escape(row['name'])}<small>{escape(row['note'])}"
        f"</small><td class=n>{row['quantity']:,}<td>{row['unit']}<td class=n>{row['unit_price']:,}<td class=n>{row['amount']:,}"
        f"<td class=n>{row['tax_rate']}%"
        for row in d["lines"]
    )
    logo, seal = (base64.b64encode(image).decode() for image in (_LOGO, _SEAL))
    terms = "".join(f"<li>{escape(term)}" for term in d["terms"])
    return f"""<!doctype html><html lang=ja><title>{d["title"]} {d["number"]}</title>
<div class=foot>{d["title"]}　{d["number"]}　{seller["name"]}</div>
<header><img class=logo alt="" src="data:image/svg+xml;base64,{logo}"><h1>{d["title"]}</h1></header>
<section class=two><div><p><small>〒{buyer["postal_code"]} {buyer["address"]}</small>
<p class=to>{buyer["company"]}<br>{buyer["department"]}<br>{buyer["person"]}　様
<p>下記のとおりお見積り申し上げます。<p class=sum>御見積金額<small>（税込）</small><b>¥{d["total"]:,}</b></div>
<div><table class=facts><tr><td>見積ID<td>{d["number"]}<tr><td>発行日<td>{d["issued_on"]}<tr><td>有効期限<td>{d["valid_until"]} まで</table>
<img class=seal alt=社印 src="data:image/png;base64,{seal}"><p class=from><b>{seller["name"]}</b><br>〒{seller["postal_code"]}<br>
{seller["address"]}<br>TEL {seller["phone"]}<br>{seller["email"]}<br>登録番号 {seller["registration_number"]}<br>
担当 {seller["desk_name"]}<br>受付 {seller["hours"]}</div></section>
<table class=rules><tr><td>件名<td>{d["subject"]}<tr><td>納期<td>{d["delivery"]}<tr><td>お支払条件<td>{d["payment"]}
<tr><td>見積有効期限<td>{d["valid_until"]} まで</table>
<table class=lines><thead><tr><th>No.<th>型番<th>品名<th>数量<th>単位<th>単価<th>金額<th>税率<tbody>{lines}</table>
<table class="rules sums"><tr><td>小計（税抜）<td class=n>¥{d["net"]:,}<tr><td>消費税（10%対象 ¥{d["net"]:,}）<td class=n>¥{d["tax"]:,}
<tr class=total><td>合計（税込）<td class=n>¥{d["total"]:,}</table>
<h2>お見積条件　（条件書 {d["terms_version"]}）</h2><ol>{terms}</ol>"""


if __name__ == "__main__":
    main()
