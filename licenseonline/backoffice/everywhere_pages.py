"""会社を全ストアで見る: one company wherever it buys. For the desk alone: a partner must not learn of other partners' stores."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Q, QuerySet, Sum, Value
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from licenseonline.accounts.models import Company, Member, User
from licenseonline.backoffice import access
from licenseonline.backoffice.requests import DeskRequest
from licenseonline.backoffice.site import site
from licenseonline.kit import clock, names, rights
from licenseonline.kit.rights import Right
from licenseonline.licensing.models import Contract
from licenseonline.sales.models import Order, Quote

MOST = 200


@dataclass(frozen=True, slots=True)
class Place:
    """The company at one store, with what it has there; yen with tax, cancelled orders apart."""

    company: Company
    is_same_number: bool
    members: int
    quotes: int
    orders: int
    yen: int
    last: Any
    contracts: int
    running: int


@access.needs(Right.VIEW_CUSTOMERS)
@require_safe
def show(request: DeskRequest, store_id: int, company_id: int) -> HttpResponse:
    """Every store that has it."""
    found = Company.objects.visible_to(request.user).select_related("store")
    company = get_object_or_404(found, store_id=store_id, pk=company_id)
    places = _places(company, request.user)
    context = {
        **site.each_context(request),
        "title": _("全ストアの状況：%(name)s") % {"name": company.name},
        "company": company,
        "places": places,
        "sums": {name: sum(getattr(place, name) for place in places) for name in _SUMMED},
        "sees_sales": rights.allowed(request.user, Right.VIEW_SALES),
    }
    return render(request, "backoffice/everywhere.html", context)


_SUMMED = ("members", "quotes", "orders", "yen", "contracts", "running")


def _places(company: Company, by: User) -> list[Place]:
    """Of the same corporate number, or of the same name however it is written; five queries."""
    same = Q(pk=company.pk)
    if names.key(company.name):  # not of signs only, which all are the same
        same |= Q(name_key=names.Folded(Value(company.name)))
    if company.corporate_number:
        same |= Q(corporate_number=company.corporate_number)
    rows = Company.objects.visible_to(by).alias(name_key=names.Folded("name")).filter(same)
    found = list(rows.select_related("store__partner").order_by("store_id", "id")[:MOST])
    ids = [one.pk for one in found]
    today = clock.today()
    running = Q(starts_on__lte=today) & (Q(ends_on=None) | Q(ends_on__gte=today))
    members = _by_company(Member.objects.visible_to(by).filter(is_active=True), ids)
    quotes = _by_company(Quote.objects.visible_to(by), ids)
    orders = Order.objects.visible_to(by).exclude(state=Order.State.CANCELLED)
    ordered = _by_company(orders, ids, yen=Sum("total_yen"), last=Max("placed_at"))
    contracts = _by_company(Contract.objects.visible_to(by), ids, running=Count("pk", filter=running))
    return [
        Place(
            company=one,
            is_same_number=bool(company.corporate_number) and one.corporate_number == company.corporate_number,
            members=members.get(one.pk, {}).get("count", 0),
            quotes=quotes.get(one.pk, {}).get("count", 0),
            orders=ordered.get(one.pk, {}).get("count", 0),
            yen=ordered.get(one.pk, {}).get("yen", 0),
            last=ordered.get(one.pk, {}).get("last"),
            contracts=contracts.get(one.pk, {}).get("count", 0),
            running=contracts.get(one.pk, {}).get("running", 0),
        )
        for one in found
    ]


def _by_company(rows: QuerySet[Any], ids: list[int], **sums: Any) -> dict[int, dict[str, Any]]:
    counted = rows.filter(company__in=ids).values("company").annotate(count=Count("pk"), **sums).order_by()
    return {row["company"]: row for row in counted}
