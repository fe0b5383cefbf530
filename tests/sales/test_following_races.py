"""Two at once that renew the same contract, or quote the same cart as a set: one of them does."""

import threading
from collections.abc import Callable
from typing import Any

import pytest

from licenseonline.accounts.models import Member
from licenseonline.catalog.models import Sku
from licenseonline.kit import scope
from licenseonline.sales import carts, followings, quotes
from licenseonline.sales.models import Order, Quote
from tests.sales.test_followings import enters, holds
from tests.sales.test_races import PATIENCE, at_once, place
from tests.world import World

PEOPLE = ("hanako@aozora.example", "ichiro@aozora.example")


def renewals(committed: World, hold: Callable[[World], object]) -> list[str]:
    """A quotation by each of two colleagues for all that one contract (or what the desk entered) has."""
    with scope.platform():
        hold(committed)
        Sku.objects.filter(model_number="VBBSS-R1").update(papers=[])
        made = []
        for member in (committed.hanako, committed.ichiro):
            carts.put(committed.sku("VBBSS-R1"), quantity=10, by=member)
            made.append(quotes.issue(carts.TERM, by=member).number)
    return made


def contract(committed: World) -> None:
    holds(committed, 10, ends=None)


def entered(committed: World) -> None:
    enters(committed, 10, product=committed.sku("VBBSS-R1").product)


def both_place(numbers: list[str], meeting: threading.Barrier | None) -> list[str]:
    return at_once(
        *(
            lambda number=number, who=who: place(number, who, meeting)
            for number, who in zip(numbers, PEOPLE, strict=True)
        )
    )


def test_one_contract_is_renewed_once(committed: World) -> None:
    assert both_place(renewals(committed, contract), threading.Barrier(2)) == ["ordered", "refused: follows"]


def test_an_entered_holding_is_renewed_once(committed: World) -> None:
    assert both_place(renewals(committed, entered), threading.Barrier(2)) == ["ordered", "refused: cap"]


@pytest.mark.parametrize("hold", [contract, entered])
def test_without_the_companys_lock_it_is_renewed_twice(
    committed: World, monkeypatch: pytest.MonkeyPatch, hold: Callable[[World], object]
) -> None:
    numbers, meeting, check = renewals(committed, hold), threading.Barrier(2), followings.check

    def checked_together(*args: Any, **named: Any) -> None:
        check(*args, **named)
        meeting.wait(PATIENCE)

    monkeypatch.setattr(followings, "_LOCK", "SELECT 1")
    monkeypatch.setattr(followings, "check", checked_together)
    assert both_place(numbers, None) == ["ordered", "ordered"]
    with scope.platform():
        assert Order.objects.count() == 2


def test_one_cart_quoted_as_a_set_twice_at_once_is_one_set(committed: World) -> None:
    with scope.platform():
        carts.put(committed.sku("VBBSS-1Y-005"), quantity=5, by=committed.hanako)
        carts.put(committed.sku("M365-MONTH"), quantity=5, by=committed.hanako)
    meeting = threading.Barrier(2)

    def issue() -> str:
        with scope.stores([87465]):
            member = Member.objects.select_related("company", "store").get(email=PEOPLE[0])
            meeting.wait(PATIENCE)
            return quotes.issue_all(by=member)[0].set_number

    made, refused = at_once(issue, issue)
    assert refused == "refused: empty"
    with scope.platform():
        assert list(Quote.objects.values_list("set_number", flat=True)) == [made, made]
