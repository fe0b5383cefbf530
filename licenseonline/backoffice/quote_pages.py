"""One quotation on the desk."""

import uuid
from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from licenseonline.backoffice import access, filing_forms, subjects
from licenseonline.backoffice.order_forms import StepForm
from licenseonline.backoffice.requests import DeskRequest
from licenseonline.backoffice.site import site
from licenseonline.kit.rights import Right
from licenseonline.sales import offer_panels
from licenseonline.sales.models import Order, Quote


@access.needs(Right.VIEW_SALES)
@require_safe
def show(request: DeskRequest, store_id: int, number: str) -> HttpResponse:
    """The quotation."""
    found = Quote.objects.visible_to(request.user).select_related("store", "company", "member")
    return page(request, get_object_or_404(found, store_id=store_id, number=number))


def page(request: DeskRequest, quote: Quote, failed: StepForm | None = None) -> HttpResponse:
    """The quotation as it was promised, with what stands beside it."""
    orders = Order.objects.visible_to(request.user).filter(store_id=quote.store_id, quote=quote)
    context = {
        **site.each_context(request),
        **subjects.context(quote, failed, by=request.user),
        "title": subjects.heading(quote),
        "quote": quote,
        "order": orders.only("id", "store", "number").first(),
        "panel": offer_panels.of(quote, by=request.user),
        "filing": filing_forms.step(quote, failed, by=request.user),
        "failed": failed,
        "key": uuid.uuid4(),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if failed else HTTPStatus.OK
    return render(request, "backoffice/quote.html", context, status=status)
