"""ダッシュボード: what was sold, what became of quotations, and how long customers waited."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from licenseonline.backoffice import access, dashboard, response_times
from licenseonline.backoffice.dashboard import MONTHS, Period
from licenseonline.backoffice.requests import DeskRequest
from licenseonline.backoffice.site import site
from licenseonline.kit import rights
from licenseonline.kit.rights import Right
from licenseonline.stores.models import Store


@access.needs(Right.VIEW_SALES)
@require_safe
def show(request: DeskRequest) -> HttpResponse:
    """The figures of the chosen months and store; margins for who may see them."""
    stores = list(Store.objects.only("name").order_by("id"))  # not their pictures
    period = _period(request, stores)
    context = {
        **site.each_context(request),
        "title": _("ダッシュボード"),
        "stores": stores,
        "period": period,
        "choices": MONTHS,
        "board": dashboard.board(period),
        "conversion": dashboard.conversion(period),
        "waits": response_times.of(period.values, by=request.user),
        "sees_margins": rights.allowed(request.user, Right.VIEW_MARGINS),
    }
    return render(request, "backoffice/dashboard.html", context)


def _period(request: DeskRequest, stores: list[Store]) -> Period:
    """As asked for; twelve months and all stores for anything that is no choice."""
    months = next((number for number in MONTHS if str(number) == request.GET.get("months")), 12)
    store = next((store.pk for store in stores if str(store.pk) == request.GET.get("store")), None)
    return Period(months, store)
