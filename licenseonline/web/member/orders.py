"""注文履歴: what the company has ordered, and what happens next."""

from collections.abc import Iterable
from datetime import date
from functools import cache
from http import HTTPStatus

from django import forms
from django.db.models import F, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from licenseonline.billing import payments
from licenseonline.billing.models import Receivable
from licenseonline.kit import clock
from licenseonline.kit.actors import Actor, ActorKind
from licenseonline.kit.prepared import GivenMember, Prepared, given_text
from licenseonline.records import history
from licenseonline.records.models import HistoryEntry
from licenseonline.sales import next_steps, order_extras, papers, timelines
from licenseonline.sales.models import DocumentRequest, Order
from licenseonline.web import paging
from licenseonline.web.access import member_required
from licenseonline.web.member import documents, order_parts, people
from licenseonline.web.requests import MemberRequest

_STEPS = [
    (_("ご注文"), {Order.State.RECEIVED}),
    (_("書類"), {Order.State.AWAITING_PAPERS, Order.State.IN_REVIEW}),
    (_("ご入金"), {Order.State.AWAITING_PAYMENT}),
    (_("メーカー手配"), {Order.State.ARRANGING}),
    (_("納品"), {Order.State.DELIVERED, Order.State.COMPLETED}),
]


def _rows(member: Actor) -> QuerySet[Order]:
    """With what the list shows, and not the snapshots."""
    shown = Order.objects.visible_to(member).only("store", "number", "placed_at", "total_yen", "state", "title")
    return shown.annotate(member_name=F("member__name"), due_on=F("receivable__due_on"))


_history = paging.History(_rows)


@member_required
@require_safe
def index(request: MemberRequest, store_id: int) -> HttpResponse:
    """注文履歴 of the member's company."""
    page = _history.page(request.GET, by=request.member)
    return render(request, "web/member/orders.html", {"page": page})


@member_required
@require_safe
def show(request: MemberRequest, store_id: int, number: str) -> HttpResponse:
    """One order: how far it is, what to do, who did what, and what was bought."""
    return page(request, number)


def page(
    request: MemberRequest, number: str, *, failed: forms.Form | None = None, status: int = HTTPStatus.OK
) -> HttpResponse:
    """The page of an order, with a form that failed."""
    order = _by_number.one(number=number, **GivenMember.of(request.member))
    order.store = request.store
    asked = list(papers.of(order, by=request.member)) if order_extras.has(order, "papers") else []
    entries = [entry for entry in history.of(order) if entry.event in timelines.EVENTS]
    context = documents.context(order.snapshot, store=request.store) | {
        "order": order,
        "asked_papers": asked,
        "steps": _steps(order.state),
        "timeline": (timeline := _timeline(order, entries, request)),
        "acted_by": timeline[0].who if entries and entries[0].actor_kind != ActorKind.MEMBER else "",
        "is_overdue": order.receivable.due_on < clock.today(),
        "days": _days(order, asked, entries),
        **order_parts.context(request, order, failed),
        "lines": order.lines.select_related("contract").order_by("position") if order.is_delivered else [],
    }
    return render(request, "web/member/order.html", context, status=status)


_by_number = Prepared(
    lambda: (
        Order.objects.visible_to(GivenMember())
        .filter(number=given_text("number"))
        .select_related("receivable")
        .annotate(member_name=F("member__name"), quote_number=F("quote__number"))
        .annotate(remaining_yen=payments.remaining_of("receivable"), **order_extras.annotations())
    )
)


def _timeline(order: Order, entries: list[HistoryEntry], request: MemberRequest) -> list[people.Event]:
    placed_by = {order.member_id: order.member_name}  # type: ignore[attr-defined]  # annotated
    who = people.names(entries, member=request.member, known=placed_by)
    return [people.Event(at=entry.at, who=who[entry.pk], text=timelines.for_buyer(entry)) for entry in entries]


@cache
def _steps(state: str) -> list[tuple[str, str]]:
    """Each step's name and whether it is `done`, `current` or neither; a delivered order has no current one."""
    if state == Order.State.CANCELLED:
        return []
    reached = next(at for at, (_label, states_) in enumerate(_STEPS) if state in states_)
    done = len(_STEPS) if state in {Order.State.DELIVERED, Order.State.COMPLETED} else reached
    return [
        (str(label), "done" if at < done else "current" if at == done else "")
        for at, (label, _states) in enumerate(_STEPS)
    ]


def _days(order: Order, asked: Iterable[DocumentRequest], entries: list[HistoryEntry]) -> next_steps.Days:
    has_line_days = order_extras.has(order, "line_days")
    return next_steps.of(order, asked, paid_on=_paid_on(order, entries), has_line_days=has_line_days)


def _paid_on(order: Order, entries: list[HistoryEntry]) -> date | None:
    """The day of the money that completed the payment."""
    paid = [entry.at for entry in entries if entry.event == "order.transfer_recorded"]
    return clock.jst_date(paid[-1]) if paid and order.receivable.state == Receivable.State.PAID else None
