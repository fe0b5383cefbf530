"""担当者の管理 in a real browser: invited by mail, registered, seen with the role, and removed again."""

import re
import time
from collections.abc import Callable

from playwright.sync_api import Page, expect

from licenseonline.demo.logins import HANAKO, OPERATORS
from tests.browser.conftest import Opener, code_of, sign_in_member
from tests.browser.test_looks import check
from tests.demo_process import Demo

PASSWORD = "three quiet rivers run"
EMAIL = "jiro@example.co.jp"
Picture = Callable[[Page, str], None]


def mailed_link(demo: Demo, email: str) -> str:
    """The address in the invitation, once the worker has sent it."""
    for _ in range(120):
        for mail in demo.mails():
            if mail["to"] == email and mail["kind"] == "accounts/invitation" and mail["state"] == "sent":
                found = re.search(r"http\S+/invitation/[0-9a-f]+", str(mail["text"]))
                assert found
                return found[0]
        time.sleep(0.5)  # house: another process sends it
    raise AssertionError("no mail came")


def invite(page: Page, picture: Picture) -> None:
    page.goto("/87465/member/colleagues/")
    sign_in_member(page, HANAKO)
    expect(page.get_by_role("heading", level=1)).to_have_text("担当者の管理")
    page.get_by_label("メールアドレス").fill(EMAIL)
    page.get_by_label("購買担当").check()
    page.get_by_role("button", name="招待メールを送る").click()
    expect(page.get_by_text("招待のメールをお送りします").first).to_be_visible()
    check(page)
    picture(page, "colleagues")


def accept(page: Page, link: str, picture: Picture) -> None:
    page.goto(link)
    expect(page.get_by_text("様からのご招待です")).to_be_visible()
    check(page)
    picture(page, "invitation-phone")
    page.get_by_label("お名前必須", exact=True).fill("青空　二郎")
    page.get_by_role("button", name="登録する").click()
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page.get_by_label("お名前必須", exact=True)).to_have_value("青空　二郎")
    page.get_by_label("お名前（フリガナ）").fill("あおぞら ジロウ")
    page.get_by_label("パスワード").fill(PASSWORD)
    page.get_by_label("利用規約と販売条件に同意します").check()
    page.get_by_label("反社会的勢力に該当せず").check()
    page.get_by_role("button", name="登録する").click()
    expect(page.get_by_text("会員登録が完了しました").first).to_be_visible()
    page.get_by_label("メールアドレス").fill(EMAIL)
    page.get_by_label("パスワード").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="ログイン").click()
    expect(page.get_by_text("青空 二郎").first).to_be_attached()


def test_a_colleague_is_invited_joins_and_is_removed(opened: Opener, demo: Demo, picture: Picture) -> None:
    admin, colleague = opened(), opened("phone")
    invite(admin, picture)
    accept(colleague, mailed_link(demo, EMAIL), picture)
    colleague.goto("/87465/member/colleagues/")
    check(colleague)
    expect(colleague.get_by_text("管理者の方が行えます")).to_be_visible()
    admin.goto("/87465/member/colleagues/")
    row = admin.locator("tr", has_text=EMAIL)
    expect(row).to_contain_text("購買担当")
    row.get_by_role("link", name=re.compile("権限を変更")).click()
    check(admin)
    admin.get_by_label("閲覧").check()
    admin.get_by_role("button", name="変更する").click()
    expect(admin.locator("tr", has_text=EMAIL)).to_contain_text("閲覧")
    admin.locator("tr", has_text=EMAIL).get_by_role("link", name=re.compile("登録を解除")).click()
    check(admin)
    picture(admin, "colleague-remove")
    admin.get_by_role("button", name="登録を解除する").click()
    expect(admin.get_by_text("様の登録を解除しました")).to_be_visible()
    expect(admin.locator("tr", has_text=EMAIL)).to_have_count(0)
    colleague.reload()
    expect(colleague.get_by_role("heading", level=1)).to_have_text("ログイン")


def test_the_desk_looks_before_it_merges(opened: Opener, picture: Picture) -> None:
    page = opened()
    page.goto("/backoffice/company-merges/")
    page.get_by_label("メールアドレス").fill(OPERATORS[0].email)
    page.get_by_label("パスワード").fill(OPERATORS[0].password)
    page.get_by_label("確認コード").fill(code_of(OPERATORS[0]))
    page.get_by_role("main").get_by_role("button", name="ログイン").click()
    page.get_by_label("ストア").select_option("87465")
    page.get_by_role("button", name="検索").last.click()  # the first is the desk's own search
    picture(page, "company-merges")
    rows = page.locator("tbody tr")
    rows.nth(0).get_by_role("radio").first.check()
    rows.nth(1).get_by_role("radio").last.check()
    page.get_by_role("button", name="統合の内容を確認する").click()
    expect(page.get_by_role("button", name="統合する")).to_be_visible()
    picture(page, "company-merge")
    page.goto("/backoffice/company-merges/?store=87465")
    page.get_by_role("link", name="管理者の引き継ぎ").first.click()
    expect(page.get_by_label("新しい管理者")).to_be_visible()
    picture(page, "hand-over")
