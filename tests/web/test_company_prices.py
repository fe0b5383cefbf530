"""A company's prices reach its members wherever a price stands, and nobody else: no visitor, no other company."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from licenseonline.accounts.models import Member
from licenseonline.catalog import prices
from licenseonline.catalog.models import Campaign, CampaignItem, CompanyPrice, Price, PriceList, Product, SellingRule
from licenseonline.kit import clock, scope
from licenseonline.sales import carts, quotes
from tests.world import World

VISITORS, OWN = "4,680", "3,990"


@pytest.fixture
def special(world: World) -> None:
    """青空製作所 pays 3,990 yen for VBBSS-1Y-005, and 1,990 for the cheapest of the product."""
    for model, yen in (("VBBSS-1Y-005", 3990), ("TREND-ACA", 1990)):
        CompanyPrice.objects.create(
            store=world.elsat, company=world.hanako.company, sku=world.sku(model), fixed_yen=yen, reason="年間契約"
        )


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/87465/products/vbbss?program=corporate", (VISITORS, OWN)),
        ("/87465/search?q=VBBSS-1Y-005", (VISITORS, OWN)),
        ("/87465/search?q=ウイルスバスター", ("2,250", "1,990")),
        ("/87465/search?q=nothing-of-this", ("2,250", "1,990")),
        ("/87465/", ("2,250", "1,990")),
        ("/87465/products/creative", ("", "")),
    ],
)
@pytest.mark.usefixtures("special")
def test_members_see_their_companys_prices_and_visitors_never_do(
    world: World, client: Client, client_of: Callable[[Member], Client], path: str, shown: tuple[str, str]
) -> None:
    visitors, own = shown
    for who, sees, not_sees in (
        (client_of(world.hanako), own, ""),
        (client, visitors, own),  # nothing that hanako saw was kept for others
        (client_of(world.ichiro), own, ""),
        (client_of(world.taro), visitors, own),
        (Client(), visitors, own),
        (client_of(world.hanako), own, ""),  # nor for her what visitors see
    ):
        text = page(who, path)
        assert sees in text
        assert not not_sees or not_sees not in text


@pytest.mark.usefixtures("special")
def test_sort_and_price_ranges_of_the_search_go_by_the_companys_prices(
    world: World, client: Client, client_of: Callable[[Member], Client]
) -> None:
    member = client_of(world.hanako)
    CompanyPrice.objects.create(
        store=world.elsat, company=world.hanako.company, product=Product.objects.get(code="vbbss"),
        per_mille_off=0, reason="年間契約",
    )  # fmt: skip
    CompanyPrice.objects.create(
        store=world.elsat,
        company=world.hanako.company,
        sku=world.sku("M365-MONTH"),
        fixed_yen=100_000,
        reason="年間契約",
    )
    for who, order in ((member, ["vbbss", "creative"]), (client, ["creative", "vbbss"])):
        shown = page(who, "/87465/search?sort=price")
        assert sorted(order, key=lambda code: shown.index(f'<a href="/87465/products/{code}"')) == order
        dearest = page(who, "/87465/search?price=20000-")
        assert ('<h2><a href="/87465/products/creative"' in dearest) == (who is member)


@pytest.mark.usefixtures("special")
def test_cart_and_quotation_have_the_companys_price(world: World, client_of: Callable[[Member], Client]) -> None:
    carts.put(world.sku("VBBSS-1Y-005"), quantity=10, by=world.hanako)
    assert "39,900" in page(client_of(world.hanako), "/87465/cart/")
    line = quotes.issue(carts.TERM, by=world.hanako).snapshot["lines"][0]
    assert (line["unit_price"], line["amount"]) == (3990, 39_900)
    assert world.quote(world.hanako_at_minato).snapshot["lines"][0]["unit_price"] == 4160


def test_a_quotation_says_what_price_says_for_that_member_quantity_and_day(world: World) -> None:
    sku, store, today = world.sku("VBBSS-1Y-005"), world.elsat, clock.today()
    banded = PriceList.objects.create(vendor=sku.product.vendor, name="数量帯つき", from_day=today)
    Price.objects.bulk_create(
        Price(price_list=banded, sku=sku, band_from=band, list_yen=yen) for band, yen in ((1, 5210), (10, 4999), (20, 4444))
    )  # fmt: skip
    SellingRule.objects.create(store=store, sku=sku, per_mille=937, round_to_yen=7, rounding="nearest")
    company = {"store": store, "company": world.hanako.company, "reason": "年間契約"}
    run = Campaign.objects.create(
        store=store, code="c", title="割引", is_published=True, from_day=date(2020, 1, 1), to_day=today
    )
    for change in (
        lambda: None,
        lambda: CompanyPrice.objects.create(**company, product=sku.product, per_mille_off=33),
        lambda: CampaignItem.objects.create(store=store, campaign=run, sku=sku, per_mille_off=111),
        lambda: CompanyPrice.objects.create(**company, sku=sku, fixed_yen=777),
    ):
        change()
        for quantity in (5, 9, 10, 19, 20, 24):
            with scope.stores([store.pk]):
                line = world.quote(world.hanako, quantity=quantity).snapshot["lines"][0]
            made = prices.price(sku, store=store, day=today, units=quantity, company=world.hanako.company)
            assert (line["unit_price"], line["tax_rate"]) == (made.unit_yen, made.tax_percent)


def test_more_rules_and_lines_take_no_more_queries(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    store, today, company = world.elsat, clock.today(), world.hanako.company
    for skus in (["VBBSS-1Y-005"], ["VBBSS-1Y-005", "VBBSS-1Y-025", "VBBSS-R1", "ADOBE-CC"]):
        ids = {world.sku(model).pk: 100 for model in skus}
        with django_assert_num_queries(1):
            prices.offers_of(ids, store=store, day=today, company=company)
        for model in skus:
            rule = {"kind": "margin", "per_mille": 100}
            SellingRule.objects.get_or_create(store=store, sku=world.sku(model), defaults=rule)
    for code in ("request", "vbbss"):
        with django_assert_num_queries(2):
            prices.offers_of_product(code, store=store, day=today, company=company)
