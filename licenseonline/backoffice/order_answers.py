"""What the desk does about an order besides its next step: answer the member, give money back, file and fetch documents."""

from datetime import date

from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from licenseonline.backoffice import access, order_pages
from licenseonline.backoffice.order_forms import OwnPaperForm, RefundForm, WishForm
from licenseonline.backoffice.requests import DeskRequest
from licenseonline.kit.rights import Right
from licenseonline.records import files
from licenseonline.sales import order_documents, orders, wishes
from licenseonline.sales.models import OrderFile, OrderWish


@access.needs(Right.CHANGE_ORDERS)
@require_POST
def answer(request: DeskRequest, store_id: int, number: str, wish_id: int) -> HttpResponse:
    """Say yes or no to what the member asked for."""
    order = order_pages.order_of(request, store_id, number)
    wish = get_object_or_404(
        OrderWish.objects.visible_to(request.user).select_related("member__company"), pk=wish_id, order=order
    )
    wish.order = order
    form = WishForm(wish.pk, request.POST)

    def do() -> None:
        given = form.cleaned_data
        wishes.answer(wish, granted=given["granted"] == "yes", text=given["text"], by=request.user)

    return order_pages.step(request, order, form, do, _("回答し、お客様へメールでお知らせしました。"))


@access.needs(Right.BOOK_PAYMENTS)
@require_POST
def refund(request: DeskRequest, store_id: int, number: str) -> HttpResponse:
    """Record that the money was given back."""
    order = order_pages.order_of(request, store_id, number)
    form = RefundForm(request.POST)

    def do() -> None:
        paid_on: date = form.cleaned_data["paid_on"]
        orders.record_refund(order, paid_on=paid_on, by=request.user)

    return order_pages.step(request, order, form, do, _("返金を記録しました。"))


@access.needs(Right.CHANGE_ORDERS)
@require_POST
def attach(request: DeskRequest, store_id: int, number: str) -> HttpResponse:
    """File the customer's own 注文書 that came by FAX, mail or post."""
    order = order_pages.order_of(request, store_id, number)
    form = OwnPaperForm(request.POST, request.FILES)

    def do() -> None:
        for received in form.cleaned_data["uploads"]:
            order_documents.attach_for(order, received, source=form.cleaned_data["source"], by=request.user)

    return order_pages.step(request, order, form, do, _("注文書を登録しました。"))


@access.needs(Right.VIEW_SALES)
@require_safe
def document(request: DeskRequest, store_id: int, number: str, file_id: int) -> HttpResponseBase:
    """A document of the order, as a download."""
    rows = OrderFile.objects.visible_to(request.user).select_related("file")
    kept = get_object_or_404(rows, pk=file_id, store_id=store_id, order__number=number).file
    content = files.opened(kept)
    return files.harmless(FileResponse(content, as_attachment=True, filename=kept.name, content_type=kept.content_type))
