"""What every verb leaves behind: numbers, history, mails, jobs; in its own store."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Final

from django.apps import apps
from django.db import connection
from django.db.models import Sum
from procrastinate.contrib.django.models import ProcrastinateJob

from licenseonline.kit.tenancy import StoreModel
from licenseonline.licensing.models import Contract
from licenseonline.records.models import HistoryEntry, Message, NumberSeries
from licenseonline.sales.models import Order, OrderWish, PaperState, Quote, QuoteRequest
from tests.sales.invariants.found import Found

_NUMBER: Final = re.compile(r"[QPR]\d{4}-\d{5}")
_MAILED: Final[dict[str, set[str]]] = {
    "sales/order_placed": {"order.placed", "order.filed"},
    "sales/payment_received": set(),  # by the money, not by an event
    "sales/wish_answered": {"order.wish_granted", "order.wish_refused"},
    "sales/delivered": {"order.delivered", "order.partly_delivered"},
    "sales/paper_asked": {"order.paper_asked"},
    "sales/paper_returned": {"order.paper_returned"},
    "sales/paper_asked_again": {"order.paper_asked_again"},
    "sales/approval_asked": {"quote.link_created"},
    "sales/approval_decided": {"quote.approved", "quote.returned"},
    "sales/request_asked": {"request.asked", "request.replied"},
    "sales/request_answered": {"request.answered"},
}
_JOBS: Final[dict[str, set[str]]] = {
    "sales.quotes.publish": {"quote.issued", "quote.sent", "quote.entered", "quote.revised"},
    "sales.order_documents.acknowledge": {"order.placed", "order.filed"},
}
Facts = Iterator[tuple[str, int, str, dict[str, int]]]  # how often the history must tell of one of these events


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


def _facts_of_quotes() -> Facts:
    for quote in Quote.objects.prefetch_related("links__decisions"):
        links = list(quote.links.all())
        facts = {
            "quote.issued quote.prepared": 1,
            "quote.revised": quote.revision - 1,
            "quote.withdrawn": int(quote.state == Quote.State.WITHDRAWN),
            "quote.claimed": int(bool(quote.offered_to) and quote.member_id is not None),
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
