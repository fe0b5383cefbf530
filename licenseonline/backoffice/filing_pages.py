"""Filing an order that came by FAX, mail, post or telephone, from the page of its quotation."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from licenseonline.backoffice import access, quote_pages
from licenseonline.backoffice.filing_forms import FilingForm
from licenseonline.backoffice.requests import DeskRequest
from licenseonline.kit.errors import Refused
from licenseonline.kit.forms import show_refusal
from licenseonline.kit.rights import Right
from licenseonline.records import idempotency
from licenseonline.sales import filed_orders
from licenseonline.sales.models import Quote


@access.needs(Right.CHANGE_ORDERS)
@require_POST
def file(request: DeskRequest, store_id: int, number: str) -> HttpResponse:
    """Place the order in the member's name."""
    quote = _quote(request, store_id, number)
    form = FilingForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            return redirect(_file(request, quote, form))
        except Refused as refusal:
            show_refusal(form, refusal)
    return quote_pages.page(request, _quote(request, store_id, number), form)


def _file(request: DeskRequest, quote: Quote, form: FilingForm) -> str:
    given = form.cleaned_data

    def do() -> str:
        order = filed_orders.file(quote, form.arrival(), revision=given["revision"], by=request.user)
        messages.success(request, _("注文を登録し、お客様へメールでお知らせしました。"))
        return reverse("backoffice:order", args=[order.store_id, order.number])

    body = {"path": request.path, **form.facts()}
    return idempotency.once(request.POST.get("key", ""), body, do, by=request.user, store_id=quote.store_id)


def _quote(request: DeskRequest, store_id: int, number: str) -> Quote:
    found = Quote.objects.visible_to(request.user).select_related(
        "store", "company", "member__company", "member__store"
    )
    return get_object_or_404(found, store_id=store_id, number=number)
