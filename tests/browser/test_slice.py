"""The main job in a real browser: a visitor finds a product, becomes a buyer, and in the end holds a licence key."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect
from pypdf import PdfReader

from licenseonline.demo.logins import HANAKO, KENJI, OPERATORS, PARTNERS, Login
from tests.browser.conftest import Opener, code_of, sign_in_member
from tests.demo_process import Demo

FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")  # as typed with the input method on
MODEL = "BSSEWWJ1XSBUPN3712Z"
SECRET = "TMVB-7K2Q-X9FD-41ZC"
Picture = Callable[[Page, str], None]


def find_product(page: Page) -> None:
    page.goto("/87465/")
    page.get_by_role("search").first.get_by_role("searchbox").fill("ｳｲﾙｽﾊﾞｽﾀｰ ビジネス")
    page.get_by_role("search").first.get_by_role("button").click()
    page.get_by_role("link", name="ウイルスバスター ビジネスセキュリティサービス", exact=True).click()
    expect(page.get_by_text(MODEL)).to_be_visible()


def sign_in_from_product(page: Page, login: Login) -> None:
    product = page.url
    page.get_by_role("main").get_by_role("link", name=re.compile("ログイン")).first.click()
    sign_in_member(page, login)
    expect(page).to_have_url(product)


def make_quotation(page: Page, quantity: int) -> str:
    row = page.locator("tr", has_text=MODEL)
    row.get_by_role("textbox").fill(str(quantity).translate(FULL_WIDTH))
    row.get_by_role("button", name=re.compile("カートに入れる")).click()
    page.goto("/87465/cart/")
    expect(page.get_by_text(MODEL).first).to_be_visible()
    page.get_by_role("link", name="見積を作成する").click()
    page.get_by_label("件名").fill("2027年度 セキュリティ対策ソフト")
    page.get_by_role("button", name="見積書を作成する").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("見積")
    match = re.search(r"/member/quotes/(Q\d{4}-\d{5})$", page.url)
    assert match
    return match[1]


def download_pdf(page: Page) -> str:
    link = page.get_by_role("link", name="見積書（PDF）")
    expect(link).to_be_visible(timeout=30_000)
    with page.expect_download() as download:
        link.click()
    reader = PdfReader(download.value.path())
    assert download.value.suggested_filename.endswith(".pdf")
    return "".join("".join(page.extract_text() for page in reader.pages).split())


def order(page: Page) -> str:
    page.get_by_role("link", name="この見積で注文する").click()
    for word in ("銀行振込", "キャンセル", "販売条件"):
        expect(page.get_by_text(word).first).to_be_visible()
    page.get_by_role("button", name="注文を確定する").click()
    expect(page.get_by_text("同意が必要です").first).to_be_visible()
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="注文を確定する").click()
    match = re.search(r"/member/orders/(P\d{4}-\d{5})$", page.url)
    assert match
    return match[1]


def enter_desk(page: Page) -> None:
    page.goto("/backoffice/")
    page.get_by_label("メールアドレス").fill(OPERATORS[0].email)
    page.get_by_label("パスワード").fill(OPERATORS[0].password)
    page.get_by_label("確認コード").fill(code_of(OPERATORS[0]))
    page.get_by_role("button", name="ログイン").first.click()
    expect(page.get_by_role("heading", name="作業一覧").or_(page.get_by_text("作業一覧").first).first).to_be_visible()


def fulfil(page: Page, number: str, picture: Picture) -> None:
    picture(page, "desk-worklist")
    page.get_by_role("row", name=re.compile(f"{number}.*エルサット")).get_by_role("link").last.click()
    page.get_by_label("振込名義").fill("ｱｵｿﾞﾗｾｲｻｸｼﾖ")
    page.get_by_role("button", name="入金を記録する").click()
    page.get_by_label("メーカーの受付番号").fill("TM-2026-1123-01")
    page.get_by_role("button", name="発注を記録する").click()
    page.get_by_label("ライセンスキー").fill(SECRET)
    picture(page, "desk-order")
    page.get_by_role("button", name="納品する").click()
    expect(page.get_by_text("納品済").first).to_be_visible()


def test_from_search_to_key(opened: Opener, demo: Demo, picture: Picture) -> None:
    buyer = opened()
    find_product(buyer)
    picture(buyer, "product-desktop")
    sign_in_from_product(buyer, HANAKO)
    quote = make_quotation(buyer, 12)
    text = download_pdf(buyer)
    picture(buyer, "quote-desktop")
    # 12 × 4,784 yen, tax computed once: 57,408 + 5,740 = 63,148
    for part in (
        quote,
        MODEL,
        "株式会社青空製作所",
        "57,408",
        "5,740",
        "63,148",
        "2027年度 セキュリティ対策ソフト",
        "1 / 1",
    ):
        assert "".join(part.split()) in text, part
    assert re.search(r"T\d{13}", text)
    number = order(buyer)
    picture(buyer, "order-desktop")

    desk = opened()
    enter_desk(desk)
    fulfil(desk, number, picture)

    buyer.goto("/87465/member/contracts/")
    expect(buyer.get_by_text("ウイルスバスター ビジネスセキュリティサービス").first).to_be_visible()
    buyer.goto("/87465/member/licences/")
    expect(buyer.get_by_text(SECRET)).to_have_count(0)
    picture(buyer, "licences-desktop")
    buyer.get_by_role("button", name="表示する").first.click()
    expect(buyer.get_by_text(SECRET)).to_be_visible()

    mails = {str(mail["kind"]): mail for mail in reversed(demo.mails()) if number in str(mail) or quote in str(mail)}
    assert set(mails) == {"sales/quotation", "sales/order_placed", "sales/payment_received", "sales/delivered"}
    assert all(SECRET not in str(mail) for mail in mails.values())
    assert "application/pdf" in str(mails["sales/quotation"]["attachments"])

    console = opened()
    console.goto("/partner/")
    console.get_by_label("SPID").fill("SP10001")
    console.get_by_label("メールアドレス").fill(PARTNERS[0].email)
    console.get_by_label("パスワード").fill(PARTNERS[0].password)
    console.get_by_label("確認コード").fill(code_of(PARTNERS[0]))
    console.get_by_role("main").get_by_role("button", name="ログイン").click()
    expect(console.get_by_text(number).first).to_be_visible()
    picture(console, "partner-desktop")


def test_a_buyer_needs_no_javascript(opened: Opener) -> None:
    page = opened("phone", javascript=False)
    find_product(page)
    sign_in_from_product(page, KENJI)
    make_quotation(page, 6)
    page.reload()
    number = order(page)
    expect(page.get_by_text(number).first).to_be_visible()


def test_the_same_address_is_a_stranger_at_the_other_store(opened: Opener) -> None:
    page = opened()
    page.goto("/87465/login/")
    sign_in_member(page, HANAKO)
    expect(page.get_by_role("banner").get_by_text("会員メニュー")).to_be_visible()
    page.goto("/193808/")
    expect(page.get_by_role("banner").get_by_role("link", name="ログイン")).to_be_visible()
    page.goto("/193808/login/")
    sign_in_member(page, HANAKO)
    expect(page.get_by_text("パスワードが違います").first).to_be_visible()
