"""Every page of the slice for everybody: no accessibility fault that axe can find, and nothing wider than the screen."""

import io
from collections.abc import Callable, Sequence

import pytest
from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from licenseonline.demo.logins import HANAKO
from tests.browser.conftest import Opener, sign_in_member

VISITOR = {
    "home": "/",
    "terms": "/contents/static/topterm.html",
    "top": "/87465/",
    "top-other-store": "/193808/",
    "search": "/87465/search?q=ウイルスバスター",
    "search-nothing": "/87465/search?q=zzzzqqq",
    "about": "/87465/about",
    "campaigns": "/87465/campaigns/",
    "campaigns-other-store": "/193808/campaigns/",
    "campaign": "/87465/campaigns/security-renewal",
    "product": "/87465/products/virusbuster-business-security-services",
    "product-all": "/87465/products/eset-protect-entry-onpremises?program=all&all=new",
    "product-mark": "/87465/products/trend-micro-apex-one",
    "product-held": "/87465/products/virusbuster-business-security-services?held=virusbuster-business-security",
    "faq": "/87465/faq/view",
    "inquiry": "/87465/inquiry/",
    "news": "/87465/news/",
    "guide": "/87465/contents/static/guide/orderflow.html",
    "login": "/87465/login/",
    "register": "/87465/register/",
    "reissue": "/87465/password/reissue/",
    "unknown-store": "/99999/",
    "partner-login": "/partner/login/",
    "demo-logins": "/demo/logins",
    "demo-mail": "/demo/mail/",
}
MEMBER = {name: f"/87465/member/{name}/" for name in ("quotes", "orders", "contracts", "licences", "profile")}
MEMBER["cart"] = "/87465/cart/"
PROFILE = ("person", "company", "company/name", "billing", "email", "newsletter", "withdraw")
# What passes is not told: to write it all down took longer than to find it.
FAULTS = "options => axe.run(options).then(({violations}) => ({violations}))"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def check(page: Page, rules: Sequence[str] = (*WCAG, "best-practice")) -> None:
    page.wait_for_load_state()  # axe looks at a whole document, not at one that is just being replaced
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = AxeResults(page.evaluate(FAULTS, {"runOnly": list(rules), "resultTypes": ["violations"]}))
    assert found.violations_count == 0, found.generate_report()
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{wide} pixels too wide"


@pytest.mark.parametrize("size", ["desktop", "phone", "wide"])
def test_visitors_pages(opened: Opener, picture: Callable[[Page, str], None], size: str) -> None:
    page = opened(size)
    for name, path in VISITOR.items():
        page.goto(path)
        check(page)
        if name in {"top", "search", "top-other-store", "campaign", "product-all"}:
            picture(page, f"{name}-{size}")


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_members_pages(opened: Opener, picture: Callable[[Page, str], None], size: str) -> None:
    page = opened(size)
    page.goto("/87465/login/")
    sign_in_member(page, HANAKO)
    for name, path in MEMBER.items():
        page.goto(path)
        check(page)
        picture(page, f"{name}-{size}")
    for name in PROFILE:
        page.goto(f"/87465/member/profile/{name}")
        check(page)
    for list_page, part in (("quotes", "quotes/Q"), ("orders", "orders/P"), ("contracts", "contracts/C")):
        page.goto(MEMBER[list_page])
        page.get_by_role("main").locator(f"a[href*='{part}']").first.click()
        check(page)
        picture(page, f"{list_page.removesuffix('s')}-{size}")
    page.goto("/87465/search?q=ウイルスバスター")
    page.get_by_role("main").locator("a[href*='/products/']").first.click()
    check(page)
    picture(page, f"product-{size}")


def test_a_quotation_prints_without_the_shop_around_it(opened: Opener) -> None:
    page = opened()
    page.goto("/87465/login/")
    sign_in_member(page, HANAKO)
    page.goto(MEMBER["quotes"])
    page.get_by_role("main").locator("a[href*='quotes/Q']").first.click()
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_text("合計（税込）").first).to_be_visible()
    for part in ("search", "navigation"):
        expect(page.get_by_role(part).first).to_be_hidden()
    pages = PdfReader(io.BytesIO(page.pdf(format="A4"))).pages
    assert len(pages) <= 2
