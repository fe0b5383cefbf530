"""The desk's figures: orders and sales by month, store and vendor, and how many quotations become orders. Counted by PostgreSQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final

from licenseonline.catalog.models import Vendor
from licenseonline.kit import charts, clock, sql
from licenseonline.kit.charts import Chart
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
        """For the statements."""
        return {"since": _begin(self.days[0]), "until": clock.now(), "today": clock.today(), "store": self.store_id}


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
    """Two statements, and the names."""
    counts = {(month, store): count for month, store, count in sql.planned(_ORDERS, **period.values)}
    sums = sql.planned(_SUMS, **period.values)
    by_month: dict[date, Sequence[int]] = {month: row for month, _store, _vendor, *row in sums if month}
    by_store: dict[int, Sequence[int]] = {store: row for _month, store, _vendor, *row in sums if store}
    by_vendor: dict[int, Sequence[int]] = {vendor: row for _month, _store, vendor, *row in sums if vendor}
    most = max((row[1] for row in by_month.values()), default=0)
    months = [
        _sales(f"{day.year}/{day.month:02}", counts.get((day, None), 0), by_month.get(day), most) for day in period.days
    ]
    stores = _names(Store, by_store)
    return Board(
        months=months,
        stores=[
            _sales(stores.get(pk, str(pk)), counts.get((None, pk), 0), by_store[pk], by_store[_first(by_store)][1])
            for pk in _top(by_store)
        ],
        vendors=_vendors(by_vendor),
        total=_total(months),
        chart=charts.columns([(day, one.net_yen) for day, one in zip(period.days, months, strict=True)]),
    )


def conversion(period: Period) -> list[Conversion]:
    """Month by month; one statement."""
    found = {day: row for day, *row in sql.planned(_CONVERSION, **period.values)}
    return [Conversion(day, *found.get(day, (0, 0, 0))) for day in period.days]


def _vendors(rows: dict[int, Sequence[int]]) -> list[Sales]:
    names = _names(Vendor, rows)
    return [_sales(names.get(pk, ""), rows[pk][0], rows[pk], rows[_first(rows)][1]) for pk in _top(rows)]


def _sales(label: str, orders: int, row: Sequence[int] | None, most: int) -> Sales:
    if row is None:
        return Sales(label, orders, 0, 0, 0, 0)
    _count, net, margin, unknown = row
    return Sales(label, orders, net, margin, unknown, net * 1000 // most if most else 0)


def _total(months: list[Sales]) -> Sales:
    return Sales(
        label="",
        orders=sum(one.orders for one in months),
        net_yen=sum(one.net_yen for one in months),
        margin_yen=sum(one.margin_yen for one in months),
        unknown=sum(one.unknown for one in months),
        share=0,
    )


def _top(rows: dict[int, Sequence[int]]) -> list[int]:
    return sorted(rows, key=lambda pk: (-rows[pk][1], pk))[:MOST]


def _first(rows: dict[int, Sequence[int]]) -> int:
    return _top(rows)[0]


def _names(model: type[Store | Vendor], rows: dict[int, Sequence[int]]) -> dict[int, str]:
    found = model.objects.filter(pk__in=_top(rows))
    return {one.pk: str(one) for one in found}


def _begin(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=clock.JST)


def _months_before(first: date, months: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 - months, 12)
    return date(year, month + 1, 1)


# From an index alone (orders_by_day).
_ORDERS: Final = """
SELECT date_trunc('month', placed_at AT TIME ZONE 'Asia/Tokyo')::date AS month, store_id, count(*)
FROM sales_order
WHERE placed_at >= %(since)s AND placed_at <= %(until)s AND state <> 'cancelled'
  AND (%(store)s::bigint IS NULL OR store_id = %(store)s::bigint)
GROUP BY GROUPING SETS ((1), (2))
"""

# Lines are first added up by order and SKU's vendor, so that an order counts once for each of its vendors.
_SUMS: Final = """
WITH parts AS MATERIALIZED (
  SELECT date_trunc('month', o.placed_at AT TIME ZONE 'Asia/Tokyo')::date AS month, o.store_id, o.id, p.vendor_id,
    sum(l.unit_yen * l.quantity) AS net, coalesce(sum(m.margin_yen), 0) AS margin,
    count(*) FILTER (WHERE m.margin_yen IS NULL) AS unknown
  FROM sales_order o
  JOIN sales_orderline l ON l.store_id = o.store_id AND l.order_id = o.id
  JOIN catalog_sku s ON s.id = l.sku_id
  JOIN catalog_product p ON p.id = s.product_id
  LEFT JOIN sales_linemargin m ON m.store_id = l.store_id AND m.line_id = l.id
  WHERE o.placed_at >= %(since)s AND o.placed_at <= %(until)s AND o.state <> 'cancelled'
    AND (%(store)s::bigint IS NULL OR o.store_id = %(store)s::bigint)
  GROUP BY 1, 2, 3, 4
)
SELECT month, store_id, vendor_id, count(*), sum(net)::bigint, sum(margin)::bigint, sum(unknown)::bigint
FROM parts
GROUP BY GROUPING SETS ((month), (store_id), (vendor_id))
"""

# A quotation taken back before or after its issue is nobody's failure to sell.
_CONVERSION: Final = """
SELECT date_trunc('month', q.issued_at AT TIME ZONE 'Asia/Tokyo')::date AS month, count(*),
  count(*) FILTER (WHERE (o.placed_at AT TIME ZONE 'Asia/Tokyo')::date <= q.valid_until),
  count(*) FILTER (WHERE q.state = 'issued' AND q.valid_until >= %(today)s)
FROM sales_quote q
LEFT JOIN sales_order o ON o.store_id = q.store_id AND o.quote_id = q.id
WHERE q.issued_at >= %(since)s AND q.issued_at <= %(until)s AND q.state IN ('issued', 'ordered', 'expired')
  AND (%(store)s::bigint IS NULL OR q.store_id = %(store)s::bigint)
GROUP BY 1
"""
