"""A buyer pastes twelve model numbers; what cannot be bought together becomes two quotations of one set."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from licenseonline.demo.logins import KENJI
from tests.browser.conftest import Opener, sign_in_member

PASTED = """型番\t数量
BSSEWWJ1XSBUPN3712Z\t１０
BSSEWWJ2XSBUPN3712Z, 30
bssewwj3xsbupn3712z　50
BSEEWWJ1XSBUPN3712Z 5
BSEEWWJ2XSBUPN3712Z\t25ライセンス
BSEEWWJ3XSBUPN3712Z,５０
OSCEWWJ1XSBUPN3712Z\t12
OSCEWWJ2XSBUPN3712Z\t25
OSCEWWJ3XSBUPN3712Z\t60
ＯＳＣＥＷＷＪ１ＸＳＢＵＰＮ３７３６Ｚ\t5
BSSEWWJ1XSBUPN3701Z\t5
CFQ7TTC0LH7J-0001-P1M\t3
"""


def test_twelve_model_numbers_become_two_quotations_of_one_set(
    opened: Opener, picture: Callable[[Page, str], None]
) -> None:
    page = opened("desktop")
    page.goto("/87465/login/")
    sign_in_member(page, KENJI)
    page.goto("/87465/cart/quick")
    page.get_by_role("textbox", name="型番と数量").fill(PASTED)
    page.get_by_role("button", name="価格を確認する").click()
    expect(page.get_by_role("heading", name="お取り扱いのある型番（12件）")).to_be_visible()
    picture(page, "quick-entry")
    page.get_by_role("button", name="12件をカートに入れる").click()
    expect(page.get_by_text("見積を2つに分けて作成します")).to_be_visible()
    quantity = page.get_by_label("BSSEWWJ1XSBUPN3712Z の数量")
    quantity.fill("40")
    quantity.press("Tab")
    expect(page.get_by_text("24台までの型番です")).to_be_visible()
    quantity.fill("20")
    quantity.press("Tab")
    expect(page.get_by_text(re.compile("単価 [0-9,]+円・金額")).first).to_be_visible()
    page.get_by_role("link", name="すべての見積を作成").click()
    expect(page.get_by_role("heading", name="契約期間の比較")).to_be_visible()
    page.get_by_label("件名").fill("2027年度 更改")
    page.get_by_label("貴社の注文番号・管理番号").fill("PO-2027-0012")
    page.get_by_role("button", name="すべての見積書を作成する").click()
    expect(page.get_by_text(re.compile(r"2件の見積を作成しました（セット番号 S\d{4}-\d{5}）"))).to_be_visible()
    found = re.search(r"S\d{4}-\d{5}", page.get_by_text("2件の見積を作成しました").inner_text())
    assert found
    rows = page.locator("tr", has_text=found[0])
    expect(rows).to_have_count(2)
    rows.first.get_by_role("link").first.click()
    expect(page.get_by_text("PO-2027-0012")).to_be_visible()
    expect(page.get_by_text(found[0]).first).to_be_visible()
