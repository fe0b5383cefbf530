"""The desk's figures: what was sold, what became of quotations, how long customers waited; and who sees which."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from licenseonline.accounts.models import CompanyChange, Member, User
from licenseonline.backoffice import dashboard, response_times
from licenseonline.backoffice.dashboard import Period
from licenseonline.kit import clock
from licenseonline.kit.rights import RIGHTS, Right, StaffRole
from licenseonline.records import history
from licenseonline.sales.models import LineMargin, Order, QuoteRequest, RequestPost
from licenseonline.stores.models import StoreHoliday
from tests.world import World

PATH = "/backoffice/dashboard/"
ClientOf = Callable[[Member | User], Client]


@pytest.fixture
def desk(world: World, client_of: ClientOf) -> Client:
    return client_of(world.operator)


def text(client: Client, query: str = "") -> str:
    answer = client.get(f"{PATH}{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_orders_and_sales_by_month_store_and_vendor(world: World, desk: Client, client_of: ClientOf) -> None:
    assert "この期間の注文はまだありません" in text(desk)
    with time_machine.travel(datetime(2026, 9, 30, 15, 30, tzinfo=UTC), tick=False):  # October in Japan
        early = world.order()
    with time_machine.travel(datetime(2026, 11, 10, 3, tzinfo=UTC), tick=False):
        late = world.order(world.taro)
        other = world.order(world.hanako_at_minato)
        gone = world.order(world.taro)
        Order.objects.filter(pk=gone.pk).update(state=Order.State.CANCELLED)
    with time_machine.travel(datetime(2026, 11, 23, 3, tzinfo=UTC), tick=False):
        board = dashboard.board(Period(12, None))
        net = {order.pk: sum(line.amount_yen for line in order.lines.all()) for order in (early, late, other)}
        months = {one.label: one for one in board.months}
        assert len(months) == 12
        assert (months["2026/10"].orders, months["2026/10"].net_yen) == (1, net[early.pk])
        assert (months["2026/11"].orders, months["2026/11"].net_yen) == (2, net[late.pk] + net[other.pk])
        assert months["2026/09"].orders == 0
        assert [(one.label, one.orders) for one in board.stores] == [(str(world.elsat), 2), (str(world.minato), 1)]
        assert [(one.label, one.orders, one.net_yen) for one in board.vendors] == [
            ("トレンドマイクロ", 3, sum(net.values()))
        ]
        margins = LineMargin.objects.exclude(line__order=gone).values_list("margin_yen", flat=True)
        assert board.total.margin_yen == sum(margin or 0 for margin in margins)
        here = dashboard.board(Period(3, world.minato.pk))
        assert (here.total.orders, [one.label for one in here.stores]) == (1, [str(world.minato)])
        then = client_of(world.operator)  # a session of that day
        page = text(then)
        assert '<title id="chart-title">' in page
        assert f"{sum(net.values()):,}円" in page
        for odd in ("?months=999&store=x", "?months=%00", "?store=" + "9" * 40):
            assert f"{sum(net.values()):,}円" in text(then, odd)


def test_quotations_that_were_ordered_in_time(world: World) -> None:
    with time_machine.travel(datetime(2026, 11, 2, 3, tzinfo=UTC), tick=False):
        world.order()
        late = world.order(world.taro)
        world.quote()
        Order.objects.filter(pk=late.pk).update(placed_at=clock.now() + timedelta(days=300))
    with time_machine.travel(datetime(2026, 11, 23, 3, tzinfo=UTC), tick=False):
        *_before, month = dashboard.conversion(Period(12, None))
        assert (month.day, month.issued, month.ordered, month.per_cent) == (date(2026, 11, 1), 3, 1, "33.3%")
        assert month.open == sum(quote.can_be_ordered for quote in type(late.quote).objects.all())
        assert dashboard.conversion(Period(3, world.minato.pk))[-1].per_cent == "－"


def test_waits_count_business_time_of_the_store(world: World, client_of: ClientOf) -> None:
    def at(day: int, hour: int, minute: int = 0) -> datetime:
        return datetime(2026, 11, day, hour, minute, tzinfo=clock.JST)

    with time_machine.travel(at(27, 12), tick=False):
        hours = response_times.Hours(date(2026, 10, 1), {87465: frozenset([date(2026, 11, 24)])})
        assert hours.minutes(1, at(20, 17), at(24, 9, 30)) == 60 + 30  # a weekend and a holiday between
        assert hours.minutes(87465, at(20, 17), at(25, 9, 30)) == 60 + 30  # and the store's own day off
        assert hours.minutes(1, at(21, 8), at(22, 20)) == 0
        assert hours.minutes(1, at(25, 3), at(25, 23)) == 9 * 60
        assert [response_times.words(one) for one in (90, 540, 1000, None)] == [
            "1.5時間",
            "1.0営業日",
            "1.9営業日",
            "－",
        ]
        StoreHoliday.objects.create(store=world.elsat, day=date(2026, 11, 24), name="棚卸")
        company, member = world.hanako.company, world.hanako
    for moment, event in (
        (at(20, 17), "company.registered"),
        (at(25, 9, 30), "company.refused"),
        (at(26, 9), "company.approved"),
    ):
        with time_machine.travel(moment, tick=False):
            history.record(company, event, by=None, **({"state": "awaiting_approval"} if "registered" in event else {}))
    with time_machine.travel(at(26, 12), tick=False):
        for minutes in range(1, 11):
            CompanyChange.objects.create(
                store=world.elsat, company=company, member=member, state=CompanyChange.State.RETURNED,
                created_at=at(26, 9), decided_at=at(26, 9, minutes), decided_by=world.operator, name="x", kana="x",
                reason="x",
            )  # fmt: skip
        asked = QuoteRequest.objects.create(
            store=world.elsat, number="R1", company=company, member=member, subject="x", asked_at=at(26, 10)
        )
        RequestPost.objects.create(store=world.elsat, request=asked, member=member, text="x", at=at(26, 10))
        RequestPost.objects.create(store=world.elsat, request=asked, staff=world.operator, text="x", at=at(26, 11))
        found = response_times.of(Period(3, None).values)
        assert [(one.count, one.median, one.most) for one in found] == [(1, 90, 90), (10, 5, 9), (1, 60, 60)]
        assert [one.count for one in response_times.of(Period(3, world.minato.pk).values)] == [0] * 3
        assert "1.5時間" in text(client_of(world.operator))


def test_it_costs_the_same_for_one_and_three_orders(world: World, desk: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            text(desk)
        return len(captured)

    world.order()
    text(desk)
    one = queries()
    world.order(world.taro)
    world.order(world.hanako_at_minato)
    assert queries() == one


def test_margins_are_for_who_may_see_them(world: World, client_of: ClientOf) -> None:
    world.order()
    for role in (role for role in StaffRole if Right.VIEW_STORES in RIGHTS[role]):
        User.objects.filter(pk=world.operator.pk).update(role=role)
        client = client_of(world.operator)
        answer = client.get(PATH)
        assert answer.status_code == (200 if Right.VIEW_SALES in RIGHTS[role] else 403)
        page = answer.content.decode()
        assert ("粗利" in page) == (Right.VIEW_MARGINS in RIGHTS[role] and Right.VIEW_SALES in RIGHTS[role])
        assert (f'href="{PATH}"' in client.get("/backoffice/").content.decode()) == (Right.VIEW_SALES in RIGHTS[role])
    for actor in (world.hanako, world.partner):
        assert client_of(actor).get(PATH).status_code == 302
