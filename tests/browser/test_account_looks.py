"""What members and the desk see around accounts, also when something is wrong: no fault that axe can find, not too wide."""

import re

from playwright.sync_api import Page, expect

from licenseonline.demo.logins import HANAKO_MINATO, OPERATORS
from tests.browser.conftest import Opener, code_of, sign_in_member
from tests.browser.test_looks import WCAG
from tests.browser.test_staff_looks import check_sizes

NOBODY = "f" * 40  # a secret that nobody was mailed
OVER = ("verify", "stop", "register/confirm", "invitation")
STORE = f"/{HANAKO_MINATO.store_id}"
MEMBER = ("password/", "sessions/", "second-factor/", "second-factor/on", "colleagues/")


def sign_in_operator(page: Page) -> None:
    page.get_by_label("メールアドレス").fill(OPERATORS[0].email)
    page.get_by_label("パスワード").fill(OPERATORS[0].password)
    page.get_by_label("確認コード").fill(code_of(OPERATORS[0]))
    page.get_by_role("main").get_by_role("button", name="ログイン").click()


def test_visitors_pages_of_accounts(opened: Opener) -> None:
    page = opened()
    for path in ("password/reissue/", "password/reissue/sent", "register/", "register/sent", "withdrawn"):
        page.goto(f"{STORE}/{path}")
        check_sizes(page)
    for path in OVER:
        page.goto(f"{STORE}/{path}/{NOBODY}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        check_sizes(page)


def test_a_sign_in_that_is_stopped_says_what_to_do(opened: Opener) -> None:
    page = opened()
    page.goto(f"{STORE}/login/")
    for _ in range(6):
        page.get_by_label("メールアドレス").fill("nobody@example.co.jp")
        page.get_by_label("パスワード").fill("not the password")
        page.get_by_role("main").get_by_role("button", name="ログイン").click()
    expect(page.get_by_text("すぐにログインが必要な場合")).to_be_visible()
    check_sizes(page)


def test_members_pages_of_accounts_and_what_the_desk_does_about_them(opened: Opener) -> None:
    page = opened()
    page.goto(f"{STORE}/login/")
    sign_in_member(page, HANAKO_MINATO)
    for path in MEMBER:
        page.goto(f"{STORE}/member/{path}")
        check_sizes(page)
    page.goto(f"{STORE}/member/profile/company/name")
    page.get_by_label("会社名必須", exact=True).fill("株式会社青空")
    page.get_by_label(re.compile("フリガナ")).fill("カブシキガイシャアオゾラ")
    page.locator("input[type=file]").set_input_files(
        {"name": "toki.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n%%EOF\n"}
    )
    page.get_by_role("main").locator("form .actions button[type=submit]").click()
    check_sizes(page)

    desk = opened()
    desk.goto("/backoffice/")
    sign_in_operator(desk)
    change = desk.locator("a[href*='/company-changes/']").first.get_attribute("href")
    assert change
    desk.goto(change)
    check_sizes(desk, WCAG)  # as tests/browser/test_staff_looks.py
    desk.goto("/backoffice/company-merges/?store=87465")
    check_sizes(desk, WCAG)
    hand_over = desk.get_by_role("link", name="管理者の引き継ぎ").first.get_attribute("href")
    assert hand_over
    rows = desk.locator("tbody tr")
    rows.nth(0).get_by_role("radio").first.check()
    rows.nth(1).get_by_role("radio").last.check()
    desk.get_by_role("button", name="統合の内容を確認する").click()
    expect(desk.get_by_role("button", name="統合する")).to_be_visible()
    check_sizes(desk, WCAG)
    desk.goto(hand_over)
    check_sizes(desk, WCAG)
    desk.goto(hand_over.removesuffix("hand-over"))
    check_sizes(desk, WCAG)
    desk.goto("/backoffice/members/87465/1/second-factor")
    check_sizes(desk, WCAG)
