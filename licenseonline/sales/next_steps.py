"""What happens next with an order, by days: papers due, transfer due, delivery expected. Days are the store's business days."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from licenseonline.catalog.models import PaymentMethod
from licenseonline.kit import clock, sql
from licenseonline.sales import orders, papers
from licenseonline.sales.models import DocumentRequest, Order
from licenseonline.sales.snapshots import Snapshot
from licenseonline.stores.models import Store


@dataclass(frozen=True, slots=True)
class Days:
    """Each is None when nothing of it is left. `delivery` counts on everything in time, or `is_vendors` own answer."""

    papers: date | None
    payment: date | None
    delivery: date | None
    is_vendors: bool = False


def before(frozen: Snapshot, needed: Iterable[papers.Needed], *, store: Store) -> Days:
    """As they would be for an order of today."""
    due = [papers.due_on(store, one.business_days) for one in needed]
    return _days(frozen, min(due, default=None), orders.payment_due(store, clock.today()), store)


def of(order: Order, asked: Iterable[DocumentRequest], *, paid_on: date | None, has_line_days: bool = True) -> Days:
    """Of an order, its papers as they stand, and the day of the money that completed the payment, if it has come.

    Without `has_line_days` no line is delivered and no vendor has said a day yet: then it asks nothing.
    """
    if order.is_delivered or order.state == Order.State.CANCELLED:
        return Days(None, None, None)
    missing = min((one.due_on for one in asked if one.state in papers.MISSING), default=None)
    pays_later = order.payment_method == PaymentMethod.DEFERRED
    payment = None if paid_on or pays_later else order.receivable.due_on
    if order.state == Order.State.ARRANGING:
        return _arranging(order, paid_on, has_line_days=has_line_days)
    return _days(order.snapshot, missing, payment, order.store)


_COMING: Final = """
SELECT position, expected_on FROM sales_orderline
WHERE store_id = %(store)s AND order_id = %(order)s AND delivered_at IS NULL
"""


def _arranging(order: Order, paid_on: date | None, *, has_line_days: bool) -> Days:
    """By the vendors' answers where they gave any, else by the lead time; of several days the last."""
    coming: dict[int, date | None] = {line["no"]: None for line in order.snapshot["lines"]}
    if has_line_days:
        coming = dict(sql.rows(_COMING, store=order.store_id, order=order.pk))
    said = [day for day in coming.values() if day]
    unsaid = [position for position, day in coming.items() if day is None]
    if unsaid and paid_on is None:
        return Days(None, None, None)
    if unsaid and paid_on:
        said.append(orders.expected_delivery(order.snapshot, paid_on=paid_on, store=order.store, of=unsaid))
    delivery = max(said, default=None)
    if delivery is None or delivery < clock.today():
        return Days(None, None, None)
    return Days(None, None, delivery, is_vendors=not unsaid)


def _days(frozen: Snapshot, papers_due: date | None, payment: date | None, store: Store) -> Days:
    """Nobody is promised a delivery that counts from a day that has passed."""
    last = max(day for day in (papers_due, payment, clock.today()) if day is not None)
    return Days(papers_due, payment, orders.expected_delivery(frozen, paid_on=last, store=store))
