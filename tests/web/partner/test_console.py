"""The console shows a partner its own stores, and nothing of anyone else's."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from licenseonline.accounts.models import Member, User
from licenseonline.kit import clock
from licenseonline.sales import deliveries
from licenseonline.sales.models import LineMargin, Order
from licenseonline.web.partner import figures
from tests.world import World

PAGES = ["/partner/", "/partner/quotes/", "/partner/orders/"]


@pytest.fixture
def console(world: World, client_of: Callable[[Member | User], Client]) -> Client:
    return client_of(world.partner)


def text(client: Client, path: str = "/partner/") -> str:
    answer = client.get(path)
    assert isinstance(answer, HttpResponse)
    assert answer.status_code == 200
    return answer.content.decode()


def page_of(order: Order) -> str:
    return f"/partner/orders/{order.store_id}/{order.number}"


@pytest.mark.parametrize("path", PAGES)
def test_an_empty_store_says_so(console: Client, path: str) -> None:
    assert "ありません" in text(console, path)


@pytest.mark.parametrize("path", PAGES)
def test_only_the_own_stores_are_there(world: World, console: Client, path: str) -> None:
    mine, theirs = world.order(world.taro), world.order(world.hanako_at_minato)
    page = text(console, path)
    assert "学校法人みどり学園" in page
    for foreign in ("株式会社青空製作所", "みなと", "193808", "SP10002"):
        assert foreign not in page
    assert mine.number == theirs.number  # numbers count per store, so only the rest can tell


def test_another_partners_order_is_missing(world: World, console: Client) -> None:
    theirs = world.order(world.hanako_at_minato)
    assert console.get(page_of(theirs)).status_code == 404
    assert console.get(f"/partner/orders/87465/{theirs.number}").status_code == 404
    world.order(world.taro)
    assert text(console, f"/partner/orders/87465/{theirs.number}")


def test_figures_of_a_store(world: World) -> None:
    with time_machine.travel(datetime(2026, 10, 31, 14, 59, tzinfo=UTC), tick=False):  # 23:59 on 31 October in Japan
        old = world.arranged_order()
        item = deliveries.Item(starts_on=clock.today(), key="ABCD-EFGH")
        deliveries.deliver(old, items={1: item}, by=world.operator)
    with time_machine.travel(datetime(2026, 10, 31, 15, 1, tzinfo=UTC), tick=False):
        new, quote = world.order(), world.quote(world.taro)
        (found,) = figures.by_store(world.partner)
    assert found.store == world.elsat
    assert found.orders_of_month == figures.Figure(1, new.total_yen)
    assert found.awaiting_payment == figures.Figure(1, new.total_yen)
    assert found.delivered == figures.Figure(1, old.total_yen)
    assert found.valid_quotes == figures.Figure(1, quote.total_yen)


def test_quotes_about_to_end_are_told_until_their_last_day(
    world: World, client_of: Callable[[Member | User], Client]
) -> None:
    last = clock.end_of_day(world.quote().valid_until)
    for moment, told in (
        (last - timedelta(days=4, minutes=1), False),
        (last - timedelta(days=3, hours=12), True),
        (last - timedelta(minutes=1), True),
        (last, False),
    ):
        with time_machine.travel(moment, tick=False):
            page = text(client_of(world.partner))
            assert ("3日以内に期限が切れる見積はありません" not in page) == told


def test_margin_and_commission_as_frozen(world: World, console: Client) -> None:
    order = world.order()
    for path in ("/partner/orders/", page_of(order)):
        page = text(console, path)
        assert "10,400円" in page  # 10 × (4,680 − 3,640)
        assert "2,340円" in page  # 5 % of 46,800
    LineMargin.objects.update(margin_yen=None, cost_yen=None)
    assert "－" in text(console, "/partner/orders/")


def test_an_order_shows_its_way_but_neither_key_nor_cost(world: World, console: Client) -> None:
    order = world.arranged_order()
    item = deliveries.Item(starts_on=clock.today(), key="ABCD-EFGH-IJKL-MNOP")
    deliveries.deliver(order, items={1: item}, by=world.operator)
    page = text(console, page_of(order))
    for shown in ("注文を受け付けました", "入金を記録しました", "メーカーへ発注しました", "納品しました", "青空 花子"):
        assert shown in page
    for hidden in ("MNOP", "36,400円", world.operator.name):
        assert hidden not in page


def test_lists_are_narrowed_by_state(world: World, console: Client) -> None:
    waiting, arranged = world.order(), world.arranged_order(world.taro)
    assert arranged.number not in text(console, "/partner/orders/?state=awaiting_payment")
    assert waiting.number not in text(console, "/partner/orders/?state=arranging")
    assert waiting.number in text(console, "/partner/orders/?state=nonsense&store=193808")
    assert "該当する見積はありません" in text(console, "/partner/quotes/?state=valid")
    assert waiting.quote.number in text(console, "/partner/quotes/?state=ordered")


def test_pages_follow_each_other_and_keep_the_choice(
    world: World, console: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("licenseonline.kit.paging.SIZE", 2)
    numbers = [world.quote().number for _ in range(3)]
    first = text(console, "/partner/quotes/?state=valid")
    assert numbers[0] not in first
    link = first.partition("?before=")[2].partition('"')[0]
    assert link.endswith("&amp;state=valid")
    second = text(console, "/partner/quotes/?before=" + link.replace("&amp;", "&"))
    assert numbers[0] in second
    assert numbers[2] not in second


def test_pages_cost_the_same_for_one_and_three_rows(world: World, console: Client) -> None:
    def queries(path: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            text(console, path)
        return len(captured)

    world.order()
    text(console)
    one = [queries(path) for path in PAGES]
    world.order(world.taro)
    world.arranged_order(world.ichiro)
    assert [queries(path) for path in PAGES] == one


def test_names_of_companies_are_text(world: World, console: Client) -> None:
    company = world.hanako.company
    company.name = "<script>alert(1)</script>"
    company.save()
    order = world.order()
    for path in (*PAGES, page_of(order)):
        page = text(console, path)
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page
