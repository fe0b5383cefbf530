"""Work on orders: their money, what is ordered from vendors and delivered, and what members wish."""

from datetime import date, datetime
from typing import Any, cast

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Least
from django.urls import reverse

from licenseonline.backoffice.work.kinds import Found, Kind, Task, Wanted
from licenseonline.billing.models import Payment, Receivable
from licenseonline.kit import clock
from licenseonline.sales.models import Order, OrderLine, OrderWish, VendorOrder, WishState
from licenseonline.sales.vendor_reminders import WAITING
from licenseonline.stores import stores

DAYS_TO_ORDER = 1  # business days from the money to the vendor's order
DAYS_TO_ANSWER = 1  # business days from a member's wish about an order to the desk's answer
DAYS_TO_REFUND = 3  # business days from the cancellation to the money's way back


def awaiting_payment(kind: Kind, wanted: Wanted) -> Found:
    """Orders that wait for the buyer's money, until the receivable is due."""
    orders = _orders(wanted, Order.State.AWAITING_PAYMENT)
    first = _first(orders.order_by("receivable__due_on", "id"), wanted).select_related("receivable").defer("snapshot")
    return _found(orders, [_task(kind, order, order.receivable.due_on) for order in first])


def awaiting_vendor_order(kind: Kind, wanted: Wanted) -> Found:
    """Paid orders with lines that nobody has ordered from the vendor yet."""
    orders = _orders(wanted, Order.State.ARRANGING).filter(Exists(_not_ordered()))
    first = _first(_with_day_of_money(orders, wanted), wanted).defer("snapshot")
    return _found(orders, [_task(kind, order, _after_money(order, DAYS_TO_ORDER, wanted)) for order in first])


def awaiting_vendor_answer(kind: Kind, wanted: Wanted) -> Found:
    """Orders at vendors that have not confirmed all of it, until the day on which it is expected."""
    sent = _vendor_orders(wanted).filter(state__in=WAITING, expected_on__isnull=False)
    first = sent.select_related("vendor").order_by("expected_on", "id")[: wanted.most]
    return Found([_vendor_order(kind, one, one.expected_on) for one in first], sent.count())


def vendor_orders_to_send(kind: Kind, wanted: Wanted) -> Found:
    """What was closed at a vendor's cut-off goes out that day; what is collected, before it is late for a wished day."""
    has_deadline = Q(state=VendorOrder.State.CLOSED) | Q(state=VendorOrder.State.COLLECTING, cut_off_on__isnull=False)
    due_on = Least("closed_on", "cut_off_on")  # of one alone where the other is not known
    found = _vendor_orders(wanted).filter(has_deadline, order_lines__isnull=False).distinct().annotate(due_on=due_on)
    first = found.select_related("vendor").order_by("due_on", "id")[: wanted.most]
    return Found([_vendor_order(kind, one, one.due_on) for one in first], found.count())


def awaiting_delivery(kind: Kind, wanted: Wanted) -> Found:
    """Orders that the vendor has: until the vendor's own day, else the business days that the buyer was promised from the money."""
    orders = _orders(wanted, Order.State.ARRANGING).filter(~Exists(_not_ordered()))
    coming = OrderLine.objects.filter(order=OuterRef("pk"), store=OuterRef("store"), delivered_at=None)
    first = _first(_with_day_of_money(orders, wanted), wanted).annotate(
        is_unsaid=Exists(coming.filter(expected_on=None)),
        said=Subquery(coming.order_by("-expected_on").values("expected_on")[:1]),
    )
    return _found(orders, [_task(kind, order, _promised(order, wanted)) for order in first])


def wishes(kind: Kind, wanted: Wanted) -> Found:
    """What members ask for about their orders; they were told that the desk answers by mail."""
    asked = wanted.at_store(OrderWish.objects.visible_to(wanted.by)).filter(state=WishState.ASKED)
    first = (
        stores.with_names(asked, "order__company", path="order__store")
        .defer("order__snapshot")
        .order_by("asked_at", "id")
    )
    return Found([_wish(kind, wish, wanted) for wish in first[: wanted.most]], asked.count())


def refunds(kind: Kind, wanted: Wanted) -> Found:
    """Cancelled orders whose money is to be given back, from the day of the cancellation on."""
    orders = _orders(wanted, Order.State.CANCELLED).filter(receivable__state=Receivable.State.REFUND_DUE)
    granted = OrderWish.objects.visible_to(wanted.by).filter(order=OuterRef("pk"), state=WishState.GRANTED)
    first = orders.annotate(since=Subquery(granted.order_by("-id").values("answered_at")[:1])).defer("snapshot")
    return _found(orders, [_refund(kind, order, wanted) for order in _first(first.order_by("since", "id"), wanted)])


def _orders(wanted: Wanted, state: str) -> QuerySet[Order]:
    return wanted.at_store(Order.objects.visible_to(wanted.by)).filter(state=state)


def _first(orders: QuerySet[Order], wanted: Wanted) -> QuerySet[Order]:
    """As many as are wanted, with store and company: which they are is found out before their long rows are read."""
    return stores.with_names(orders.filter(pk__in=orders.values("pk")[: wanted.most]), "company")


def _vendor_orders(wanted: Wanted) -> QuerySet[VendorOrder]:
    """Those with lines of the store that is looked at."""
    if wanted.store_id is None:
        return VendorOrder.objects.all()
    lines = OrderLine.objects.filter(vendor_order=OuterRef("pk"), store_id=wanted.store_id)
    return VendorOrder.objects.filter(Exists(lines))  # house: the desk orders for all stores


def _not_ordered() -> QuerySet[OrderLine]:
    """Lines of the order that wait for a vendor order, or for one that is being collected to be sent."""
    lines = OrderLine.objects.filter(order=OuterRef("pk"), store=OuterRef("store"), delivered_at=None)
    return lines.filter(Q(vendor_order=None) | Q(vendor_order__state__in=VendorOrder.NOT_SENT))


def _with_day_of_money(orders: QuerySet[Order], wanted: Wanted) -> QuerySet[Order]:
    last = Payment.objects.visible_to(wanted.by).filter(receivable=OuterRef("receivable")).order_by("-id")
    return orders.annotate(money_at=Subquery(last.values("recorded_at")[:1])).order_by("money_at", "id")


def _after_money(order: Order, days: int, wanted: Wanted) -> date:
    money_at: datetime = getattr(order, "money_at", None) or order.placed_at
    return wanted.due_on(order.store_id, days, money_at)


def _promised(order: Any, wanted: Wanted) -> date:
    """`order` as awaiting_delivery annotates it."""
    if order.said and not order.is_unsaid:
        return cast("date", order.said)
    return _after_money(order, max((line["lead_days"] for line in order.snapshot["lines"]), default=0), wanted)


def _found(orders: QuerySet[Order], tasks: list[Task]) -> Found:
    sums = orders.aggregate(count=Count("id"), yen=Sum("total_yen"))
    return Found(tasks, sums["count"], sums["yen"] or 0)


def _task(kind: Kind, order: Order, due_on: date, about: str = "") -> Task:
    return Task(
        of=kind,
        due_on=due_on,
        number=order.number,
        store=str(order.store),
        company=order.company.name,
        yen=order.total_yen,
        about=about,
        url=reverse("backoffice:order", args=[order.store_id, order.number]),
        row=f"order:{order.pk}",
    )


def _wish(kind: Kind, wish: OrderWish, wanted: Wanted) -> Task:
    due_on = wanted.due_on(wish.store_id, DAYS_TO_ANSWER, wish.asked_at)
    return _task(kind, wish.order, due_on, about=wish.get_kind_display())


def _refund(kind: Kind, order: Order, wanted: Wanted) -> Task:
    return _task(kind, order, wanted.due_on(order.store_id, DAYS_TO_REFUND, getattr(order, "since", None)))


def _vendor_order(kind: Kind, one: VendorOrder, due_on: date | None) -> Task:
    return Task(
        of=kind,
        due_on=due_on or clock.today(),
        number=str(one),
        company=one.vendor.name,
        url=reverse("backoffice:vendor_order", args=[one.pk]),
    )
