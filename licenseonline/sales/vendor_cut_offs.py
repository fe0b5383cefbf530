"""Vendors' daily cut-off (メーカー発注の締め): what is ready by then goes into one vendor order, which the desk looks at and sends.

Nothing goes to a vendor by itself: an order binds, and somebody answers for it.
"""

from collections.abc import Iterable
from datetime import time
from typing import Final

from django.db.models import Q
from procrastinate.contrib.django import app

from licenseonline.catalog import vendor_rules
from licenseonline.catalog.models import Sku, Vendor
from licenseonline.kit import calendar, clock, scope
from licenseonline.sales import vendor_orders
from licenseonline.sales.models import Order, OrderLine, VendorOrder

USUAL: Final = time(15)  # in Japan, of vendors whose rules name no other


@app.periodic(cron="*/10 * * * *")
@app.task(name="sales.vendor_cut_offs.close_all", queueing_lock="sales.vendor_cut_offs.close_all", pass_context=False)
def close_all(timestamp: int) -> None:  # noqa: ARG001  (procrastinate gives the tick)
    """On business days, every ten minutes: each vendor whose cut-off has passed and that something waits for."""
    if not calendar.is_business_day(clock.today()):
        return
    with scope.platform():
        due = [vendor.pk for vendor, skus in _waiting().items() if is_past(skus)]
    for pk in due:
        close.defer(vendor_id=pk)


@app.task(name="sales.vendor_cut_offs.close", retry=3)
def close(vendor_id: int) -> None:
    """Close one vendor's orders of today; doing it again closes nothing more."""
    with scope.platform():
        vendor_orders.close(Vendor.objects.get(pk=vendor_id))


def is_past(skus: Iterable[Sku]) -> bool:
    """Whether what is ready of a vendor (SKUs with products) goes out today: the earliest time that a rule of today names."""
    found = vendor_rules.of_all(skus, day=clock.today()).values()
    cut_off = min((rule.cut_off_time for rule in found if rule.cut_off_time), default=USUAL)
    return clock.now().astimezone(clock.JST).time() >= cut_off


def _waiting() -> dict[Vendor, list[Sku]]:
    """By vendor what waits to be ordered, collected or not."""
    lines = OrderLine.objects.filter(  # house: the desk orders for all stores
        delivered_at=None, order__state=Order.State.ARRANGING
    )
    lines = lines.filter(Q(vendor_order=None) | Q(vendor_order__state=VendorOrder.State.COLLECTING))
    found: dict[Vendor, list[Sku]] = {}
    for sku in Sku.objects.filter(pk__in=lines.values("sku")).select_related("product__vendor"):
        found.setdefault(sku.product.vendor, []).append(sku)
    return found
