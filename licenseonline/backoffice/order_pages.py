"""One order on the desk: everything about it, and the form of its next step."""

import uuid
from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from licenseonline.backoffice import access, order_views, steps, subjects
from licenseonline.backoffice.order_forms import DeliveryForm, StepForm, TransferForm, VendorOrderForm
from licenseonline.backoffice.requests import DeskRequest
from licenseonline.backoffice.site import site
from licenseonline.catalog.models import Vendor
from licenseonline.kit import rights
from licenseonline.kit.rights import Right
from licenseonline.sales import deliveries, orders, vendor_orders
from licenseonline.sales.models import Order


@access.needs(Right.VIEW_SALES)
@require_safe
def show(request: DeskRequest, store_id: int, number: str) -> HttpResponse:
    """The order."""
    return page(request, order_of(request, store_id, number))


@access.needs(Right.BOOK_PAYMENTS)
@require_POST
def transfer(request: DeskRequest, store_id: int, number: str) -> HttpResponse:
    """Record a bank transfer."""
    order = order_of(request, store_id, number)
    form = TransferForm(request.POST)

    def record() -> None:
        orders.record_transfer(order, **form.cleaned_data, by=request.user)

    return step(request, order, form, record, _("入金を記録しました。"))


@access.needs(Right.ORDER_FROM_VENDORS)
@require_POST
def vendor_order(request: DeskRequest, store_id: int, number: str, vendor_code: str) -> HttpResponse:
    """Record that the lines of one vendor were ordered."""
    order = order_of(request, store_id, number)
    vendor = get_object_or_404(Vendor, code=vendor_code)
    form = VendorOrderForm(vendor, request.POST)

    def record() -> None:
        vendor_orders.record(order, vendor=vendor, **form.cleaned_data, by=request.user)

    return step(request, order, form, record, _("メーカー発注を記録しました。"))


@access.needs(Right.DELIVER)
@require_POST
def delivery(request: DeskRequest, store_id: int, number: str) -> HttpResponse:
    """Deliver the order."""
    order = order_of(request, store_id, number)
    form = DeliveryForm(order_views.lines(order), request.POST, request.FILES)

    def deliver() -> None:
        deliveries.deliver(order, items=form.items(), by=request.user)

    return step(request, order, form, deliver, _("納品し、お客様へメールでお知らせしました。"))


def order_of(request: DeskRequest, store_id: int, number: str) -> Order:
    """The order, with what its page reads."""
    found = Order.objects.visible_to(request.user).select_related("store", "company", "member", "quote", "receivable")
    return get_object_or_404(found, store_id=store_id, number=number)


def step(request: DeskRequest, order: Order, form: StepForm, do: Callable[[], None], done: str) -> HttpResponse:
    """Do it once and lead back to the order, or show the filled form with what is wrong."""
    if steps.taken(request, form, do, done, store_id=order.store_id):
        return redirect("backoffice:order", order.store_id, order.number)
    # A refused verb may have read the row as it had changed it; what is shown is what is stored.
    return page(request, order_of(request, order.store_id, order.number), form)


def page(request: DeskRequest, order: Order, failed: StepForm | None = None) -> HttpResponse:
    """The order, with what stands beside it."""
    context = {
        **site.each_context(request),
        **order_views.context(order),
        **subjects.context(order, failed, by=request.user),
        "title": _("注文 %(number)s") % {"number": order.number},
        "steps": order_views.steps(order, failed, by=request.user),
        "failed": failed,
        "sees_margins": rights.allowed(request.user, Right.VIEW_MARGINS),
        # A new key each time: the refused one did nothing, or stands for another form.
        "key": uuid.uuid4(),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if failed else HTTPStatus.OK
    return render(request, "backoffice/order.html", context, status=status)
