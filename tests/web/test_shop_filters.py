"""Money and Markdown as every page shows them."""

import pytest

from licenseonline.kit.jinja import grouped, yen
from licenseonline.kit.markdown import markdown


def test_yen_are_grouped_and_what_has_no_price_shows_nothing() -> None:
    assert yen(12345) == "12,345円"
    assert yen(0) == "0円"
    assert yen(None) == ""
    assert grouped(1234567) == "1,234,567"


def test_markdown_becomes_html_under_the_title_of_its_page() -> None:
    html = markdown("# 流れ\n\n1. 検索\n2. **見積**\n\n[FAQ](/87465/faq/view)")
    assert "<h2>流れ</h2>" in html
    assert "<h1>" not in html
    assert "<ol>" in html
    assert "<strong>見積</strong>" in html
    assert 'href="/87465/faq/view"' in html


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[押す](javascript:alert(1))",
        "[押す](data:text/html,x)",
        "![x](https://elsewhere.example/x.png)",
        '<a href="/" onclick="x()">a</a>',
    ],
)
def test_nothing_in_the_text_can_act(text: str) -> None:
    html = markdown(text)
    assert not any(
        start in html for start in ("<script", "<img", 'href="javascript', 'href="data', '<a href="/" onclick')
    )
