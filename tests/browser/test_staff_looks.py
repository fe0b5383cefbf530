"""The console and the desk, and what a member sees only on the way: no fault that axe can find, not too wide."""

import re
from collections.abc import Sequence

from playwright.sync_api import Page

from licenseonline.demo.logins import KENJI, OPERATORS, PARTNERS
from tests.browser.conftest import SIZES, Opener, code_of, sign_in_member
from tests.browser.test_looks import WCAG, check

CONSOLE = ["/partner/", "/partner/quotes/", "/partner/orders/"]
DESK = ["/backoffice/", "/backoffice/sales/order/", "/backoffice/catalog/sku/", "/backoffice/records/message/"]


def check_sizes(page: Page, rules: Sequence[str] = (*WCAG, "best-practice")) -> None:
    """At every width; the page is left as it was."""
    before = page.viewport_size
    for size in ("phone", "desktop", "wide"):
        width, height = SIZES[size]
        page.set_viewport_size({"width": width, "height": height})
        check(page, rules)
    if before:
        page.set_viewport_size(before)


def first_link(page: Page, part: str) -> str:
    link = page.get_by_role("main").locator(f"a[href*='{part}']").first.get_attribute("href")
    assert link
    return link


def test_the_partners_console(opened: Opener) -> None:
    page = opened()
    page.goto("/partner/")
    page.get_by_label("SPID").fill(PARTNERS[1].spid)
    page.get_by_label("メールアドレス").fill(PARTNERS[1].email)
    page.get_by_label("パスワード").fill(PARTNERS[1].password)
    page.get_by_label("確認コード").fill(code_of(PARTNERS[1]))
    page.get_by_role("main").get_by_role("button", name="ログイン").click()
    for path in CONSOLE:
        page.goto(path)
        check_sizes(page)
    page.goto(first_link(page, "/partner/orders/193808/"))
    check_sizes(page)


def test_the_desk(opened: Opener) -> None:
    page = opened()
    page.goto("/backoffice/")
    check_sizes(page)
    page.get_by_label("メールアドレス").fill(OPERATORS[1].email)
    page.get_by_label("パスワード").fill(OPERATORS[1].password)
    page.get_by_label("確認コード").fill(code_of(OPERATORS[1]))
    page.get_by_role("button", name="ログイン").first.click()
    order = first_link(page, "/backoffice/orders/")
    for path in (*DESK, order):
        page.goto(path)
        check_sizes(page, WCAG)  # unfold's side bar has two landmarks of one name, which WCAG does not mind


def test_on_the_way_to_an_order(opened: Opener) -> None:
    page = opened()
    page.goto("/87465/search?q=BSSEWWJ1XSBUPN3712Z")
    page.get_by_role("main").locator("a[href*='/products/']").first.click()
    page.get_by_role("main").get_by_role("link", name=re.compile("ログイン")).first.click()
    sign_in_member(page, KENJI)
    row = page.locator("tr", has_text="BSSEWWJ1XSBUPN3712Z")
    row.get_by_role("spinbutton").or_(row.get_by_role("textbox")).fill("6")
    row.get_by_role("button", name=re.compile("カートに入れる")).click()
    page.goto("/87465/cart/")
    check_sizes(page)
    page.get_by_role("link", name="見積を作成する").click()
    check_sizes(page)
    page.get_by_role("button", name="見積書を作成する").click()
    page.get_by_role("link", name="この見積で注文する").click()
    check_sizes(page)
    page.get_by_role("button", name="注文を確定する").click()  # without the tick: the refusal
    check_sizes(page)
