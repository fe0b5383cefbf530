"""Pages kept for visitors: never for members, never across stores or addresses, and never stale."""

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from licenseonline.accounts.models import Member
from licenseonline.catalog.models import EVER_SINCE, Price, Product, SellingRule, Sku, StoreListing
from licenseonline.content.models import News
from licenseonline.kit import clock
from licenseonline.stores import openings, stores
from licenseonline.stores.models import Store
from licenseonline.web import visitor_pages
from tests.world import World

PRODUCT = "/87465/products/vbbss"


def page(client: Client, path: str = PRODUCT) -> str:
    return client.get(path).content.decode()


def change_prices(world: World) -> None:
    SellingRule.objects.filter(store=world.elsat).update(per_mille=500)


def test_a_visitor_sees_a_change_at_once(world: World, client: Client) -> None:
    before = page(client)
    assert page(client) == before
    change_prices(world)
    assert "税込 2,860円" in page(client)


@pytest.mark.parametrize(
    "change",
    [
        lambda world: Product.objects.filter(code="vbbss").update(name="新しい名前"),
        lambda world: Sku.objects.filter(model_number="VBBSS-1Y-005").update(sale_to=EVER_SINCE),
        lambda world: StoreListing.objects.filter(store=world.elsat, vendor__code="trend").update(offer="hidden"),
        lambda world: Price.objects.update(list_yen=1),
        lambda world: News.objects.create(store=world.elsat, title="新", body="", published_on=clock.today()),
        lambda world: Store.objects.filter(pk=87465).update(name="改名ストア"),
    ],
)
def test_every_change_that_visitors_see_raises_the_edition(world: World, change: Callable[[World], object]) -> None:
    before = stores.open_store(87465).edition
    change(world)
    assert stores.open_store(87465).edition > before


def test_a_sale_leaves_the_edition_alone(world: World) -> None:
    before = stores.open_store(87465).edition
    world.order()
    assert stores.open_store(87465).edition == before


def test_a_form_sent_to_a_kept_address_is_not_answered_with_the_page(client: Client, world: World) -> None:
    page(client)
    assert client.post(PRODUCT).status_code == 405


def test_a_member_sees_it_at_once_and_leaves_nothing_for_visitors(
    world: World, client: Client, client_of: Callable[[Member], Client]
) -> None:
    assert "青空 花子 様" in page(client_of(world.hanako))
    assert "青空 花子 様" not in page(client)
    change_prices(world)
    assert "税込 2,860円" in page(client_of(world.hanako))


def test_each_address_and_store_has_its_own(world: World, client: Client) -> None:
    assert page(client, "/87465/search?q=vbbss") != page(client, "/87465/search?q=creative")
    assert page(client, "/87465/products/vbbss") != page(client, "/193808/products/vbbss")


def test_a_store_that_closes_is_closed_at_once(world: World, client: Client) -> None:
    page(client)
    openings.close(world.elsat, readable_until=clock.today(), note="", by=world.operator)
    assert client.get(PRODUCT).status_code == 410


def test_what_was_missing_is_looked_for_again(world: World, client: Client) -> None:
    assert client.get("/87465/products/none").status_code == 404
    assert not visitor_pages._pages


def test_a_kept_page_has_the_headers_of_a_fresh_one(world: World, client: Client) -> None:
    fresh, kept = client.get(PRODUCT), client.get(PRODUCT)
    assert kept.headers["Content-Type"] == fresh.headers["Content-Type"]
    assert kept.headers["Content-Security-Policy"] == fresh.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in kept


def test_a_kept_page_asks_for_nothing_but_the_store(
    world: World, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    page(client)
    with django_assert_max_num_queries(5):
        page(client)


def test_what_is_kept_has_a_bound(world: World, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = [len(client.get(f"/87465/search?q={query}").content) for query in "abc"]
    visitor_pages.forget()
    monkeypatch.setattr(visitor_pages, "MOST_BYTES", sizes[1] + sizes[2])
    for query in "abc":
        page(client, f"/87465/search?q={query}")
    assert [path for path, _day, _edition in visitor_pages._pages] == ["/87465/search?q=b", "/87465/search?q=c"]
    page(client, f"/87465/search?q={'x' * 1000}")
    assert len(visitor_pages._pages) == 2


def test_raw_and_encoded_bytes_are_two_addresses(world: World, client: Client) -> None:
    assert "「é」" in client.get("/87465/search", QUERY_STRING="q=\xc3\xa9").content.decode()
    assert "「é」" not in page(client, "/87465/search?q=%C3%83%C2%A9")
