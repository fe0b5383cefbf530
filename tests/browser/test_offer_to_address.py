"""A partner quotes an address that has no account; its owner registers from the mail, finds the quotation and orders it."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import Opener
from tests.browser.test_looks import check
from tests.browser.test_new_store import mail_to
from tests.browser.test_partner_acts import MODEL, sign_in
from tests.browser.test_registration import PASSWORD, agree, mailed_link
from tests.demo_process import Demo

NEW = "offered@sakura.example"
Picture = Callable[[Page, str], None]


def quote(page: Page, picture: Picture) -> None:
    sign_in(page)
    page.get_by_role("navigation").get_by_role("link", name="見積", exact=True).click()
    page.get_by_role("link", name="見積を作成する").click()
    check(page)
    page.get_by_role("main").get_by_role("link", name="見積を作成する").click()
    page.get_by_label("メールアドレス").fill(NEW)
    page.get_by_label("会社名・団体名").fill("株式会社さくら")
    page.get_by_label("お名前").fill("桜 花")
    page.get_by_label("1 行目の型番").fill(MODEL)
    page.get_by_label("1 行目の数量").fill("10")
    page.get_by_role("button", name="金額を確認する").click()
    expect(page.get_by_role("heading", name="この内容で作成される見積")).to_be_visible()
    check(page)
    picture(page, "offer-to-address")
    page.get_by_role("button", name="下書きを保存する").click()
    page.get_by_role("button", name="お客様へ送る").click()
    expect(page.get_by_text("会員登録前")).to_be_visible()


def register(page: Page, demo: Demo) -> None:
    """What the quotation says is filled in already."""
    page.get_by_role("link", name="新規会員登録").last.click()
    expect(page.get_by_label("メールアドレス")).to_have_value(NEW)
    expect(page.get_by_label("会社名・団体名必須", exact=True)).to_have_value("株式会社さくら")
    page.get_by_label("会社名・団体名（フリガナ）").fill("カブシキガイシャサクラ")
    page.get_by_label("一般企業").check()
    page.get_by_label("電話番号").fill("03-1234-5678")
    page.get_by_label("郵便番号").fill("1000001")
    page.get_by_role("button", name="住所を検索").click()
    expect(page.get_by_label("市区町村")).to_have_value("千代田区")
    page.get_by_label("町名・番地").fill("千代田1-1")
    page.get_by_label("お名前（フリガナ）").fill("サクラ ハナ")
    page.get_by_label("パスワード").fill(PASSWORD)
    agree(page)
    page.get_by_role("button", name="確認メールを送る").last.click()
    page.goto(mailed_link(demo, NEW))
    page.get_by_label("パスワード").fill(PASSWORD)
    page.get_by_role("button", name="登録を完了する").click()


def test_an_offered_quotation_is_registered_for_and_ordered(opened: Opener, demo: Demo, picture: Picture) -> None:
    partner, customer = opened(), opened("phone")
    quote(partner, picture)
    found = re.search(r"http\S+/quotations/[0-9a-f]+", mail_to(demo, NEW, "sales/offer"))
    assert found
    customer.goto(found[0])
    expect(customer.get_by_role("heading", name="ご注文の方法")).to_be_visible()
    check(customer)
    picture(customer, "offer-phone")
    register(customer, demo)
    customer.get_by_label("メールアドレス").fill(NEW)
    customer.get_by_label("パスワード").fill(PASSWORD)
    customer.get_by_role("main").get_by_role("button", name="ログイン").click()
    customer.goto("/87465/member/quotes/")
    customer.get_by_role("main").get_by_role("table").get_by_role("link").first.click()
    expect(customer.get_by_text("当ストアからご案内")).to_be_visible()
    customer.get_by_role("link", name="この見積で注文する").first.click()
    customer.get_by_role("checkbox").check()
    customer.get_by_role("button", name="注文を確定する").click()
    expect(customer).to_have_url(re.compile(r"/member/orders/P\d{4}-\d{5}$"))
