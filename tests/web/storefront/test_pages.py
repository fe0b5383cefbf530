"""What visitors see of a store: its pages, their links, and that looking leaves no trace."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from licenseonline.accounts.models import Member
from licenseonline.content.models import Faq, News, Page
from licenseonline.stores import stores
from licenseonline.stores.models import Store
from tests.world import World

PUBLIC = [
    "/87465/",
    "/87465/about",
    "/87465/campaigns/",
    "/87465/faq/view",
    "/87465/inquiry/",
    "/87465/news/",
    "/87465/contents/static/guide/orderflow.html",
    "/87465/search",
    "/87465/search?q=vbbss",
    "/87465/products/vbbss",
]
FORMS = ["/87465/register/", "/87465/password/reissue/"]


def text(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status
    return response.content.decode()


@pytest.mark.parametrize("path", [*PUBLIC, "/", "/contents/static/topterm.html"])
def test_looking_around_neither_reads_nor_starts_a_session(world: World, client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    assert "Set-Cookie" not in response
    assert "Cookie" not in response.get("Vary", "")
    assert not response.wsgi_request.session.accessed


@pytest.mark.parametrize("path", [*PUBLIC, *FORMS])
def test_every_link_of_a_page_leads_somewhere(world: World, client: Client, path: str) -> None:
    links = set(re.findall(r'href="(/87465/[^"]*|/contents/[^"]*|/)"', text(client, path)))
    assert len(links) > 8
    for link in links:
        assert client.get(link.replace("&amp;", "&")).status_code == 200, link


def test_the_header_has_the_real_services_entries(world: World, client: Client) -> None:
    page = text(client, "/87465/")
    for words in ("TOP", "キャンペーン", "当ストアについて", "FAQ", "お問い合わせ", "ログイン", "新規会員登録"):
        assert words in page
    for link in ("campaigns/", "about", "faq/view", "inquiry/", "login/", "register/", "search"):
        assert f'"/87465/{link}"' in page
    assert "ログアウト" not in page


def test_a_member_has_the_member_menu(world: World, client_of: Callable[[Member], Client]) -> None:
    page = text(client_of(world.hanako), "/87465/")
    for words in (
        "会員メニュー",
        "見積履歴",
        "注文履歴",
        "契約履歴",
        "ライセンス管理",
        "会員情報",
        "ログアウト",
        "青空 花子 様",
    ):
        assert words in page
    assert "新規会員登録" not in page


def test_pages_of_members_are_not_cached(world: World, client_of: Callable[[Member], Client]) -> None:
    assert client_of(world.hanako).get("/87465/").headers["Cache-Control"] == "private, no-store"


def test_top_offers_the_stores_own_products_at_its_own_prices(world: World, client: Client) -> None:
    elsat, minato = text(client, "/87465/"), text(client, "/193808/")
    assert "ウイルスバスター ビジネスセキュリティサービス" in elsat
    assert "2,250<small>" in elsat  # TREND-ACA: 2,500 at 90 %
    assert "2,000<small>" in minato  # and at 80 %
    assert "Creative Cloud" in elsat
    assert "Creative Cloud" not in minato
    assert "取扱終了製品" not in elsat
    assert "?vendor=other" in elsat
    assert "?vendor=other" not in minato


def test_top_says_the_same_number_of_queries_whatever_there_is(
    world: World, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(3):
        News.objects.create(store=world.elsat, title=f"お知らせ{n}", body="本文", published_on=date(2026, 5, n + 1))
    stores.open_store(87465)  # read once per edition
    with django_assert_max_num_queries(11):
        assert "お知らせ2" in text(client, "/87465/")


def test_about_tells_who_sells_and_on_which_terms(world: World, client: Client) -> None:
    page = text(client, "/87465/about")
    for words in (
        "エルサットストア販売株式会社",
        "105-0001",
        "東京都港区虎ノ門1-2-3",
        "T7123456789012",
        "03-0000-0000",
        "desk@87465.example",
        "平日10:00-17:00",
        "お見積の有効期限内にご注文ください。",
        "2026-04-01",
        "見積日から7日目",
        "7営業日以内",
    ):
        assert words in page
    assert "87,465" not in page


def test_faq_has_the_six_headings_with_anchors(world: World, client: Client) -> None:
    page = text(client, "/87465/faq/view")
    for heading in Faq.Heading:
        assert f'id="{heading.value}"' in page
        assert str(heading.label) in page
    assert "どんなサイトですか？" in page
    assert "ライセンスのお店です。" in page


def test_inquiry_names_the_desk_and_what_to_write(world: World, client: Client) -> None:
    page = text(client, "/87465/inquiry/?model=VBBSS-R1")
    for words in ("desk@87465.example", "03-0000-0000", "平日10:00-17:00", "注文ID", "FAQ", "VBBSS-R1", "mailto:"):
        assert words in page
    assert "<textarea" not in page


def test_news_are_the_stores_own_newest_first_and_older_ones_follow(world: World, client: Client) -> None:
    for n in range(1, 26):
        News.objects.create(store=world.elsat, title=f"第{n}号", body="**太字**", published_on=date(2026, 5, n))
    page = text(client, "/87465/news/")
    assert page.index("第25号") < page.index("第24号")
    assert "<strong>太字</strong>" in page
    assert "第5号" not in page
    assert "みなと" not in page
    older = re.search(r'href="(/87465/news/\?before=\d+)"', page)
    assert older
    assert "第5号" in text(client, older[1])
    assert "以前のお知らせ" not in text(client, older[1])


@pytest.mark.parametrize("before", ["x", "-1", "9" * 30, "%00", ""])
def test_an_odd_place_in_the_news_is_the_beginning(world: World, client: Client, before: str) -> None:
    assert "エルサットストアからのお知らせ" in text(client, f"/87465/news/?before={before}")


def test_a_page_of_the_store_is_markdown_and_cannot_act(world: World, client: Client) -> None:
    Page.objects.create(store=world.elsat, path="x", title="題<b>", body="<script>alert(1)</script>\n\n- 項目")
    page = text(client, "/87465/contents/static/x.html")
    assert "<li>項目</li>" in page
    assert "<script>alert" not in page
    assert "題&lt;b&gt;" in page
    assert client.get("/193808/contents/static/x.html").status_code == 404
    assert client.get("/87465/contents/static/none.html").status_code == 404
    assert client.get("/87465/contents/static/%00.html").status_code == 404


def test_an_unknown_store_or_one_in_preparation_leads_to_the_search_for_stores(world: World, client: Client) -> None:
    page = text(client, "/99999/", status=404)
    assert "ストアが見つかりません" in page
    assert 'href="/"' in page
    Store.objects.filter(pk=87465).update(state=Store.State.DRAFT)
    assert text(client, "/87465/products/vbbss", status=404) == page


def test_a_missing_page_helps_on(world: World, client: Client) -> None:
    assert 'href="/87465/inquiry/"' in text(client, "/87465/nowhere", status=404)
