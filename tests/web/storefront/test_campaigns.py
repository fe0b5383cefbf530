"""Campaign pages and marks: what runs is shown with its dates, nothing before its time, and afterwards a way on."""

from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from licenseonline.catalog import campaigns
from licenseonline.catalog.models import Campaign, CampaignItem, Product, Vendor
from licenseonline.kit import clock
from licenseonline.stores import stores
from tests.world import World

DAY = timedelta(days=1)


def campaign(world: World, code: str = "winter", **values: object) -> Campaign:
    today = clock.today()
    given = {
        "store": world.elsat, "title": "冬の更新キャンペーン", "summary": "更新がお得です。", "body": "**対象**の製品です。",
        "from_day": today - 3 * DAY, "to_day": today + 3 * DAY, "is_published": True, **values,
    }  # fmt: skip
    return Campaign.objects.create(code=code, **given)


def item(of: Campaign, **values: object) -> CampaignItem:
    return CampaignItem.objects.create(store=of.store, campaign=of, **values)


def text(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def test_what_runs_is_listed_with_its_days(world: World, client: Client) -> None:
    campaign(world)
    page = text(client, "/87465/campaigns/")
    for words in ("冬の更新キャンペーン", "更新がお得です。", "/87465/campaigns/winter"):
        assert words in page
    assert "冬の更新キャンペーン" not in text(client, "/193808/campaigns/")


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2026, 12, 1), date(2026, 12, 28), "2026年12月1日～12月28日"),
        (date(2026, 12, 20), date(2027, 1, 11), "2026年12月20日～2027年1月11日"),
    ],
)
def test_the_period_is_written_as_people_write_it(
    world: World, client: Client, first: date, last: date, words: str
) -> None:
    campaign(world, from_day=first, to_day=last)
    with time_machine.travel(f"{first}T12:00:00+09:00", tick=False):
        assert words in text(client, "/87465/campaigns/winter")
        assert words in text(client, "/87465/campaigns/")
        assert words in text(client, "/87465/")


def test_it_runs_on_its_first_and_on_its_last_day_and_on_no_other(world: World, client: Client) -> None:
    campaign(world, from_day=date(2026, 12, 1), to_day=date(2026, 12, 28))
    for moment, gets in (
        ("2026-11-30T23:59:59+09:00", 404),
        ("2026-12-01T00:00:00+09:00", 200),
        ("2026-12-28T23:59:59+09:00", 200),
        ("2026-12-29T00:00:00+09:00", 410),
    ):
        with time_machine.travel(moment, tick=False):
            assert client.get("/87465/campaigns/winter").status_code == gets
            listed = "冬の更新キャンペーン" in text(client, "/87465/campaigns/")
            on_top = "冬の更新キャンペーン" in text(client, "/87465/")
            assert listed == on_top == (gets == 200)


def test_what_is_over_says_so_and_leads_on(world: World, client: Client) -> None:
    over = campaign(world, to_day=clock.today() - DAY)
    campaign(world, "spring", title="春の乗換キャンペーン")
    item(over, product=Product.objects.get(code="vbbss"), per_mille_off=100)
    response = client.get("/87465/campaigns/winter")
    page = response.content.decode()
    assert response.status_code == 410
    for words in (
        "に終了しました。",
        "/87465/campaigns/spring",
        "/87465/search",
        "有効期限までそのままご注文いただけます",
    ):
        assert words in page
    assert "対象の製品" not in page


@pytest.mark.parametrize(
    "values", [{"is_published": False}, {"from_day": date(2100, 1, 1), "to_day": date(2100, 1, 2)}]
)
def test_nobody_learns_of_what_is_not_published_or_to_come(
    world: World, client: Client, values: dict[str, object]
) -> None:
    made = campaign(world, **values)  # type: ignore[arg-type]  # of several types
    item(made, product=Product.objects.get(code="vbbss"))
    assert client.get("/87465/campaigns/winter").status_code == 404
    for path in ("/87465/campaigns/", "/87465/", "/87465/search", "/87465/products/vbbss"):
        page = text(client, path)
        assert "冬の更新キャンペーン" not in page
        assert "badge-campaign" not in page


@pytest.mark.parametrize("path", ["/87465/campaigns/none", "/193808/campaigns/winter"])
def test_unknown_and_another_stores_are_not_found(world: World, client: Client, path: str) -> None:
    campaign(world)
    assert client.get(path).status_code == 404


def test_its_products_and_model_numbers_are_shown_with_the_prices_of_the_store(world: World, client: Client) -> None:
    made = campaign(world)
    item(made, product=Product.objects.get(code="creative"))
    item(made, sku=world.sku("VBBSS-1Y-005"))
    item(made, sku=world.sku("HIDDEN-1"))
    page = text(client, "/87465/campaigns/winter")
    for words in (
        "<strong>対象</strong>",
        "Creative Cloud グループ版",
        "1,620<small>",
        "VBBSS-1Y-005",
        "4,680円",
        "5～24",
    ):
        assert words in page
    sku = world.sku("VBBSS-1Y-005")
    assert f"/87465/products/vbbss?model=VBBSS-1Y-005#sku-{sku.pk}" in page
    assert "HIDDEN-1" not in page


def test_a_vendors_campaign_shows_what_the_store_sells_of_it(world: World, client: Client) -> None:
    item(campaign(world), vendor=Vendor.objects.get(code="other"))
    page = text(client, "/87465/campaigns/winter")
    assert "Creative Cloud グループ版" in page
    assert "取扱終了製品" not in page


def test_what_a_campaign_covers_is_marked_with_its_last_day(world: World, client: Client) -> None:
    made = campaign(world, from_day=date(2026, 12, 1), to_day=date(2026, 12, 28))
    item(made, sku=world.sku("VBBSS-1Y-005"))
    item(campaign(world, "other", store=world.minato), vendor=Vendor.objects.get(code="trend"))
    with time_machine.travel("2026-12-10T12:00:00+09:00", tick=False):
        assert text(client, "/87465/search?q=vbbss").count("キャンペーン 12月28日まで") == 1
        assert text(client, "/87465/products/vbbss").count("キャンペーン 12月28日まで") == 1
        assert "badge-campaign" not in text(client, "/87465/products/creative")
    with time_machine.travel("2026-12-29T12:00:00+09:00", tick=False):
        assert "badge-campaign" not in text(client, "/87465/products/vbbss")


def test_a_change_is_seen_at_once(world: World, client: Client) -> None:
    made = campaign(world)
    assert "冬の更新" in text(client, "/87465/campaigns/")
    Campaign.objects.filter(pk=made.pk).update(title="改題")
    assert "改題" in text(client, "/87465/campaigns/")
    assert "badge-campaign" not in text(client, "/87465/products/vbbss")
    item(made, product=Product.objects.get(code="vbbss"))
    assert "badge-campaign" in text(client, "/87465/products/vbbss")


def test_who_has_the_address_of_the_desk_sees_it_before(world: World, client: Client) -> None:
    made = campaign(world, is_published=False)
    other = campaign(world, "other", is_published=False)
    address = f"/87465/campaigns/winter?preview={campaigns.preview_token(made)}"
    response = client.get(address)
    assert response.status_code == 200
    assert "プレビュー" in response.content.decode()
    assert response["Cache-Control"] == "no-store"
    for wrong in ("x", "", campaigns.preview_token(other), "x" * 5000):
        assert client.get(f"/87465/campaigns/winter?preview={wrong}").status_code == 404
    with time_machine.travel(clock.now() + 2 * DAY, tick=False):
        assert client.get(address).status_code == 404


def test_texts_of_the_desk_do_no_harm(world: World, client: Client) -> None:
    bad = "<script>alert(1)</script>"
    made = campaign(
        world, title=bad, summary=bad, body=f"{bad}\n\n[x](javascript:alert(1))<img src=x onerror=alert(1)>"
    )
    Product.objects.filter(code="vbbss").update(name=bad, summary=bad)
    item(made, product=Product.objects.get(code="vbbss"))
    for path in ("/87465/campaigns/", "/87465/campaigns/winter", "/87465/"):
        page = text(client, path)
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert 'href="javascript:' not in page


def test_pages_take_the_same_queries_for_one_and_many(
    world: World, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    made = campaign(world)
    for more in ([Product.objects.get(code="vbbss")], Product.objects.filter(code__in=["creative", "request"])):
        for product in more:
            item(made, product=product)
            item(made, sku=product.skus.get() if product.code == "request" else product.skus.order_by("pk")[0])
        stores.open_store(87465)  # read once per edition
        with django_assert_max_num_queries(14):
            client.get("/87465/campaigns/winter")
