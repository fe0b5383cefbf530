"""メーカー発注: lines of many orders and stores in one order to the vendor, confirmed in parts, taken back before."""

import threading
from collections.abc import Callable
from datetime import date

import pytest
import time_machine

from licenseonline.accounts.models import Member, User
from licenseonline.billing import payments
from licenseonline.catalog.models import Cost, Vendor
from licenseonline.kit import clock, scope
from licenseonline.kit.errors import NotVisible, Refused
from licenseonline.records import history
from licenseonline.sales import orders, vendor_orders
from licenseonline.sales.models import Order, VendorOrder, VendorOrderLine
from licenseonline.sales.vendor_orders import Confirmation
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


def test_no_partner_orders_from_vendors(world: World) -> None:
    paid(world)
    with pytest.raises(NotVisible):
        vendor_orders.collect(vendor_of(world), by=world.partner)


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
