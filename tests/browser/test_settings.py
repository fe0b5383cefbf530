"""Settings in a browser: the desk changes a vendor's rule and relates two SKUs, and each change can be read afterwards."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from licenseonline.demo.logins import OPERATORS
from tests.browser.conftest import Opener, code_of
from tests.browser.test_looks import WCAG
from tests.browser.test_staff_looks import check_sizes

Picture = Callable[[Page, str], None]


def enter(page: Page) -> None:
    page.goto("/backoffice/")
    page.get_by_label("メールアドレス").fill(OPERATORS[0].email)
    page.get_by_label("パスワード").fill(OPERATORS[0].password)
    page.get_by_label("確認コード").fill(code_of(OPERATORS[0]))
    page.get_by_role("button", name="ログイン").first.click()


def choose(page: Page, field: str, beginning: str, name: str) -> None:
    """In a field that is looked up while typing, with the keyboard alone."""
    page.locator(f"#id_{field} + .select2 .select2-selection").press("Enter")
    page.locator(".select2-search__field").fill(beginning)
    page.get_by_role("option", name=name).click()


def test_settings_are_changed_and_the_changes_are_read(opened: Opener, picture: Picture) -> None:
    page = opened()
    enter(page)
    page.get_by_role("link", name="メーカーの規定").first.click()
    check_sizes(page, WCAG)
    page.get_by_role("row", name="トレンドマイクロ すべて 更新").get_by_role("link").first.click()
    check_sizes(page, WCAG)
    page.get_by_label("受付開始").fill("３か月前")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_text("「30日」「4か月」のように入力してください。")).to_be_visible()
    check_sizes(page, WCAG)
    page.get_by_label("受付開始").fill("３か月")
    picture(page, "vendor-rule")
    page.get_by_role("button", name="保存して編集を続ける").click()
    expect(page.get_by_label("受付開始")).to_have_value("3か月")
    page.get_by_role("main").get_by_role("link", name="履歴").first.click()
    expect(page.get_by_role("row", name="運営 一郎")).to_contain_text("受付開始: （なし） → 3か月")
    check_sizes(page, WCAG)
    relate(page)


def relate(page: Page) -> None:
    """Two SKUs, looked up by their model numbers."""
    page.get_by_role("link", name="型番の関係").first.click()
    check_sizes(page, WCAG)
    page.goto("/backoffice/catalog/skurelation/add/")
    choose(page, "held", "ｃｍｊ-ennc60", "CMJ-ENNC60-01")
    page.get_by_label("関係").select_option(label="切替")
    choose(page, "following", "CMJ-ECSC36-01", "CMJ-ECSC36-01")
    check_sizes(page, WCAG)
    page.get_by_role("button", name="保存して編集を続ける").click()
    expect(page.get_by_text("この関係はすでに登録されています。")).to_be_visible()  # the demo has it
    choose(page, "following", "CMJ-ACGC12-01", "CMJ-ACGC12-01")
    page.get_by_role("button", name="保存", exact=True).click()
    page.get_by_role("link", name="設定の変更").first.click()
    expect(page.get_by_role("row", name="CMJ-ENNC60-01 → CMJ-ACGC12-01 切替")).to_contain_text("関係: 切替")
    check_sizes(page, WCAG)
