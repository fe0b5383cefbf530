"""Ordering and leaving at once, in a pair: with the hold exactly one of both wins, without it a member who left has ordered."""

import threading
from typing import Any

import pytest

from licenseonline.accounts import members, security_notices
from licenseonline.accounts.models import Member
from licenseonline.kit import scope
from licenseonline.kit.errors import Refused
from licenseonline.records.models import Message
from licenseonline.sales import carts, mail, orders, quotes, withdrawals
from licenseonline.sales.models import Order, Quote
from tests.sales.test_races import PATIENCE, at_once, fresh_quote
from tests.world import PASSWORD, World

WHO = "ichiro@aozora.example"


def somebody() -> Member:
    return Member.objects.select_related("company", "store").get(store=87465, email=WHO)


def leave(start: threading.Barrier | None = None) -> str:
    with scope.stores([87465]):
        member = somebody()
        if start:
            start.wait(PATIENCE)
        withdrawals.withdraw(member, password=PASSWORD, network="n", by=member)
    return "left"


def order(number: str, start: threading.Barrier | None = None) -> str:
    """Order as a request does: read, (wait until the other is under way), write."""
    with scope.stores([87465]):
        member, quote = somebody(), Quote.objects.get(number=number)
        if start:
            start.wait(PATIENCE)
        orders.place(quote, accepted_terms=quote.snapshot["terms_version"], by=member)
    return "ordered"


def leave_first(number: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The order begins when the withdrawal has found no open order and is not committed yet."""
    looked, send = threading.Barrier(2), security_notices.send

    def meet(*args: Any, **options: Any) -> Any:
        looked.wait(PATIENCE)
        return send(*args, **options)

    monkeypatch.setattr(security_notices, "send", meet)
    return at_once(leave, lambda: order(number, looked))


def ordered_by_who_left() -> bool:
    with scope.platform():
        return Order.objects.filter(member__email=WHO, member__is_active=False).exists()


def test_who_leaves_first_orders_nothing(committed: World, monkeypatch: pytest.MonkeyPatch) -> None:
    assert leave_first(fresh_quote(committed).number, monkeypatch) == ["left", "refused: withdrawn"]
    assert not ordered_by_who_left()


def test_without_the_hold_a_member_who_left_has_ordered(committed: World, monkeypatch: pytest.MonkeyPatch) -> None:
    number = fresh_quote(committed).number
    monkeypatch.setattr(members, "hold", lambda _member: None)
    assert leave_first(number, monkeypatch) == ["left", "ordered"]
    assert ordered_by_who_left()


def test_who_orders_first_does_not_leave(committed: World, monkeypatch: pytest.MonkeyPatch) -> None:
    number = fresh_quote(committed).number
    placed, told = threading.Barrier(2), mail.order_placed

    def meet(placed_order: Order, **options: Any) -> Message:
        placed.wait(PATIENCE)
        return told(placed_order, **options)

    monkeypatch.setattr(mail, "order_placed", meet)
    assert at_once(lambda: leave(placed), lambda: order(number)) == ["ordered", "refused: open"]
    assert not ordered_by_who_left()


def test_who_was_removed_since_the_page_was_read_neither_quotes_nor_orders(world: World) -> None:
    sku, quote = world.sku("VBBSS-1Y-005"), world.quote()
    carts.put(sku, quantity=5, by=world.hanako)
    Member.objects.filter(pk=world.hanako.pk).update(is_active=False)
    with pytest.raises(Refused) as refusal:
        quotes.issue(carts.TERM, by=world.hanako)
    assert refusal.value.code == "empty"
    with pytest.raises(Refused) as refusal:
        orders.place(quote, accepted_terms=quote.snapshot["terms_version"], by=world.hanako)
    assert refusal.value.code == "withdrawn"
