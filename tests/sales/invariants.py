"""What holds in every store at every moment, whatever was done before. Each check names the rows for which it does not.

The rules are told again here, from the rows alone: nothing asks the code that is judged.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from typing import Final

from django.apps import apps
from django.db import connection
from django.db.models import Sum
from procrastinate.contrib.django.models import ProcrastinateJob

from licenseonline.billing.models import Receivable
from licenseonline.catalog.models import PaymentMethod, PurchaseType
from licenseonline.kit import clock
from licenseonline.kit.errors import Refused
from licenseonline.kit.tenancy import StoreModel
from licenseonline.licensing.models import Contract, Entitlement, Holding
from licenseonline.records.models import HistoryEntry, Message, NumberSeries
from licenseonline.sales import quote_links
from licenseonline.sales.models import (
    Decision,
    DocumentRequest,
    HoldingUse,
    Order,
    OrderLine,
    OrderWish,
    PaperState,
    Quote,
    QuoteLink,
    QuoteRequest,
    VendorOrder,
    VendorOrderLine,
)
from licenseonline.sales.snapshots import Snapshot

Found = Iterator[str]
_NUMBER: Final = re.compile(r"[QPR]\d{4}-\d{5}")
_OPEN_PAPERS: Final = {PaperState.NEEDED, PaperState.HANDED_IN, PaperState.RETURNED}


def broken() -> list[str]:
    """All that does not hold, one line each; for somebody who sees every store."""
    return [f"{check.__name__}: {line}" for check in CHECKS for line in check()]


def quotations_say_what_their_rows_say() -> Found:
    for quote in Quote.objects.select_related("store", "pricing").prefetch_related("revisions"):
        name, frozen = f"{quote.store_id}/{quote.number}", quote.snapshot
        said = (frozen["number"], frozen["revision"], frozen["total"], frozen["valid_until"])
        if said != (quote.number, quote.revision, quote.total_yen, quote.valid_until.isoformat()):
            yield f"{name} differs from its snapshot"
        earlier = sorted(quote.revisions.all(), key=lambda one: one.revision)
        if [one.revision for one in earlier] != list(range(1, quote.revision)):
            yield f"{name} has lost a revision"
        kept = [(one.revision, one.total_yen, one.snapshot) for one in earlier]
        for revision, total_yen, content in [*kept, (quote.revision, quote.total_yen, frozen)]:
            yield from _sums(f"{name}/{revision}", content, quote.store.rounding)
            if content["total"] != total_yen:
                yield f"{name}/{revision} costs {total_yen}, its snapshot says {content['total']}"
        if quote.state == Quote.State.EXPIRED and quote.valid_until >= clock.today():
            yield f"{name} expired on a day on which it is valid"
        pricing = getattr(quote, "pricing", None)
        if quote.can_be_ordered and pricing and pricing.is_below_margin and pricing.allowed_by_id is None:
            yield f"{name} is out below the margin, and nobody allowed it"


def _sums(name: str, frozen: Snapshot, rounding: str) -> Found:
    """Lines, net, tax once per rate, total."""
    bases: dict[int, int] = defaultdict(int)
    for line in frozen["lines"]:
        if line["amount"] != line["quantity"] * line["unit_price"]:
            yield f"{name} line {line['no']} is wrongly multiplied"
        bases[line["tax_rate"]] += line["amount"]
    up = {"floor": 0, "half_up": 50, "ceil": 99}[rounding]
    taxes = {rate: (base, (base * rate + up) // 100) for rate, base in bases.items()}
    if {one["rate"]: (one["base"], one["tax"]) for one in frozen["taxes"]} != taxes:
        yield f"{name} taxes {frozen['taxes']}, not {taxes}"
    net, tax = sum(bases.values()), sum(one for _base, one in taxes.values())
    if (frozen["net"], frozen["tax"], frozen["total"]) != (net, tax, net + tax):
        yield f"{name} is wrongly added up"


def orders_are_what_was_accepted() -> Found:
    """One order per quotation, of its last revision, line by line; all rows are of the same company."""
    orders = Order.objects.select_related("quote", "receivable", "member").prefetch_related("lines__margin")
    for order in orders:
        name, quote = f"{order.store_id}/{order.number}", order.quote
        if (quote.state, quote.revision) != (Quote.State.ORDERED, order.quote_revision):
            yield f"{name} is of revision {order.quote_revision}, its quotation is {quote.state} {quote.revision}"
        if order.snapshot != quote.snapshot or order.total_yen != quote.total_yen:
            yield f"{name} is not what was quoted"
        if len({order.company_id, quote.company_id, order.receivable.company_id, order.member.company_id}) > 1:
            yield f"{name} is of several companies"
        lines = sorted(order.lines.all(), key=lambda line: line.position)
        promised = [(one["no"], one["sku_id"], one["quantity"], one["unit_price"]) for one in order.snapshot["lines"]]
        if [(line.position, line.sku_id, line.quantity, line.unit_yen) for line in lines] != promised:
            yield f"{name} has other lines than its snapshot"
        for margin in (line.margin for line in lines):
            amount = margin.line.amount_yen
            left = None if margin.cost_yen is None else amount - margin.cost_yen
            if (margin.margin_yen, margin.commission_yen) != (left, amount * margin.commission_per_mille // 1000):
                yield f"{name} line {margin.line.position} has a wrong margin"
    ordered = Quote.objects.filter(state=Quote.State.ORDERED, order=None)
    yield from (f"{quote.store_id}/{quote.number} is ordered without an order" for quote in ordered)


def orders_stand_where_papers_money_and_delivery_put_them() -> Found:
    papers: dict[int, set[str]] = defaultdict(set)
    for order_id, state in DocumentRequest.objects.values_list("order_id", "state"):
        papers[order_id].add(state)
    for order in Order.objects.select_related("receivable").prefetch_related("lines"):
        name, lines = f"{order.store_id}/{order.number}", list(order.lines.all())
        is_delivered = all(line.delivered_at for line in lines)
        if (order.delivered_at is not None) != is_delivered:
            yield f"{name} says {order.delivered_at} of its delivery"
        if order.state == Order.State.CANCELLED:
            if papers[order.pk] & _OPEN_PAPERS or any(line.vendor_order_id or line.delivered_at for line in lines):
                yield f"{name} is cancelled, but papers are open or a vendor has it"
        elif order.state not in _expected(order, papers[order.pk], is_delivered=is_delivered):
            yield f"{name} is {order.state} with papers {papers[order.pk]} and money {order.receivable.state}"


def _expected(order: Order, papers: set[str], *, is_delivered: bool) -> set[str]:
    if is_delivered:
        return {Order.State.DELIVERED, Order.State.COMPLETED}
    if papers & {PaperState.NEEDED, PaperState.RETURNED}:
        return {Order.State.AWAITING_PAPERS}
    if PaperState.HANDED_IN in papers:
        return {Order.State.IN_REVIEW}
    is_due = order.payment_method != PaymentMethod.DEFERRED and order.receivable.state != Receivable.State.PAID
    return {Order.State.AWAITING_PAYMENT if is_due else Order.State.ARRANGING}


def money_adds_up() -> Found:
    """A receivable is the order's total; never more comes than is owed; what is given back is what came."""
    state = Receivable.State
    for one in Receivable.objects.select_related("order", "refund").annotate(came=Sum("payments__amount_yen")):
        name, came, refund = f"{one.store_id}/{one.reference}", one.came or 0, getattr(one, "refund", None)
        if (one.amount_yen, one.reference) != (one.order.total_yen, one.order.number):
            yield f"{name} is not its order's total"
        if came > one.amount_yen:
            yield f"{name}: {came} came for {one.amount_yen}"
        fits = {
            state.OPEN: came < one.amount_yen,
            state.PAID: came == one.amount_yen,
            state.REFUND_DUE: came > 0 and refund is None,
            state.CANCELLED: came == (refund.amount_yen if refund else 0),
        }
        if not fits[state(one.state)]:
            yield f"{name} is {one.state}, {came} of {one.amount_yen} came"
        if (one.state in {state.REFUND_DUE, state.CANCELLED}) != (one.order.state == Order.State.CANCELLED):
            yield f"{name} is {one.state}, its order {one.order.state}"


def holdings_are_what_was_delivered() -> Found:
    """Licences are granted for each delivered line and for nothing else, with its units, under its company's contract."""
    granted = Counter(Entitlement.objects.values_list("contract__company_id", "sku_id", "quantity"))
    delivered: Counter[tuple[int, int, int]] = Counter()
    for line in OrderLine.objects.select_related("order", "contract", "sku"):
        name, contract = f"{line.store_id}/{line.order.number} line {line.position}", line.contract
        if line.delivered_at:
            delivered[line.order.company_id, line.sku_id, line.quantity] += 1
        is_under_another = line.follows_id and line.sku.purchase_type == PurchaseType.ADDITIONAL
        if (contract is None) != (line.delivered_at is None) and not is_under_another:
            yield f"{name} is delivered without a contract, or the other way round"
        if contract and (contract.company_id, contract.order_number) != (line.order.company_id, line.order.number):
            yield f"{name}: contract {contract.number} is somebody else's"
    for key in granted | delivered:
        if granted[key] != delivered[key]:
            yield f"of company, SKU and units {key} {granted[key]} were granted, {delivered[key]} delivered"


def nothing_is_followed_above_what_is_held() -> Found:
    """Renewed or replaced are no more units than the contract or the entered holding has, whoever ordered them."""
    units = Counter(dict(Entitlement.objects.values_list("contract_id").annotate(sum=Sum("quantity"))))
    lines = OrderLine.objects.exclude(follows=None).exclude(order__state=Order.State.CANCELLED)
    lines = lines.exclude(sku__purchase_type=PurchaseType.ADDITIONAL)
    used = HoldingUse.objects.exclude(line__order__state=Order.State.CANCELLED).select_related("holding", "line__order")
    for use in used:
        if use.holding.withdrawn_at or use.holding.company_id != use.line.order.company_id:
            yield f"line {use.line_id} uses holding {use.holding_id}, which does not count"
    followed = Counter(dict(lines.values_list("follows_id").annotate(sum=Sum("quantity"))))
    for use in used:
        followed[use.line.follows_id] -= use.units
    for contract, quantity in followed.items():
        if contract and quantity > units[contract]:
            yield f"contract {contract} of {units[contract]} units is followed by {quantity}"
    of_holdings = Counter(dict(used.values_list("holding_id").annotate(sum=Sum("units"))))
    for holding, quantity in Holding.objects.values_list("pk", "quantity"):
        if of_holdings[holding] > quantity:
            yield f"holding {holding} of {quantity} units is used for {of_holdings[holding]}"


def numbers_have_no_gaps() -> Found:
    """Every series of every store counts from 1 to its last without a gap, and nothing bears a number beside it."""
    borne: dict[tuple[int, str], set[int]] = defaultdict(set)
    rows = [model.objects.values_list("store_id", "number") for model in (Quote, Order, Contract, QuoteRequest)]
    rows.append(Quote.objects.exclude(set_number="").values_list("store_id", "set_number"))
    for store_id, number in (row for found in rows for row in found):
        series, _dash, count = number.partition("-")
        borne[store_id, series].add(int(count))
    for one in NumberSeries.objects.all():
        found = borne.pop((one.store_id, f"{one.kind}{one.period}"), set())
        if found != set(range(1, one.last + 1)):
            yield f"{one.store_id}/{one.kind}{one.period} has {sorted(found)}, last {one.last}"
    yield from (f"{store_id}/{series} is no series" for store_id, series in borne)


def requests_are_answered_by_what_went_out() -> Found:
    """A request is done when its quotation has left the house, and a quotation answers who asked."""
    for request in QuoteRequest.objects.exclude(quote=None).select_related("quote"):
        name, quote = f"{request.store_id}/{request.number}", request.quote
        if (quote.store_id, quote.company_id) != (request.store_id, request.company_id):
            yield f"{name} is answered by somebody else's quotation"
        if request.state == QuoteRequest.State.QUOTED and quote.state in {Quote.State.DRAFT, Quote.State.AWAITING_HEAD}:
            yield f"{name} is quoted by {quote.number}, which is {quote.state}"


def links_end_with_their_quotation() -> Found:
    """And what an approver said is of a revision that there is."""
    for link in QuoteLink.objects.select_related("quote", "store", "approver").prefetch_related("decisions"):
        name = f"link {link.pk} of {link.store_id}/{link.quote.number}"
        is_over = link.withdrawn_at or not link.quote.can_be_ordered or (link.approver and not link.approver.is_active)
        if is_over and _opens(link):
            yield f"{name} still opens"
        for said in link.decisions.all():
            if (said.quote_id, said.approver_id) != (link.quote_id, link.approver_id):
                yield f"{name} decided about another quotation"
            if said.revision > link.quote.revision:
                yield f"{name} decided about a revision that nobody has made"


def _opens(link: QuoteLink) -> bool:
    try:
        quote_links.open(quote_links.secret_of(link), store=link.store)
    except Refused:
        return False
    return True


def nothing_is_ordered_without_a_needed_yes() -> Found:
    """For companies whose policy did not change since: the last answer to what was ordered above the limit was a yes."""
    orders = Order.objects.filter(company__approval_policy__is_on=True)
    for order in orders.select_related("company__approval_policy", "member").prefetch_related("quote__decisions"):
        limit = order.company.approval_policy.limit_yen(order.member.role)
        answers = [one for one in order.quote.decisions.all() if one.revision == order.quote_revision]
        last = max(answers, key=lambda one: one.pk, default=None)
        if limit is not None and order.total_yen > limit and (last is None or last.decision != Decision.APPROVED):
            yield f"{order.store_id}/{order.number} has no yes"


def vendors_are_asked_for_what_stands_in_their_orders() -> Found:
    asked = dict(VendorOrderLine.objects.values_list("line_id", "vendor_order_id"))
    lines = OrderLine.objects.select_related("order", "vendor_order", "sku__product")
    for line in lines:
        name, vendor_order = f"{line.store_id}/{line.order.number} line {line.position}", line.vendor_order
        if line.vendor_order_id != asked.pop(line.pk, None):
            yield f"{name} stands in another vendor order than it says"
        if line.delivered_at and vendor_order is None:
            yield f"{name} was delivered and never ordered"
        if vendor_order and vendor_order.vendor_id != line.sku.product.vendor_id:
            yield f"{name} is ordered from another vendor"
        if vendor_order and vendor_order.state == VendorOrder.State.CANCELLED:
            yield f"{name} stands in a vendor order that was taken back"


def the_history_tells_of_every_fact() -> Found:
    told: Counter[tuple[str, int, str]] = Counter(
        HistoryEntry.objects.values_list("subject_type", "subject_id", "event")
    )
    for kind, pk, name, facts in [*_facts_of_quotes(), *_facts_of_orders(), *_facts_of_the_rest()]:
        for events, number in facts.items():
            found = sum(told[kind, pk, event] for event in events.split())
            if found != number:
                yield f"{name}: {found} times {events}, not {number}"
    for quote in Quote.objects.filter(state=Quote.State.EXPIRED):
        if not told["quote", quote.pk, "quote.expired"]:
            yield f"{quote.store_id}/{quote.number} expired untold"


Facts = Iterator[tuple[str, int, str, dict[str, int]]]  # how often the history must tell of one of these events


def _facts_of_quotes() -> Facts:
    for quote in Quote.objects.prefetch_related("links__decisions"):
        links = list(quote.links.all())
        facts = {
            "quote.issued quote.prepared": 1,
            "quote.revised": quote.revision - 1,
            "quote.withdrawn": int(quote.state == Quote.State.WITHDRAWN),
            "quote.link_created": len(links),
            "quote.link_withdrawn": sum(link.withdrawn_at is not None for link in links),
            "quote.approved quote.returned": sum(len(link.decisions.all()) for link in links),
        }
        yield "quote", quote.pk, f"{quote.store_id}/{quote.number}", facts


def _facts_of_orders() -> Facts:
    for order in Order.objects.prefetch_related("wishes", "receivable__payments", "document_requests"):
        wishes = [wish.state for wish in order.wishes.all()]
        papers = [paper.state for paper in order.document_requests.all()]
        facts = {
            "order.placed order.filed": 1,
            "order.cancelled": int(order.state == Order.State.CANCELLED),
            "order.transfer_recorded": len(order.receivable.payments.all()),
            "order.wished": len(wishes),
            "order.wish_granted": wishes.count(OrderWish.State.GRANTED),
            "order.wish_refused": wishes.count(OrderWish.State.REFUSED),
            "order.paper_sent": papers.count(PaperState.SENT),
            "order.delivered": int(order.is_delivered),
            "order.received order.completed": int(order.state == Order.State.COMPLETED),
        }
        yield "order", order.pk, f"{order.store_id}/{order.number}", facts


def _facts_of_the_rest() -> Facts:
    for contract in Contract.objects.all():
        yield "contract", contract.pk, f"{contract.store_id}/{contract.number}", {"contract.opened": 1}
    for request in QuoteRequest.objects.prefetch_related("posts"):
        facts = {
            "request.asked request.replied request.answered": len(request.posts.all()),
            "request.closed": int(request.state == QuoteRequest.State.CLOSED),
        }
        yield "quoterequest", request.pk, f"{request.store_id}/{request.number}", facts


def every_fact_was_mailed_once() -> Found:
    """One mail for each fact that has one, with the number of what it is about; documents follow by a job each."""
    sent: Counter[tuple[int | None, str, str]] = Counter()
    for store_id, kind, subject in Message.objects.values_list("store_id", "kind", "subject"):
        if kind in _MAILED and (found := _NUMBER.search(subject)):
            sent[store_id, kind, found[0]] += 1
    wanted: Counter[tuple[int | None, str, str]] = Counter()
    jobs: Counter[tuple[str, int]] = Counter()
    numbers = {("order", pk): number for pk, number in Order.objects.values_list("pk", "number")}
    numbers |= {("quoterequest", pk): number for pk, number in QuoteRequest.objects.values_list("pk", "number")}
    numbers |= {("quote", pk): number for pk, number in Quote.objects.values_list("pk", "number")}
    for store_id, subject, pk, event, facts in HistoryEntry.objects.values_list(
        "store_id", "subject_type", "subject_id", "event", "facts"
    ):
        for kind in [kind for kind, events in _MAILED.items() if event in events]:
            if event != "quote.link_created" or facts["approver_id"]:
                wanted[store_id, kind, numbers[subject, pk]] += 1
        jobs.update([(job, pk) for job, events in _JOBS.items() if event in events])
    for order in Order.objects.annotate(came=Sum("receivable__payments__amount_yen")):
        if order.came == order.total_yen:
            wanted[order.store_id, "sales/payment_received", order.number] += 1
    yield from (f"{key}: {sent[key]} mails, not {wanted[key]}" for key in sent | wanted if sent[key] != wanted[key])
    rows = ProcrastinateJob.objects.filter(task_name__in=_JOBS).values_list("task_name", "args")
    made = Counter((job, args.get("quote_id") or args["order_id"]) for job, args in rows)
    yield from (f"{key}: {made[key]} jobs, not {jobs[key]}" for key in made | jobs if made[key] != jobs[key])


_MAILED: Final[dict[str, set[str]]] = {
    "sales/order_placed": {"order.placed", "order.filed"},
    "sales/payment_received": set(),  # by the money, not by an event
    "sales/wish_answered": {"order.wish_granted", "order.wish_refused"},
    "sales/delivered": {"order.delivered", "order.partly_delivered"},
    "sales/paper_asked": {"order.paper_asked"},
    "sales/paper_returned": {"order.paper_returned"},
    "sales/approval_asked": {"quote.link_created"},
    "sales/approval_decided": {"quote.approved", "quote.returned"},
    "sales/request_asked": {"request.asked", "request.replied"},
    "sales/request_answered": {"request.answered"},
}
_JOBS: Final[dict[str, set[str]]] = {
    "sales.quotes.publish": {"quote.issued", "quote.sent", "quote.revised"},
    "sales.order_documents.acknowledge": {"order.placed", "order.filed"},
}


def no_row_points_into_another_store() -> Found:
    parts = [
        f"SELECT '{model._meta.db_table}.{field.column}' FROM {model._meta.db_table} a JOIN {to._meta.db_table} b"  # noqa: S608  (names of tables)
        f" ON b.id = a.{field.column} WHERE b.store_id <> a.store_id"
        for model in apps.get_models()
        for field in model._meta.local_fields
        if model._meta.app_label in {"sales", "billing", "licensing"}
        and issubclass(model, StoreModel)
        and isinstance(to := field.related_model, type)
        and issubclass(to, StoreModel)
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        yield from (str(name) for (name,) in cursor.fetchall())


CHECKS: Final[list[Callable[[], Found]]] = [
    quotations_say_what_their_rows_say,
    orders_are_what_was_accepted,
    orders_stand_where_papers_money_and_delivery_put_them,
    money_adds_up,
    holdings_are_what_was_delivered,
    nothing_is_followed_above_what_is_held,
    numbers_have_no_gaps,
    requests_are_answered_by_what_went_out,
    links_end_with_their_quotation,
    nothing_is_ordered_without_a_needed_yes,
    vendors_are_asked_for_what_stands_in_their_orders,
    the_history_tells_of_every_fact,
    every_fact_was_mailed_once,
    no_row_points_into_another_store,
]
