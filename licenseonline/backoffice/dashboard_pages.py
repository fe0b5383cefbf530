"""ダッシュボード: what was sold, what became of quotations, and how long customers waited."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from licenseonline.backoffice import access, dashboard, response_times, store_choice
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
    store = store_choice.read(request.GET.get("store", ""))
    period = _period(request, store)
    context = {
        **site.each_context(request),
        "title": _("ダッシュボード"),
        "store_form": store_choice.StoreForm.of(store),
        "period": period,
        "choices": MONTHS,
        "board": dashboard.board(period),
        "conversion": dashboard.conversion(period),
        "waits": response_times.of(period.values),
        "sees_margins": rights.allowed(request.user, Right.VIEW_MARGINS),
    }
    return render(request, "backoffice/dashboard.html", context)


def _period(request: DeskRequest, store: Store | None) -> Period:
    """As asked for; twelve months for anything that is no choice."""
    months = next((number for number in MONTHS if str(number) == request.GET.get("months")), 12)
    return Period(months, store.pk if store else None)
