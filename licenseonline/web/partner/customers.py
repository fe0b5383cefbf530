"""Companies of the own stores, and the people who buy for them."""

from django.db.models import Count, Max, Q, QuerySet, Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from licenseonline.accounts import assignments
from licenseonline.accounts.models import Company, CompanyState, Member, Side, SubjectKind, User
from licenseonline.kit import clock
from licenseonline.kit.rights import Right
from licenseonline.kit.text import MAX_QUERY
from licenseonline.sales.models import Order, Quote
from licenseonline.web.access import partner_needs
from licenseonline.web.partner import assigning, figures, lists, noting
from licenseonline.web.requests import StaffRequest

RECENT = 10


@partner_needs(Right.VIEW_CUSTOMERS)
@require_safe
def index(request: StaffRequest) -> HttpResponse:
    """Companies of the own stores, newest first, found by name, reading, phone, or a member's name or address."""
    asked, chosen = _asked(request), assigning.chosen(request)
    rows = company_list(request, chosen.person)
    kept = {"q": asked, "staff": str(chosen.person.pk) if chosen.person else ""}
    context = lists.narrowed(request, rows, {"": ("", Q())}, kept=kept)
    found = context["page"].rows
    theirs = assignments.of_many(SubjectKind.COMPANY, [one.pk for one in found], by=request.user)
    context |= {"asked": asked, "rows": with_sales(found, request), "chosen": chosen, "assigned": theirs}
    return render(request, "web/partner/companies.html", context)


@partner_needs(Right.VIEW_CUSTOMERS)
@require_safe
def show(request: StaffRequest, store_id: int, company_id: int) -> HttpResponse:
    """One company: who buys for it, and what it was quoted and has ordered lately."""
    by, today = request.user, clock.today()
    rows = Company.objects.visible_to(by).exclude(state=CompanyState.MERGED).select_related("store")
    company = get_object_or_404(rows, store_id=store_id, pk=company_id)
    quotes = Quote.objects.visible_to(by).filter(store_id=store_id, company=company)
    orders = Order.objects.visible_to(by).filter(store_id=store_id, company=company)
    related = ("company", "member", "store")
    context = {
        "company": company,
        "members": Member.objects.visible_to(by).filter(company=company, is_active=True).order_by("id"),
        "quotes": quotes.select_related(*related).defer("snapshot").order_by("-id")[:RECENT],
        "orders": orders.select_related(*related).defer("snapshot").order_by("-id")[:RECENT],
        "valid": quotes.filter(state=Quote.State.ISSUED, valid_until__gte=today).count(),
        "ordered": figures.ordered(orders),
        "assigned": assignments.of(company, side=Side.PARTNER),
        "colleagues": assignments.candidates(by) if by.may(Right.HELP_MEMBERS) else [],
        **noting.beside(company, by),
    }
    return render(request, "web/partner/company.html", context)


def company_list(request: StaffRequest, person: User | None) -> QuerySet[Company]:
    """What the list of companies is made of, of one of the colleagues or of all."""
    asked = _asked(request)
    rows = Company.objects.visible_to(request.user).exclude(state=CompanyState.MERGED).select_related("store")
    if asked:
        rows = rows.filter(_has(asked, Member.objects.visible_to(request.user)))
    return assigning.of_person(rows, person, request.user)


def _asked(request: StaffRequest) -> str:
    return request.GET.get("q", "").replace("\0", "").strip()[:MAX_QUERY]


def _has(asked: str, members: QuerySet[Member]) -> Q:
    of_member = members.filter(Q(name__icontains=asked) | Q(email__icontains=asked))
    own = Q(name__icontains=asked) | Q(kana__icontains=asked) | Q(phone__startswith=asked)
    return own | Q(pk__in=of_member.values("company"))


def with_sales(companies: list[Company], request: StaffRequest) -> list[tuple[Company, dict[str, object]]]:
    """Each with its number of members, orders, their yen and the last one's day; two queries."""
    ids = [company.pk for company in companies]
    orders = Order.objects.visible_to(request.user).filter(company__in=ids).values("company")
    sums = {
        row["company"]: row for row in orders.annotate(count=Count("pk"), yen=Sum("total_yen"), last=Max("placed_at"))
    }
    people = Member.objects.visible_to(request.user).filter(company__in=ids, is_active=True).values("company")
    members = {row["company"]: row["count"] for row in people.annotate(count=Count("pk"))}
    return [(one, {"members": members.get(one.pk, 0), **sums.get(one.pk, {})}) for one in companies]
