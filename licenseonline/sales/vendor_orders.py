"""What the desk orders from vendors (メーカー発注)."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from licenseonline.accounts.models import User
from licenseonline.catalog.models import Vendor
from licenseonline.kit import clock, rights, states
from licenseonline.kit.errors import Refused
from licenseonline.kit.rights import Right
from licenseonline.records import history
from licenseonline.sales.models import Order, OrderLine, VendorOrder


def waiting(order: Order) -> dict[Vendor, list[OrderLine]]:
    """The order's lines that are not yet ordered from their vendors."""
    found: dict[Vendor, list[OrderLine]] = {}
    for line in order.lines.filter(vendor_order=None).select_related("sku__product__vendor").order_by("position"):
        found.setdefault(line.sku.product.vendor, []).append(line)
    return found


@rights.needs(Right.ORDER_FROM_VENDORS)
@transaction.atomic
def record(order: Order, *, vendor: Vendor, reference: str, ordered_on: date, by: User) -> VendorOrder:
    """Record that the paid order's lines of this vendor were ordered, under the vendor's own number.

    One vendor order may hold lines of many orders: the same number joins them. Refused: `state` (not メーカー手配中), `reference` (empty), `ordered_on` (future), `nothing` (no such line waits).
    """
    states.lock(order)
    if order.state != Order.State.ARRANGING:
        raise Refused(_("メーカー発注は、書類とご入金がそろった注文だけに記録できます。"), code="state")
    if not reference:
        raise Refused(_("メーカーの受付番号を入力してください。"), code="reference", field="reference")
    if ordered_on > clock.today():
        raise Refused(_("発注日に未来の日付は入力できません。"), code="ordered_on", field="ordered_on")
    lines = waiting(order).get(vendor, [])
    if not lines:
        raise Refused(_("このメーカーへの未発注の明細はありません。"), code="nothing")
    vendor_order, _created = VendorOrder.objects.get_or_create(
        vendor=vendor,
        reference=reference,
        defaults={"ordered_on": ordered_on, "recorded_by": by, "recorded_at": clock.now()},
    )
    OrderLine.objects.filter(pk__in=[line.pk for line in lines]).update(vendor_order=vendor_order)
    history.record(order, "order.vendor_ordered", by=by, vendor_order_id=vendor_order.pk, lines=len(lines))
    return vendor_order
