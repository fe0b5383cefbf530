"""A partner is appointed and gets a store, its head starts the account from the mail, and the first member quotes in it."""

import re
import time
from collections.abc import Callable

import pyotp
from playwright.sync_api import Page, expect

from licenseonline.demo.logins import OPERATORS
from tests.browser.conftest import Opener, code_of
from tests.browser.test_looks import WCAG, check
from tests.browser.test_registration import PASSWORD, agree, fill_company, fill_person, mailed_link
from tests.browser.test_staff_looks import check_sizes
from tests.demo_process import Demo

HEAD = "head@kita.example"
STAFF_PASSWORD = "spoon lantern cloud"
LOGO = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 48"><script>alert(1)</script>
<rect width="240" height="48" rx="6" fill="#14532d"/><text x="20" y="33" fill="#fff" font-size="24">KITA STORE</text></svg>"""
Picture = Callable[[Page, str], None]


def mail_to(demo: Demo, email: str, kind: str) -> str:
    """The text of the mail, of accounts where `kind` names no app, once the worker has sent it."""
    kind = kind if "/" in kind else f"accounts/{kind}"
    for _ in range(120):
        for mail in demo.mails():
            if mail["to"] == email and mail["kind"] == kind and mail["state"] == "sent":
                return str(mail["text"])
        time.sleep(0.5)  # house: another process sends it
    raise AssertionError("no mail came")


def sign_in_at_the_desk(page: Page) -> None:
    page.goto("/backoffice/")
    page.get_by_label("メールアドレス").fill(OPERATORS[0].email)
    page.get_by_label("パスワード").fill(OPERATORS[0].password)
    page.get_by_label("確認コード").fill(code_of(OPERATORS[0]))
    page.get_by_role("button", name="ログイン").first.click()


def appoint(page: Page) -> str:
    page.goto("/backoffice/partners/")
    check_sizes(page, WCAG)
    page.get_by_label("セールスパートナーの名称").fill("北日本ソフト販売株式会社")
    page.get_by_label("責任者の氏名").fill("北 花子")
    page.get_by_label("責任者のメールアドレス").fill(HEAD)
    page.get_by_role("button", name="登録してご案内を送る").click()
    said = page.get_by_text(re.compile(r"SPID SP\d{5} を発行し")).inner_text()
    check_sizes(page, WCAG)
    found = re.search(r"SP\d{5}", said)
    assert found
    return found[0]


def prepare(page: Page, spid: str) -> None:
    page.goto("/backoffice/stores-admin/new?from=87465")
    page.get_by_label("ストアID", exact=False).first.fill("60001")
    page.get_by_label("セールスパートナー").select_option(label=f"{spid} 北日本ソフト販売株式会社")
    page.get_by_label("ストア名").fill("北ソフトストア")
    page.get_by_label("キャッチコピー").fill("北の企業の、ライセンス調達を手軽に")
    page.get_by_label("ブランドカラー").fill("#7fb2e5")
    page.get_by_label("販売者名").fill("北日本ソフト販売株式会社")
    page.get_by_role("button", name="準備する").click()
    expect(page.get_by_text("4.5:1以上の濃い色にしてください")).to_be_visible()
    check_sizes(page, WCAG)
    page.get_by_label("ブランドカラー").fill("#14532d")
    page.locator("#id_store_logo").set_input_files(
        {"name": "logo.svg", "mimeType": "image/svg+xml", "buffer": LOGO.encode()}
    )
    page.get_by_role("button", name="準備する").click()
    expect(page.get_by_text("ストアを準備しました")).to_be_visible()
    check_sizes(page, WCAG)


def start_account(page: Page, text: str, spid: str) -> None:
    found = re.search(r"http\S+/partner/start/[0-9a-f]+", text)
    assert found
    assert spid in text
    page.goto(found[0])
    check_sizes(page)
    secret = page.locator("dd code").inner_text().replace(" ", "")
    code = pyotp.TOTP(secret).now()
    page.get_by_label("パスワード").fill(STAFF_PASSWORD)
    page.get_by_label("確認コード").fill(code)
    page.get_by_role("button", name="利用を開始する").click()
    expect(page.get_by_text("設定が完了しました")).to_be_visible()
    page.get_by_label("SPID").fill(spid)
    page.get_by_label("メールアドレス").fill(HEAD)
    page.get_by_label("パスワード").fill(STAFF_PASSWORD)
    page.get_by_label("確認コード").fill(pyotp.TOTP(secret).at(int(time.time()) + 30))  # each code works once
    page.get_by_role("main").get_by_role("button", name="ログイン").click()
    expect(page.get_by_role("heading", name="北日本ソフト販売株式会社")).to_be_visible()


def register(page: Page, demo: Demo, email: str) -> None:
    page.goto("/60001/register/")
    fill_company(page)
    page.get_by_label("郵便番号").fill("1000001")
    page.get_by_role("button", name="住所を検索").click()
    expect(page.get_by_label("市区町村")).to_have_value("千代田区")
    page.get_by_label("町名・番地").fill("千代田1-1")
    fill_person(page, email)
    agree(page)
    page.get_by_role("button", name="確認メールを送る").last.click()
    page.goto(mailed_link(demo, email))
    page.get_by_label("パスワード").fill(PASSWORD)
    page.get_by_role("button", name="登録を完了する").click()
    page.get_by_label("メールアドレス").fill(email)
    page.get_by_label("パスワード").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="ログイン").click()
    expect(page.get_by_role("banner").get_by_text("会員メニュー")).to_be_visible()


def quote(page: Page) -> None:
    page.goto("/60001/search?q=BSSEWWJ1XSBUPN3712Z")
    page.get_by_role("main").locator("a[href*='/products/']").first.click()
    row = page.locator("tr", has_text="BSSEWWJ1XSBUPN3712Z")
    row.get_by_role("spinbutton").or_(row.get_by_role("textbox")).fill("6")
    row.get_by_role("button", name=re.compile("カートに入れる")).click()
    page.goto("/60001/cart/")
    page.get_by_role("link", name="見積を作成する").click()
    page.get_by_role("button", name="見積書を作成する").click()
    expect(page.get_by_role("link", name="この見積で注文する")).to_be_visible()


def test_from_the_appointment_to_the_first_quotation(opened: Opener, demo: Demo, picture: Picture) -> None:
    desk = opened()
    sign_in_at_the_desk(desk)
    spid = appoint(desk)
    prepare(desk, spid)
    picture(desk, "desk-new-store")
    with desk.expect_popup() as opening:
        desk.get_by_role("link", name="プレビューを開く").click()
    preview = opening.value
    expect(preview.get_by_text("公開前のプレビューです")).to_be_visible()
    assert "alert" not in preview.content()
    check(preview, WCAG)
    picture(preview, "store-preview")
    outsider = opened("phone")
    outsider.goto("/60001/")
    expect(outsider.get_by_role("heading", name="ストアが見つかりません")).to_be_visible()
    desk.get_by_role("button", name="公開する").click()
    expect(desk.get_by_text("公開しました")).to_be_visible()

    start_account(opened(), mail_to(demo, HEAD, "staff_appointed"), spid)

    member = opened()
    register(member, demo, "first@kita-kokyaku.example")
    quote(member)
    picture(member, "new-store-first-quote")
    expect(member.get_by_role("banner").get_by_role("img", name="北ソフトストア")).to_be_visible()

    desk.get_by_label("お客様へのお知らせ").first.fill("棚卸しのため、今月末まで休止します。")
    desk.get_by_role("button", name="休止する").click()
    expect(desk.get_by_text("休止しました")).to_be_visible()
    outsider.goto("/60001/")
    expect(outsider.get_by_text("棚卸しのため")).to_be_visible()
    check_sizes(outsider)
    member.goto("/60001/member/quotes/")
    expect(member.get_by_text("このストアは休止中です")).to_be_visible()
    check_sizes(member)
