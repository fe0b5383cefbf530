"""A desk clerk clears a work list with the keyboard: no mouse, every task on the way opened by a key."""

import re

from playwright.sync_api import Page, expect

from licenseonline.demo.logins import OPERATORS
from tests.browser.conftest import Opener, code_of
from tests.browser.test_looks import WCAG, check

MOST = 30  # tasks that other tests may have left


def open_desk(page: Page) -> None:
    page.goto("/backoffice/")
    page.get_by_label("メールアドレス").fill(OPERATORS[1].email)
    page.get_by_label("パスワード").fill(OPERATORS[1].password)
    page.get_by_label("確認コード").fill(code_of(OPERATORS[1]))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="作業一覧")).to_be_visible()


def record_money(page: Page) -> None:
    page.get_by_label("入金額（円）").focus()  # what is still open stands in it
    page.keyboard.press("Enter")


def record_vendor_order(page: Page) -> None:
    page.get_by_label("メーカーの受付番号").first.focus()
    page.keyboard.type("V-2026-1")
    page.keyboard.press("Enter")


def clear(page: Page, kind: str, step: str) -> int:
    """Do every task of the kind; how many there were."""
    page.goto(f"/backoffice/?kind={kind}")
    page.keyboard.press("j")
    expect(page.locator(".desk-work tbody a").first).to_be_focused()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    done = 0
    while page.url.count("/backoffice/orders/"):
        assert done < MOST
        done += 1
        while page.get_by_label(step).count():
            record_money(page) if kind == "payment" else record_vendor_order(page)
            expect(page.get_by_text("を記録しました。")).to_be_visible()
        with page.expect_navigation():
            page.keyboard.press("n")
    expect(page.get_by_text("この条件の作業は、すべて終わりました")).to_be_visible()
    return done


def turn_single_keys_off(page: Page) -> None:
    """For those who speak to the machine; the arrows stay."""
    page.goto("/backoffice/")
    page.keyboard.press("?")
    page.get_by_role("checkbox", name=re.compile("1文字のキー操作")).press("Space")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.keyboard.press("j")
    expect(page.locator(".desk-work tbody a").first).not_to_be_focused()
    page.reload()
    page.keyboard.press("j")
    expect(page.locator(".desk-work tbody a").first).not_to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".desk-work tbody a").first).to_be_focused()


def test_a_clerk_clears_the_work_list_by_keyboard(opened: Opener) -> None:
    page = opened()
    open_desk(page)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    check(page, WCAG)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.wait_for_function(
        "document.activeElement === document.body"
    )  # the dialog gives the focus back after it is hidden
    rows = page.locator(".desk-work tbody tr")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(rows.nth(1).get_by_role("checkbox")).to_be_checked()
    page.keyboard.press("k")
    expect(rows.nth(0).get_by_role("link")).to_be_focused()
    page.keyboard.press("b")
    expect(page.get_by_label("選択した行を")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("x")  # in a field keys are letters
    expect(rows.nth(0).get_by_role("checkbox")).not_to_be_checked()

    done = clear(page, "payment", "入金額（円）") + clear(page, "vendor_order", "メーカーの受付番号")
    assert done >= 3
    check(page, WCAG)
    turn_single_keys_off(page)
