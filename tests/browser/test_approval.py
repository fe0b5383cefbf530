"""稟議 in a real browser: a buyer asks, the approver says yes on a telephone without an account, and it can be ordered."""

import re
import time
from collections.abc import Callable

from playwright.sync_api import Page, expect

from licenseonline.demo.logins import TARO
from tests.browser.conftest import Opener, sign_in_member
from tests.browser.test_looks import check
from tests.demo_process import Demo

EMAIL = "bucho@example.co.jp"
Picture = Callable[[Page, str], None]


def mailed_link(demo: Demo) -> str:
    """The address in the mail to the approver, once the worker has sent it."""
    for _ in range(120):
        for mail in demo.mails():
            if mail["to"] == EMAIL and mail["state"] == "sent":
                found = re.search(r"http\S+/quotations/[0-9a-f]+", str(mail["text"]))
                assert found
                return found[0]
        time.sleep(0.5)  # house: another process sends it
    raise AssertionError("no mail came")


def switch_on(page: Page, picture: Picture) -> None:
    page.goto("/87465/member/profile/approvals")
    sign_in_member(page, TARO)
    page.get_by_label("承認者のお名前").fill("部長 一郎")
    page.get_by_label("メールアドレス").fill(EMAIL)
    page.get_by_role("button", name="承認者を登録する").click()
    page.get_by_label("ご注文の前に社内承認を必要とする").check()
    page.get_by_label("管理者の方が承認なしで").fill("０")
    page.get_by_role("button", name="設定を保存する").click()
    expect(page.get_by_text("設定を保存しました").first).to_be_visible()
    check(page)
    picture(page, "approvals")


def test_an_approver_says_yes_by_the_link_from_a_phone(opened: Opener, demo: Demo, picture: Picture) -> None:
    buyer, approver = opened(), opened("phone")
    switch_on(buyer, picture)
    buyer.goto("/87465/member/quotes/")
    buyer.locator("tr", has_text="有効").get_by_role("link").first.click()
    quotation = buyer.url
    expect(buyer.get_by_role("link", name="この見積で注文する")).to_have_count(0)
    buyer.locator("#approval").get_by_label("承認者").select_option(label="部長 一郎")
    check(buyer)
    picture(buyer, "approval-asked")
    buyer.locator("#approval").get_by_role("button", name="作成する").click()
    expect(buyer.get_by_text("承認の依頼をお送りします").first).to_be_visible()
    approver.goto(mailed_link(demo))
    expect(approver.get_by_text("部長 一郎 様として回答します")).to_be_visible()
    check(approver)
    picture(approver, "approval-phone")
    approver.get_by_role("button", name="差し戻す").click()
    expect(approver.locator(".error-summary")).to_be_focused()
    approver.get_by_label("コメント").fill("予算内です。進めてください。")
    approver.get_by_role("button", name="承認する").click()
    expect(approver.get_by_text("部長 一郎 様：承認").first).to_be_visible()
    buyer.goto(quotation)
    expect(buyer.get_by_text("予算内です。進めてください。").first).to_be_visible()
    buyer.get_by_role("link", name="この見積で注文する").click()
    expect(buyer.get_by_role("heading", level=1)).to_have_text("ご注文内容の確認")
    # As it was for the tests that come after.
    buyer.goto("/87465/member/profile/approvals")
    buyer.get_by_label("ご注文の前に社内承認を必要とする").uncheck()
    buyer.get_by_role("button", name="設定を保存する").click()
