"""サイト内検索 in a browser: suggestions by keyboard, narrowing down and back, and the page that helps."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Opener
from tests.browser.test_looks import check


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_suggestions_are_reached_by_keyboard(opened: Opener, size: str) -> None:
    page = opened(size)
    page.goto("/87465/")
    box = page.get_by_role("search").get_by_role("searchbox")
    box.press_sequentially("ういるす", delay=20)
    lines = page.get_by_role("list", name="検索の候補")
    expect(lines.get_by_role("link").first).to_be_visible()
    check(page)
    assert lines.get_by_role("link").count() <= 8
    box.press("ArrowDown")
    expect(lines.get_by_role("link").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(box).to_be_focused()
    expect(lines).to_have_count(0)
    box.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("「ういるす」の検索結果")


def test_narrowing_down_is_undone_by_going_back(opened: Opener) -> None:
    page = opened("desktop")
    page.goto("/87465/search?q=クラウド")
    whole = page.get_by_role("status").inner_text()
    page.get_by_role("navigation", name="絞り込み").get_by_role("link", name="更新").click()
    expect(page.get_by_role("list", name="絞り込み中")).to_contain_text("更新")
    page.get_by_label("並び順").select_option("価格の安い順")
    expect(page).to_have_url(re.compile("type=renewal.*sort=price"))
    check(page)
    page.go_back()
    page.go_back()
    assert page.get_by_role("status").inner_text() == whole


def test_without_javascript_it_is_a_plain_form(opened: Opener) -> None:
    page = opened("phone", javascript=False)
    page.goto("/87465/")
    page.get_by_role("search").get_by_role("searchbox").fill("フォトショッブ")
    page.get_by_role("search").get_by_role("button", name="検索").click()
    expect(page.get_by_text("該当する製品が見つかりませんでした")).to_be_visible()
    page.get_by_role("link", name="フォトショップ", exact=True).click()
    expect(page.get_by_role("link", name="Adobe Photoshop グループ版")).to_be_visible()
