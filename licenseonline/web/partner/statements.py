"""Statements of margin and commission by month, as frozen at order."""

from datetime import date

from django.db.models import QuerySet
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from licenseonline.kit import clock, csv_files, paging, workbooks
from licenseonline.kit.errors import Refused
from licenseonline.kit.rights import Right
from licenseonline.sales import documents
from licenseonline.sales.models import LineMargin, Order
from licenseonline.stores import stores
from licenseonline.web.access import partner_needs
from licenseonline.web.partner import figures
from licenseonline.web.requests import StaffRequest

MONTHS = 24
MOST_PRINTED = 1000


@partner_needs(Right.VIEW_MARGINS)
@require_safe
def index(request: StaffRequest) -> HttpResponse:
    """The last two years by month, newest first, of one store or of all."""
    own = list(figures.own_stores(request.user))
    store = next((one for one in own if str(one.pk) == request.GET.get("store")), None)
    months = figures.by_month(request.user, months=MONTHS, store_id=store.pk if store else None)
    context = {"months": months[::-1], "stores": own, "of_store": store}
    return render(request, "web/partner/statements.html", context)


@partner_needs(Right.VIEW_MARGINS)
@require_safe
def show(request: StaffRequest, month: date) -> HttpResponse:
    """One month's sums by store, and its orders line by line in pages, newest first."""
    _check(month)
    orders = Order.objects.visible_to(request.user).filter(**figures.within("placed_at", month))
    page = paging.page(orders.only("pk"), request.GET)
    lines = stores.with_names(_lines(request, month)).filter(line__order__in=page.rows)
    context = {
        "month": month,
        "by_store": figures.of_month(request.user, month),
        "lines": lines.order_by("-line__order_id", "line__position"),
        "previous_url": page.previous_url,
        "next_url": page.next_url,
    }
    return render(request, "web/partner/statement.html", context)


@partner_needs(Right.VIEW_MARGINS)
@require_safe
def csv(request: StaffRequest, month: date) -> StreamingHttpResponse:
    """The month's lines as CSV for accounting; yen without tax, days in Japan."""
    rows = [
        _row(margin) for margin in stores.with_names(_lines(request, month))
    ]  # read before the scope of the request ends
    answer = StreamingHttpResponse(csv_files.lines(_header(), rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="statement-{month:%Y-%m}.csv"'
    return answer


@partner_needs(Right.VIEW_MARGINS)
@require_safe
def excel(request: StaffRequest, month: date) -> HttpResponse:
    """The same lines as a workbook, with the sums by store on a sheet of their own."""
    rows = [_row(margin) for margin in stores.with_names(_lines(request, month))]
    sums = [
        [str(one["store_id"]), one["store__name"], one["net"], one["margin"], one["commission"]]
        for one in figures.of_month(request.user, month)
    ]
    of_stores = [_("ストアID"), _("ストア"), _("受注額（税別）"), _("粗利"), _("手数料")]
    book = workbooks.workbook(
        workbooks.Sheet(_("ストアごとの合計"), of_stores, sums),
        workbooks.Sheet(_("明細"), _header(), rows),
        made_at=clock.now(),
    )
    name = f'attachment; filename="statement-{month:%Y-%m}.xlsx"'
    return HttpResponse(book, content_type=workbooks.TYPE, headers={"Content-Disposition": name})


@partner_needs(Right.VIEW_MARGINS)
@require_safe
def pdf(request: StaffRequest, month: date, store_id: int) -> HttpResponse:
    """One store's statement as a document. Made when it is asked for: a page takes a twentieth of a second, MOST_PRINTED lines one."""
    lines = list(_lines(request, month).filter(store_id=store_id))
    if not lines:
        raise Http404
    if len(lines) > MOST_PRINTED:
        hint = _("明細が%(most)s行を超えるため、PDFにできません。CSVまたはExcelで保存してください。")
        raise Refused(hint % {"most": f"{MOST_PRINTED:,}"}, code="too_many")
    name = f'attachment; filename="statement-{store_id}-{month:%Y-%m}.pdf"'
    headers = {"Content-Disposition": name}
    return HttpResponse(documents.statement(month, lines), content_type="application/pdf", headers=headers)


def _header() -> list[str]:
    return [
        _("ストアID"), _("ストア"), _("注文ID"), _("注文日"), _("会社"), _("明細"), _("型番"), _("製品"), _("数量"),
        _("単価（税別）"), _("金額（税別）"), _("粗利"), _("手数料率（‰）"), _("手数料"),
    ]  # fmt: skip


def _check(month: date) -> None:
    """No statement of what is to come: Http404."""
    if month > clock.today():
        raise Http404


def _lines(request: StaffRequest, month: date) -> QuerySet[LineMargin]:
    _check(month)
    rows = LineMargin.objects.visible_to(request.user).select_related(
        "store__partner", "line__order__company", "line__sku"
    )
    rows = rows.defer("line__order__snapshot")
    return rows.filter(**figures.within("line__order__placed_at", month)).order_by("line__order_id", "line__position")


def _row(margin: LineMargin) -> list[object]:
    line, order = margin.line, margin.line.order
    return [
        str(margin.store_id), margin.store.name, order.number, clock.jst_date(order.placed_at),
        order.company.name, line.position, line.sku.model_number, line.sku.name, line.quantity, line.unit_yen,
        line.amount_yen, margin.margin_yen, margin.commission_per_mille, margin.commission_yen,
    ]  # fmt: skip
