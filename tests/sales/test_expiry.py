"""The price holds until the last day ends in Japan; then the quotation expires by itself, after a reminder."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core import mail as sent
from hypothesis import given
from hypothesis import strategies as st

from licenseonline.kit import scope
from licenseonline.kit.errors import Refused
from licenseonline.records import history
from licenseonline.sales import expiry, orders
from licenseonline.sales.models import Order, Quote
from tests.jobs import run_jobs
from tests.sales.test_races import at_once, fresh_quote, place
from tests.world import World

JST = timedelta(hours=9)


def at(day: date, clock_time: str) -> datetime:
    """That moment in Japan."""
    return datetime.fromisoformat(f"{day.isoformat()}T{clock_time}+09:00")


@pytest.mark.parametrize(
    "made", ["2026-06-01T10:00:00+09:00", "2026-12-27T23:59:59+09:00", "2028-02-22T00:00:00+09:00"]
)
def test_it_can_be_ordered_until_the_last_second_of_the_last_day_in_japan(world: World, made: str) -> None:
    with time_machine.travel(made, tick=False):
        quote, late = world.quote(), world.quote()
    last = date.fromisoformat(quote.snapshot["valid_until"])
    assert last == date.fromisoformat(made[:10]) + timedelta(days=world.elsat.quote_days)
    with time_machine.travel(at(last, "23:59:59"), tick=False):
        assert expiry.expire(87465) == 0
        orders.place(quote, accepted_terms=quote.snapshot["terms_version"], by=world.hanako)
    with time_machine.travel(at(last + timedelta(days=1), "00:00:00"), tick=False):
        with pytest.raises(Refused) as refusal:
            orders.place(late, accepted_terms=late.snapshot["terms_version"], by=world.hanako)
        assert refusal.value.code == "expired"
        assert expiry.expire(87465) == 1
        assert expiry.expire(87465) == 0
    late.refresh_from_db()
    quote.refresh_from_db()
    assert (late.state, quote.state) == (Quote.State.EXPIRED, Quote.State.ORDERED)
    assert [entry.event for entry in history.of(late)][-1] == "quote.expired"
    with pytest.raises(Refused) as refusal:
        orders.place(late, accepted_terms=late.snapshot["terms_version"], by=world.hanako)
    assert refusal.value.code == "expired"


@given(seconds=st.integers(0, 5 * 366 * 86400), days=st.integers(-2, 2))
def test_it_is_over_exactly_from_midnight_in_japan_on(seconds: int, days: int) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    last = (now + JST).date() + timedelta(days=days)
    quote = Quote(state=Quote.State.ISSUED, valid_until=last)
    with time_machine.travel(now, tick=False):
        assert quote.is_expired == (now >= at(last + timedelta(days=1), "00:00:00"))
        assert quote.can_be_ordered != quote.is_expired


def test_a_reminder_comes_once_and_only_where_something_can_still_be_done(world: World) -> None:
    with time_machine.travel("2026-06-01T10:00:00+09:00", tick=False):
        quote, ordered = world.quote(), world.quote()
        orders.place(ordered, accepted_terms=ordered.snapshot["terms_version"], by=world.hanako)
        assert expiry.remind(87465) == 0
    with time_machine.travel(at(quote.valid_until - timedelta(days=expiry.REMIND_DAYS + 1), "09:15:00"), tick=False):
        assert expiry.remind(87465) == 0
    with time_machine.travel(at(quote.valid_until - timedelta(days=expiry.REMIND_DAYS), "09:15:00"), tick=False):
        expiry.remind_all(0)
        expiry.remind_all(0)
        run_jobs()
    [reminder] = [one for one in sent.outbox if "有効期限のお知らせ" in one.subject]
    assert quote.number in reminder.subject
    assert reminder.to == [world.hanako.email]


def test_the_hourly_job_looks_at_every_store(world: World) -> None:
    with time_machine.travel("2026-06-01T10:00:00+09:00", tick=False):
        mine, theirs = world.quote(), world.quote(world.hanako_at_minato)
    with time_machine.travel("2026-07-01T10:00:00+09:00", tick=False):
        expiry.expire_all(0)
    assert {quote.state for quote in Quote.objects.filter(pk__in=[mine.pk, theirs.pk])} == {Quote.State.EXPIRED}


def test_an_order_and_the_job_at_once_have_one_winner(committed: World) -> None:
    quote = fresh_quote(committed)
    last = quote.valid_until
    meeting = threading.Barrier(2)

    def expire() -> str:
        meeting.wait(30)
        return f"expired: {expiry.expire(87465)}"

    with time_machine.travel(at(last + timedelta(days=1), "00:00:00"), tick=False):
        assert at_once(lambda: place(quote.number, "hanako@aozora.example", meeting), expire) == [
            "expired: 1",
            "refused: expired",
        ]
    with scope.platform():
        assert not Order.objects.exists()
        assert Quote.objects.get(pk=quote.pk).state == Quote.State.EXPIRED


def test_the_job_leaves_alone_what_is_being_ordered(committed: World) -> None:
    """The lock's pair: with the quotation locked by an order the job skips it, without it takes it."""
    quote = fresh_quote(committed)
    late = at(quote.valid_until + timedelta(days=1), "00:00:00")
    held, done = threading.Barrier(2), threading.Barrier(2)

    def order() -> str:
        with scope.stores([87465]):
            Quote.objects.select_for_update().get(pk=quote.pk)
            held.wait(30)
            done.wait(30)
        return "ordering"

    def job() -> str:
        held.wait(30)
        answer = f"expired: {expiry.expire(87465)}"
        done.wait(30)
        return answer

    with time_machine.travel(late, tick=False):
        assert at_once(order, job) == ["expired: 0", "ordering"]
        assert expiry.expire(87465) == 1
