"""Pages kept for visitors: never for members, never across stores or addresses, and not for long."""

from collections.abc import Callable, Iterator
from time import monotonic

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from licenseonline.accounts.models import Member
from licenseonline.catalog.models import SellingRule
from licenseonline.web import visitor_pages
from tests.world import World

PRODUCT = "/87465/products/vbbss"


@pytest.fixture(autouse=True)
def keeping(settings: Settings) -> Iterator[None]:
    settings.VISITOR_PAGE_SECONDS = 10
    visitor_pages.forget()
    yield
    visitor_pages.forget()


def page(client: Client, path: str = PRODUCT) -> str:
    return client.get(path).content.decode()


def change_prices(world: World) -> None:
    SellingRule.objects.filter(store=world.elsat).update(per_mille_of_list=500)


def test_a_visitor_sees_a_change_after_some_seconds(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = page(client)
    change_prices(world)
    assert page(client) == before
    now = monotonic()
    monkeypatch.setattr(visitor_pages, "monotonic", lambda: now + 11)
    assert "税込 2,860円" in page(client)


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
    world.elsat.is_open = False
    world.elsat.save()
    assert client.get(PRODUCT).status_code == 404


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
    monkeypatch.setattr(visitor_pages, "_MOST_PAGES", 2)
    for query in "abc":
        page(client, f"/87465/search?q={query}")
    assert [path for path, _day in visitor_pages._pages] == ["/87465/search?q=b", "/87465/search?q=c"]
    page(client, f"/87465/search?q={'x' * 1000}")
    assert len(visitor_pages._pages) == 2
