"""Quotations and orders of the last ten months, with receivables, payments, margins, files and history."""

import random
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.db import models

from bench import generated_catalogue, generated_stores
from bench.size import Size
from licenseonline.accounts.models import Member
from licenseonline.billing.models import Payment, Receivable
from licenseonline.catalog import prices
from licenseonline.catalog.models import Sku
from licenseonline.kit import clock, money
from licenseonline.records.models import HistoryEntry, NumberSeries, StoredFile
from licenseonline.sales import carts, snapshots
from licenseonline.sales.models import LineMargin, Order, OrderLine, Quote
from licenseonline.stores.models import Store

_DAYS = 300
_RECENT = timedelta(days=6)  # those still wait for the money
_DONE = timedelta(days=21)  # those were delivered and received: a desk that works has no backlog of ten months
_SUBJECT = "ライセンス更新"


@dataclass
class Sale:
    """A quotation, and the number of its order when it has one."""

    key: int
    member: Member
    at: datetime
    number: str
    order_number: str
    lines: list[carts.Line]
    totals: money.Totals

    @cached_property
    def frozen(self) -> snapshots.Snapshot:
        """What both documents show; made only where it is written."""
        until = clock.jst_date(self.at) + timedelta(days=self.member.store.quote_days)
        made = snapshots.quotation(
            self.lines, number=self.number, member=self.member, valid_until=until, subject=_SUBJECT, totals=self.totals
        )
        made["issued_on"] = clock.jst_date(self.at).isoformat()
        return made

    @property
    def store_id(self) -> int:
        """The member's."""
        return self.member.store_id


class _Sales:
    """All sales in the order of time. Every table walks them anew, so that a million need no memory."""

    def __init__(self, size: Size) -> None:
        self.size = size
        self.total = size.orders * 5 // 4
        self.end = clock.now()
        self.counts: Counter[tuple[int, str, str]] = Counter()
        self.stores = [generated_stores.store(size, n) for n in range(size.stores)]
        self.skus = _core_skus(size)

    def __iter__(self) -> Iterator[Sale]:
        self.counts.clear()
        for key in range(1, self.total + 1):
            yield self._sale(key)

    def ordered(self) -> Iterator[tuple[int, Sale]]:
        """Those that became orders, with the order's id."""
        return enumerate((sale for sale in self if sale.order_number), start=1)

    def is_paid(self, sale: Sale) -> bool:
        return sale.at < self.end - _RECENT

    def delivered_at(self, sale: Sale) -> datetime | None:
        return sale.at + _RECENT if sale.at < self.end - _DONE else None

    def _sale(self, key: int) -> Sale:
        chance = random.Random(key)
        company = int(self.size.companies * chance.random() ** 2)  # some buy much more than others
        member = _member(self.size, company, self.stores[company % self.size.stores], chance)
        at = self.end - timedelta(days=_DAYS) * (1 - key / self.total)
        lines = [self._line(chance) for _ in range(chance.choice([1, 1, 2, 3, 3, 5, 10]))]
        number = self._number("Q", member.store_id, at)
        totals = money.totals([(line.amount_yen, 10) for line in lines], money.Rounding.FLOOR)
        order = self._number("P", member.store_id, at) if key % 5 else ""
        return Sale(key, member, at, number, order, lines, totals)

    def _number(self, kind: str, store_id: int, at: datetime) -> str:
        period = clock.jst_date(at).strftime("%y%m")
        self.counts[store_id, kind, period] += 1
        return f"{kind}{period}-{self.counts[store_id, kind, period]:05d}"

    def _line(self, chance: random.Random) -> carts.Line:
        sku = chance.choice(self.skus)
        rate = generated_catalogue.per_mille(sku.product.vendor_id - 1)
        listed = generated_catalogue.list_yen(sku.pk - 1)
        unit = prices.sell(listed, rate, 10)
        gross = money.with_tax(unit, 10, money.Rounding.FLOOR)
        return carts.Line(sku, chance.randint(1, 9), prices.Offer(sku, unit, listed, 10, gross), "")


def _core_skus(size: Size) -> list[Sku]:
    """New one-year SKUs of the vendors that every store sells: at most a thousand."""
    found = []
    for number in range(min(size.products, 1000 * size.vendors // size.CORE_VENDORS)):
        if number % size.vendors < size.CORE_VENDORS:
            sku = generated_catalogue.sku(size, number * size.PER_PRODUCT)
            sku.product = generated_catalogue.product(size, number)
            found.append(sku)
    return found


def _member(size: Size, company: int, store: Store, chance: random.Random) -> Member:
    member = generated_stores.member(size, company + size.companies * (chance.random() < 0.3))
    if member.pk > size.members:
        member = generated_stores.member(size, company)
    member.company = generated_stores.company(size, company)
    member.store = store
    return member


def tables(size: Size) -> Iterator[tuple[type[models.Model], Iterable[models.Model]]]:
    """Everything that follows from the sales."""
    sales = _Sales(size)
    yield StoredFile, map(_file, sales)
    yield Quote, map(_quote, sales)
    yield (
        NumberSeries,
        [
            NumberSeries(id=key, store_id=store_id, kind=kind, period=period, last=last)
            for key, ((store_id, kind, period), last) in enumerate(sorted(sales.counts.items()), start=1)
        ],
    )
    yield Receivable, (_receivable(sales, key, sale) for key, sale in sales.ordered())
    yield Payment, (_payment(key, sale) for key, sale in sales.ordered() if sales.is_paid(sale))
    yield Order, (_order(sales, key, sale) for key, sale in sales.ordered())
    yield OrderLine, _lines(sales)
    yield LineMargin, _margins(sales)
    yield HistoryEntry, _history(sales)


def _file(sale: Sale) -> StoredFile:
    return StoredFile(
        id=sale.key, store_id=sale.store_id, name=f"見積書_{sale.number}.pdf", content_type="application/pdf", size=52_000,
        sha256="0" * 64, path=f"{sale.store_id}/bench-{sale.key}", company_id=sale.member.company_id, created_at=sale.at,
    )  # fmt: skip


def _quote(sale: Sale) -> Quote:
    state = Quote.State.ORDERED if sale.order_number else Quote.State.ISSUED
    until = clock.jst_date(sale.at) + timedelta(days=sale.member.store.quote_days)
    return Quote(
        id=sale.key, store_id=sale.store_id, number=sale.number, company_id=sale.member.company_id, member_id=sale.member.pk,
        state=state, issued_at=sale.at, valid_until=until, subject=_SUBJECT, total_yen=sale.totals.gross,
        title=snapshots.title(sale.frozen), snapshot=sale.frozen, pdf_id=sale.key,
    )  # fmt: skip


def _receivable(sales: _Sales, key: int, sale: Sale) -> Receivable:
    state = Receivable.State.PAID if sales.is_paid(sale) else Receivable.State.OPEN
    return Receivable(
        id=key, store_id=sale.store_id, company_id=sale.member.company_id, reference=sale.order_number,
        amount_yen=sale.totals.gross, due_on=clock.jst_date(sale.at) + timedelta(days=10), state=state,
    )  # fmt: skip


def _payment(key: int, sale: Sale) -> Payment:
    return Payment(
        id=key, store_id=sale.store_id, receivable_id=key, amount_yen=sale.totals.gross,
        received_on=clock.jst_date(sale.at), payer_name="ﾍﾞﾝﾁ", recorded_by_id=1, recorded_at=sale.at,
    )  # fmt: skip


def _order(sales: _Sales, key: int, sale: Sale) -> Order:
    state = Order.State.ARRANGING if sales.is_paid(sale) else Order.State.AWAITING_PAYMENT
    delivered_at = sales.delivered_at(sale)
    return Order(
        id=key, store_id=sale.store_id, number=sale.order_number, quote_id=sale.key, company_id=sale.member.company_id,
        member_id=sale.member.pk, receivable_id=key, placed_at=sale.at,
        state=Order.State.COMPLETED if delivered_at else state, delivered_at=delivered_at,
        terms_version=sale.member.store.terms_version, total_yen=sale.totals.gross, title=snapshots.title(sale.frozen), snapshot=sale.frozen,
    )  # fmt: skip


def _numbered(sales: _Sales) -> Iterator[tuple[int, int, int, carts.Line, Sale]]:
    """Each line of each order with its id, its order's, and its position."""
    key = 0
    for order, sale in sales.ordered():
        for position, line in enumerate(sale.lines, start=1):
            key += 1
            yield key, order, position, line, sale


def _lines(sales: _Sales) -> Iterator[OrderLine]:
    for key, order, position, line, sale in _numbered(sales):
        yield OrderLine(
            id=key, store_id=sale.store_id, order_id=order, position=position, sku_id=line.sku.pk, quantity=line.quantity,
            unit_yen=prices.priced(line.offer), delivered_at=sales.delivered_at(sale),
        )  # fmt: skip


def _margins(sales: _Sales) -> Iterator[LineMargin]:
    for key, _order_id, _position, line, sale in _numbered(sales):
        cost = generated_catalogue.list_yen(line.sku.pk - 1) * 7 // 10 * line.quantity
        yield LineMargin(
            id=key, store_id=sale.store_id, line_id=key, cost_yen=cost, margin_yen=line.amount_yen - cost,
            commission_per_mille=50, commission_yen=line.amount_yen * 50 // 1000,
        )  # fmt: skip


def _history(sales: _Sales) -> Iterator[HistoryEntry]:
    key = order = 0
    for sale in sales:
        entries: list[tuple[str, int, str]] = [("quote", sale.key, "quote.issued")]
        if sale.order_number:
            order += 1
            entries.append(("order", order, "order.placed"))
        if sale.order_number and sales.is_paid(sale):
            entries.append(("order", order, "order.transfer_recorded"))
        for subject, subject_id, event in entries:
            key += 1
            staff = event == "order.transfer_recorded"
            yield HistoryEntry(
                id=key, store_id=sale.store_id, subject_type=subject, subject_id=subject_id, event=event,
                actor_kind="operator" if staff else "member", actor_id=1 if staff else sale.member.pk,
                facts={"amount_yen": sale.totals.gross}, at=sale.at,
            )  # fmt: skip
