"""The console: a partner's own stores, their quotations and orders. It only shows."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from licenseonline.kit import clock
from licenseonline.kit.tenancy import M
from licenseonline.sales import timelines
from licenseonline.sales.models import Order, Quote
from licenseonline.web import paging
from licenseonline.web.access import partner_required
from licenseonline.web.partner import figures
from licenseonline.web.requests import StaffRequest

SOON = timedelta(days=3)
RECENT = 5
MOST_ENDING = 20


@partner_required
@require_safe
def home(request: StaffRequest) -> HttpResponse:
    """How the stores stand, what ends soon, what came last."""
    today = clock.today()
    quotes = Quote.objects.visible_to(request.user).select_related("company", "member", "store").defer("snapshot")
    orders = Order.objects.visible_to(request.user).select_related("company", "member", "store").defer("snapshot")
    ending = quotes.filter(state=Quote.State.ISSUED, valid_until__range=(today, today + SOON))
    context = {
        "figures": figures.by_store(request.user),
        "ending": ending.order_by("valid_until", "id")[:MOST_ENDING],
        "quotes": quotes.order_by("-id")[:RECENT],
        "orders": orders.order_by("-id")[:RECENT],
        "today": today,
    }
    return render(request, "web/partner/home.html", context)


@partner_required
@require_safe
def quotes(request: StaffRequest) -> HttpResponse:
    """Quotations of the own stores, newest first."""
    today = clock.today()
    tabs = {
        "": (_("すべて"), Q()),
        "valid": (_("有効"), Q(state=Quote.State.ISSUED, valid_until__gte=today)),
        "expired": (_("有効期限切れ"), Q(state=Quote.State.ISSUED, valid_until__lt=today)),
        "ordered": (_("注文済み"), Q(state=Quote.State.ORDERED)),
    }
    rows = Quote.objects.visible_to(request.user).select_related("company", "member", "store").defer("snapshot")
    return render(request, "web/partner/quotes.html", _list(request, rows, tabs))


@partner_required
@require_safe
def orders(request: StaffRequest) -> HttpResponse:
    """Orders of the own stores with margin and commission, newest first."""
    states = {str(state): (state.label, Q(state=state)) for state in Order.State}
    rows = Order.objects.visible_to(request.user).select_related("company", "member", "store").defer("snapshot")
    context = _list(request, rows, {"": (_("すべて"), Q())} | states)
    found = context["page"].rows
    margins = figures.margins(found, request.user)
    context["rows"] = [(order, margins.get(order.pk)) for order in found]
    return render(request, "web/partner/orders.html", context)


@partner_required
@require_safe
def order(request: StaffRequest, store_id: int, number: str) -> HttpResponse:
    """One order: how far it is, its lines with margin and commission, and what happened."""
    rows = Order.objects.visible_to(request.user).select_related("company", "member", "store", "receivable", "quote")
    found = get_object_or_404(rows, store_id=store_id, number=number)
    lines = found.lines.select_related("margin", "contract").order_by("position")
    context = {
        "order": found,
        "lines": list(zip(lines, found.snapshot["lines"], strict=True)),
        "sums": figures.margins([found], request.user).get(found.pk),
        "timeline": timelines.of(found),
    }
    return render(request, "web/partner/order.html", context)


def _list(request: StaffRequest, rows: QuerySet[M], tabs: Mapping[str, tuple[object, Q]]) -> dict[str, Any]:
    """One page of a list, narrowed by state and store, with links that keep the choice."""
    state = request.GET.get("state", "")
    state = state if state in tabs else ""
    stores = list(figures.own_stores(request.user))
    store = next((one for one in stores if str(one.pk) == request.GET.get("store")), None)
    rows = rows.filter(tabs[state][1])
    page = paging.page(rows.filter(store_id=store.pk) if store else rows, request.GET)
    chosen = {"state": state} if state else {}
    kept = urlencode(chosen | ({"store": str(store.pk)} if store else {}))
    return {
        "page": page,
        "previous_url": _with(page.previous_url, kept),
        "next_url": _with(page.next_url, kept),
        "tabs": [(code, label) for code, (label, _where) in tabs.items()],
        "state": state,
        "stores": stores,
        "store": store,
    }


def _with(url: str, kept: str) -> str:
    if not url or not kept:
        return url
    return f"{url}{kept}" if url.endswith("?") else f"{url}&{kept}"
