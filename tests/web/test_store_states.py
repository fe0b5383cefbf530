"""What a store that is not open shows, to whom."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from licenseonline.accounts.models import Member, User
from licenseonline.kit import clock
from licenseonline.stores import openings, previews
from licenseonline.stores.models import Store
from licenseonline.web import store_gate
from tests.outsiders.routes import ROUTES
from tests.stores.store_acts import prepared
from tests.world import World

ClientOf = Callable[[Member | User], Client]
READ = ["quotes/", "orders/", "contracts/", "licences/", "profile/", "password/"]


def test_a_draft_is_unknown_to_everybody_without_the_link(world: World, client_of: ClientOf) -> None:
    store = prepared(world)
    unknown = Client().get("/99999/").content
    for client in (Client(), client_of(world.hanako), client_of(world.partner), client_of(world.operator)):
        for path in (
            "",
            "about",
            "nowhere",
            "login/",
            f"brand-{store.brand_hash}.css",
            "preview/x",
            f"preview/{'x' * 40}",
        ):
            answer = client.get(f"/55555/{path}")
            assert (answer.status_code, answer.content) == (404, unknown)


def test_the_preview_shows_all_and_does_nothing(world: World) -> None:
    store = prepared(world)
    desk = Client()
    opened = desk.get(f"/55555/preview/{previews.token(store)}")
    assert opened["Location"] == "/55555/"
    assert opened.cookies["preview"]["path"] == "/55555/"
    for path in ("", "about", "login/", "register/", "search?q=vbbss"):
        page = desk.get(f"/55555/{path}")
        assert page.status_code == 200
        assert "公開前のプレビューです" in page.content.decode()
    assert desk.post("/55555/login/", {}).status_code == 409
    assert Client().get("/55555/").status_code == 404  # and nothing was kept for others
    with time_machine.travel(clock.now() + previews.LASTS + timedelta(seconds=1)):
        assert desk.get("/55555/").status_code == 404


def test_a_link_is_of_its_store_only(world: World) -> None:
    prepared(world)
    other = prepared(world, 66666)
    assert Client().get(f"/55555/preview/{previews.token(other)}").status_code == 404
    assert Client().get(f"/87465/preview/{previews.token(other)}").status_code == 404


def test_a_paused_store_tells_visitors_and_lets_members_read(world: World, client_of: ClientOf) -> None:
    quote = world.quote()
    openings.pause(world.elsat, note="棚卸しのため11月末まで休止します。", by=world.operator)
    visitor, member = Client(), client_of(world.hanako)
    for client in (visitor, member):
        for path in ("", "search?q=x", "products/vbbss", "register/", "cart/", "quotes/new"):
            answer = client.get(f"/87465/{path}")
            assert answer.status_code == 503, path
            assert "棚卸しのため" in answer.content.decode()
    assert visitor.get("/87465/login/").status_code == 200
    for path in READ:
        assert member.get(f"/87465/member/{path}").status_code == 200
    page = member.get(f"/87465/member/quotes/{quote.number}")
    assert "このストアは休止中です" in page.content.decode()
    assert member.get(f"/87465/member/quotes/{quote.number}/order").status_code == 503
    assert member.post(f"/87465/member/quotes/{quote.number}/order").status_code == 503
    preview = Client()
    preview.get(f"/87465/preview/{previews.token(world.elsat)}")
    assert preview.get("/87465/products/vbbss").status_code == 200


def test_a_closed_store_is_readable_until_its_day(world: World, client_of: ClientOf) -> None:
    openings.close(world.elsat, readable_until=clock.today(), note="", by=world.operator)
    member = client_of(world.hanako)
    assert member.get("/87465/").status_code == 410
    assert member.get("/87465/member/quotes/").status_code == 200
    Store.objects.filter(pk=87465).update(readable_until=clock.today() - timedelta(days=1))
    for path in ("member/quotes/", "login/", ""):
        answer = member.get(f"/87465/{path}")
        assert answer.status_code == 410
        assert "閉店いたしました" in answer.content.decode()


@pytest.mark.parametrize("name", sorted(store_gate._READING | store_gate._FACE))
def test_the_gate_names_routes_that_exist(name: str) -> None:
    assert f"store:{name}" in ROUTES
