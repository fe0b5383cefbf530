"""A partner invites a new member, who registers from the mail; the partner acts for the member, and the member reads of it."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from licenseonline.demo.logins import PARTNERS
from tests.browser.conftest import SIZES, Opener, code_of
from tests.browser.test_looks import WCAG, check
from tests.browser.test_new_store import mail_to
from tests.browser.test_registration import PASSWORD, agree, fill_company
from tests.browser.test_staff_looks import check_sizes
from tests.demo_process import Demo

NEW = "invited@sakura.example"
REASON = "お電話でのご依頼により、見積を作成するため"
MODEL = "BSSEWWJ1XSBUPN3712Z"
Picture = Callable[[Page, str], None]


def sign_in(page: Page) -> None:
    page.goto("/partner/")
    page.get_by_label("SPID").fill(PARTNERS[0].spid)
    page.get_by_label("メールアドレス").fill(PARTNERS[0].email)
    page.get_by_label("パスワード").fill(PARTNERS[0].password)
    page.get_by_label("確認コード").fill(code_of(PARTNERS[0]))
    page.get_by_role("main").get_by_role("button", name="ログイン").click()


def invite(page: Page) -> None:
    page.get_by_role("navigation").get_by_role("link", name="会社・会員").click()
    page.get_by_role("link", name="会員を招待する").click()
    page.get_by_label("ストア").select_option("87465")
    page.get_by_label("メールアドレス").fill(NEW)
    page.get_by_role("button", name="招待のメールを送る").click()
    expect(page.get_by_role("row").filter(has_text=NEW)).to_be_visible()
    check_sizes(page)


def register(page: Page, text: str) -> None:
    found = re.search(r"http\S+/87465/register/invited/[0-9a-f]+", text)
    assert found
    page.goto(found[0])
    expect(page.get_by_text(NEW)).to_be_visible()
    check(page)
    fill_company(page)
    page.get_by_label("郵便番号").fill("1000001")
    page.get_by_role("button", name="住所を検索").click()
    expect(page.get_by_label("市区町村")).to_have_value("千代田区")
    page.get_by_label("町名・番地").fill("千代田1-1")
    page.get_by_label("お名前必須", exact=True).fill("桜 招子")
    page.get_by_label("お名前（フリガナ）").fill("サクラ ショウコ")
    page.get_by_label("パスワード").fill(PASSWORD)
    agree(page)
    page.get_by_role("button", name="登録を完了する").last.click()
    page.get_by_label("メールアドレス").fill(NEW)
    page.get_by_label("パスワード").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="ログイン").click()
    expect(page.get_by_role("banner").get_by_text("会員メニュー")).to_be_visible()


def begin(page: Page, picture: Picture) -> None:
    page.goto(f"/partner/companies/?q={NEW}")
    page.get_by_role("main").get_by_role("row").get_by_role("link").first.click()
    page.get_by_role("link", name="桜 招子").click()
    page.get_by_label("理由").fill(REASON)
    check_sizes(page)
    picture(page, "partner-member")
    page.get_by_role("button", name="代理操作を始める").click()
    expect(page.get_by_role("heading", name="代理操作の開始")).to_be_visible()
    check(page)
    page.get_by_role("button", name="代理操作を始める").click()
    expect(page.get_by_role("region", name="代理操作中")).to_contain_text("桜 招子 様として操作しています")


def quote(page: Page) -> None:
    page.goto(f"/87465/search?q={MODEL}")
    page.get_by_role("main").locator("a[href*='/products/']").first.click()
    row = page.locator("tr", has_text=MODEL)
    row.get_by_role("spinbutton").or_(row.get_by_role("textbox")).fill("6")
    row.get_by_role("button", name=re.compile("カートに入れる")).click()
    page.goto("/87465/cart/")
    page.get_by_role("link", name="見積を作成する").click()
    page.get_by_role("button", name="見積書を作成する").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("見積")


def test_a_partner_invites_a_member_and_acts_for_them(opened: Opener, demo: Demo, picture: Picture) -> None:
    partner, member = opened(), opened("phone")
    sign_in(partner)
    invite(partner)
    register(member, mail_to(demo, NEW, "partner_invitation"))

    begin(partner, picture)
    assert REASON in mail_to(demo, NEW, "security_notice")
    quote(partner)
    check_sizes(partner, WCAG)
    picture(partner, "acting-desktop")
    partner.set_viewport_size({"width": SIZES["phone"][0], "height": SIZES["phone"][1]})
    picture(partner, "acting-phone")
    partner.get_by_role("button", name="代理操作を終える").click()
    partner.get_by_role("link", name="会員のページへ戻る").click()
    expect(partner.get_by_text(REASON)).to_be_visible()

    member.goto("/87465/member/profile/")
    expect(member.get_by_role("region", name="代理操作中")).to_have_count(0)
    member.get_by_role("link", name="代理操作の記録").click()
    expect(member.get_by_text(PARTNERS[0].name)).to_be_visible()
    expect(member.get_by_text("見積の作成 1件")).to_be_visible()
    check_sizes(member)
    picture(member, "acting-records-phone")
