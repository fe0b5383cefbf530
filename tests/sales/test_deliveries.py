"""Delivery: in parts, told of in parts, and what it grants by purchase type."""

import threading
from collections.abc import Callable
from datetime import date

import pytest

from licenseonline.accounts.models import User
from licenseonline.catalog.models import PurchaseType, Sku, VendorRule
from licenseonline.kit import clock, scope
from licenseonline.kit.errors import Refused
from licenseonline.licensing.holding_entries import Entry
from licenseonline.licensing.models import Contract, Entitlement, Key
from licenseonline.records import history
from licenseonline.records.models import Message
from licenseonline.sales import carts, deliveries, holding_uses, orders, quotes, vendor_orders
from licenseonline.sales.deliveries import Item
from licenseonline.sales.models import Order, OrderLine
from tests.sales.test_races import at_once
from tests.world import World

FIRST = date(2026, 12, 1)


def refused(do: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refusal:
        do()
    return refusal.value.code


def of_two_lines(world: World) -> Order:
    """Paid, both lines at the vendor."""
    for model in ("VBBSS-1Y-005", "VBBSS-1Y-025"):
        carts.put(world.sku(model), quantity=25 if model.endswith("25") else 10, by=world.hanako)
    quote = quotes.issue(carts.TERM, by=world.hanako)
    order = orders.place(quote, accepted_terms=quote.snapshot["terms_version"], by=world.hanako)
    orders.record_transfer(
        order, amount_yen=order.total_yen, received_on=clock.today(), payer_name="", by=world.operator
    )
    vendor = world.sku("VBBSS-1Y-005").product.vendor
    vendor_orders.send(vendor_orders.collect(vendor, by=world.operator), by=world.operator)
    return order


def key(secret: str, starts_on: date = FIRST) -> Item:
    return Item(starts_on=starts_on, key=secret)


def test_what_came_is_delivered_and_the_rest_later(world: World) -> None:
    order = of_two_lines(world)
    deliveries.deliver(order, items={2: key("BBBB-BBBB")}, by=world.operator)
    assert (order.state, order.delivered_at) == ("arranging", None)
    mail = Message.objects.filter(kind="sales/delivered").latest("id")
    assert "（一部）" in mail.subject
    assert "そろい次第あらためて納品します" in mail.text
    assert "BBBB" not in mail.text + mail.html
    assert mail.text.index("VBBSS-1Y-025") < mail.text.index("そろい次第") < mail.text.index("VBBSS-1Y-005")
    assert refused(lambda: deliveries.deliver(order, items={2: key("X")}, by=world.operator)) == "items"
    assert refused(lambda: deliveries.deliver(order, items={}, by=world.operator)) == "items"
    assert refused(lambda: deliveries.deliver(order, items={1: Item(FIRST)}, by=world.operator)) == "items"
    deliveries.deliver(order, items={1: key("AAAA-AAAA")}, by=world.operator)
    assert order.state == "delivered"
    assert order.delivered_at is not None
    assert [entry.event for entry in history.of(order)][-2:] == ["order.partly_delivered", "order.delivered"]
    assert "そろい次第" not in Message.objects.filter(kind="sales/delivered").latest("id").text
    assert Contract.objects.count() == 2


def following(world: World, kind: str, rule: dict[str, object] | None = None) -> tuple[Contract, Order]:
    """A running contract of ten units until 2027-11-30, and an order of ten more that follows it in this way."""
    deliveries.deliver(world.arranged_order(), items={1: key("OLD-KEY")}, by=world.operator)
    old = Contract.objects.get()
    sku = world.sku("VBBSS-R1")
    Sku.objects.filter(pk=sku.pk).update(purchase_type=kind)
    if rule is not None:
        VendorRule.objects.create(vendor=sku.product.vendor, from_day=date(2026, 4, 1), source="x", **rule)
    order = world.arranged_order()
    OrderLine.objects.filter(order=order).update(sku=sku, follows=old)
    return old, order


def test_added_units_go_under_the_contract_and_end_with_it(world: World) -> None:
    old, order = following(world, PurchaseType.ADDITIONAL)
    deliveries.deliver(order, items={1: key("NEW-KEY", date(2027, 3, 1))}, by=world.operator)
    assert Contract.objects.get() == old
    assert [one.quantity for one in Entitlement.objects.filter(contract=old).order_by("id")] == [10, 10]
    assert Key.objects.latest("id").entitlement.contract == old
    assert (order.state, order.lines.get().contract) == ("delivered", None)
    assert [entry.event for entry in history.of(old)][-1] == "contract.added"


def test_added_units_have_their_own_term_where_the_vendor_counts_each_order(world: World) -> None:
    old, order = following(world, PurchaseType.ADDITIONAL, {"co_term": "none"})
    deliveries.deliver(order, items={1: key("NEW-KEY", date(2027, 3, 1))}, by=world.operator)
    made = Contract.objects.exclude(pk=old.pk).get()
    assert (made.starts_on, made.ends_on, made.renews) == (date(2027, 3, 1), date(2028, 2, 29), None)


@pytest.mark.parametrize("rule", [None, {"most_months": 60}])
@pytest.mark.parametrize("kind", [PurchaseType.RENEWAL, PurchaseType.UPGRADE, PurchaseType.CROSSGRADE])
def test_what_follows_begins_the_day_after_the_old_end(world: World, kind: str, rule: dict[str, object] | None) -> None:
    old, order = following(world, kind, rule)
    deliveries.deliver(order, items={1: key("NEW-KEY", date(2027, 3, 1))}, by=world.operator)
    made = Contract.objects.exclude(pk=old.pk).get()
    assert old.ends_on == date(2027, 11, 30)
    assert (made.starts_on, made.ends_on, made.renews) == (date(2027, 12, 1), date(2028, 11, 30), old)
    assert [entry.event for entry in history.of(old)][-1] == "contract.renewed"


def test_a_competitors_product_is_replaced_from_the_delivery_on(world: World) -> None:
    old, order = following(world, PurchaseType.COMPETITIVE)
    deliveries.deliver(order, items={1: key("NEW-KEY", date(2027, 3, 1))}, by=world.operator)
    made = Contract.objects.exclude(pk=old.pk).get()
    assert (made.starts_on, made.renews) == (date(2027, 3, 1), old)


@pytest.mark.parametrize(
    ("is_cloud", "rest_until", "ends_on"),
    [
        (False, date(2027, 8, 14), date(2028, 7, 31)),  # eight whole months and a part
        (False, date(2029, 12, 31), date(2028, 11, 30)),  # at most 12
        (True, date(2027, 8, 14), date(2028, 2, 29)),  # cloud: at most 3
        (False, date(2026, 12, 30), date(2027, 11, 30)),  # less than a month is not promised
        (False, date(2026, 11, 30), date(2027, 11, 30)),  # over before it began
        (True, None, date(2027, 11, 30)),  # perpetual
    ],
)
def test_the_rest_of_a_competitors_term_is_granted_as_eset_does(
    world: World, is_cloud: bool, rest_until: date | None, ends_on: date
) -> None:
    sku = world.sku("VBBSS-R1")
    Sku.objects.filter(pk=sku.pk).update(purchase_type=PurchaseType.COMPETITIVE, is_cloud=is_cloud, papers=[])
    rule = {"most_free_months": 12, "most_free_months_cloud": 3, "co_term": "contract_end"}
    VendorRule.objects.create(vendor=sku.product.vendor, from_day=date(2020, 4, 1), source="x", **rule)
    holding_uses.enter(world.hanako.company, Entry(10, name="他社製品", ends_on=rest_until), by=world.operator)
    deliveries.deliver(arranged(world), items={1: key("NEW-KEY")}, by=world.operator)
    made = Contract.objects.get()
    assert (made.starts_on, made.ends_on, made.renews) == (FIRST, ends_on, None)


def test_what_was_bought_elsewhere_is_renewed_from_its_end(world: World) -> None:
    sku = world.sku("VBBSS-R1")
    Sku.objects.filter(pk=sku.pk).update(papers=[])
    entry = Entry(10, product=sku.product, ends_on=date(2027, 3, 31))
    holding_uses.enter(world.hanako.company, entry, by=world.operator)
    deliveries.deliver(arranged(world), items={1: key("NEW-KEY")}, by=world.operator)
    made = Contract.objects.get()
    assert (made.starts_on, made.ends_on) == (date(2027, 4, 1), date(2028, 3, 31))


def arranged(world: World) -> Order:
    """Ten units of what follows something, at the vendor."""
    quote = world.quote(world.hanako, "VBBSS-R1", 10)
    order = orders.place(quote, accepted_terms=quote.snapshot["terms_version"], by=world.hanako)
    orders.record_transfer(
        order, amount_yen=order.total_yen, received_on=clock.today(), payer_name="", by=world.operator
    )
    vendor = world.sku("VBBSS-R1").product.vendor
    vendor_orders.send(vendor_orders.collect(vendor, by=world.operator), by=world.operator)
    return order


def test_two_clerks_deliver_at_once_and_one_wins(committed: World) -> None:
    with scope.platform():
        order = committed.arranged_order()
    meeting = threading.Barrier(2)

    def clerk(by: User) -> str:
        with scope.platform():
            meeting.wait(30)
            return deliveries.deliver(Order.objects.get(pk=order.pk), items={1: key("ONE-KEY")}, by=by).state

    outcomes = at_once(*[lambda: clerk(committed.operator)] * 2)
    assert outcomes.count("delivered") == 1
    with scope.platform():
        assert (Key.objects.count(), Contract.objects.count()) == (1, 1)
