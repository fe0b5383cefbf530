"""What the desk sees of vendor orders."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Case, Count, IntegerField, Min, Value, When

from licenseonline.accounts.models import User
from licenseonline.backoffice.order_forms import StepForm
from licenseonline.backoffice.vendor_order_forms import ConfirmForm
from licenseonline.catalog.models import Vendor
from licenseonline.kit import clock
from licenseonline.sales import vendor_files, vendor_formats, vendor_numbers, vendor_reminders
from licenseonline.sales.models import FormatKind, FormatPurpose, Order, OrderLine, VendorOrder, VendorOrderLine

MOST: Final = 100
_OPEN: Final = (*VendorOrder.NOT_SENT, *vendor_reminders.WAITING)


@dataclass(frozen=True, slots=True)
class Ready:
    """What one vendor can be asked for now, over all stores; `days` is how long the oldest has waited since its order."""

    vendor: Vendor
    lines: int
    stores: int
    days: int
    collecting: VendorOrder | None


@dataclass(frozen=True, slots=True)
class Row:
    """A line with what deviates: of the vendor's confirmation, and of the cost on which the order's margin stands (yen)."""

    row: VendorOrderLine
    number: str
    name: str
    model_number: str
    unit: str
    end_user: str
    amount_yen: int | None
    price_yen: int | None
    missing: int
    against_order_yen: int | None


def ready() -> list[Ready]:
    """By vendor; two queries for any number."""
    lines = OrderLine.objects.filter(  # house: the desk collects over all stores
        vendor_order=None, delivered_at=None, order__state=Order.State.ARRANGING
    )
    counted = lines.values("sku__product__vendor").annotate(
        lines=Count("id"), stores=Count("store", distinct=True), since=Min("order__placed_at")
    )
    by_vendor = {row["sku__product__vendor"]: row for row in counted}
    collecting = VendorOrder.objects.filter(state=VendorOrder.State.COLLECTING).select_related("vendor")
    collected = {found.vendor_id: found for found in collecting}
    vendors = Vendor.objects.filter(pk__in=by_vendor).order_by("kana", "id")
    today = clock.today()
    return [
        Ready(
            vendor=vendor,
            lines=by_vendor[vendor.pk]["lines"],
            stores=by_vendor[vendor.pk]["stores"],
            days=(today - clock.jst_date(by_vendor[vendor.pk]["since"])).days,
            collecting=collected.get(vendor.pk),
        )
        for vendor in vendors
    ]


def recent() -> list[dict[str, Any]]:
    """The orders under way by their day, then the newest others; of each how many lines, and how many days it is late."""
    is_open = Case(When(state__in=_OPEN, then=Value(0)), default=Value(1), output_field=IntegerField())
    found = VendorOrder.objects.select_related("vendor").annotate(lines_count=Count("order_lines"), is_open=is_open)
    today = clock.today()
    return [{"order": one, "late": late_days(one, today=today)} for one in found.order_by("is_open", "-pk")[:MOST]]


def late_days(made: VendorOrder, *, today: date) -> int:
    """Days since it should have been there; 0 when it is not late or is confirmed."""
    if made.state not in vendor_reminders.WAITING or made.expected_on is None:
        return 0
    return max(0, (today - made.expected_on).days)


def context(made: VendorOrder, failed: StepForm | None, *, by: User) -> dict[str, Any]:
    """Everything the page of one order shows."""
    rows = vendor_files.rows_of(made)
    shown = [_row(row, place) for place, row in enumerate(rows, start=1)]
    is_with_vendor = made.state in {*vendor_reminders.WAITING, VendorOrder.State.CONFIRMED}
    form = vendor_formats.of(made.vendor, FormatPurpose.ORDER)
    lacking = vendor_files.of(made, by=by).lacking if rows and form.kind == FormatKind.CSV else ()
    confirming = failed if isinstance(failed, ConfirmForm) else ConfirmForm(made, rows)
    return {
        "made": made,
        "rows": shown,
        "total_yen": _sum(one.amount_yen for one in shown),
        "late": late_days(made, today=clock.today()),
        "form_kind": form.get_kind_display(),
        "send_to": form.email,
        "lacking": lacking,
        "is_collecting": not made.is_sent,
        "confirming": confirming if is_with_vendor and rows else None,
        "may_cancel": made.state in {*VendorOrder.NOT_SENT, VendorOrder.State.SENT},
    }


def _row(row: VendorOrderLine, place: int) -> Row:
    line, frozen = row.line, row.line.order.snapshot
    promised = next(one for one in frozen["lines"] if one["no"] == line.position)
    cost, said = row.unit_cost_yen, row.confirmed_unit_yen
    at_order = line.margin.cost_yen
    return Row(
        row=row,
        number=vendor_numbers.of(line, place),
        name=promised["name"],
        model_number=promised["model_number"],
        unit=promised["unit"],
        end_user=(frozen.get("end_user") or frozen["buyer"])["company"],
        amount_yen=None if cost is None else cost * line.quantity,
        price_yen=None if cost is None or said is None else said - cost,
        missing=0 if row.confirmed_quantity is None else line.quantity - row.confirmed_quantity,
        against_order_yen=None if cost is None or at_order is None else cost * line.quantity - at_order,
    )


def _sum(amounts: Iterable[int | None]) -> int | None:
    known = list(amounts)
    return None if None in known else sum(amount or 0 for amount in known)
