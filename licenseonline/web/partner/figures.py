"""The numbers of a partner's console, over the partner's own stores."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from licenseonline.accounts.models import User
from licenseonline.kit import clock
from licenseonline.sales.models import LineMargin, Order, OrderSum, Quote
from licenseonline.stores.models import Store


@dataclass(frozen=True, slots=True)
class Figure:
    """How many, and their yen (tax included)."""

    count: int = 0
    yen: int = 0


@dataclass(frozen=True, slots=True)
class StoreFigures:
    """One store's present state."""

    store: Store
    valid_quotes: Figure
    orders_of_month: Figure
    awaiting_payment: Figure
    awaiting_papers: Figure
    delivered: Figure


@dataclass(frozen=True, slots=True)
class Margin:
    """Of one order as frozen at order, yen without tax; `margin_yen` is None when a line's cost was unknown."""

    margin_yen: int | None
    commission_yen: int


def own_stores(user: User) -> QuerySet[Store]:
    """The partner's stores."""
    # A store is no row of a store; the actor's own numbers narrow it.
    return Store.objects.filter(pk__in=user.visible_stores or ()).order_by("pk")  # house: as above


def by_store(user: User) -> list[StoreFigures]:
    """Each of the partner's stores with its figures; two queries besides the stores'."""
    today = clock.today()
    quotes = Quote.objects.visible_to(user).filter(state=Quote.State.ISSUED, valid_until__gte=today)
    valid = {
        row["store"]: row for row in quotes.values("store").annotate(valid_count=Count("*"), valid_yen=Sum("total_yen"))
    }
    ordered = OrderSum.objects.visible_to(user).values("store")
    sums = ordered.annotate(
        **_figure("month", Q(month__gte=today.replace(day=1))),
        **_figure("awaiting", Q(state=Order.State.AWAITING_PAYMENT)),
        **_figure("papers", Q(state=Order.State.AWAITING_PAPERS)),
        **_figure("delivered", Q(state=Order.State.DELIVERED)),
    )
    rows = {row["store"]: row for row in sums}
    return [
        StoreFigures(
            store=store,
            valid_quotes=_read(valid.get(store.pk), "valid"),
            orders_of_month=_read(rows.get(store.pk), "month"),
            awaiting_payment=_read(rows.get(store.pk), "awaiting"),
            awaiting_papers=_read(rows.get(store.pk), "papers"),
            delivered=_read(rows.get(store.pk), "delivered"),
        )
        for store in own_stores(user)
    ]


@dataclass(frozen=True, slots=True)
class Month:
    """What was ordered in a month (Japan), as frozen at order: yen without tax. `margin_yen` is None where a cost is unknown."""

    day: date
    orders: int
    net_yen: int
    margin_yen: int | None
    commission_yen: int


def by_month(user: User, *, months: int = 12, store_id: int | None = None) -> list[Month]:
    """The last months, this one last, also those without an order; one query."""
    first = _months_before(clock.today().replace(day=1), months - 1)
    rows = OrderSum.objects.visible_to(user).filter(month__gte=first)
    rows = rows if store_id is None else rows.filter(store_id=store_id)
    sums = rows.values("month").annotate(
        count=Sum("orders"),
        net=Sum("net_yen"),
        margin=Sum("margin_yen"),
        commission=Sum("commission_yen"),
        without_cost=Sum("unknown"),
    )
    found = {row["month"]: row for row in sums}
    days = [_months_before(clock.today().replace(day=1), back) for back in range(months - 1, -1, -1)]
    return [_month(day, found.get(day)) for day in days]


def _month(day: date, row: Mapping[str, Any] | None) -> Month:
    if row is None:
        return Month(day, 0, 0, 0, 0)
    return Month(day, row["count"], row["net"], None if row["without_cost"] else row["margin"], row["commission"])


def of_month(user: User, month: date) -> list[Any]:  # of rows with sums
    """That month's sums of each of the partner's stores that had orders, as frozen at order."""
    rows = OrderSum.objects.visible_to(user).filter(month=month).values("store_id", "store__name")
    sums = rows.annotate(
        count=Sum("orders"), net=Sum("net_yen"), margin=Sum("margin_yen"), commission=Sum("commission_yen")
    )
    return list(sums.filter(count__gt=0).order_by("store_id"))


def within(path: str, month: date) -> dict[str, datetime]:
    """As conditions: the time at `path` is in that month of Japan."""
    return {f"{path}__gte": _begin(month), f"{path}__lt": _begin(_months_before(month, -1))}


def _months_before(first: date, months: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 - months, 12)
    return date(year, month + 1, 1)


def ordered(orders: QuerySet[Order]) -> Figure:
    """How many of these orders, and their yen."""
    sums = orders.aggregate(count=Count("pk"), yen=Sum("total_yen"))
    return Figure(sums["count"], sums["yen"] or 0)


def margins(orders: Iterable[Order], user: User) -> dict[int, Margin]:
    """By order; one query."""
    lines = LineMargin.objects.visible_to(user).filter(line__order__in=[order.pk for order in orders])
    sums = lines.values("line__order").annotate(
        margin=Sum("margin_yen"), commission=Sum("commission_yen"), unknown=Count("id", filter=Q(margin_yen=None))
    )
    return {
        row["line__order"]: Margin(None if row["unknown"] else row["margin"], row["commission"] or 0) for row in sums
    }


def _figure(name: str, where: Q) -> dict[str, Sum]:
    return {f"{name}_count": Sum("orders", filter=where), f"{name}_yen": Sum("total_yen", filter=where)}


def _read(row: Mapping[str, Any] | None, name: str) -> Figure:
    return Figure(row[f"{name}_count"] or 0, row[f"{name}_yen"] or 0) if row else Figure()


def _begin(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=clock.JST)
