"""A renewal in a real browser, from the cart to the key of the new term, with the vendor's order and a file of keys at the desk."""

import re

from playwright.sync_api import Page, expect

from licenseonline.demo.logins import HANAKO
from tests.browser.conftest import Opener, sign_in_member
from tests.browser.test_slice import Picture, enter_desk
from tests.browser.test_slice import order as place_order

MODEL, SECRET = "BSSEWWJ2XSBUPR3712Z", "TMRN-5K8W-Q2ZD-77XA"  # of 40 that are held until next year


def put(page: Page) -> None:
    """More than is held is refused with how many; as many as are held are taken."""
    page.goto("/87465/cart/quick")
    page.get_by_role("textbox", name="型番と数量").fill(f"{MODEL} 40")
    page.get_by_role("button", name="価格を確認する").click()
    page.get_by_role("button", name="1件をカートに入れる").click()
    quantity = page.get_by_label(f"{MODEL} の数量")
    quantity.fill("41")
    quantity.press("Tab")
    expect(page.get_by_text("お持ちの数が 40 のとき、更新でご購入いただけるのは 40 までです").first).to_be_visible()
    quantity.fill("40")
    quantity.press("Tab")
    expect(page.get_by_text("金額").first).to_be_visible()


def deliver(desk: Page, number: str, picture: Picture) -> None:
    desk.goto(f"/backoffice/orders/87465/{number}/")
    desk.get_by_label("振込名義").fill("ｱｵｿﾞﾗｾｲｻｸｼﾖ")
    desk.get_by_role("button", name="入金を記録する").click()
    desk.goto("/backoffice/vendor-orders/")
    desk.get_by_role("row", name=re.compile("トレンドマイクロ.*集める")).get_by_role("button").click()
    desk.get_by_role("button", name="発注する").click()
    expect(desk.get_by_text("発注済み").first).to_be_visible()
    vendor_order = desk.url.rstrip("/").rpartition("/")[2]
    desk.get_by_label("メーカーの受付番号").fill(f"TM-REN-{vendor_order}")
    desk.get_by_label("納品予定日").fill("2099-12-25")
    desk.get_by_role("button", name="回答を記録する").click()
    expect(desk.get_by_text("確認済み", exact=True).first).to_be_visible()
    picture(desk, "desk-vendor-order")


def deliver_by_file(desk: Page, number: str, picture: Picture) -> None:
    text = "注文番号・発注番号・受付番号,型番,キー,契約番号,開始日\n"
    text += f"８７４６５－{number},{MODEL},{SECRET},TM-2027-1,\nM0000-00000,{MODEL},XXXX-0000,,\n"
    desk.goto("/backoffice/deliveries/")
    desk.get_by_label("メーカー").select_option(label="トレンドマイクロ")
    file = {"name": "keys.csv", "mimeType": "text/csv", "buffer": text.encode()}
    desk.get_by_label("キーのファイルまたは証書のZIP").set_input_files(file)  # type: ignore[arg-type]  # a file's payload
    desk.get_by_role("button", name="読み込んで確認する").click()
    expect(desk.get_by_text("番号と型番に当てはまる、納品待ちの明細がありません。")).to_be_visible()
    picture(desk, "desk-delivery-batch")
    desk.get_by_role("button", name="良い1行だけ納品する").click()
    expect(desk.get_by_text("一部納品済み").first).to_be_visible()


def test_from_renewal_to_the_key_of_the_new_term(opened: Opener, picture: Picture) -> None:
    buyer, desk = opened(), opened()
    buyer.goto("/87465/login/")
    sign_in_member(buyer, HANAKO)
    put(buyer)
    buyer.get_by_role("link", name="見積を作成する").first.click()
    buyer.get_by_role("button", name="見積書を作成する").click()
    number = place_order(buyer)
    enter_desk(desk)
    deliver(desk, number, picture)
    buyer.reload()
    expect(buyer.get_by_text("メーカーからの回答による納品予定日は2099年12月25日です。")).to_be_visible()
    deliver_by_file(desk, number, picture)
    buyer.reload()
    expect(buyer.get_by_text("納品済").first).to_be_visible()
    buyer.get_by_role("button", name="受領を確認する").click()
    expect(buyer.get_by_text("完了", exact=True).first).to_be_visible()
    buyer.goto("/87465/member/contracts/")
    expect(buyer.get_by_role("row", name=re.compile("開始前"))).to_be_visible()  # it begins when the old one has ended
    buyer.goto("/87465/member/licences/")
    expect(buyer.get_by_text(MODEL)).to_be_visible()
    buyer.get_by_role("button", name="表示する").first.click()
    expect(buyer.get_by_text(SECRET)).to_be_visible()
