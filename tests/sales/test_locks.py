"""Two at once, in pairs, where what breaks is an invariant: a revision that is ordered, a number given back, a transfer booked twice.

The order of locks: the company, then its orders by their ids, then the rows of an order.
"""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError, transaction

from licenseonline.accounts.models import Member, User
from licenseonline.billing import payments
from licenseonline.kit import clock, scope, states
from licenseonline.sales import orders, proofs, revisions, submissions
from licenseonline.sales.models import DocumentRequest, Order, Quote
from licenseonline.sales.offers import Content
from tests.sales import invariants
from tests.sales.test_offers import wanted
from tests.sales.test_papers import order_of, picture
from tests.sales.test_races import PATIENCE, at_once, fresh_quote, place
from tests.world import World


def broken() -> set[str]:
    with scope.platform():
        return {line.partition(":")[0] for line in invariants.broken()}


@pytest.mark.parametrize("locks", [True, False])
def test_what_is_ordered_is_the_revision_that_the_quotation_has(
    committed: World, monkeypatch: pytest.MonkeyPatch, *, locks: bool
) -> None:
    """The order looks at the quotation before the revision is written, and goes on after it."""
    quote = fresh_quote(committed)
    looked, revised, reviser = threading.Event(), threading.Event(), threading.local()
    lock: Callable[[Any], Any] = states.lock

    def look(row: Any) -> Any:
        if not isinstance(row, Quote) or getattr(reviser, "is_me", False):
            return lock(row)
        found = lock(row) if locks else row
        looked.set()
        if not locks:
            revised.wait(PATIENCE)
        return found

    def revise() -> str:
        reviser.is_me = True
        looked.wait(PATIENCE)
        with scope.platform():
            mine = Quote.objects.select_related("member__store", "member__company", "store").get(pk=quote.pk)
            revisions.revise(mine, Content(rows), by=partner)
        revised.set()
        return "revised"

    with scope.platform():
        partner, rows = committed.partner, wanted(committed, None, 12)
    monkeypatch.setattr(states, "lock", look)
    outcomes = at_once(lambda: place(quote.number, "hanako@aozora.example", revision=1), revise)
    assert outcomes == (["ordered", "refused: state"] if locks else ["ordered", "revised"])
    assert ("orders_are_what_was_accepted" in broken()) is not locks


def test_a_number_that_is_given_back_while_another_sale_waits_leaves_no_gap(committed: World) -> None:
    first, second = fresh_quote(committed), fresh_quote(committed)
    taken = threading.Event()

    def gives_up() -> str:
        with scope.stores([87465]):
            order = place_again(first, hanako)
            taken.set()
            transaction.set_rollback(True)
        return order.number

    def waits() -> str:
        taken.wait(PATIENCE)
        with scope.stores([87465]):
            return place_again(second, hanako).number

    with scope.platform():
        hanako = committed.hanako
    given, again = at_once(gives_up, waits)
    assert given == again
    with scope.platform():
        assert Order.objects.get().quote_id == second.pk
    assert broken() == set()


def place_again(quote: Quote, by: Member) -> Order:
    mine = Quote.objects.get(pk=quote.pk)
    return orders.place(mine, accepted_terms=mine.snapshot["terms_version"], by=by)


@pytest.mark.parametrize("locks", [True, False])
def test_one_transfer_is_booked_once_however_many_book_it(
    committed: World, monkeypatch: pytest.MonkeyPatch, *, locks: bool
) -> None:
    with scope.platform():
        order, desk = committed.order(), committed.operator
    meeting, remaining = threading.Barrier(2), payments.remaining

    def book() -> str:
        with scope.platform():
            mine = Order.objects.select_related("receivable", "store", "member").get(pk=order.pk)
            if locks:
                meeting.wait(PATIENCE)
            yen, day = mine.total_yen - 1, clock.today()
            orders.record_transfer(mine, amount_yen=yen, received_on=day, payer_name="", by=desk)
        return "booked"

    def read_together(*rows: Any) -> int:
        found = remaining(*rows)
        meeting.wait(PATIENCE)
        return found

    if not locks:
        monkeypatch.setattr(states, "lock", lambda row: row)
        monkeypatch.setattr(payments, "remaining", read_together)
    assert at_once(book, book) == ["booked", "refused: amount" if locks else "booked"]
    assert ("money_adds_up" in broken()) is not locks


@pytest.mark.parametrize("verb", ["accept", "send_back"])
@pytest.mark.parametrize("locks", [True, False])
def test_who_reviews_a_paper_and_who_locks_orders_by_their_ids_do_not_wait_in_a_circle(
    committed: World, monkeypatch: pytest.MonkeyPatch, verb: str, *, locks: bool
) -> None:
    """The reviewer has the newer order's paper; the other holds the older order and wants the newer one, as deliveries do."""
    with scope.platform():
        older, newer = (order_of(committed, "TREND-ACA") for _order in range(2))
        desk, paper = committed.operator, newer.document_requests.get()
        submissions.hand_in(paper, [picture()], by=committed.taro)
        [seen] = submissions.counting(paper)
        if verb == "send_back":
            submissions.accept(paper, seen=seen.pk, remember=True, by=desk)
    has_older, under_way = threading.Event(), threading.Event()
    orders_by_id, goes_on = proofs.lock_orders, proofs._orders

    def lock_orders(request: DocumentRequest) -> None:
        if locks:
            under_way.set()
            orders_by_id(request)

    def others(*args: Any) -> list[Order]:
        under_way.set()
        return goes_on(*args)

    def review() -> str:
        has_older.wait(PATIENCE)
        return reviewed(paper.pk, verb, seen.pk, by=desk)

    def by_id() -> str:
        with scope.platform():
            states.lock(older)
            has_older.set()
            under_way.wait(PATIENCE)
            states.lock(newer)
        return "locked"

    monkeypatch.setattr(proofs, "lock_orders", lock_orders)
    monkeypatch.setattr(proofs, "_orders", others)
    outcomes = at_once(or_circle(review), or_circle(by_id))
    assert outcomes == ["locked", "reviewed"] if locks else "circle" in outcomes


def reviewed(paper: int, verb: str, seen: int, *, by: User) -> str:
    with scope.platform():
        mine = DocumentRequest.objects.select_related("order__store", "order__member").get(pk=paper)
        if verb == "accept":
            submissions.accept(mine, seen=seen, remember=True, by=by)
        else:
            submissions.send_back(mine, seen=seen, reason="別の学校のものでした。", by=by)
    return "reviewed"


def or_circle(act: Callable[[], str]) -> Callable[[], str]:
    def run() -> str:
        try:
            return act()
        except OperationalError:  # PostgreSQL has found a deadlock
            return "circle"

    return run
