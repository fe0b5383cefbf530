"""Quotations and orders by the product's verbs, as a ratio to the same rows written by Django's bulk_create.

Both sides write each document in one transaction, in the scope of its store, over one plain connection per client.
The verbs also read prices, check, lock, number, render the mail and empty the cart; bulk_create only inserts.
"""

import argparse
import multiprocessing
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from multiprocessing.pool import Pool
from statistics import median
from typing import Any

from django.apps import apps
from django.db import models

from bench import place, table
from bench.size import Size
from licenseonline.accounts.models import Member
from licenseonline.billing.models import Receivable
from licenseonline.catalog.models import Sku
from licenseonline.kit import clock, scope
from licenseonline.records.models import HistoryEntry, Message
from licenseonline.sales import carts, orders, quotes
from licenseonline.sales.models import CartLine, Order, OrderLine, Quote
from licenseonline.stores import stores

GOAL = 0.5
_LINES = 3
Step = Callable[[], object]


@dataclass(frozen=True)
class Work:
    """One client's share of a phase: its store's members, one document each."""

    phase: str
    store_id: int
    members: list[int]
    start: float


def main() -> None:
    parser = argparse.ArgumentParser(prog="bin/bench writes", description="Verbs against bulk_create.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--documents", type=int, default=40, help="per client, phase and round")
    options = parser.parse_args()
    place.prepare()
    rows, kept = [], {}
    for clients in (1, 8):
        shares = _shares(clients, options.documents)
        with multiprocessing.get_context("spawn").Pool(clients, place.set_up) as pool:
            _round(pool, shares)  # warm
            rounds = [_round(pool, shares) for _round_number in range(options.rounds)]
        for document in ("quotation", "order"):
            verbs, plain = ([rates[f"{document} {how}"] for rates in rounds] for how in ("verb", "plain"))
            ratio = median(verb / bare for verb, bare in zip(verbs, plain, strict=True))
            figures = [f"{median(plain):.0f}", f"{median(verbs):.0f}", f"{ratio:.0%}", f"{GOAL:.0%}"]
            rows.append([document, str(clients), *figures, table.verdict(ratio, GOAL)])
        kept[clients] = rounds
    table.keep("writes", kept)
    print(table.machine())
    print(table.markdown(["document", "clients", "bulk_create/s", "verb/s", "ratio", "target", ""], rows))


def _shares(clients: int, documents: int) -> list[tuple[int, list[int]]]:
    """Each client has a store of its own: documents of one store wait for each other at its number series."""
    with scope.platform():
        found: dict[int, list[int]] = {}
        for pk, store_id in Member.objects.order_by("pk").values_list("pk", "store_id"):
            found.setdefault(store_id, []).append(pk)
    full = [(store_id, members[:documents]) for store_id, members in found.items() if len(members) >= documents]
    if len(full) < clients:
        message = f"needs {clients} stores with {documents} members each: generate more members"
        raise SystemExit(message)
    return full[:clients]


def _round(pool: Pool, shares: list[tuple[int, list[int]]]) -> dict[str, float]:
    """Documents per second of every phase, all clients together."""
    rates = {}
    for phase in ("fill", "quotation verb", "order verb", "quotation plain", "order plain"):
        start = time.time() + 0.1  # all clients begin together
        took = pool.map(_run, [Work(phase, store_id, members, start) for store_id, members in shares], chunksize=1)
        done = sum(len(members) for _store_id, members in shares)
        rates[phase] = done / (max(end for _begin, end in took) - min(begin for begin, _end in took))
    return rates


def _run(work: Work) -> tuple[float, float]:
    """One client's phase: when its first document began and its last was committed."""
    steps = list(_PHASES[work.phase](work))
    time.sleep(max(0.0, work.start - time.time()))
    begin = time.time()
    for step in steps:
        with scope.stores([work.store_id]):
            step()
    return begin, time.time()


def _members(work: Work) -> list[Member]:
    """With company and store as a request has them."""
    with scope.stores([work.store_id]):
        found = Member.objects.select_related("company").in_bulk(work.members)
        store = stores.open_store(work.store_id)
    for member in found.values():
        member.store = store
    return [found[pk] for pk in work.members]


def _fill(work: Work) -> Iterator[Step]:
    """Lines in every cart."""
    with scope.stores([work.store_id]):
        sold = Sku.objects.public(work.store_id).filter(product__vendor_id__lte=Size.CORE_VENDORS, band_from=1)[:_LINES]
        lines = [
            CartLine(store_id=work.store_id, member_id=member, sku=sku, quantity=k + 2, added_at=clock.now())
            for member in work.members
            for k, sku in enumerate(sold)
        ]
        CartLine.objects.filter(member__in=work.members).delete()
        CartLine.objects.bulk_create(lines)
    return iter(())


def _issue(work: Work) -> Iterator[Step]:
    for member in _members(work):
        yield partial(quotes.issue, carts.TERM, subject="ライセンス更新", by=member)


def _newest(work: Work, *, ordered: bool) -> list[Quote]:
    """The last quotation of each member."""
    with scope.stores([work.store_id]):
        rows = Quote.objects.filter(member__in=work.members, order__isnull=not ordered).select_related(
            "member", "order"
        )
        return list(rows.order_by("member", "-id").distinct("member"))


def _place(work: Work) -> Iterator[Step]:
    members = {member.pk: member for member in _members(work)}
    for quote in _newest(work, ordered=False):
        terms = quote.snapshot["terms_version"]
        yield partial(orders.place, quote, accepted_terms=terms, by=members[quote.member_id or 0])


def _plain_quotes(work: Work) -> Iterator[Step]:
    """The rows of the quotations that the verbs have just made, under other numbers, ready to be written."""
    for quote in _newest(work, ordered=True):
        with scope.stores([work.store_id]):
            entry = _new(HistoryEntry.objects.get(subject_type="quote", subject_id=quote.pk))
            job = _new(_job("sales.quotes.publish", quote_id=quote.pk))
        copy = _new(quote)
        copy.number, copy.state = f"B{quote.pk}", Quote.State.ISSUED
        yield partial(_write_quote, copy, entry, job)


def _write_quote(quote: Quote, entry: HistoryEntry, job: models.Model) -> None:
    _bulk([quote])
    entry.subject_id = quote.pk
    _bulk([entry])
    _bulk([job])


def _plain_orders(work: Work) -> Iterator[Step]:
    """The rows of the orders that the verbs have just placed, for the quotations that bulk_create has just written."""
    waiting = {quote.member_id: quote for quote in _newest(work, ordered=False)}
    for quote in _newest(work, ordered=True):
        order = quote.order
        with scope.stores([work.store_id]):
            lines = list(OrderLine.objects.filter(order=order).select_related("margin").order_by("position"))
            entry = HistoryEntry.objects.get(subject_type="order", subject_id=order.pk)
            message = Message.objects.filter(recipient=quote.member.email, kind="sales/order_placed").latest("pk")
            job = _job("sales.order_documents.acknowledge", message_id=message.pk)
            receivable = _new(order.receivable)
        copy = _new(order)
        copy.quote = waiting[quote.member_id]
        copy.number = receivable.reference = f"B{order.pk}"
        margins = [_new(line.margin) for line in lines]
        rest = [_new(entry), _new(message), _new(job)]
        yield partial(_write_order, receivable, copy, [_new(line) for line in lines], margins, rest)


def _write_order(receivable: Receivable, order: Order, lines: list[Any], margins: list[Any], rest: list[Any]) -> None:
    _bulk([receivable])
    order.receivable = receivable
    _bulk([order])
    for line in lines:
        line.order = order
    _bulk(lines)
    for line, margin in zip(lines, margins, strict=True):
        margin.line = line
    _bulk(margins)
    rest[0].subject_id = order.pk
    for row in rest:
        _bulk([row])


def _job(task: str, **arguments: int) -> models.Model:
    """The newest job of the task for these arguments, to be written again."""
    jobs: Any = apps.get_model("procrastinate", "ProcrastinateJob")
    found: models.Model = jobs.objects.filter(task_name=task, args__contains=arguments).latest("id")
    return found


def _new(row: Any) -> Any:
    """An unsaved copy."""
    values = {field.attname: getattr(row, field.attname) for field in row._meta.local_concrete_fields}
    values.pop(row._meta.pk.attname)
    return type(row)(**values)


def _bulk(rows: list[Any]) -> None:
    models.QuerySet(type(rows[0])).bulk_create(rows)


_PHASES: dict[str, Callable[[Work], Iterator[Step]]] = {
    "fill": _fill,
    "quotation verb": _issue,
    "order verb": _place,
    "quotation plain": _plain_quotes,
    "order plain": _plain_orders,
}
