"""会社を全ストアで見る: one company wherever it buys. For the desk alone: a partner must not learn of other partners' stores."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
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
from licenseonline.stores import stores

MOST = 100
PER_PAGE = 10


@dataclass(frozen=True, slots=True)
class Figures:
    """What a company has at one store, or all of them together; yen with tax, cancelled orders apart."""

    members: int
    quotes: int
    orders: int
    yen: int
    last: datetime | None
    contracts: int
    running: int


@dataclass(frozen=True, slots=True)
class Place:
    """The company at one store, with what it has there."""

    company: Company
    is_same_number: bool
    figures: Figures


@access.needs(Right.VIEW_CUSTOMERS)
@require_safe
def show(request: DeskRequest, store_id: int, company_id: int) -> HttpResponse:
    """Every store that has it, PER_PAGE on a page; the sums are of all."""
    found = stores.with_names(Company.objects.visible_to(request.user))
    company = get_object_or_404(found, store_id=store_id, pk=company_id)
    figures = _figures(_same(company, request.user), request.user)
    page = Paginator(list(figures), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        **site.each_context(request),
        "title": _("全ストアの状況：%(name)s") % {"name": company.name},
        "company": company,
        "page": page,
        "places": _places(company, list(page), figures, request.user),
        "sums": _sum(figures.values()),
        "sees_sales": rights.allowed(request.user, Right.VIEW_SALES),
    }
    return render(request, "backoffice/everywhere.html", context)


def _same(company: Company, by: User) -> list[int]:
    """Companies of the same corporate number, or of the same name however it is written, by store; MOST at most."""
    same = Q(pk=company.pk)
    if names.key(company.name):  # not of signs only, which all are the same
        same |= Q(name_key=names.Folded(Value(company.name)))
    if company.corporate_number:
        same |= Q(corporate_number=company.corporate_number)
    rows = Company.objects.visible_to(by).alias(name_key=names.Folded("name")).filter(same)
    return list(rows.order_by("store_id", "id").values_list("pk", flat=True)[:MOST])


def _figures(ids: list[int], by: User) -> dict[int, Figures]:
    """By company, in that order; four queries."""
    today = clock.today()
    running = Q(starts_on__lte=today) & (Q(ends_on=None) | Q(ends_on__gte=today))
    members = _by_company(Member.objects.visible_to(by).filter(is_active=True), ids)
    quotes = _by_company(Quote.objects.visible_to(by), ids)
    orders = Order.objects.visible_to(by).exclude(state=Order.State.CANCELLED)
    ordered = _by_company(orders, ids, yen=Sum("total_yen"), last=Max("placed_at"))
    contracts = _by_company(Contract.objects.visible_to(by), ids, running=Count("pk", filter=running))
    return {
        pk: Figures(
            members=members.get(pk, {}).get("count", 0),
            quotes=quotes.get(pk, {}).get("count", 0),
            orders=ordered.get(pk, {}).get("count", 0),
            yen=ordered.get(pk, {}).get("yen", 0),
            last=ordered.get(pk, {}).get("last"),
            contracts=contracts.get(pk, {}).get("count", 0),
            running=contracts.get(pk, {}).get("running", 0),
        )
        for pk in ids
    }


def _sum(figures: Collection[Figures]) -> Figures:
    return Figures(
        members=sum(one.members for one in figures),
        quotes=sum(one.quotes for one in figures),
        orders=sum(one.orders for one in figures),
        yen=sum(one.yen for one in figures),
        last=max((one.last for one in figures if one.last), default=None),
        contracts=sum(one.contracts for one in figures),
        running=sum(one.running for one in figures),
    )


def _places(company: Company, ids: Sequence[int], figures: dict[int, Figures], by: User) -> list[Place]:
    """Of those on the page; one query."""
    rows = stores.with_names(Company.objects.visible_to(by), "store__partner").in_bulk(ids)
    return [
        Place(
            company=rows[pk],
            is_same_number=bool(company.corporate_number) and rows[pk].corporate_number == company.corporate_number,
            figures=figures[pk],
        )
        for pk in ids
    ]


def _by_company(rows: QuerySet[Any], ids: list[int], **sums: Any) -> dict[int, dict[str, Any]]:
    counted = rows.filter(company__in=ids).values("company").annotate(count=Count("pk"), **sums).order_by()
    return {row["company"]: row for row in counted}
