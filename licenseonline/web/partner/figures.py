"""The numbers of a partner's console, over the partner's own stores."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from licenseonline.accounts.models import User
from licenseonline.kit import clock
from licenseonline.sales.models import LineMargin, Order, Quote
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
    month = Q(placed_at__gte=_begin(today.replace(day=1)))
    quotes = Quote.objects.visible_to(user).filter(state=Quote.State.ISSUED, valid_until__gte=today)
    valid = {row["store"]: row for row in quotes.values("store").annotate(**_figure("valid", Q()))}
    orders = Order.objects.visible_to(user).values("store")
    ordered = orders.annotate(
        **_figure("month", month),
        **_figure("awaiting", Q(state=Order.State.AWAITING_PAYMENT)),
        **_figure("delivered", Q(state=Order.State.DELIVERED)),
    )
    rows = {row["store"]: row for row in ordered}
    return [
        StoreFigures(
            store=store,
            valid_quotes=_read(valid.get(store.pk), "valid"),
            orders_of_month=_read(rows.get(store.pk), "month"),
            awaiting_payment=_read(rows.get(store.pk), "awaiting"),
            delivered=_read(rows.get(store.pk), "delivered"),
        )
        for store in own_stores(user)
    ]


def margins(orders: Iterable[Order], user: User) -> dict[int, Margin]:
    """By order; one query."""
    lines = LineMargin.objects.visible_to(user).filter(line__order__in=[order.pk for order in orders])
    sums = lines.values("line__order").annotate(
        margin=Sum("margin_yen"), commission=Sum("commission_yen"), unknown=Count("id", filter=Q(margin_yen=None))
    )
    return {
        row["line__order"]: Margin(None if row["unknown"] else row["margin"], row["commission"] or 0) for row in sums
    }


def _figure(name: str, where: Q) -> dict[str, Count | Sum]:
    return {f"{name}_count": Count("pk", filter=where), f"{name}_yen": Sum("total_yen", filter=where)}


def _read(row: Mapping[str, Any] | None, name: str) -> Figure:
    return Figure(row[f"{name}_count"] or 0, row[f"{name}_yen"] or 0) if row else Figure()


def _begin(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=clock.JST)
