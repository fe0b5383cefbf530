"""The desk's figures: orders and sales by month, store and vendor, and how many quotations become orders. Counted by PostgreSQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final

from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import TruncMonth

from licenseonline.catalog.models import Vendor
from licenseonline.kit import charts, clock
from licenseonline.kit.charts import Chart
from licenseonline.kit.tenancy import M
from licenseonline.sales.models import Order, OrderSum, Quote, QuoteSum, VendorSum
from licenseonline.stores.models import Store

MONTHS: Final = (3, 6, 12, 24)
MOST: Final = 20  # stores, vendors


@dataclass(frozen=True, slots=True)
class Period:
    """Whole months of Japan, the present one last, at one store or all."""

    months: int
    store_id: int | None

    @property
    def days(self) -> list[date]:
        """The first day of each month."""
        first = clock.today().replace(day=1)
        return [_months_before(first, back) for back in range(self.months - 1, -1, -1)]

    @property
    def values(self) -> dict[str, Any]:
        """For statements written by hand."""
        return {"since": _begin(self.days[0]), "until": clock.now(), "store": self.store_id}

    def of(self, rows: QuerySet[M]) -> QuerySet[M]:
        """Of the sums by month those of the period, of the store or of all stores together."""
        return self._within(rows).filter(store=self.store_id)

    def of_each_store(self, rows: QuerySet[M]) -> QuerySet[M]:
        """The same of every store that is looked at."""
        return self._within(rows).exclude(store=None) if self.store_id is None else self.of(rows)

    def _within(self, rows: QuerySet[M]) -> QuerySet[M]:
        return rows.filter(month__range=(self.days[0], self.days[-1]))


@dataclass(frozen=True, slots=True)
class Sales:
    """Of one month, store or vendor: orders that were not cancelled, yen without tax as frozen at order.

    `margin_yen` leaves out lines whose cost was unknown: `unknown` says how many.
    """

    label: str
    orders: int
    net_yen: int
    margin_yen: int
    unknown: int
    share: int  # per mille of the highest, for a bar

    @property
    def width(self) -> int:
        """Of its bar, in the picture's own units; what is more than nothing can be seen."""
        return max(self.share // 5, 2) if self.net_yen > 0 else 0


@dataclass(frozen=True, slots=True)
class Conversion:
    """Quotations issued in a month, those ordered until their last day, and those that still can be."""

    day: date
    issued: int
    ordered: int
    open: int

    @property
    def per_cent(self) -> str:
        """Ordered of issued, in words of one decimal; a dash where nothing was issued."""
        return f"{self.ordered * 100 / self.issued:.1f}%" if self.issued else "－"  # house: a dash


@dataclass(frozen=True, slots=True)
class Board:
    """All that a page shows of sales."""

    months: list[Sales]
    stores: list[Sales]
    vendors: list[Sales]
    total: Sales
    chart: Chart


def board(period: Period) -> Board:
    """Three statements, and the names."""
    kept = OrderSum.objects.exclude(state=Order.State.CANCELLED)
    by_month = {month: row for month, *row in _sums(period.of(kept), "month")}
    most = max((row[1] for row in by_month.values()), default=0)
    months = [_sales(f"{day.year}/{day.month:02}", by_month.get(day), most) for day in period.days]
    return Board(
        months=months,
        stores=_best(Store, period.of_each_store(kept), "store"),
        vendors=_best(Vendor, period.of(VendorSum.objects.all()), "vendor"),
        total=_total(months),
        chart=charts.columns([(day, one.net_yen) for day, one in zip(period.days, months, strict=True)]),
    )


def conversion(period: Period) -> list[Conversion]:
    """Month by month; two statements."""
    sums = period.of(QuoteSum.objects.all()).values_list("month").annotate(Sum("issued"), Sum("ordered"))
    found = {month: (issued, ordered) for month, issued, ordered in sums}
    valid = Quote.objects.filter(state=Quote.State.ISSUED, valid_until__gte=clock.today())
    valid = valid if period.store_id is None else valid.filter(store_id=period.store_id)
    months = valid.values_list(TruncMonth("issued_at", tzinfo=clock.JST)).annotate(count=Count("*"))
    still = {month.date(): count for month, count in months}
    return [Conversion(day, *found.get(day, (0, 0)), still.get(day, 0)) for day in period.days]


def _sums(rows: QuerySet[Any], key: str) -> QuerySet[Any, tuple[Any, int, int, int, int]]:
    """The key, and of its orders the number, yen without tax, margin, and lines without a cost."""
    sums: QuerySet[Any, tuple[Any, int, int, int, int]] = rows.values_list(key).annotate(
        count=Sum("orders"), net=Sum("net_yen"), margin=Sum("margin_yen"), without_cost=Sum("unknown")
    )
    return sums


def _best(model: type[Store | Vendor], rows: QuerySet[Any], key: str) -> list[Sales]:
    """Those that sold most, with their names."""
    best = list(_sums(rows, key).filter(count__gt=0).order_by("-net", key)[:MOST])
    names = {one.pk: str(one) for one in model.objects.only("name").filter(pk__in=[row[0] for row in best])}
    return [_sales(names.get(pk, ""), row, best[0][2]) for pk, *row in best]


def _sales(label: str, row: Sequence[int] | None, most: int) -> Sales:
    if row is None:
        return Sales(label, 0, 0, 0, 0, 0)
    count, net, margin, unknown = row
    return Sales(label, count, net, margin, unknown, net * 1000 // most if most else 0)


def _total(months: list[Sales]) -> Sales:
    return Sales(
        label="",
        orders=sum(one.orders for one in months),
        net_yen=sum(one.net_yen for one in months),
        margin_yen=sum(one.margin_yen for one in months),
        unknown=sum(one.unknown for one in months),
        share=0,
    )


def _begin(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=clock.JST)


def _months_before(first: date, months: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 - months, 12)
    return date(year, month + 1, 1)
