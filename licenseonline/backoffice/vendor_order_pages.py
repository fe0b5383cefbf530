"""Vendor orders on the desk: what is ready to be ordered, what is being collected, and what the vendor owes an answer to."""

import uuid
from collections.abc import Callable
from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from licenseonline.backoffice import access, steps, vendor_order_views
from licenseonline.backoffice.order_forms import StepForm
from licenseonline.backoffice.requests import DeskRequest
from licenseonline.backoffice.site import site
from licenseonline.backoffice.vendor_order_forms import ConfirmForm, LineForm, PlainForm
from licenseonline.catalog.models import Vendor
from licenseonline.kit import rights
from licenseonline.kit.errors import Refused
from licenseonline.kit.rights import Right
from licenseonline.sales import vendor_files, vendor_orders
from licenseonline.sales.models import FormatPurpose, VendorFormat, VendorOrder


@access.needs(Right.ORDER_FROM_VENDORS)
@require_safe
def index(request: DeskRequest) -> HttpResponse:
    """By vendor what is ready, then the orders, those under way first."""
    context = {
        **site.each_context(request),
        "title": _("メーカー発注"),
        "ready": vendor_order_views.ready(),
        "orders": vendor_order_views.recent(),
        "key": uuid.uuid4(),
    }
    return render(request, "backoffice/vendor_orders.html", context)


@access.needs(Right.ORDER_FROM_VENDORS)
@require_POST
def collect(request: DeskRequest, vendor_code: str) -> HttpResponse:
    """Put what is ready into the vendor's order."""
    vendor = get_object_or_404(Vendor, code=vendor_code)
    try:
        made = vendor_orders.collect(vendor, by=request.user)  # twice is the same as once
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("backoffice:vendor_orders")
    messages.success(request, _("発注できる明細を集めました。内容を確認して発注してください。"))
    return redirect("backoffice:vendor_order", made.pk)


@access.needs(Right.ORDER_FROM_VENDORS)
@require_safe
def show(request: DeskRequest, order_id: int) -> HttpResponse:
    """One order."""
    return _page(request, _order(order_id))


@access.needs(Right.ORDER_FROM_VENDORS)
@require_safe
def file(request: DeskRequest, order_id: int) -> HttpResponse:
    """In the vendor's form, as a download."""
    return _download(vendor_files.of(_order(order_id), by=request.user))


@access.needs(Right.ORDER_FROM_VENDORS)
@require_safe
def sample(request: DeskRequest, format_id: int) -> HttpResponse:
    """An example of a vendor's form, as a download."""
    form = get_object_or_404(VendorFormat.objects.select_related("vendor"), purpose=FormatPurpose.ORDER, pk=format_id)
    return _download(vendor_files.sample(form, by=request.user))


def _download(made: vendor_files.VendorFile) -> HttpResponse:
    response = HttpResponse(made.content, content_type=made.content_type)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=made.name)
    response["Cache-Control"] = "private, no-store"
    return response


@access.needs(Right.ORDER_FROM_VENDORS)
@require_POST
def act(request: DeskRequest, order_id: int, step: str) -> HttpResponse:
    """One of the steps."""
    made = _order(order_id)
    if step not in _STEPS:
        raise Http404
    form, do, done = _STEPS[step](request, made)
    first = made.lines.order_by("id").values_list("store_id", flat=True).first()
    if steps.taken(request, form, do, done, store_id=first):
        return redirect("backoffice:vendor_order", made.pk)
    return _page(request, _order(order_id), form)


Asked = tuple[StepForm, Callable[[], object], str]


def _send(request: DeskRequest, made: VendorOrder) -> Asked:
    done = _("発注しました。発注書をメーカーへお送りください。")
    return PlainForm(request.POST, ids="send"), lambda: vendor_orders.send(made, by=request.user), done


def _cancel(request: DeskRequest, made: VendorOrder) -> Asked:
    done = _("発注を取り消しました。明細は発注待ちに戻りました。")
    return PlainForm(request.POST, ids="cancel"), lambda: vendor_orders.cancel(made, by=request.user), done


def _leave_out(request: DeskRequest, made: VendorOrder) -> Asked:
    form = LineForm(request.POST)

    def do() -> None:
        row = made.order_lines.select_related("vendor_order", "line__order").filter(pk=form.cleaned_data["line"])
        if (found := row.first()) is None:
            raise Refused(_("この明細はすでに外されています。"), code="lines")
        vendor_orders.leave_out(found, by=request.user)

    return form, do, _("明細を外しました。次の発注で集められます。")


def _confirm(request: DeskRequest, made: VendorOrder) -> Asked:
    form = ConfirmForm(made, vendor_files.rows_of(made), request.POST)

    def do() -> None:
        given = form.cleaned_data
        vendor_orders.confirm(
            made,
            reference=given["reference"],
            expected_on=given["expected_on"],
            lines=form.confirmations(),
            by=request.user,
        )

    return form, do, _("メーカーの回答を記録しました。")


_STEPS: dict[str, Callable[[DeskRequest, VendorOrder], Asked]] = {
    "send": _send,
    "cancel": _cancel,
    "leave-out": _leave_out,
    "confirm": _confirm,
}


def _order(order_id: int) -> VendorOrder:
    return get_object_or_404(VendorOrder.objects.select_related("vendor", "recorded_by"), pk=order_id)


def _page(request: DeskRequest, made: VendorOrder, failed: StepForm | None = None) -> HttpResponse:
    context = {
        **site.each_context(request),
        **vendor_order_views.context(made, failed, by=request.user),
        "title": _("メーカー発注 %(number)s") % {"number": made.number or made.reference},
        "sees_margins": rights.allowed(request.user, Right.VIEW_MARGINS),
        "failed": failed,
        "key": uuid.uuid4(),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if failed else HTTPStatus.OK
    return render(request, "backoffice/vendor_order.html", context, status=status)
