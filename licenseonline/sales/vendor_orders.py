"""What the desk orders from vendors (メーカー発注)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from licenseonline.accounts.models import User
from licenseonline.catalog import prices, vendor_rules
from licenseonline.catalog.models import Vendor
from licenseonline.kit import calendar, clock, rights, scope, states
from licenseonline.kit.errors import Refused
from licenseonline.kit.rights import Right
from licenseonline.records import history
from licenseonline.sales.models import Order, OrderLine, VendorOrder, VendorOrderLine


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
    if vendor_order.state == VendorOrder.State.CANCELLED:
        message = _("この受付番号の発注は取り消されています。番号をご確認ください。")
        raise Refused(message, code="reference", field="reference")
    _add(vendor_order, lines)
    _tell_sent(order, vendor_order, len(lines), by)
    return vendor_order


def _tell_sent(order: Order, vendor_order: VendorOrder, lines: int, by: User) -> None:
    """The day, too: members may cancel so many days from it, and cannot read the vendor's order."""
    history.record(
        order,
        "order.vendor_ordered",
        by=by,
        vendor_order_id=vendor_order.pk,
        ordered_on=str(vendor_order.ordered_on),
        lines=lines,
    )


def ready(vendor: Vendor) -> QuerySet[OrderLine]:
    """Lines of all orders and stores that this vendor can be asked for now: paid, with their papers, and not asked for yet."""
    lines = OrderLine.objects.filter(  # house: the desk collects over all stores
        vendor_order=None, delivered_at=None, order__state=Order.State.ARRANGING, sku__product__vendor=vendor
    )
    return lines.select_related("order", "sku").order_by("order__placed_at", "order_id", "position")


@rights.needs(Right.ORDER_FROM_VENDORS)
@transaction.atomic
def collect(vendor: Vendor, *, by: User) -> VendorOrder:
    """Put every ready line of every store into the vendor's order that is being collected, each at today's cost, frozen.

    Collecting again adds what has become ready since. Refused: `nothing` (no line is ready, and none was collected before).
    """
    Vendor.objects.select_for_update().get(pk=vendor.pk)  # of two clerks the second adds what is left
    made = _collected(vendor, by=by)
    if made is None:
        raise Refused(_("このメーカーへ発注できる明細はありません。"), code="nothing")
    return made


@transaction.atomic
def close(vendor: Vendor) -> VendorOrder | None:
    """At the vendor's cut-off what is ready becomes a vendor order that takes no more lines and waits for the desk to send it.

    Once a day: None when the vendor's orders of today were closed before, or nothing is ready.
    """
    Vendor.objects.select_for_update().get(
        pk=vendor.pk
    )  # as `collect` and `send`: a clerk's hand and the clock take turns
    today = clock.today()
    if VendorOrder.objects.filter(vendor=vendor, closed_on=today).exists():
        return None
    made = _collected(vendor, by=None)
    if made is None or not made.order_lines.exists():
        return None
    return states.move(made, VendorOrder.State.CLOSED, closed_on=today)


def _collected(vendor: Vendor, *, by: User | None) -> VendorOrder | None:
    """The order being collected with all that is ready, the vendor locked; None without either."""
    found = VendorOrder.objects.filter(vendor=vendor, state=VendorOrder.State.COLLECTING).first()
    lines = list(ready(vendor).select_for_update(of=("self", "order")))
    if not lines and found is None:
        return None
    made = found or VendorOrder.objects.create(
        vendor=vendor, state=VendorOrder.State.COLLECTING, recorded_by=by, recorded_at=clock.now()
    )
    if not made.number:
        made.number = f"M{clock.today():%y%m}-{made.pk:05d}"
        made.save(update_fields=["number"])
    _add(made, lines)
    _set_cut_off(made)
    return made


def _set_cut_off(vendor_order: VendorOrder) -> None:
    """Until when it must be sent so that no line comes after the day its buyer wished, by the vendor's rule."""
    lines = list(vendor_order.lines.select_related("order", "sku__product"))
    rules = vendor_rules.of_all([line.sku for line in lines], day=clock.today())
    days = []
    for line in lines:
        rule, wished_on = rules.get(line.sku_id), line.order.snapshot.get("wished_on")
        if rule and rule.cut_off_business_days is not None and wished_on:
            days.append(calendar.business_days_before(date.fromisoformat(wished_on), rule.cut_off_business_days))
    vendor_order.cut_off_on = min(days, default=None)
    vendor_order.save(update_fields=["cut_off_on"])


@rights.needs(Right.ORDER_FROM_VENDORS)
@transaction.atomic
def leave_out(row: VendorOrderLine, *, by: User) -> None:
    """Take a line out of an order that was not sent yet: it waits again. Refused: `state` (it was sent)."""
    vendor_order = states.lock(row.vendor_order)
    if vendor_order.is_sent:
        raise Refused(_("発注済みの明細は外せません。発注の取り消しをご利用ください。"), code="state")
    _release(vendor_order, [row], by=by)
    _set_cut_off(vendor_order)


@rights.needs(Right.ORDER_FROM_VENDORS)
@transaction.atomic
def send(vendor_order: VendorOrder, *, by: User) -> VendorOrder:
    """The collected or closed order goes to the vendor today: from now on its orders wait for it. Once.

    Lines of orders that wait for a paper again are left out. Expected after the longest lead time of its lines, in business
    days. Refused: `state` (sent already), `nothing` (no line is left).
    """
    Vendor.objects.select_for_update().get(pk=vendor_order.vendor_id)  # as `collect`, which has orders locked as well
    states.lock(vendor_order)
    if vendor_order.is_sent:
        raise Refused(_("この発注はすでに送っています。"), code="state")
    lines = _leave_out_unready(vendor_order, by=by)
    if not lines:
        raise Refused(_("明細がありません。対象の明細を集めてから発注してください。"), code="nothing")
    expected = calendar.add_business_days(clock.today(), max(line.sku.lead_days for line in lines))
    changes = {"ordered_on": clock.today(), "expected_on": expected, "recorded_by": by}
    states.move(vendor_order, VendorOrder.State.SENT, **changes)
    for order, count in Counter(line.order for line in lines).items():
        _tell_sent(order, vendor_order, count, by)
    return vendor_order


def _leave_out_unready(vendor_order: VendorOrder, *, by: User) -> list[OrderLine]:
    """A paper was asked for or returned since they were collected; the lines that stay, their orders locked."""
    found = vendor_order.lines.select_related("order", "sku").select_for_update(of=("self", "order"))
    lines = list(found.order_by("order_id", "position"))
    unready = [line.pk for line in lines if line.order.state != Order.State.ARRANGING]
    if unready:
        _release(vendor_order, list(vendor_order.order_lines.filter(line__in=unready)), by=by)
    return [line for line in lines if line.pk not in unready]


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What the vendor says of one line: how many, at which cost a unit (yen, without tax); `note` is why that is taken."""

    quantity: int
    unit_yen: int
    note: str = ""


@rights.needs(Right.ORDER_FROM_VENDORS)
@transaction.atomic
def confirm(
    vendor_order: VendorOrder,
    *,
    reference: str,
    expected_on: date | None,
    lines: Mapping[int, Confirmation],
    by: User,
) -> VendorOrder:
    """Record the vendor's number, its date, and what it confirmed of some or all lines (by VendorOrderLine's id).

    With all lines the order is 確認済み, else 一部確認済み. `expected_on` is when the lines come that it speaks of, without any
    of all that are not delivered: their buyers read it; a later day than before may be reminded of again. Refused: `state` (not sent, or cancelled), `reference` (empty, or another
    order's of this vendor), `quantity` (more than ordered, or none), `note` (dearer or fewer than ordered, and no reason),
    `lines` (of another order).
    """
    states.lock(vendor_order)
    if vendor_order.state not in _WITH_VENDOR:
        raise Refused(_("発注済みの発注だけに確認を記録できます。"), code="state")
    _check_reference(vendor_order, reference)
    rows = {row.pk: row for row in vendor_order.order_lines.select_related("line__order").order_by("pk")}
    if set(lines) - set(rows):
        raise Refused(_("この発注の明細ではありません。画面を更新してください。"), code="lines")
    for pk, said in lines.items():
        _confirm_line(rows[pk], said)
    told = [rows[pk] for pk in lines or rows]
    if expected_on is not None:
        _expect(told, expected_on)
    day = expected_on.isoformat() if expected_on else None
    for order in {row.line.order for row in told if lines or expected_on}:
        history.record(order, "order.vendor_confirmed", by=by, vendor_order_id=vendor_order.pk, expected_on=day)
    is_whole = all(row.confirmed_quantity == row.line.quantity for row in rows.values())
    to = VendorOrder.State.CONFIRMED if is_whole else VendorOrder.State.PARTLY_CONFIRMED
    changes: dict[str, object] = {"reference": reference, "expected_on": expected_on or vendor_order.expected_on}
    if expected_on and vendor_order.expected_on and expected_on > vendor_order.expected_on:
        changes["reminded_at"] = None
    if vendor_order.state == to:
        VendorOrder.objects.filter(pk=vendor_order.pk).update(**changes)
        vendor_order.refresh_from_db()
        return vendor_order
    return states.move(vendor_order, to, **changes)


@rights.needs(Right.ORDER_FROM_VENDORS)
@transaction.atomic
def cancel(vendor_order: VendorOrder, *, by: User) -> VendorOrder:
    """Take back an order of which the vendor has confirmed nothing: its lines wait again. Refused: `state`, `delivered`."""
    states.lock(vendor_order)
    if vendor_order.lines.exclude(delivered_at=None).exists():
        raise Refused(_("納品済みの明細があるため、取り消せません。"), code="delivered")
    states.move(vendor_order, VendorOrder.State.CANCELLED)
    _release(vendor_order, list(vendor_order.order_lines.select_related("line__order")), by=by)
    return vendor_order


def _expect(rows: Iterable[VendorOrderLine], day: date) -> None:
    """The vendor's own day, where the desk reads it and where the buyer may."""
    coming = [row for row in rows if row.line.delivered_at is None]
    VendorOrderLine.objects.filter(pk__in=[row.pk for row in coming]).update(expected_on=day)
    OrderLine.objects.filter(pk__in=[row.line_id for row in coming]).update(expected_on=day)


def _confirm_line(row: VendorOrderLine, said: Confirmation) -> None:
    if not 0 < said.quantity <= row.line.quantity:
        message = _("確認数は1から発注数 %(most)s までで入力してください。") % {"most": row.line.quantity}
        raise Refused(message, code="quantity", field=f"quantity_{row.pk}")
    is_dearer = row.unit_cost_yen is not None and said.unit_yen > row.unit_cost_yen
    if (is_dearer or said.quantity < row.line.quantity) and not said.note:
        message = _("発注時より高い単価や少ない数量を確認するときは、理由を入力してください。")
        raise Refused(message, code="note", field=f"note_{row.pk}")
    row.confirmed_quantity, row.confirmed_unit_yen, row.note = said.quantity, said.unit_yen, said.note
    row.save(update_fields=["confirmed_quantity", "confirmed_unit_yen", "note"])


_WITH_VENDOR: Final = {VendorOrder.State.SENT, VendorOrder.State.PARTLY_CONFIRMED, VendorOrder.State.CONFIRMED}


def _check_reference(vendor_order: VendorOrder, reference: str) -> None:
    if not reference:
        raise Refused(_("メーカーの受付番号を入力してください。"), code="reference", field="reference")
    others = VendorOrder.objects.filter(vendor=vendor_order.vendor_id, reference=reference).exclude(pk=vendor_order.pk)
    if others.exists():
        message = _("この受付番号は別の発注に登録されています。番号をご確認ください。")
        raise Refused(message, code="reference", field="reference")


def _add(vendor_order: VendorOrder, lines: Sequence[OrderLine]) -> None:
    """Each line at what a unit costs today for its own number; None where no cost is known."""
    OrderLine.objects.filter(pk__in=[line.pk for line in lines]).update(vendor_order=vendor_order)
    rows = []
    for line in lines:
        cost = prices.costs({line.sku_id: line.quantity}, day=clock.today()).get(line.sku_id)
        rows.append(VendorOrderLine(vendor_order=vendor_order, line=line, unit_cost_yen=cost))
    with scope.platform():
        VendorOrderLine.objects.bulk_create(rows)


def _release(vendor_order: VendorOrder, rows: Sequence[VendorOrderLine], *, by: User) -> None:
    OrderLine.objects.filter(pk__in=[row.line_id for row in rows]).update(vendor_order=None, expected_on=None)
    VendorOrderLine.objects.filter(pk__in=[row.pk for row in rows]).delete()
    for order in {row.line.order for row in rows}:
        history.record(order, "order.vendor_order_left", by=by, vendor_order_id=vendor_order.pk)
