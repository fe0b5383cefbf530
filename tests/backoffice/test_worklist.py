"""The work list: everything that waits, by deadline, and nothing else; and the policy that only the desk has."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from licenseonline.accounts.models import Member, User
from licenseonline.backoffice import home, worklist
from licenseonline.backoffice.work.kinds import Task
from licenseonline.kit import clock
from licenseonline.sales import deliveries, orders
from licenseonline.sales.models import Order
from licenseonline.stores.models import StoreHoliday
from tests.world import World


@pytest.fixture
def desk(world: World, client_of: Callable[[Member | User], Client]) -> Client:
    return client_of(world.operator)


def text(client: Client, path: str = "/backoffice/") -> str:
    answer = client.get(path)
    assert isinstance(answer, HttpResponse)
    assert answer.status_code == 200
    return answer.content.decode()


def pay(world: World, order: Order) -> None:
    orders.record_transfer(
        order, amount_yen=order.total_yen, received_on=clock.today(), payer_name="", by=world.operator
    )


def tasks(world: World, store_id: int | None = None) -> list[Task]:
    return worklist.by_deadline(worklist.collect(by=world.operator, store_id=store_id).values())


def test_nothing_to_do_is_said(desk: Client) -> None:
    assert "いま対応が必要な作業はありません" in text(desk)


def test_an_order_wanders_through_the_list_and_leaves_it(world: World) -> None:
    order = world.order()
    assert [task.kind for task in tasks(world)] == ["payment"]
    pay(world, order)
    assert [task.kind for task in tasks(world)] == ["vendor_order"]
    arranged = world.arranged_order(world.taro)
    assert [task.kind for task in tasks(world)] == ["vendor_order", "delivery"]
    item = deliveries.Item(starts_on=clock.today(), key="ABCD-EFGH")
    deliveries.deliver(arranged, items={1: item}, by=world.operator)
    assert [task.number for task in tasks(world)] == [order.number]


def test_deadlines_are_business_days_of_the_store(world: World) -> None:
    with time_machine.travel(datetime(2026, 11, 20, 3, tzinfo=UTC), tick=False):  # a Friday; Monday is a holiday
        StoreHoliday.objects.create(store=world.elsat, day=date(2026, 11, 24), name="棚卸")
        order = world.order()
        assert tasks(world)[0].due_on == order.receivable.due_on
        pay(world, order)
        assert tasks(world)[0].due_on == date(2026, 11, 25)
        world.arranged_order(world.hanako_at_minato)
        delivery = next(task for task in tasks(world) if task.kind == "delivery")
        assert delivery.due_on == date(2026, 11, 26)  # three business days; the other store works on the 24th


def test_the_most_urgent_stands_first_and_what_is_late_is_marked(world: World, desk: Client) -> None:
    with time_machine.travel(datetime(2026, 10, 1, 3, tzinfo=UTC), tick=False):
        late = world.order()
    new = world.order(world.taro)
    page = text(desk)
    assert page.index(late.number) < page.index(new.number)
    assert page.count("desk-overdue") == 1
    assert "期限切れ" in page


def test_the_list_has_pages_and_the_sums_of_all(world: World, desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(home, "PER_PAGE", 1)
    with time_machine.travel(datetime(2026, 10, 1, 3, tzinfo=UTC), tick=False):
        first = world.order()
    second = world.order(world.taro)
    for query, shown, other in (
        ("", first, second),
        ("?page=2", second, first),
        ("?page=x", first, second),
        ("?kind=payment&page=2", second, first),
    ):
        page = text(desk, f"/backoffice/{query}")
        assert (shown.number in page, other.number in page) == (True, False), query
        assert "合計 2件" in page
    assert 'rel="next" href="?kind=payment&amp;page=2"' in text(desk, "/backoffice/?kind=payment")
    assert 'rel="next"' not in text(desk, "/backoffice/?page=2")
    assert text(desk, "/backoffice/?page=999")


def test_a_store_is_looked_up_and_shown(world: World, desk: Client) -> None:
    here, there = world.order(), world.order(world.hanako_at_minato)
    page = text(desk, "/backoffice/sales/order/?store__id__exact=193808")
    assert [f"/sales/order/{order.pk}/change/" in page for order in (here, there)] == [False, True]
    for address in ("/backoffice/?store=193808", "/backoffice/sales/order/?store__id__exact=193808&state__exact=x"):
        page = text(desk, address)
        assert f'<option value="193808" selected>{world.minato}</option>' in page
        assert str(world.elsat) not in page
    assert '<input type="hidden" name="state__exact" value="x">' in page
    found = desk.get(
        "/backoffice/autocomplete/",
        {"term": "193808", "app_label": "sales", "model_name": "order", "field_name": "store"},
    )
    assert [one["id"] for one in found.json()["results"]] == ["193808"]


def test_kind_and_store_narrow_the_list_and_the_sums(world: World, desk: Client) -> None:
    here, there = world.order(), world.order(world.hanako_at_minato)
    paid = world.order(world.taro)
    pay(world, paid)
    page = text(desk, "/backoffice/?kind=payment&store=87465")
    assert here.number in page
    assert [task.number for task in tasks(world, 193808)] == [there.number]
    assert "合計 1件" in page
    assert "納品する（" not in page
    for odd in ("?store=1", "?store=x", "?store=１", "?kind=none", "?store=" + "9" * 40):
        assert "合計 3件" in text(desk, f"/backoffice/{odd}")


def test_the_list_costs_the_same_for_one_and_three_orders(world: World, desk: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            text(desk)
        return len(captured)

    world.arranged_order()
    text(desk)
    one = queries()
    world.arranged_order(world.taro)
    world.order(world.hanako_at_minato)
    assert queries() == one


def test_every_task_leads_to_its_page(world: World, desk: Client) -> None:
    world.order()
    world.arranged_order(world.taro)
    for task in tasks(world):
        assert task.url in text(desk)
        assert text(desk, task.url)


def test_tasks_of_today_are_not_late(world: World) -> None:
    world.order()
    (task,) = tasks(world)
    with time_machine.travel(clock.end_of_day(task.due_on) - timedelta(seconds=1), tick=False):
        assert (task.is_overdue, task.is_due_today) == (False, True)
    with time_machine.travel(clock.end_of_day(task.due_on), tick=False):
        assert task.is_overdue


@pytest.mark.parametrize("path", ["/backoffice/", "/backoffice/sales/order/", "/backoffice/search/?s=a"])
def test_the_desk_may_evaluate_scripts_of_its_own(desk: Client, path: str) -> None:
    policy = desk.get(path)["Content-Security-Policy"]
    assert "script-src 'self' 'unsafe-eval'" in policy
    assert "style-src 'self' 'unsafe-inline'" in policy
    assert "script-src 'self' 'unsafe-eval' 'unsafe-inline'" not in policy


@pytest.mark.parametrize("path", ["/", "/87465/", "/partner/login/", "/backoffice/nowhere/at/all"])
def test_nobody_else_may(world: World, desk: Client, path: str) -> None:
    policy = desk.get(path)["Content-Security-Policy"]
    assert "unsafe" not in policy


def test_the_sign_in_page_may_too(world: World) -> None:
    assert "unsafe-eval" in Client().get("/backoffice/login/")["Content-Security-Policy"]


@pytest.mark.parametrize("store", ["9" * 5000, "-1", "８７４６５", "\0"])
def test_a_store_that_is_none_narrows_nothing(world: World, desk: Client, store: str) -> None:
    order = world.order()
    answer = desk.get("/backoffice/", {"store": store})
    assert isinstance(answer, HttpResponse)
    assert order.number in answer.content.decode()
