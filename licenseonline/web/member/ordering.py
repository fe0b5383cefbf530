"""ご注文: all that is agreed to first, then the order; from a quotation, or straight from the cart where the store allows."""

from collections.abc import Callable
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from licenseonline.accounts import members
from licenseonline.kit.errors import Refused
from licenseonline.records import idempotency
from licenseonline.sales import end_users, next_steps, order_documents, orders, quotes
from licenseonline.sales.models import Order, Quote
from licenseonline.sales.snapshots import Snapshot
from licenseonline.web.access import member_required
from licenseonline.web.member import documents
from licenseonline.web.member import quotes as quote_pages
from licenseonline.web.member.order_forms import OrderForm
from licenseonline.web.requests import MemberRequest


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def from_quote(request: MemberRequest, store_id: int, number: str) -> HttpResponse:
    """GET: all that is agreed to by ordering. POST: the order."""
    quote = quote_pages.visible(request, number)
    form = _form(request, initial={"po_number": quote.po_number, "revision": quote.revision})
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(_place(request, quote, form))
        except Refused as refusal:
            quote = quote_pages.visible(request, number)  # it may have changed under us
            form.add_error(None, refusal.message)
    if not quote.can_be_ordered or not request.member.can_order:
        refused = {"refused": form.errors} if form.errors else {}
        context = quote_pages.context(request, quote) | refused
        return render(request, "web/member/quote.html", context, status=422 if refused else 200)
    back = reverse("store:quote", args=[quote.store_id, quote.number])
    return _page(request, quote.snapshot, form, {"quote": quote, "back": back, "group": ""})


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def from_cart(request: MemberRequest, store_id: int) -> HttpResponse:
    """The same for one group of the cart; the quotation is made with the order."""
    cart = reverse("store:cart", args=[store_id])
    if not request.store.orders_from_cart or (hindrance := members.why_not_order(request.member)):
        messages.error(request, hindrance if request.store.orders_from_cart else _("先に見積を作成してください。"))
        return redirect(cart)
    group = str((request.POST or request.GET).get("form", ""))[:40]
    form = _form(request, initial={})
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(_place_cart(request, group, form))
        except Refused as refusal:
            form.add_error(None, refusal.message)
    try:
        promise = quotes.preview(group, by=request.member)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect(cart)
    return _page(request, promise, form, {"quote": None, "back": cart, "group": group})


def _form(request: MemberRequest, *, initial: dict[str, object]) -> OrderForm:
    return OrderForm(request.POST, request.FILES) if request.method == "POST" else OrderForm(initial=initial)


def _place(request: MemberRequest, quote: Quote, form: OrderForm) -> str:
    terms, asked = quote.snapshot["terms_version"], form.cleaned_data

    def place() -> Order:
        return orders.place(
            quote,
            accepted_terms=terms,
            revision=asked["revision"],
            po_number=asked["po_number"],
            by=request.member,
        )

    return _once(request, form, place, {"do": "orders.place", "quote": quote.pk, "terms": terms})


def _place_cart(request: MemberRequest, group: str, form: OrderForm) -> str:
    terms, asked = request.store.terms_version, form.cleaned_data

    def place() -> Order:
        return orders.place_from_cart(
            group,
            accepted_terms=terms,
            total_yen=asked["total"] or 0,
            po_number=asked["po_number"],
            by=request.member,
        )

    return _once(request, form, place, {"do": "orders.place_from_cart", "form": group, "terms": terms})


def _once(request: MemberRequest, form: OrderForm, place: Callable[[], Order], body: dict[str, object]) -> str:
    """Place the order and hand in the customer's own 注文書 with it, once."""

    def do() -> str:
        placed = place()
        for received in form.cleaned_data["purchase_orders"]:
            order_documents.attach(placed, received, by=request.member)
        messages.success(request, _("ご注文ありがとうございます。確認のメールをお送りします。"))
        return reverse("store:order", args=[placed.store_id, placed.number])

    body |= form.facts()
    return idempotency.once(form.cleaned_data["key"], body, do, by=request.member, store_id=request.store.pk)


def _page(request: MemberRequest, promise: Snapshot, form: OrderForm, place: dict[str, object]) -> HttpResponse:
    shown = documents.context(promise, store=request.store)
    days = next_steps.before(promise, shown["papers"], store=request.store)
    context = {
        **shown,
        **place,
        "form": form,
        "days": days,
        "key": uuid4(),
        "vendor_forms": end_users.forms_for(promise),
    }
    return render(request, "web/member/quote_order.html", context, status=422 if form.errors else 200)
