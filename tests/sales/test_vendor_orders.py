"""メーカー発注: lines of many orders and stores in one order to the vendor, confirmed in parts, taken back before."""

import threading
from collections.abc import Callable
from datetime import date, time

import pytest
import time_machine

from licenseonline.accounts.models import Member, User
from licenseonline.billing import payments
from licenseonline.catalog.models import Cost, Vendor, VendorRule
from licenseonline.kit import clock, scope
from licenseonline.kit.errors import NotVisible, Refused
from licenseonline.records import history
from licenseonline.sales import next_steps, orders, timelines, vendor_cut_offs, vendor_orders
from licenseonline.sales.models import Order, VendorOrder, VendorOrderLine
from licenseonline.sales.vendor_orders import Confirmation
from tests.jobs import run_jobs
from tests.sales.test_races import at_once
from tests.world import World


def refused(do: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refusal:
        do()
    return refusal.value.code


def paid(world: World, member: Member | None = None) -> Order:
    order = world.order(member)
    orders.record_transfer(
        order,
        amount_yen=payments.remaining(order.receivable),
        received_on=clock.today(),
        payer_name="",
        by=world.operator,
    )
    return order


def vendor_of(world: World) -> Vendor:
    return world.sku("VBBSS-1Y-005").product.vendor


def test_lines_of_two_stores_become_one_order_at_frozen_cost(world: World) -> None:
    mine, theirs = paid(world), paid(world, world.hanako_at_minato)
    unpaid = world.order()
    made = vendor_orders.collect(vendor_of(world), by=world.operator)
    assert (made.state, made.number) == ("collecting", f"M{clock.today():%y%m}-{made.pk:05d}")
    assert {row.line.order_id for row in made.order_lines.select_related("line")} == {mine.pk, theirs.pk}
    assert {row.unit_cost_yen for row in made.order_lines.all()} == {3640}
    Cost.objects.update(cost_yen=1)
    orders.record_transfer(
        unpaid, amount_yen=unpaid.total_yen, received_on=clock.today(), payer_name="", by=world.operator
    )
    assert vendor_orders.collect(vendor_of(world), by=world.operator) == made
    assert sorted(row.unit_cost_yen or 0 for row in made.order_lines.all()) == [1, 3640, 3640]
    with time_machine.travel("2026-12-28T10:00:00+09:00", tick=False):
        sent = vendor_orders.send(made, by=world.operator)
    assert (sent.state, sent.ordered_on, sent.expected_on) == ("sent", date(2026, 12, 28), date(2027, 1, 4))
    assert [entry.event for entry in history.of(mine)][-1] == "order.vendor_ordered"
    assert refused(lambda: vendor_orders.send(made, by=world.operator)) == "state"
    assert refused(lambda: vendor_orders.collect(vendor_of(world), by=world.operator)) == "nothing"


def test_the_vendor_confirms_in_parts(world: World) -> None:
    paid(world)
    paid(world)
    made = vendor_orders.send(vendor_orders.collect(vendor_of(world), by=world.operator), by=world.operator)
    first, second = made.order_lines.order_by("pk")

    def confirm(lines: dict[int, Confirmation] | None = None, reference: str = "TM-1") -> VendorOrder:
        return vendor_orders.confirm(
            made, reference=reference, expected_on=date(2026, 12, 1), lines=lines or {}, by=world.operator
        )

    assert refused(lambda: confirm(reference="")) == "reference"
    assert refused(lambda: confirm({first.pk: Confirmation(11, 3640)})) == "quantity"
    assert refused(lambda: confirm({0: Confirmation(1, 1)})) == "lines"
    assert refused(lambda: confirm({first.pk: Confirmation(10, 3641)})) == "note"
    assert refused(lambda: confirm({first.pk: Confirmation(9, 3640)})) == "note"
    assert confirm({first.pk: Confirmation(10, 3700, "値上げ")}).state == "partly_confirmed"
    assert confirm({second.pk: Confirmation(5, 3640, "残りは来月")}).state == "partly_confirmed"
    done = confirm({second.pk: Confirmation(10, 3640)})
    assert (done.state, done.reference, done.expected_on) == ("confirmed", "TM-1", date(2026, 12, 1))
    first.refresh_from_db()
    assert (first.unit_cost_yen, first.confirmed_unit_yen) == (3640, 3700)
    assert refused(lambda: vendor_orders.cancel(made, by=world.operator)) == "state"
    paid(world)
    other = vendor_orders.send(vendor_orders.collect(vendor_of(world), by=world.operator), by=world.operator)
    assert (
        refused(lambda: vendor_orders.confirm(other, reference="TM-1", expected_on=None, lines={}, by=world.operator))
        == "reference"
    )


def test_what_is_left_out_or_taken_back_waits_again(world: World) -> None:
    order = paid(world)
    made = vendor_orders.collect(vendor_of(world), by=world.operator)
    vendor_orders.leave_out(made.order_lines.get(), by=world.operator)
    assert [line.order for line in vendor_orders.ready(vendor_of(world))] == [order]
    assert refused(lambda: vendor_orders.send(made, by=world.operator)) == "nothing"
    vendor_orders.send(vendor_orders.collect(vendor_of(world), by=world.operator), by=world.operator)
    made.refresh_from_db()
    assert refused(lambda: vendor_orders.leave_out(made.order_lines.get(), by=world.operator)) == "state"
    vendor_orders.cancel(made, by=world.operator)
    assert [line.order for line in vendor_orders.ready(vendor_of(world))] == [order]
    assert not VendorOrderLine.objects.exists()


def test_at_the_cut_off_what_is_ready_is_closed_once_and_later_lines_go_into_the_next(world: World) -> None:
    vendor = vendor_of(world)

    def at(moment: str) -> list[str]:
        with time_machine.travel(f"{moment}+09:00", tick=False):
            vendor_cut_offs.close_all.func(0)
            run_jobs()
        return [made.state for made in VendorOrder.objects.order_by("pk")]

    with time_machine.travel("2026-11-20T09:00:00+09:00", tick=False):  # a Friday; Monday is a holiday
        first = paid(world)
        collected = vendor_orders.collect(vendor, by=world.operator)
        second = paid(world, world.hanako_at_minato)
    assert at("2026-11-20T14:59:00") == ["collecting"]
    VendorRule.objects.create(vendor=vendor, from_day=date(2026, 11, 21), source="x", cut_off_time=time(11, 30))
    assert at("2026-11-20T15:00:00") == ["closed"]
    collected.refresh_from_db()
    assert (collected.closed_on, collected.recorded_by) == (date(2026, 11, 20), world.operator)
    assert {row.line.order for row in collected.order_lines.all()} == {first, second}
    with time_machine.travel("2026-11-20T15:05:00+09:00", tick=False):
        late = paid(world)
    for moment in ("2026-11-20T15:10:00", "2026-11-23T15:10:00", "2026-11-24T11:29:00"):
        assert at(moment) == ["closed"]  # closed already, a holiday, too early for the newer rule
    assert at("2026-11-24T11:30:00") == ["closed", "closed"]
    made = VendorOrder.objects.latest("pk")
    assert (made.recorded_by, made.order_lines.get().line.order) == (None, late)
    with pytest.raises(Refused):  # nothing is left to collect, and a closed one takes nothing
        vendor_orders.collect(vendor, by=world.operator)
    vendor_orders.leave_out(collected.order_lines.get(line__order=first), by=world.operator)
    assert vendor_orders.send(collected, by=world.operator).state == "sent"
    assert vendor_orders.send(made, by=world.operator).recorded_by == world.operator
    assert [line.order for line in vendor_orders.ready(vendor)] == [first]


def test_the_vendors_own_day_is_what_the_buyer_reads(world: World) -> None:
    with time_machine.travel("2026-12-01T10:00:00+09:00", tick=False):
        order = paid(world)
        made = vendor_orders.send(vendor_orders.collect(vendor_of(world), by=world.operator), by=world.operator)

        def shown() -> next_steps.Days:
            return next_steps.of(Order.objects.get(pk=order.pk), [], paid_on=clock.today())

        def said(day: date, lines: dict[int, Confirmation]) -> None:
            vendor_orders.confirm(made, reference="TM-1", expected_on=day, lines=lines, by=world.operator)

        assert (shown().delivery, shown().is_vendors) == (date(2026, 12, 4), False)
        said(date(2026, 12, 10), {})
        assert (shown().delivery, shown().is_vendors) == (date(2026, 12, 10), True)
        said(date(2026, 12, 17), {made.order_lines.get().pk: Confirmation(10, 3640)})
        assert shown().delivery == date(2026, 12, 17)
        told = history.of(order)[-1]
        assert timelines.for_buyer(told) == "メーカーで手配が確認されました（納品予定日 2026年12月17日）。"
    with time_machine.travel("2026-12-18T10:00:00+09:00", tick=False):
        assert shown().delivery is None  # nobody is promised a day that has passed


def test_no_partner_orders_from_vendors(world: World) -> None:
    paid(world)
    with pytest.raises(NotVisible):
        vendor_orders.collect(vendor_of(world), by=world.partner)


def test_a_clerk_sends_while_the_clock_closes_and_every_line_is_ordered_once(committed: World) -> None:
    with scope.platform():
        lines = {paid(committed).lines.get().pk for _order in range(2)}
    meeting = threading.Barrier(2)

    def clerk() -> str:
        with scope.platform():
            vendor = vendor_of(committed)
            meeting.wait(30)
            made = vendor_orders.collect(vendor, by=committed.operator)
            return vendor_orders.send(made, by=committed.operator).state

    def clockwork() -> str:
        with scope.platform():
            vendor = vendor_of(committed)
            meeting.wait(30)
            made = vendor_orders.close(vendor)
            return made.state if made else "nothing"

    outcomes = at_once(clerk, clockwork)
    # The clerk first: nothing to close, or what was collected is closed and then sent. The clock first: nothing to collect.
    assert outcomes in (["nothing", "sent"], ["closed", "sent"], ["closed", "refused: nothing"])
    with scope.platform():
        assert set(VendorOrderLine.objects.values_list("line_id", flat=True)) == lines
        assert VendorOrder.objects.count() == 1


def test_two_clerks_collect_and_send_at_once_and_every_line_is_ordered_once(committed: World) -> None:
    with scope.platform():
        lines = {paid(committed).lines.get().pk for _order in range(3)}
    meeting = threading.Barrier(2)

    def clerk(by: User) -> str:
        with scope.platform():
            vendor = vendor_of(committed)
            meeting.wait(30)
            return vendor_orders.send(vendor_orders.collect(vendor, by=by), by=by).state

    outcomes = at_once(*[lambda: clerk(committed.operator)] * 2)
    assert outcomes.count("sent") == 1
    with scope.platform():
        assert set(VendorOrderLine.objects.values_list("line_id", flat=True)) == lines
        assert VendorOrder.objects.count() == 1
