"""What the sums of the months must be, counted from orders, lines and quotations alone."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.db.models import Model

from licenseonline.kit import clock
from licenseonline.sales.models import LineMargin, Order, OrderSum, Quote, QuoteSum, VendorSum

Counts = Counter[tuple[object, ...]]
_STATES = {Quote.State.ISSUED, Quote.State.ORDERED, Quote.State.EXPIRED}


def month_sums_are_those_of_their_rows() -> Iterator[str]:
    """For every store, and for all stores together."""
    orders, vendors = _of_orders()
    yield from _differences(OrderSum, ["month", "state"], orders)
    yield from _differences(VendorSum, ["month", "vendor_id"], vendors)
    yield from _differences(QuoteSum, ["month"], _of_quotes())


def _of_orders() -> tuple[Counts, Counts]:
    orders, vendors = Counts(), Counts()
    counted: set[tuple[int, int | None]] = set()
    for one in LineMargin.objects.select_related("line__order", "line__sku__product"):
        order, vendor = one.line.order, one.line.sku.product.vendor_id
        month = _month(clock.jst_date(order.placed_at))
        amounts = {
            "net_yen": one.line.quantity * one.line.unit_yen,
            "margin_yen": one.margin_yen or 0,
            "unknown": int(one.margin_yen is None),
        }
        is_new, is_new_to_vendor = (order.pk, None) not in counted, (order.pk, vendor) not in counted
        counted |= {(order.pk, None), (order.pk, vendor)}
        whole = {"orders": int(is_new), "total_yen": order.total_yen * is_new, "commission_yen": one.commission_yen}
        _add(orders, (order.store_id, month, order.state), whole | amounts)
        if order.state != Order.State.CANCELLED:
            _add(vendors, (order.store_id, month, vendor), {"orders": int(is_new_to_vendor)} | amounts)
    return orders, vendors


def _of_quotes() -> Counts:
    found = Counts()
    for quote in Quote.objects.filter(state__in=_STATES).select_related("order"):
        order = getattr(quote, "order", None)
        in_time = order is not None and clock.jst_date(order.placed_at) <= quote.valid_until
        month = _month(clock.jst_date(quote.issued_at))
        _add(found, (quote.store_id, month), {"issued": 1, "ordered": int(in_time)})
    return found


def _add(counts: Counts, key: tuple[Any, ...], amounts: dict[str, int]) -> None:
    for name, amount in amounts.items():
        counts[*key, name] += amount
        counts[None, *key[1:], name] += amount


def _month(day: date) -> date:
    return day.replace(day=1)


def _differences(model: type[Model], key: Iterable[str], wanted: Counts) -> Iterator[str]:
    keys = ["store_id", *key]
    amounts = [field.name for field in model._meta.local_fields if field.attname not in {"id", *keys}]
    found = Counts()
    for row in model._default_manager.all():
        for name in amounts:
            found[*(getattr(row, part) for part in keys), name] += getattr(row, name)
    for at in found | wanted:
        if found[at] != wanted[at]:
            yield f"{model.__name__} {at} is {found[at]}, not {wanted[at]}"
