"""Cancelling and changing after the order: what each state allows, who decides, and what follows from it."""

import threading
from collections.abc import Callable
from datetime import date, timedelta

import pytest
import time_machine
from django.core import mail as sent
from django.test import Client
from django.utils.formats import date_format

from licenseonline.accounts.models import Member, User
from licenseonline.billing import payments
from licenseonline.catalog.models import VendorRule
from licenseonline.kit import clock, scope
from licenseonline.kit.errors import NotVisible, Refused
from licenseonline.records import history
from licenseonline.sales import deliveries, orders, vendor_orders, wishes
from licenseonline.sales.models import Order, OrderWish, VendorOrder
from tests.jobs import run_jobs
from tests.sales.test_races import at_once
from tests.world import World

ClientOf = Callable[[Member | User], Client]
CANCEL, CHANGE, INSPECTION = OrderWish.Kind.CANCEL, OrderWish.Kind.CHANGE, OrderWish.Kind.INSPECTION


def refused(do: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refusal:
        do()
    return refusal.value.code


def ask(world: World, order: Order, kind: str = CANCEL, text: str = "") -> OrderWish:
    return wishes.ask(order, kind=kind, text=text, by=world.hanako)


def pay(world: World, order: Order, amount_yen: int | None = None) -> None:
    yen = amount_yen or payments.remaining(order.receivable)
    orders.record_transfer(order, amount_yen=yen, received_on=clock.today(), payer_name="", by=world.operator)


def test_before_any_money_the_member_cancels_at_once(world: World) -> None:
    order = world.order()
    assert wishes.is_cancelled_at_once(order)
    wish = ask(world, order, text="予算の都合")
    order.refresh_from_db()
    order.receivable.refresh_from_db()
    assert (wish.state, order.state, order.receivable.state) == ("granted", "cancelled", "cancelled")
    assert payments.remaining(order.receivable) == 0
    assert [entry.event for entry in history.of(order)][-3:] == [
        "order.wished",
        "order.cancelled",
        "order.wish_granted",
    ]
    assert refused(lambda: ask(world, order)) == "state"
    assert refused(lambda: pay(world, order, 1)) == "state"
    run_jobs()
    assert f"【キャンセル】注文 {order.number} を取り消しました" in [one.subject for one in sent.outbox]


def test_after_money_the_desk_decides_and_gives_it_back(world: World) -> None:
    order = world.order()
    pay(world, order, 1000)
    wish = ask(world, order)
    assert (wish.state, order.state) == ("asked", "awaiting_payment")
    assert refused(lambda: ask(world, order)) == "asked"
    wishes.answer(wish, granted=True, text="", by=world.operator)
    order.refresh_from_db()
    order.receivable.refresh_from_db()
    assert (order.state, order.receivable.state) == ("cancelled", "refund_due")
    tomorrow = clock.today() + timedelta(days=1)
    assert refused(lambda: payments.record_refund(order.receivable, paid_on=tomorrow, by=world.operator)) == "paid_on"
    refund = payments.record_refund(order.receivable, paid_on=clock.today(), by=world.operator)
    assert refund.amount_yen == 1000
    assert (
        refused(lambda: payments.record_refund(order.receivable, paid_on=clock.today(), by=world.operator)) == "state"
    )
    assert refused(lambda: wishes.answer(wish, granted=True, text="", by=world.operator)) == "state"


def test_what_a_vendor_has_is_cancelled_there_first(world: World) -> None:
    order = world.arranged_order()
    wish = ask(world, order)
    assert wish.state == "asked"
    assert refused(lambda: wishes.answer(wish, granted=True, text="", by=world.operator)) == "vendor"
    assert refused(lambda: wishes.answer(wish, granted=False, text="", by=world.operator)) == "text"
    wishes.answer(wish, granted=False, text="手配済みのため", by=world.operator)
    assert order.wishes.get().state == "refused"
    run_jobs()
    assert any("手配済みのため" in str(one.body) for one in sent.outbox)


def test_a_vendors_rule_is_said_before_and_named_when_it_is_too_late(world: World, client_of: ClientOf) -> None:
    vendor = world.sku("VBBSS-1Y-005").product.vendor
    VendorRule.objects.create(vendor=vendor, from_day=date(2020, 4, 1), source="規定", cancel_days=7)
    order, hanako = world.arranged_order(), client_of(world.hanako)
    page, by = f"/87465/member/orders/{order.number}", f"{vendor.name} の規定により"
    ordered = clock.today()
    last = date_format(ordered + timedelta(days=6))
    assert f"{by}、解約と数量の削減は{last}まで" in hanako.get(page).content.decode()
    assert f"{by}、解約と数量の削減はメーカーへの発注日から7日以内" in (
        hanako.get(f"/87465/member/orders/{world.order().number}").content.decode()
    )
    with time_machine.travel(clock.now() + timedelta(days=6), tick=False):
        assert wishes.vendor_limits(order).refusal == ""
    with time_machine.travel(clock.now() + timedelta(days=7), tick=False):
        with pytest.raises(Refused, match=by) as refusal:
            ask(world, order)
        assert (refusal.value.code, last in refusal.value.message) == ("no_cancel", True)
        shown = client_of(world.hanako).get(page).content.decode()
        assert refusal.value.message in shown
        assert 'value="cancel"' not in shown
    VendorRule.objects.update(cancel_days=0)
    assert "解約と数量の削減はできません" in wishes.vendor_limits(order).refusal


def test_what_was_delivered_is_not_taken_back_but_its_inspection_can_be_asked_for(world: World) -> None:
    order = world.arranged_order()
    assert refused(lambda: ask(world, order, INSPECTION)) == "state"
    items = {1: deliveries.Item(starts_on=clock.today(), key="AAAA-BBBB-CCCC-DDDD")}
    deliveries.deliver(order, items=items, by=world.operator)
    assert refused(lambda: ask(world, order)) == "state"
    assert refused(lambda: ask(world, order, CHANGE, "数量を")) == "state"
    assert ask(world, order, INSPECTION).state == "asked"


def test_a_change_needs_words_and_others_cannot_ask(world: World) -> None:
    order = world.order()
    assert refused(lambda: ask(world, order, CHANGE)) == "text"
    assert ask(world, order, CHANGE, "納品先を変えてください").state == "asked"
    with pytest.raises(NotVisible):
        wishes.ask(order, kind=CANCEL, text="", by=world.taro)


def cancel(number: str, meeting: threading.Barrier) -> str:
    with scope.stores([87465]):
        order = Order.objects.get(number=number)
        by = Member.objects.select_related("company", "store").get(email="hanako@aozora.example")
        meeting.wait(30)
        return wishes.ask(order, kind=CANCEL, text="", by=by).state


def test_two_cancel_at_once_and_one_of_them_does(committed: World) -> None:
    with scope.platform():
        order = committed.order()
    meeting = threading.Barrier(2)
    assert at_once(*[lambda: cancel(order.number, meeting)] * 2) == ["granted", "refused: state"]


def test_the_vendors_order_and_the_desks_yes_at_once_never_both_win(committed: World) -> None:
    with scope.platform():
        order = committed.order()
        pay(committed, order)
        wish = ask(committed, order)
    meeting = threading.Barrier(2)

    def grant() -> str:
        with scope.platform():
            mine = OrderWish.objects.select_related("order").get(pk=wish.pk)
            meeting.wait(30)
            return wishes.answer(mine, granted=True, text="", by=committed.operator).state

    def from_vendor() -> str:
        with scope.platform():
            mine = Order.objects.get(pk=order.pk)
            [vendor] = vendor_orders.waiting(mine)
            meeting.wait(30)
            vendor_orders.record(mine, vendor=vendor, reference="V-1", ordered_on=clock.today(), by=committed.operator)
            return "ordered"

    at_once(grant, from_vendor)
    with scope.platform():
        is_cancelled = Order.objects.get(pk=order.pk).state == Order.State.CANCELLED
        assert is_cancelled != VendorOrder.objects.exists()
