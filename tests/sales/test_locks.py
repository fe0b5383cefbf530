"""Two at once, in pairs, where what breaks is an invariant: a revision that is ordered, a number given back, a transfer booked twice."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from licenseonline.accounts.models import Member
from licenseonline.billing import payments
from licenseonline.kit import clock, scope, states
from licenseonline.sales import orders, revisions
from licenseonline.sales.models import Order, Quote
from licenseonline.sales.offers import Content
from tests.sales import invariants
from tests.sales.test_offers import wanted
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
