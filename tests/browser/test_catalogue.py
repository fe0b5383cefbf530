"""The product page in a browser: filters are addresses, the table's head stays in view, nothing of it needs JavaScript."""

import re

import pytest
from playwright.sync_api import Page, expect

from licenseonline.demo.logins import HANAKO
from tests.browser.conftest import Opener, sign_in_member

PRODUCT = "/87465/products/eset-protect-entry-onpremises"


def rows(page: Page) -> int:
    return page.locator("tr[id^='sku-']").count()


@pytest.mark.parametrize("javascript", [True, False])
def test_filters_narrow_down_and_the_back_button_undoes_them(opened: Opener, javascript: bool) -> None:
    page = opened(javascript=javascript)
    page.goto(PRODUCT)
    before = rows(page)
    filters = page.get_by_role("navigation", name="型番の絞り込み")
    link = filters.get_by_role("link", name=re.compile("^3年"))
    number = int(link.inner_text().split()[-1])
    link.click()
    expect(filters.get_by_role("link", name=re.compile("^3年"))).to_have_attribute("aria-current", "true")
    assert rows(page) == number < before
    filters.get_by_role("link", name=re.compile("^すべて")).first.click()
    expect(page).to_have_url(re.compile("program=all&term=36"))
    page.go_back()
    assert rows(page) == number
    page.go_back()
    assert rows(page) == before


def test_the_head_of_the_table_stays_in_view(opened: Opener) -> None:
    page = opened()
    page.goto(PRODUCT)
    page.locator("tr[id^='sku-']").nth(10).evaluate("row => row.scrollIntoView({ block: 'center' })")
    head = page.locator(".sku-table").first.get_by_role("columnheader", name="数量帯")
    expect(head).to_be_in_viewport()
    box = head.bounding_box()
    assert box
    assert abs(box["y"]) < 1


def test_a_holder_chooses_what_follows(opened: Opener) -> None:
    page = opened("phone", javascript=False)
    page.goto("/87465/login/")
    sign_in_member(page, HANAKO)
    page.goto(PRODUCT)
    page.get_by_text("お持ちの製品から選ぶ").click()
    page.locator("#holders").get_by_role("link", name=re.compile("^更新")).first.click()
    group = page.locator("#type-renewal")
    expect(group.get_by_role("heading")).to_be_visible()
    expect(page.locator("#type-new")).to_have_count(0)
    expect(group.get_by_role("button", name=re.compile("カートに入れる")).first).to_be_visible()


def test_the_mark_of_a_campaign_leads_from_top_to_its_products(opened: Opener) -> None:
    page = opened("phone")
    page.goto("/87465/")
    page.get_by_role("link", name="セキュリティ更新応援キャンペーン").click()
    expect(page.get_by_text("実施期間：")).to_be_visible()
    page.get_by_role("link", name="ESET PROTECT Entry オンプレミス").click()
    expect(page.get_by_text(re.compile(r"キャンペーン \d+月\d+日まで")).first).to_be_visible()
    expect(page.get_by_role("img", name="ESET PROTECT Entry オンプレミス の画像")).to_be_visible()
