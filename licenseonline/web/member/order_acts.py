"""What a member does with an order: confirm the receipt, ask for a change, add the own 注文書, fetch its documents."""

from collections.abc import Callable, Mapping
from http import HTTPStatus

from django.contrib import messages
from django.forms import Form
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from licenseonline.kit.errors import Refused
from licenseonline.records import files, idempotency
from licenseonline.records.upload_fields import digests
from licenseonline.sales import completions, order_documents, wishes
from licenseonline.sales.models import Order, OrderFile, OrderWish, WishState
from licenseonline.web.access import member_required
from licenseonline.web.member import orders as order_pages
from licenseonline.web.member.order_forms import AttachForm, WishForm
from licenseonline.web.requests import MemberRequest


@member_required
@require_POST
def received(request: MemberRequest, store_id: int, number: str) -> HttpResponse:
    """Confirm that what was delivered has come."""
    order = _order(request, number)

    def do() -> str:
        completions.confirm(order, by=request.member)
        return _("受領を確認しました。ありがとうございました。")

    try:
        return _done(request, order, {"do": "received"}, do)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect(_address(order))


@member_required
@require_POST
def attach(request: MemberRequest, store_id: int, number: str) -> HttpResponse:
    """Add the company's own 注文書."""
    order, form = _order(request, number), AttachForm(request.POST, request.FILES)

    def do() -> str:
        for one in form.cleaned_data["purchase_orders"]:
            order_documents.attach(order, one, by=request.member)
        return _("注文書を添付しました。")

    if form.is_valid():
        body = {"do": "attach", "files": digests(form.cleaned_data["purchase_orders"])}
        try:
            return _done(request, order, body, do)
        except Refused as refusal:
            form.add_error(None, refusal.message)
    return _failed(request, order, form)


@member_required
@require_POST
def wish(request: MemberRequest, store_id: int, number: str) -> HttpResponse:
    """Ask for a cancellation, a change or a 検収書."""
    order, kind = _order(request, number), request.POST.get("kind", "")
    if kind not in OrderWish.Kind.values:
        return redirect(_address(order))
    form = WishForm(kind, request.POST)

    def do() -> str:
        made = wishes.ask(order, kind=kind, text=form.cleaned_data["text"], by=request.member)
        if made.state == WishState.GRANTED:
            return _("ご注文をキャンセルしました。")
        return _("ご依頼を承りました。窓口からの回答をお待ちください。")

    if form.is_valid():
        try:
            return _done(request, order, {"do": "wish", "kind": kind, "text": form.cleaned_data["text"]}, do)
        except Refused as refusal:
            form.add_error(None, refusal.message)
    return _failed(request, order, form)


@member_required
@require_safe
def document(request: MemberRequest, store_id: int, number: str, file_id: int) -> HttpResponseBase:
    """A document of the order, as it was kept."""
    rows = OrderFile.objects.visible_to(request.member).select_related("file")
    kept = get_object_or_404(rows, pk=file_id, order__number=number).file
    content = files.opened(kept)
    return files.harmless(FileResponse(content, as_attachment=True, filename=kept.name, content_type=kept.content_type))


def _order(request: MemberRequest, number: str) -> Order:
    rows = Order.objects.visible_to(request.member).select_related("receivable", "member", "company")
    order = get_object_or_404(rows, number=number)
    order.store = request.store
    return order


def _done(
    request: MemberRequest, order: Order, body: Mapping[str, object], do: Callable[[], str | Promise]
) -> HttpResponse:
    """Do it once and lead back to the order."""

    def once() -> str:
        messages.success(request, str(do()))
        return _address(order)

    sent = {**body, "order": order.pk}
    key = request.POST.get("key", "")
    return redirect(idempotency.once(key, sent, once, by=request.member, store_id=request.store.pk))


def _failed(request: MemberRequest, order: Order, form: Form) -> HttpResponse:
    return order_pages.page(request, order.number, failed=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _address(order: Order) -> str:
    return reverse("store:order", args=[order.store_id, order.number])
