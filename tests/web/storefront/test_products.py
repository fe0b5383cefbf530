"""Search and product pages."""

import re
from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from licenseonline.accounts.models import Member
from licenseonline.catalog import search
from licenseonline.catalog.models import Product, Sku, Vendor
from licenseonline.kit.text import fold_model
from licenseonline.stores import stores
from tests.world import World

SECURITY = "ウイルスバスター ビジネスセキュリティサービス"


def text(client: Client, path: str, **query: str) -> str:
    response = client.get(f"{path}?{urlencode(query)}" if query else path)
    assert response.status_code == 200
    return response.content.decode()


def found(client: Client, store: int = 87465, **query: str) -> list[str]:
    return re.findall(r'<h2><a href="/\d+/products/([^"]+)"', text(client, f"/{store}/search", **query))


def more_products(world: World, number: int) -> None:
    vendor = Vendor.objects.get(code="trend")
    for n in range(number):
        product = Product.objects.create(vendor=vendor, code=f"more-{n}", name=f"追加製品{n}", category="分野")
        model = f"MORE-{n}"
        Sku.objects.create(product=product, model_number=model, folded_model=fold_model(model), name=model)
    search.index(Product.objects.filter(code__startswith="more-"))


@pytest.mark.parametrize(
    "query", ["ウイルスバスター", "ウィルスバスター", "ｳｲﾙｽﾊﾞｽﾀｰ", "ういるすばすたー", "virus buster", "VIRUS  BUSTER"]
)
def test_any_spelling_of_the_name_finds_it(world: World, client: Client, query: str) -> None:
    assert found(client, q=query) == ["vbbss"]


@pytest.mark.parametrize("query", ["VBBSS-1Y-005", "vbbss1y005", "ＶＢＢＳＳ－１Ｙ－００５", "vbbss 1y 005"])
def test_a_model_number_finds_its_sku_with_its_price(world: World, client: Client, query: str) -> None:
    page = text(client, "/87465/search", q=query)
    sku = world.sku("VBBSS-1Y-005")
    assert f"/87465/products/vbbss?model=VBBSS-1Y-005#sku-{sku.pk}" in page
    assert "4,680円（税別）" in page
    assert "1件の製品" in page


def test_a_row_tells_vendor_summary_price_and_number_of_model_numbers(world: World, client: Client) -> None:
    page = text(client, "/87465/search", q="ウイルスバスター")
    for words in (
        "トレンドマイクロ",
        "説明です。",
        "型番 4件",
        "納期 約3営業日",
        "2,250<small>円～（税別）",
        "税込 2,475円～",
    ):
        assert words in page
    assert 'value="ウイルスバスター"' in page


def test_a_row_tells_from_how_many_to_how_many_days_its_model_numbers_take(world: World, client: Client) -> None:
    Sku.objects.filter(model_number="TREND-ACA").update(lead_days=10)
    assert "納期 約3～10営業日" in text(client, "/87465/search", q="ウイルスバスター")


def test_what_has_no_price_is_for_quotation_on_request(world: World, client: Client) -> None:
    assert "お見積り" in text(client, "/87465/search", q="お見積製品")


def test_an_empty_query_lists_all_that_the_store_sells(world: World, client: Client) -> None:
    Product.objects.filter(code="request").update(popularity=9)
    assert found(client) == ["request", "vbbss", "creative"]
    assert found(client, store=193808) == ["vbbss"]


def test_vendor_and_category_narrow_it_down(world: World, client: Client) -> None:
    Product.objects.filter(code="creative").update(category="デザイン")
    assert found(client, vendor="other") == ["creative", "request"]
    assert found(client, category="デザイン") == ["creative"]
    assert found(client, vendor="trend", q="creative") == []
    assert "アドビ の製品" in text(client, "/87465/search", vendor="other")


def test_nothing_found_is_a_page_that_helps(world: World, client: Client) -> None:
    page = text(client, "/87465/search", q="存在しない製品名")
    for words in ("該当する製品が見つかりませんでした", "検索のヒント", "/87465/inquiry/", "03-0000-0000", SECURITY):
        assert words in page


def test_long_lists_have_pages_and_keep_what_was_asked(world: World, client: Client) -> None:
    more_products(world, 45)
    first = text(client, "/87465/search", q="追加製品", vendor="trend")
    assert "45件の製品" in first
    pages, address = [first], first
    while following := re.search(r'href="([^"]+)" rel="next"', address):
        address = text(client, following[1].replace("&amp;", "&"))
        assert "vendor=trend" in following[1]
        pages.append(address)
    assert len(pages) == 3
    seen = [code for page in pages for code in re.findall(r'<h2><a href="/\d+/products/([^"]+)"', page)]
    assert len(seen) == len(set(seen)) == 45
    assert 'rel="first"' not in pages[0]
    assert 'rel="first"' in pages[2]


def test_beyond_what_is_counted_the_page_says_so(world: World, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "MOST_COUNTED", 30)
    more_products(world, 31)
    assert "30件以上の製品" in text(client, "/87465/search", q="追加製品")


@pytest.mark.parametrize(
    "query",
    ["a" * 10_000, "'; DROP TABLE catalog_product; --", "\0", "& | ! ( ) :* <->", "\\", "%", "<script>x</script>", "　", "🙂", "\ud7ff\uffff"],
)  # fmt: skip
def test_odd_input_is_text_like_any_other(world: World, client: Client, query: str) -> None:
    page = text(client, "/87465/search", q=query, vendor=query, category=query)
    assert "<script>x" not in page
    assert len(page) < 40_000


@pytest.mark.parametrize("place", ["0", "-1", "x", "5.9999999999999999.1", "１.2.3", "\0", "5.0.99", "....", "5.-1.2"])
def test_odd_places_are_no_error(world: World, client: Client, place: str) -> None:
    assert text(client, "/87465/search", after=place)


@pytest.mark.parametrize(("query", "most"), [("?q=VBBSS-1Y-005", 19), ("", 14), ("?q=none", 26)])
def test_a_search_takes_the_same_queries_for_few_and_many(
    world: World, client: Client, query: str, most: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    stores.open_store(87465)  # read once per edition
    with django_assert_max_num_queries(most):
        client.get(f"/87465/search{query}")
    more_products(world, 5)
    stores.open_store(87465)  # read once per edition
    with django_assert_max_num_queries(most):
        client.get(f"/87465/search{query}")


def test_a_product_page_tells_all_that_a_buyer_must_know(world: World, client: Client) -> None:
    page = text(client, "/87465/products/vbbss", program="all")
    for words in (
        SECURITY,
        "トレンドマイクロ",
        "VBBSS-1Y-005",
        "4,680円",  # without tax
        "税込 5,148円",
        "5～24",
        "25以上",
        "1年・一括払い",
        "5ライセンス",
        "約3営業日",
        "新規",
        "更新",
        "アカデミック",
        "保有ライセンスの証明（証書の写しなど）",
        "教育機関であることの証明",
        "消費税10%",
        "単価は1ライセンスあたり",
    ):
        assert words in page
    assert "カートに入れる" not in page
    assert "/87465/login/?next=%2F87465%2Fproducts%2Fvbbss%3Fprogram%3Dall" in page


def test_steps_and_contract_forms_are_shown(world: World, client: Client) -> None:
    page = text(client, "/87465/products/creative")
    for words in ("5ライセンス単位", "永続・一括払い", "1か月・月額", "一括払い・月額"):
        assert words in page


def test_a_product_without_price_leads_to_the_desk(world: World, client: Client) -> None:
    page = text(client, "/87465/products/request")
    assert "お見積り" in page
    assert "/87465/inquiry/?model=ON-REQUEST" in page
    assert "円（税別）" not in page


def test_the_program_narrows_the_table(world: World, client: Client) -> None:
    academic = text(client, "/87465/products/vbbss", program="academic")
    assert "TREND-ACA" in academic
    assert "VBBSS-R1" not in academic
    assert "TREND-ACA" not in text(client, "/87465/products/vbbss")
    assert "VBBSS-R1" in text(client, "/87465/products/vbbss", program="nonsense")


def test_a_school_sees_its_own_prices_first(world: World, client_of: Callable[[Member], Client]) -> None:
    page = text(client_of(world.taro), "/87465/products/vbbss")
    assert "TREND-ACA" in page
    assert "VBBSS-R1" not in page


def test_a_member_can_put_each_model_number_into_the_cart(world: World, client_of: Callable[[Member], Client]) -> None:
    page = text(client_of(world.hanako), "/87465/products/vbbss", program="all")
    assert page.count('action="/87465/cart/lines"') == 4
    for model in ("VBBSS-1Y-005", "VBBSS-1Y-025", "VBBSS-R1", "TREND-ACA"):
        assert f'name="sku_id" value="{world.sku(model).pk}"' in page
    assert 'name="quantity" value="25"' in page
    assert "カートに入れる" not in text(client_of(world.hanako), "/87465/products/request")


@pytest.mark.parametrize("path", ["/87465/products/hidden", "/87465/products/none", "/193808/products/creative", "/87465/products/%00"])  # fmt: skip
def test_what_the_store_does_not_sell_is_not_found(world: World, client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_description_is_markdown(world: World, client: Client) -> None:
    Product.objects.filter(code="vbbss").update(description="**強調**<img src=x onerror=alert(1)>")
    page = text(client, "/87465/products/vbbss")
    assert "<strong>強調</strong>" in page
    assert "<img src=x" not in page


def test_a_product_page_takes_the_same_queries_for_one_and_many(
    world: World, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for code in ("request", "vbbss"):
        stores.open_store(87465)  # read once per edition
        with django_assert_max_num_queries(14):
            client.get(f"/87465/products/{code}")


def test_posting_is_not_for_these_pages(world: World, client: Client) -> None:
    for path in ("/87465/", "/87465/search", "/87465/products/vbbss", "/87465/about"):
        assert client.post(path).status_code == 405
