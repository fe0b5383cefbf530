"""The table of a product's SKUs: readable with 200 of them, narrowed down by plain links, and never hiding what was asked for."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from licenseonline.accounts.models import Member
from licenseonline.catalog import search
from licenseonline.catalog.models import EVER_SINCE, Price, PriceList, Product, Sku, SkuRelation
from licenseonline.kit import clock
from licenseonline.kit.text import fold_model
from licenseonline.stores import stores
from tests.world import World

PAGE = "/87465/products/vbbss"
BANDS = ((1, 9), (10, 24), (25, 49), (50, 99), (100, None))


def sku(model: str, **values: object) -> Sku:
    product = Product.objects.get(code=values.pop("product", "vbbss"))
    given = {"name": f"{product.name} {model}", "term_months": 12, "lead_days": 3, **values}
    made = Sku.objects.create(product=product, model_number=model, folded_model=fold_model(model), **given)
    Price.objects.create(price_list=PriceList.objects.get(vendor=product.vendor), sku=made, list_yen=1000)
    return made


def many(number: int) -> None:
    """That many new SKUs: terms of 1 year, 2 years … in five bands each."""
    for n in range(number):
        first, last = BANDS[n % 5]
        sku(f"MANY-{n:03}", term_months=12 * (n // 5 + 1), band_from=first, band_to=last, purchase_type="new")


def text(client: Client, path: str = PAGE) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def models(page: str) -> list[str]:
    return re.findall(r'scope="row"><span class="code">([^<]+)</span>', page)


def test_bands_of_the_same_thing_are_one_block(world: World, client: Client) -> None:
    Sku.objects.filter(product__code="vbbss").update(sale_to=EVER_SINCE)
    for n, (first, last) in enumerate(BANDS):
        sku(f"B-{n}", name=f"x 新規 1年 {first}-{last}", band_from=first, band_to=last)
    sku("B-ACA", program="academic", band_from=1, band_to=9)
    sku("B-3Y", term_months=36, band_from=1, band_to=9)
    page = text(client, f"{PAGE}?program=all")
    assert models(page) == ["B-0", "B-1", "B-2", "B-3", "B-4", "B-3Y", "B-ACA"]
    assert re.findall(r'scope="rowgroup" rowspan="(\d+)"', page) == ["5", "1", "1"]
    assert [band in page for band in ("1～9", "10～24", "100以上")] == [True] * 3


def test_other_conditions_are_other_blocks_and_are_said(world: World, client: Client) -> None:
    Sku.objects.filter(product__code="vbbss").update(sale_to=EVER_SINCE)
    sku("C-1", band_from=1, band_to=9)
    sku("C-2", band_from=10, lead_days=10)
    sku("C-3", band_from=1, band_to=9, delivery="media", payment_methods=["transfer"])
    page = text(client)
    assert page.count('scope="rowgroup"') == 3
    for words in ("約3～10営業日", "納期：約10営業日", "納品方法：メディアの配送", "お支払方法：銀行振込"):
        assert words in page


def test_facts_name_the_ways_to_pay_only_where_all_are_limited(world: World, client: Client) -> None:
    assert "<dt>お支払方法" not in text(client)
    Sku.objects.update(payment_methods=["transfer", "card"])
    assert "<dt>お支払方法</dt><dd>銀行振込・クレジットカード" in text(client)


def test_filters_count_what_they_leave_and_work_as_addresses(world: World, client: Client) -> None:
    sku("F-3Y", term_months=36)
    sku("F-ACA-3Y", term_months=36, program="academic")
    sku("F-EVER", term_months=None)
    page = text(client)
    choices = re.findall(
        r'<li><a href="([^"]+)" rel="nofollow"( aria-current="true")?>([^<]+) <span class="count">(\d+)', page
    )
    assert [(label, int(number), bool(chosen)) for _url, chosen, label, number in choices] == [
        ("すべて", 7, False), ("コーポレート", 5, True), ("アカデミック", 2, False),
        ("すべて", 5, True), ("永続", 1, False), ("1年", 3, False), ("3年", 1, False),
    ]  # fmt: skip
    for url, _chosen, _label, number in choices:
        narrowed = text(client, PAGE + url.replace("&amp;", "&").partition("#")[0])
        assert len(models(narrowed)) == int(number)
    assert models(text(client, f"{PAGE}?program=academic&term=36")) == ["F-ACA-3Y"]


@pytest.mark.parametrize("query", ["?program=x", "?term=x", "?term=-1", "?all=x", "?model=x", "?held=x", "?program=academic&term=999", "?model=%00", "?term=1%00&held=%ff"])  # fmt: skip
def test_odd_addresses_show_what_there_is(world: World, client: Client, query: str) -> None:
    assert models(text(client, PAGE + query))


def test_purchase_types_have_links_to_jump_to(world: World, client: Client) -> None:
    page = text(client)
    for kind in ("new", "renewal"):
        assert f'href="#type-{kind}"' in page
        assert f'id="type-{kind}"' in page


def test_of_many_rows_fifty_are_shown_and_a_link_shows_all(world: World, client: Client) -> None:
    many(60)
    page = text(client)
    assert len(models(page)) == 50 + 1  # and the renewal
    url = re.search(r'href="([^"]+)" rel="nofollow">新規をすべて表示（残り12件）', page)
    assert url
    assert url[1].endswith("#type-new")
    assert len(models(text(client, PAGE + url[1].replace("&amp;", "&").partition("#")[0]))) == 63


def test_the_model_number_that_was_asked_for_is_always_among_them(world: World, client: Client) -> None:
    many(60)
    hidden = (set(models(text(client, f"{PAGE}?all=new"))) - set(models(text(client)))).pop()
    page = text(client, f"{PAGE}?model={hidden.lower()}")
    assert hidden in models(page)
    assert re.search(rf'<tr id="sku-{world.sku(hidden).pk}" class="is-asked">', page)
    assert "TREND-ACA" in models(text(client, f"{PAGE}?model=trendaca&term=36&held=vbbss"))  # with its own program


def test_two_hundred_are_a_readable_page_of_a_bounded_size(
    world: World, client: Client, client_of: Callable[[Member], Client]
) -> None:
    member = client_of(world.hanako)

    def queries(browser: Client) -> int:
        stores.open_store(87465)  # read once per edition
        with CaptureQueriesContext(connection) as captured:
            text(browser, f"{PAGE}?program=all&all=new")
        return len(captured)

    few = [queries(client), queries(member)]
    many(200)
    assert [queries(client), queries(member)] == few
    everything, page = text(client, f"{PAGE}?all=new"), text(client)
    assert len(models(everything)) == 203
    assert len(everything.encode()) < 150_000
    assert len(page.encode()) < 60_000
    assert len(text(member, f"{PAGE}?all=new").encode()) < 330_000
    assert everything.count('scope="rowgroup"') == 40 + 1  # forty terms in five bands each, and the renewal


def test_what_is_sold_from_a_later_day_on_is_not_shown(world: World, client: Client) -> None:
    sku("SOON", sale_from=clock.today() + timedelta(1))
    sku("TODAY", sale_from=clock.today(), sale_to=clock.today())
    found = models(text(client))
    assert "TODAY" in found
    assert "SOON" not in found


def test_price_breaks_of_a_list_are_shown_with_their_price(world: World, client: Client) -> None:
    price = Price.objects.get(sku__model_number="VBBSS-R1")
    Price.objects.create(price_list=price.price_list, sku=price.sku, band_from=50, list_yen=3000)
    page = text(client)
    assert "3,600円" in page
    assert "50ライセンス以上 2,700円" in page


def test_what_holders_of_a_product_may_buy_can_be_chosen(world: World, client: Client) -> None:
    renewal, new, other = (world.sku(model) for model in ("VBBSS-R1", "VBBSS-1Y-005", "ADOBE-CC"))
    assert "お持ちの製品から選ぶ" not in text(client)
    SkuRelation.objects.create(held=new, following=renewal, kind="renewal")
    SkuRelation.objects.create(held=other, following=new, kind="competitive")
    page = text(client)
    for words in (
        "お持ちの製品から選ぶ",
        "この製品をお持ちの場合",
        "Creative Cloud グループ版（アドビ）をお持ちの場合",
    ):
        assert words in page
    links = re.findall(r'<a href="([^"]*held=[^"]*)"[^>]*>(\w+) <span class="count">(\d+)', page)
    assert [(label, number) for _url, label, number in links] == [("更新", "1"), ("乗換", "1")]
    shown = [models(text(client, PAGE + url.replace("&amp;", "&").partition("#")[0])) for url, _label, _number in links]
    assert shown == [["VBBSS-R1"], ["VBBSS-1Y-005"]]
    assert "お持ちの製品の絞り込みを解除" in text(client, f"{PAGE}?held=vbbss")


def ended(model: str, successor: Sku | None = None, product: str = "vbbss") -> Sku:
    return sku(model, product=product, sale_to=clock.today() - timedelta(1), successor=successor)


@pytest.mark.parametrize("path", ["/87465/search?q=ｏｌｄ 1", f"{PAGE}?model=old-1"])
def test_an_ended_model_number_leads_to_its_successor(world: World, client: Client, path: str) -> None:
    new = world.sku("VBBSS-1Y-005")
    ended("OLD-1", ended("OLD-2", new))
    page = text(client, path)
    assert "OLD-1は販売を終了しました。後継はVBBSS-1Y-005です。" in page
    assert f"/87465/products/vbbss?model=VBBSS-1Y-005#sku-{new.pk}" in page
    assert "OLD-1" not in models(page)


def test_an_ended_model_number_without_successor_leads_to_the_desk(world: World, client: Client) -> None:
    ended("OLD-1")
    ended("OLD-H", world.sku("HIDDEN-1"))
    for model in ("OLD-1", "OLD-H"):
        page = text(client, f"/87465/search?q={model}")
        assert f"{model}は販売を終了しました。</p>" in page
        assert f"/87465/inquiry/?model={model}" in page
        assert "HIDDEN-1" not in page


def test_successors_in_a_circle_are_no_trouble(world: World, client: Client) -> None:
    first, second = ended("OLD-1"), ended("OLD-2")
    Sku.objects.filter(pk=first.pk).update(successor=second)
    Sku.objects.filter(pk=second.pk).update(successor=first)
    assert "OLD-1は販売を終了しました。</p>" in text(client, "/87465/search?q=OLD-1")


def test_what_the_store_never_sold_is_not_talked_about(world: World, client: Client) -> None:
    ended("OLD-1", world.sku("VBBSS-1Y-005"), product="hidden")
    ended("OLD-2", world.sku("VBBSS-1Y-005"), product="creative")
    for path in (
        "/87465/search?q=OLD-1",
        "/193808/search?q=OLD-2",
        f"{PAGE}?model=OLD-1",
        f"{PAGE}?model=VBBSS-1Y-025",
    ):
        assert "販売を終了しました" not in text(client, path)


def test_a_product_that_is_over_leads_from_its_model_number_to_the_search(world: World, client: Client) -> None:
    Sku.objects.filter(product__code="request").update(sale_to=clock.today() - timedelta(1))
    assert client.get("/87465/products/request").status_code == 404
    answer = client.get("/87465/products/request?model=on-request")
    assert answer["Location"] == "/87465/search?q=ON-REQUEST"
    assert client.get("/193808/products/request?model=on-request").status_code == 404


def test_related_products_are_those_linked_then_those_alike(world: World, client: Client) -> None:
    Product.objects.filter(code__in=["creative", "request", "hidden"]).update(category="分野")
    assert "関連製品" not in text(client)
    SkuRelation.objects.create(held=world.sku("ADOBE-CC"), following=world.sku("VBBSS-R1"), kind="competitive")
    SkuRelation.objects.create(held=world.sku("HIDDEN-1"), following=world.sku("VBBSS-R1"), kind="competitive")
    related = text(client).partition("関連製品")[2]
    assert "Creative Cloud グループ版" in related
    assert "取扱終了製品" not in related
    alike = text(client, "/87465/products/creative").partition("関連製品")[2]
    assert re.findall(r'products/(\w+)"', alike) == ["vbbss", "request"]
    assert "関連製品" not in text(client, "/193808/products/vbbss")


def test_four_related_products_are_enough(world: World, client: Client) -> None:
    Product.objects.filter(code="vbbss").update(category="分野")
    for n in range(6):
        Product.objects.create(
            vendor=Product.objects.get(code="vbbss").vendor,
            code=f"more-{n}",
            name=f"製品{n}",
            category="分野",
            popularity=n,
        )
        sku(f"MORE-{n}", product=f"more-{n}")
    search.index(Product.objects.filter(code__startswith="more-"))
    related = text(client).partition("関連製品")[2]
    assert re.findall(r'products/([\w-]+)"', related) == ["more-5", "more-4", "more-3", "more-2"]


def test_names_of_skus_do_no_harm(world: World, client: Client) -> None:
    bad = "<script>alert(1)</script>"
    Sku.objects.filter(model_number="VBBSS-R1").update(name=bad, model_number=f"'\">{bad}"[:80])
    for path in (PAGE, "/87465/search?q=vbbss"):
        assert "<script>alert" not in text(client, path)
