"""What the desk has to do, by deadline. Each kind of work is one function; a new kind is one more line in KINDS."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from licenseonline.accounts.models import Company, CompanyChange, CompanyState, User
from licenseonline.billing.models import Payment, Receivable
from licenseonline.kit import calendar, clock, rights
from licenseonline.kit.rights import Right
from licenseonline.sales.models import (
    DocumentRequest,
    Order,
    OrderLine,
    OrderWish,
    PaperState,
    Quote,
    QuoteRequest,
    VendorOrder,
    WishState,
)
from licenseonline.sales.papers import MISSING, UNDER_WAY
from licenseonline.sales.vendor_reminders import WAITING
from licenseonline.stores.models import StoreHoliday

MOST = 200  # of each kind; the sums count all
DAYS_TO_APPROVE = 1  # business days from a company's registration to the desk's answer
DAYS_TO_ALLOW = 1  # business days from a quotation below the margin to a head's yes
DAYS_TO_ORDER = 1  # business days from the money to the vendor's order
DAYS_TO_ANSWER = 1  # business days from a member's wish about an order to the desk's answer
DAYS_TO_REFUND = 3  # business days from the cancellation to the money's way back
DAYS_TO_REVIEW_PAPERS = 1  # business days from a handed-in paper to the desk's answer
DAYS_TO_REVIEW = 2  # business days from a member's request to the desk's answer

Holidays = dict[int, frozenset[date]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked at: for whom, of which store (None: all)."""

    by: User
    store_id: int | None
    holidays: Holidays


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do until the end of `due_on`, with the yen at stake and the page where it is done."""

    due_on: date
    kind: str
    label: str
    number: str
    store: str
    company: str
    yen: int
    action: str
    url: str
    row: str = ""  # by which it is marked for a step with many (`bulk`): the model's name and the id

    @property
    def is_overdue(self) -> bool:
        """The day has passed in Japan."""
        return self.due_on < clock.today()

    @property
    def is_due_today(self) -> bool:
        """The last day is today."""
        return self.due_on == clock.today()


@dataclass(frozen=True, slots=True)
class Found:
    """The first tasks of a kind, and how many there are in all, with their yen."""

    tasks: list[Task]
    count: int
    yen: int


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of work: its name in addresses, in words, what to do about it, and where it is found."""

    code: str
    label: Promise
    action: Promise
    right: Right  # to do it; whoever has none does not see it
    find: Callable[["Kind", Wanted], Found]


def awaiting_payment(kind: Kind, wanted: Wanted) -> Found:
    """Orders that wait for the buyer's money, until the receivable is due."""
    orders = _orders(wanted, Order.State.AWAITING_PAYMENT)
    first = orders.select_related("receivable").defer("snapshot").order_by("receivable__due_on", "id")
    return _found(orders, [_task(kind, order, order.receivable.due_on) for order in first[:MOST]])


def awaiting_vendor_order(kind: Kind, wanted: Wanted) -> Found:
    """Paid orders with lines that nobody has ordered from the vendor yet."""
    orders = _orders(wanted, Order.State.ARRANGING).filter(Exists(_not_ordered()))
    first = _with_day_of_money(orders, wanted).defer("snapshot")
    return _found(orders, [_task(kind, order, _after_money(order, DAYS_TO_ORDER, wanted)) for order in first[:MOST]])


def awaiting_delivery(kind: Kind, wanted: Wanted) -> Found:
    """Orders that the vendor has; the buyer was promised a number of business days from the money."""
    orders = _orders(wanted, Order.State.ARRANGING).filter(~Exists(_not_ordered()))
    first = _with_day_of_money(orders, wanted)
    return _found(
        orders, [_task(kind, order, _after_money(order, _lead_days(order), wanted)) for order in first[:MOST]]
    )


def company_changes(kind: Kind, wanted: Wanted) -> Found:
    """Members' requests for another company name or corporate number; they were told that the desk answers by mail."""
    changes = CompanyChange.objects.visible_to(wanted.by).filter(state=CompanyChange.State.REQUESTED)
    changes = changes if wanted.store_id is None else changes.filter(store_id=wanted.store_id)
    first = changes.select_related("store", "company").order_by("id")[:MOST]
    return Found(tasks=[_review(kind, change, wanted) for change in first], count=changes.count(), yen=0)


def _review(kind: Kind, change: CompanyChange, wanted: Wanted) -> Task:
    closed = wanted.holidays.get(change.store_id, calendar.NO_DAYS)
    return Task(
        due_on=calendar.add_business_days(clock.jst_date(change.created_at), DAYS_TO_REVIEW, closed),
        kind=kind.code,
        label=str(kind.label),
        number=f"C{change.pk}",
        store=str(change.store),
        company=change.company.name,
        yen=0,
        action=str(kind.action),
        url=reverse("backoffice:company_change", args=[change.store_id, change.pk]),
        row=f"companychange:{change.pk}",
    )


def papers_to_review(kind: Kind, wanted: Wanted) -> Found:
    """Papers that members handed in; they were told that the desk answers by mail."""
    waiting = _papers(wanted, {PaperState.HANDED_IN})
    first = waiting.order_by("handed_in_at", "id")[:MOST]
    return Found(
        tasks=[_paper(kind, paper, _to_review(paper, wanted)) for paper in first], count=waiting.count(), yen=0
    )


def papers_missing(kind: Kind, wanted: Wanted) -> Found:
    """Papers whose last day has passed without anything: somebody asks the buyer."""
    late = _papers(wanted, MISSING).filter(due_on__lt=clock.today())
    first = late.order_by("due_on", "id")[:MOST]
    return Found(tasks=[_paper(kind, paper, paper.due_on) for paper in first], count=late.count(), yen=0)


def _papers(wanted: Wanted, states: Collection[str]) -> QuerySet[DocumentRequest]:
    papers = DocumentRequest.objects.visible_to(wanted.by).filter(state__in=states, order__state__in=UNDER_WAY)
    papers = papers if wanted.store_id is None else papers.filter(store_id=wanted.store_id)
    return papers.select_related("store", "order__company").defer("order__snapshot")


def _to_review(paper: DocumentRequest, wanted: Wanted) -> date:
    closed = wanted.holidays.get(paper.store_id, calendar.NO_DAYS)
    since = clock.jst_date(paper.handed_in_at or clock.now())
    return calendar.add_business_days(since, DAYS_TO_REVIEW_PAPERS, closed)


def _paper(kind: Kind, paper: DocumentRequest, due_on: date) -> Task:
    return Task(
        due_on=due_on,
        kind=kind.code,
        label=str(kind.label),
        number=paper.order.number,
        store=str(paper.store),
        company=paper.order.company.name,
        yen=paper.order.total_yen,
        action=f"{kind.action}：{paper.get_paper_display()}",
        url=reverse("backoffice:paper", args=[paper.store_id, paper.pk]),
        row=f"documentrequest:{paper.pk}",
    )


def new_companies(kind: Kind, wanted: Wanted) -> Found:
    """Companies that may not order before the desk has looked at them."""
    found = Company.objects.visible_to(wanted.by).filter(state=CompanyState.AWAITING_APPROVAL)
    found = found if wanted.store_id is None else found.filter(store_id=wanted.store_id)
    first = found.select_related("store").annotate(since=Min("members__created_at")).order_by("id")[:MOST]
    return Found(tasks=[_approval(kind, company, wanted) for company in first], count=found.count(), yen=0)


def _approval(kind: Kind, company: Company, wanted: Wanted) -> Task:
    since: datetime = getattr(company, "since", None) or clock.now()
    closed = wanted.holidays.get(company.store_id, calendar.NO_DAYS)
    return Task(
        due_on=calendar.add_business_days(clock.jst_date(since), DAYS_TO_APPROVE, closed),
        kind=kind.code,
        label=str(kind.label),
        number=f"N{company.pk}",
        store=str(company.store),
        company=company.name,
        yen=0,
        action=str(kind.action),
        url=reverse("backoffice:company", args=[company.store_id, company.pk]),
        row=f"company:{company.pk}",
    )


def awaiting_vendor_answer(kind: Kind, wanted: Wanted) -> Found:
    """Orders at vendors that have not confirmed all of it, until the day on which it is expected."""
    sent = VendorOrder.objects.filter(state__in=WAITING, expected_on__isnull=False)
    if wanted.store_id is not None:
        sent = sent.filter(
            Exists(OrderLine.objects.filter(vendor_order=OuterRef("pk"), store_id=wanted.store_id))
        )  # house: the desk orders for all stores
    first = sent.select_related("vendor").order_by("expected_on", "id")[:MOST]
    return Found(tasks=[_answer(kind, one) for one in first], count=sent.count(), yen=0)


def _answer(kind: Kind, sent: VendorOrder) -> Task:
    return Task(
        due_on=sent.expected_on or clock.today(),
        kind=kind.code,
        label=str(kind.label),
        number=str(sent),
        store="",
        company=sent.vendor.name,
        yen=0,
        action=str(kind.action),
        url=reverse("backoffice:vendor_order", args=[sent.pk]),
    )


def requests_to_answer(kind: Kind, wanted: Wanted) -> Found:
    """Members' requests for a quotation; they were told that the store answers on the next business day."""
    found = QuoteRequest.objects.visible_to(wanted.by).filter(state=QuoteRequest.State.ASKED)
    found = found if wanted.store_id is None else found.filter(store_id=wanted.store_id)
    first = found.select_related("store", "company").order_by("asked_at", "id")[:MOST]
    return Found(tasks=[_request(kind, request, wanted) for request in first], count=found.count(), yen=0)


def _request(kind: Kind, request: QuoteRequest, wanted: Wanted) -> Task:
    closed = wanted.holidays.get(request.store_id, calendar.NO_DAYS)
    return Task(
        due_on=calendar.add_business_days(clock.jst_date(request.asked_at), DAYS_TO_ANSWER, closed),
        kind=kind.code,
        label=str(kind.label),
        number=request.number,
        store=str(request.store),
        company=request.company.name,
        yen=0,
        action=str(kind.action),
        url=reverse("backoffice:request", args=[request.store_id, request.number]),
    )


def quotes_to_allow(kind: Kind, wanted: Wanted) -> Found:
    """Quotations below a store's margin, which a head of the partner or somebody here must allow."""
    found = Quote.objects.visible_to(wanted.by).filter(state=Quote.State.AWAITING_HEAD)
    found = found if wanted.store_id is None else found.filter(store_id=wanted.store_id)
    first = found.select_related("store", "company").defer("snapshot").order_by("issued_at", "id")[:MOST]
    sums = found.aggregate(count=Count("id"), yen=Sum("total_yen"))
    return Found(tasks=[_quote(kind, quote, wanted) for quote in first], count=sums["count"], yen=sums["yen"] or 0)


def _quote(kind: Kind, quote: Quote, wanted: Wanted) -> Task:
    closed = wanted.holidays.get(quote.store_id, calendar.NO_DAYS)
    return Task(
        due_on=calendar.add_business_days(clock.jst_date(quote.issued_at), DAYS_TO_ALLOW, closed),
        kind=kind.code,
        label=str(kind.label),
        number=quote.number,
        store=str(quote.store),
        company=quote.company.name if quote.company_id else quote.offered_to,
        yen=quote.total_yen,
        action=str(kind.action),
        url=reverse("backoffice:quote", args=[quote.store_id, quote.number]),
    )


def wishes(kind: Kind, wanted: Wanted) -> Found:
    """What members ask for about their orders; they were told that the desk answers by mail."""
    asked = OrderWish.objects.visible_to(wanted.by).filter(state=WishState.ASKED)
    asked = asked if wanted.store_id is None else asked.filter(store_id=wanted.store_id)
    first = asked.select_related("order__store", "order__company").defer("order__snapshot").order_by("asked_at", "id")
    return Found([_wish(kind, wish, wanted) for wish in first[:MOST]], asked.count(), yen=0)


def _wish(kind: Kind, wish: OrderWish, wanted: Wanted) -> Task:
    closed = wanted.holidays.get(wish.store_id, calendar.NO_DAYS)
    task = _task(kind, wish.order, calendar.add_business_days(clock.jst_date(wish.asked_at), DAYS_TO_ANSWER, closed))
    return replace(task, action=f"{kind.action}：{wish.get_kind_display()}")


def refunds(kind: Kind, wanted: Wanted) -> Found:
    """Cancelled orders whose money is to be given back, from the day of the cancellation on."""
    orders = _orders(wanted, Order.State.CANCELLED).filter(receivable__state=Receivable.State.REFUND_DUE)
    granted = OrderWish.objects.visible_to(wanted.by).filter(order=OuterRef("pk"), state=WishState.GRANTED)
    first = orders.annotate(since=Subquery(granted.order_by("-id").values("answered_at")[:1])).defer("snapshot")
    return _found(orders, [_refund(kind, order, wanted) for order in first.order_by("since", "id")[:MOST]])


def _refund(kind: Kind, order: Order, wanted: Wanted) -> Task:
    since: datetime = getattr(order, "since", None) or clock.now()
    closed = wanted.holidays.get(order.store_id, calendar.NO_DAYS)
    return _task(kind, order, calendar.add_business_days(clock.jst_date(since), DAYS_TO_REFUND, closed))


KINDS = (
    Kind("payment", _("入金待ち"), _("入金を記録"), Right.BOOK_PAYMENTS, awaiting_payment),
    Kind("vendor_order", _("メーカー発注待ち"), _("発注を記録"), Right.ORDER_FROM_VENDORS, awaiting_vendor_order),
    Kind("vendor_answer", _("メーカー回答待ち"), _("回答を記録"), Right.ORDER_FROM_VENDORS, awaiting_vendor_answer),
    Kind("request", _("見積依頼"), _("回答する"), Right.PREPARE_QUOTES, requests_to_answer),
    Kind("quote", _("見積の承認待ち"), _("粗利を確認"), Right.ALLOW_MARGINS, quotes_to_allow),
    Kind("delivery", _("納品待ち"), _("納品する"), Right.DELIVER, awaiting_delivery),
    Kind("paper", _("書類の確認"), _("書類を確認"), Right.REVIEW_PAPERS, papers_to_review),
    Kind("paper_missing", _("書類の期限切れ"), _("お客様に確認"), Right.REVIEW_PAPERS, papers_missing),
    Kind("wish", _("ご依頼への回答"), _("回答する"), Right.CHANGE_ORDERS, wishes),
    Kind("refund", _("返金"), _("返金を記録"), Right.BOOK_PAYMENTS, refunds),
    Kind("company", _("会社の確認"), _("確認する"), Right.REVIEW_COMPANIES, new_companies),
    Kind("company_change", _("会社情報の変更"), _("書類を確認"), Right.REVIEW_COMPANIES, company_changes),
)


def collect(*, by: User, store_id: int | None) -> dict[Kind, Found]:
    """Every kind of work that this person may see, at one store or at all; a fixed number of queries."""
    wanted = Wanted(by=by, store_id=store_id, holidays=_holidays(by))
    return {kind: kind.find(kind, wanted) for kind in KINDS if rights.allowed(by, kind.right)}


def by_deadline(found: Iterable[Found]) -> list[Task]:
    """The tasks of these kinds, most urgent first."""
    return sorted((task for one in found for task in one.tasks), key=lambda task: (task.due_on, task.number))


def following(tasks: Sequence[Task], url: str) -> Task | None:
    """The task after the one whose page is `url`; the first one when that is done or the last. None when nothing is left to do."""
    places = [place for place, task in enumerate(tasks) if task.url == url]
    others = [task for task in tasks if task.url != url]
    behind = [task for task in tasks[places[-1] + 1 :] if task.url != url] if places else []
    return next(iter([*behind, *others]), None)


def _orders(wanted: Wanted, state: str) -> QuerySet[Order]:
    orders = Order.objects.visible_to(wanted.by).filter(state=state).select_related("store", "company")
    return orders if wanted.store_id is None else orders.filter(store_id=wanted.store_id)


def _not_ordered() -> QuerySet[OrderLine]:
    """Lines of the order that wait for a vendor order, or for one that is being collected to be sent."""
    lines = OrderLine.objects.filter(order=OuterRef("pk"), store=OuterRef("store"))
    return lines.filter(Q(vendor_order=None) | Q(vendor_order__state=VendorOrder.State.COLLECTING))


def _with_day_of_money(orders: QuerySet[Order], wanted: Wanted) -> QuerySet[Order]:
    last = Payment.objects.visible_to(wanted.by).filter(receivable=OuterRef("receivable")).order_by("-id")
    return orders.annotate(money_at=Subquery(last.values("recorded_at")[:1])).order_by("money_at", "id")


def _after_money(order: Order, days: int, wanted: Wanted) -> date:
    money_at: datetime = getattr(order, "money_at", None) or order.placed_at
    closed = wanted.holidays.get(order.store_id, calendar.NO_DAYS)
    return calendar.add_business_days(clock.jst_date(money_at), days, closed)


def _lead_days(order: Order) -> int:
    return max((line["lead_days"] for line in order.snapshot["lines"]), default=0)


def _holidays(by: User) -> Holidays:
    found: dict[int, set[date]] = {}
    for store_id, day in StoreHoliday.objects.visible_to(by).values_list("store_id", "day"):
        found.setdefault(store_id, set()).add(day)
    return {store_id: frozenset(days) for store_id, days in found.items()}


def _found(orders: QuerySet[Order], tasks: list[Task]) -> Found:
    sums = orders.aggregate(count=Count("id"), yen=Sum("total_yen"))
    return Found(tasks=tasks, count=sums["count"], yen=sums["yen"] or 0)


def _task(kind: Kind, order: Order, due_on: date) -> Task:
    return Task(
        due_on=due_on,
        kind=kind.code,
        label=str(kind.label),
        number=order.number,
        store=str(order.store),
        company=order.company.name,
        yen=order.total_yen,
        action=str(kind.action),
        url=reverse("backoffice:order", args=[order.store_id, order.number]),
        row=f"order:{order.pk}",
    )
