"""A vendor's new price list in a browser: the desk looks at it, applies it, a visitor sees the price, and undo brings the old one back.

Nothing else in these tests looks at these vendors: they share one demo.
"""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from licenseonline.demo.logins import OPERATORS
from tests.browser.conftest import Opener, code_of
from tests.browser.test_looks import WCAG
from tests.browser.test_staff_looks import check_sizes

Picture = Callable[[Page, str], None]
PRODUCT = "/87465/products/morisawa-fonts-standard"
OLD, NEW = "45,816", "48,576"  # 92 % of 49,800 and of 52,800
HEAD = "製品型番,製品コード,製品名,型番名,標準価格（税抜）,仕切\r\n"
FILE = HEAD + (
    "MF-STD-CN.1,morisawa-fonts-standard,Morisawa Fonts スタンダードプラン,,52800,43000\r\n"
    "MF-STD-CR.1,morisawa-fonts-standard,Morisawa Fonts スタンダードプラン,,49800,41830\r\n"
    "MF-STD-CN.9,morisawa-fonts-standard,Morisawa Fonts スタンダードプラン,Morisawa Fonts 新しい学割,９９，０００,80000\r\n"
    "MF-STD-XX.1,morisawa-fonts-standard,Morisawa Fonts スタンダードプラン,,お問い合わせください,\r\n"
)


def enter(page: Page) -> None:
    page.goto("/backoffice/")
    page.get_by_label("メールアドレス").fill(OPERATORS[1].email)
    page.get_by_label("パスワード").fill(OPERATORS[1].password)
    page.get_by_label("確認コード").fill(code_of(OPERATORS[1]))
    page.get_by_role("button", name="ログイン").first.click()


def upload(page: Page, vendor: str, content: str) -> None:
    page.goto("/backoffice/")
    page.get_by_role("link", name="価格表の取込").first.click()
    page.get_by_role("link", name="価格表を取り込む").click()
    page.get_by_label("メーカー").select_option(label=vendor)
    file = {"name": f"{vendor}_2026冬.csv", "mimeType": "text/csv", "buffer": content.encode("cp932")}
    page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]  # as documented
    page.get_by_role("button", name="アップロードして確認する").click()


def seen_by_a_visitor(page: Page) -> str:
    page.goto(PRODUCT)
    return page.get_by_role("main").inner_text()


def test_a_price_list_from_upload_to_undo(opened: Opener, picture: Picture) -> None:
    desk, visitor = opened(), opened()
    assert OLD in seen_by_a_visitor(visitor)
    enter(desk)
    upload(desk, "モリサワ", FILE)
    desk.goto("/backoffice/imports/new")
    check_sizes(desk, WCAG)
    desk.go_back()
    expect(desk.get_by_role("heading", name="確認が終わりました")).to_be_visible(timeout=30_000)  # without a reload
    expect(desk.get_by_text("新規 1件、価格変更 1件")).to_be_visible()
    expect(desk.get_by_role("row", name="MF-STD-CN.1")).to_contain_text("+3,000円（+6.0％）")
    expect(desk.get_by_role("list").filter(has_text="価格が変わる型番 1件")).to_contain_text("エルサットストア")
    check_sizes(desk, WCAG)
    picture(desk, "price-import")
    desk.get_by_role("link", name="取り込めません").click()
    expect(desk.get_by_role("row", name="MF-STD-XX.1")).to_be_visible()
    with desk.expect_download() as download:
        desk.get_by_role("link", name="取り込めない行をCSVで保存").click()
    assert "MF-STD-XX.1" in download.value.path().read_text("utf-8-sig")
    assert OLD in seen_by_a_visitor(visitor)
    apply_and_undo(desk, visitor)
    choose_columns(desk, opened(javascript=False))


def apply_and_undo(desk: Page, visitor: Page) -> None:
    desk.get_by_role("link", name="反映する").click()
    expect(desk.get_by_text("いますぐ、新規 1件、価格変更 1件を")).to_be_visible()
    check_sizes(desk, WCAG)
    desk.get_by_role("button", name="反映する").click()
    undo = desk.get_by_role("link", name="取り消す")
    expect(undo).to_be_visible(timeout=30_000)
    shown = seen_by_a_visitor(visitor)
    assert NEW in shown
    assert "MF-STD-CN.9" in shown
    assert "91,080" in shown
    check_sizes(desk, WCAG)
    undo.click()
    desk.get_by_role("button", name="取り消す").click()
    expect(desk.get_by_text("取り消し済み").first).to_be_visible(timeout=30_000)
    shown = seen_by_a_visitor(visitor)
    assert OLD in shown
    assert NEW not in shown
    assert "MF-STD-CN.9" not in shown


def choose_columns(desk: Page, plain: Page) -> None:
    """Headers that nobody knows, without JavaScript: the page comes by itself. The file is then given up."""
    plain.context.add_cookies(desk.context.cookies())  # type: ignore[arg-type]  # as they were given
    upload(plain, "ネオジャパン", "きごう,ねだん\r\nDNNEO-CL-CN1Y-005,7500\r\n")
    plain.get_by_role("link", name="列の対応を変更").click(timeout=30_000)
    plain.get_by_label("型番").first.select_option("きごう")
    plain.get_by_label("定価").first.select_option("ねだん")
    desk.goto(plain.url)
    check_sizes(desk, WCAG)
    plain.get_by_role("button", name="この対応で読み込み直す").click()
    expect(plain.get_by_text("価格変更 1件").first).to_be_visible(timeout=30_000)
    plain.get_by_role("link", name="破棄する").click()
    plain.get_by_role("button", name="破棄する").click()
    expect(plain.get_by_text("取り込みを破棄しました")).to_be_visible()
    desk.goto("/backoffice/imports/")
    check_sizes(desk, WCAG)
