"""Two at once, in pairs: without the lock the race appears, with it it does not."""

import threading
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, connections
from django.urls import reverse

from licenseonline.accounts.models import Member
from licenseonline.kit import clock, scope, states
from licenseonline.kit.errors import Refused
from licenseonline.records import numbers
from licenseonline.records.models import NumberSeries
from licenseonline.sales import carts, orders, quotes, sums
from licenseonline.sales.models import Order, OrderSum, Quote
from tests.conftest import signed_in
from tests.sales.invariants.sums import month_sums_are_those_of_their_rows
from tests.world import World

PATIENCE = 30  # seconds until a barrier gives up: only a broken test waits that long


def at_once(*acts: Callable[[], str]) -> list[str]:
    """Run each in a thread of its own, with its own connection; what they answered or raised, sorted."""
    outcomes: list[str] = []

    def run(act: Callable[[], str]) -> None:
        try:
            outcomes.append(act())
        except Refused as refusal:
            outcomes.append(f"refused: {refusal.code}")
        except IntegrityError as fault:
            outcomes.append(f"broken: {fault}".splitlines()[0])
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


def fresh_quote(committed: World) -> Quote:
    with scope.platform():
        return committed.quote()


def place(number: str, email: str, meeting: threading.Barrier | None = None, *, revision: int | None = None) -> str:
    """Order the quotation as this member, as a request does: read, (meet the other), write."""
    with scope.stores([87465]):
        member = Member.objects.select_related("company", "store").get(email=email)
        quote = Quote.objects.get(number=number)
        if meeting:
            meeting.wait(PATIENCE)
        orders.place(quote, accepted_terms=quote.snapshot["terms_version"], revision=revision, by=member)
    return "ordered"


def both_place(number: str, meeting: threading.Barrier | None) -> list[str]:
    people = ("hanako@aozora.example", "ichiro@aozora.example")
    return at_once(*(lambda who=who: place(number, who, meeting) for who in people))


def test_two_tabs_make_one_order(committed: World) -> None:
    quote = fresh_quote(committed)
    assert both_place(quote.number, threading.Barrier(2)) == ["ordered", "refused: ordered"]
    with scope.platform():
        assert Order.objects.count() == 1


def test_without_the_lock_both_tabs_go_on_and_only_the_unique_key_stops_one(
    committed: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    quote = fresh_quote(committed)
    meeting, met = threading.Barrier(2), threading.local()

    def no_lock(obj: Any) -> Any:
        if isinstance(obj, Quote) and not getattr(met, "done", False):
            met.done = True
            meeting.wait(PATIENCE)
        return obj

    monkeypatch.setattr(states, "lock", no_lock)
    first, second = both_place(quote.number, None)
    assert first.startswith("broken: duplicate key value violates unique constraint")
    assert second == "ordered"


def test_one_form_sent_twice_at_once_is_one_order(committed: World) -> None:
    quote = fresh_quote(committed)
    with scope.platform():
        clients = [signed_in(committed.hanako) for _ in range(2)]
    path, agreed = reverse("store:quote_order", args=[87465, quote.number]), {"terms": "on", "key": str(uuid4())}
    meeting = threading.Barrier(2)

    def send(client: Any) -> str:
        meeting.wait(PATIENCE)
        return str(client.post(path, agreed)["Location"])

    first, second = at_once(*(lambda client=client: send(client) for client in clients))
    with scope.platform():
        assert first == second == reverse("store:order", args=[87465, Order.objects.get().number])


def issue(email: str, meeting: threading.Barrier) -> str:
    with scope.stores([87465]):
        member = Member.objects.select_related("company", "store").get(email=email)
        meeting.wait(PATIENCE)
        return quotes.issue(carts.TERM, by=member).number


def both_issue(committed: World) -> list[str]:
    with scope.platform():
        for member in (committed.hanako, committed.ichiro):
            carts.put(committed.sku("VBBSS-1Y-005"), quantity=5, by=member)
    meeting = threading.Barrier(2)
    people = ("hanako@aozora.example", "ichiro@aozora.example")
    return at_once(*(lambda who=who: issue(who, meeting) for who in people))


def test_two_quotations_at_once_get_different_numbers(committed: World) -> None:
    period = clock.today().strftime("%y%m")
    assert both_issue(committed) == [f"Q{period}-00001", f"Q{period}-00002"]


def test_without_the_series_lock_two_get_one_number(committed: World, monkeypatch: pytest.MonkeyPatch) -> None:
    meeting = threading.Barrier(2)

    def read_then_write(prefix: str, *, store_id: int) -> str:
        series = NumberSeries.objects.filter(store_id=store_id, kind=prefix).first()
        meeting.wait(PATIENCE)
        count = (series.last if series else 0) + 1
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO records_numberseries (store_id, kind, period, last) VALUES (%s, %s, '0000', %s)"
                " ON CONFLICT (store_id, kind, period) DO UPDATE SET last = EXCLUDED.last",
                [store_id, prefix, count],
            )
        return f"{prefix}0000-{count:05d}"

    monkeypatch.setattr(numbers, "next_number", read_then_write)
    first, second = both_issue(committed)
    assert (first, second[:6]) == ("Q0000-00001", "broken")


def test_one_cart_quoted_twice_at_once_is_one_quotation(committed: World) -> None:
    with scope.platform():
        carts.put(committed.sku("VBBSS-1Y-005"), quantity=5, by=committed.hanako)
    meeting = threading.Barrier(2)
    outcomes = at_once(*(lambda: issue("hanako@aozora.example", meeting) for _ in range(2)))
    assert outcomes[1] == "refused: empty"
    with scope.platform():
        assert Quote.objects.count() == 1


def test_orders_of_a_month_neither_wait_for_each_other_nor_lose_a_sum(committed: World) -> None:
    with scope.platform():
        mine, theirs = committed.quote(), committed.quote(committed.hanako_at_minato)
    is_placed, may_end = threading.Event(), threading.Event()

    def slow() -> str:
        with scope.stores([87465]):
            orders.place(mine, accepted_terms=mine.snapshot["terms_version"], by=committed.hanako)
            is_placed.set()
            assert may_end.wait(PATIENCE)
        return "ordered"

    def quick() -> str:
        assert is_placed.wait(PATIENCE)
        with scope.stores([193808]):
            orders.place(theirs, accepted_terms=theirs.snapshot["terms_version"], by=committed.hanako_at_minato)
        sums.gather_all(0)
        may_end.set()
        return "ordered"

    def gather() -> str:
        sums.gather_all(0)
        return "gathered"

    assert at_once(slow, quick) == ["ordered", "ordered"]
    assert at_once(gather, gather) == ["gathered", "gathered"]
    with scope.platform():
        assert OrderSum.objects.get(store=None).orders == 2
        assert list(month_sums_are_those_of_their_rows()) == []
