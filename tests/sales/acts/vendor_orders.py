"""Orders at vendors."""

from datetime import timedelta

from django.db import models

from licenseonline.accounts.models import User
from licenseonline.catalog.models import Vendor
from licenseonline.kit import clock
from licenseonline.sales import vendor_orders
from licenseonline.sales.models import Order, VendorOrder, VendorOrderLine
from licenseonline.sales.vendor_orders import Confirmation
from tests.sales.acts.entering import act
from tests.sales.play import Play


@act("desk", 10, is_fact=False)
def collect(play: Play, by: User) -> None:
    vendor_orders.collect(play.some(Vendor.objects.all(), _vendors()), by=by)


def _vendors() -> "models.QuerySet[Vendor]":
    """Those that something waits for."""
    waiting = Order.objects.filter(state=Order.State.ARRANGING, lines__vendor_order=None)
    return Vendor.objects.filter(pk__in=waiting.values("lines__sku__product__vendor"))


@act("desk", 3)
def record_vendor_order(play: Play, by: User) -> None:
    order = play.some(Order.objects.all(), Order.objects.filter(state=Order.State.ARRANGING))
    vendor, reference = play.some(Vendor.objects.all(), _vendors()), f"V-{play.chance.randint(1, 9)}"
    vendor_orders.record(order, vendor=vendor, reference=reference, ordered_on=clock.today(), by=by)


def _vendor_order(play: Play, *states: str) -> VendorOrder:
    return play.some(VendorOrder.objects.all(), VendorOrder.objects.filter(state__in=states))


@act("desk", 10)
def send_vendor_order(play: Play, by: User) -> None:
    sent = vendor_orders.send(_vendor_order(play, *VendorOrder.NOT_SENT), by=by)
    ready = {Order.State.ARRANGING}
    assert {line.order.state for line in sent.lines.select_related("order")} == ready, "sent without papers or money"


@act("desk", 1)
def leave_out(play: Play, by: User) -> None:
    vendor_orders.leave_out(play.some(VendorOrderLine.objects.select_related("vendor_order")), by=by)


@act("desk", 1, is_fact=False)
def cancel_vendor_order(play: Play, by: User) -> None:
    vendor_orders.cancel(_vendor_order(play, *VendorOrder.NOT_SENT, VendorOrder.State.SENT), by=by)


@act("desk", 3, is_fact=False)
def confirm_vendor_order(play: Play, by: User) -> None:
    made = _vendor_order(play, VendorOrder.State.SENT, VendorOrder.State.PARTLY_CONFIRMED)
    rows = made.order_lines.select_related("line").order_by("pk")
    lines = {
        row.pk: Confirmation(row.line.quantity - (not play.often()), row.unit_cost_yen or 0, "確認")
        for row in rows
        if play.often()
    }
    reference = made.reference or f"V-{play.chance.randint(1, 99)}"
    day = clock.today() + timedelta(days=9) if play.often() else None
    vendor_orders.confirm(made, reference=reference, expected_on=day, lines=lines, by=by)
