"""The console: a partner's own stores, their quotations and orders. It only shows."""

from datetime import timedelta
from uuid import uuid4

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from licenseonline.accounts.models import Company, CompanyState
from licenseonline.kit import charts, clock, rights
from licenseonline.kit.rights import Right
from licenseonline.sales import offer_panels
from licenseonline.sales.models import Order, Quote
from licenseonline.web.access import partner_needs
from licenseonline.web.partner import assigning, figures, lists
from licenseonline.web.requests import StaffRequest

SOON = timedelta(days=3)
RECENT = 5
MOST_ENDING = 20
MOST_OWN = 12


@partner_needs(Right.VIEW_SALES)
@require_safe
def home(request: StaffRequest) -> HttpResponse:
    """How the stores stand, what ends soon, what came last."""
    today = clock.today()
    quotes = Quote.objects.visible_to(request.user).select_related("company", "member", "store").defer("snapshot")
    orders = Order.objects.visible_to(request.user).select_related("company", "member", "store").defer("snapshot")
    own = assigning.of_person(Company.objects.visible_to(request.user), request.user, request.user)
    ending = quotes.filter(state=Quote.State.ISSUED, valid_until__range=(today, today + SOON))
    context = {
        "figures": figures.by_store(request.user),
        "own": own.exclude(state=CompanyState.MERGED).select_related("store").order_by("kana", "id")[:MOST_OWN],
        "ending": ending.order_by(
            ExpressionWrapper(Q(company__in=own.values("pk")), BooleanField()).desc(), "valid_until", "id"
        )[:MOST_ENDING],
        "quotes": quotes.order_by("-id")[:RECENT],
        "orders": orders.order_by("-id")[:RECENT],
        "today": today,
        "chart": charts.columns([(month.day, month.net_yen) for month in figures.by_month(request.user)]),
    }
    return render(request, "web/partner/home.html", context)


@partner_needs(Right.VIEW_SALES)
@require_safe
def quotes(request: StaffRequest) -> HttpResponse:
    """Quotations of the own stores, newest first."""
    return render(request, "web/partner/quotes.html", lists.narrowed(request, *quote_list(request)))


def quote_list(request: StaffRequest) -> tuple[QuerySet[Quote], lists.Tabs]:
    """What the list of quotations is made of."""
    today = clock.today()
    tabs = {
        "": (_("すべて"), Q()),
        "valid": (_("有効"), Q(state=Quote.State.ISSUED, valid_until__gte=today)),
        "expired": (
            _("有効期限切れ"),
            Q(state=Quote.State.ISSUED, valid_until__lt=today) | Q(state=Quote.State.EXPIRED),
        ),
        "ordered": (_("注文済み"), Q(state=Quote.State.ORDERED)),
        "draft": (_("作成中"), Q(state=Quote.State.DRAFT)),
        "awaiting": (_("承認待ち"), Q(state=Quote.State.AWAITING_HEAD)),
    }
    rows = Quote.objects.visible_to(request.user).select_related("company", "member", "store").defer("snapshot")
    return rows, tabs


@partner_needs(Right.VIEW_SALES)
@require_safe
def orders(request: StaffRequest) -> HttpResponse:
    """Orders of the own stores with margin and commission, newest first."""
    context = lists.narrowed(request, *order_list(request))
    found = context["page"].rows
    margins = figures.margins(found, request.user)
    context |= {
        "rows": [(order, margins.get(order.pk)) for order in found],
        "sees_margins": rights.allowed(request.user, Right.VIEW_MARGINS),
    }
    return render(request, "web/partner/orders.html", context)


def order_list(request: StaffRequest) -> tuple[QuerySet[Order], lists.Tabs]:
    """What the list of orders is made of."""
    states = {str(state): (state.label, Q(state=state)) for state in Order.State}
    rows = Order.objects.visible_to(request.user).select_related("company", "member", "store").defer("snapshot")
    return rows, {"": (_("すべて"), Q())} | states


@partner_needs(Right.VIEW_SALES)
@require_safe
def quote(request: StaffRequest, store_id: int, number: str) -> HttpResponse:
    """One quotation as its buyer sees it."""
    rows = Quote.objects.visible_to(request.user).select_related("company", "member", "store")
    found = get_object_or_404(rows, store_id=store_id, number=number)
    order = Order.objects.visible_to(request.user).filter(store_id=store_id, quote=found).first()
    context = {"quote": found, "document": found.snapshot, "order": order, "key": uuid4()}
    context["panel"] = offer_panels.of(found, by=request.user)
    return render(request, "web/partner/quote.html", context)
