"""What a quotation promises, and what is left of a sale that is rolled back."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import time_machine
from django.db import transaction

from licenseonline.catalog.models import Price, Sku
from licenseonline.kit.errors import NotVisible, Refused
from licenseonline.records.models import HistoryEntry, Message
from licenseonline.sales import carts, orders, quotes
from licenseonline.sales.models import Order, Quote
from tests.jobs import run_jobs, waiting
from tests.world import World


@contextmanager
def rolled_back() -> Iterator[None]:
    """As when something after the sale fails."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def test_rolled_back_quotation_leaves_no_job_no_mail_and_no_gap(world: World) -> None:
    first = world.quote()
    run_jobs()
    mails, entries = Message.objects.count(), HistoryEntry.objects.count()
    with rolled_back():
        lost = world.quote()
    assert waiting() == []
    assert (Message.objects.count(), HistoryEntry.objects.count()) == (mails, entries)
    after = world.quote()
    assert [first.number[-5:], lost.number[-5:], after.number[-5:]] == ["00001", "00002", "00002"]


def test_rolled_back_order_leaves_no_job_no_mail_and_no_gap(world: World) -> None:
    quote = world.quote()
    run_jobs()
    mails = Message.objects.count()
    with rolled_back():
        lost = orders.place(quote, accepted_terms=quote.snapshot["terms_version"], by=world.hanako)
    assert waiting() == []
    assert Message.objects.count() == mails
    placed = orders.place(quote, accepted_terms=quote.snapshot["terms_version"], by=world.hanako)
    assert placed.number == lost.number
    assert waiting() == ["sales.order_documents.acknowledge"]  # which lets the mail go


def test_each_store_counts_for_itself(world: World) -> None:
    numbers = [world.quote(member).number[-5:] for member in (world.hanako, world.hanako_at_minato, world.taro)]
    assert numbers == ["00001", "00001", "00002"]


@time_machine.travel("2026-12-31T23:59:59+09:00", tick=False)
def test_month_of_a_number_is_japans(world: World) -> None:
    assert world.quote().number == "Q2612-00001"
    with time_machine.travel("2027-01-01T00:00:00+09:00", tick=False):
        assert world.quote().number == "Q2701-00001"


def test_later_prices_and_names_change_no_promise(world: World) -> None:
    quote = world.quote()
    before = quote.snapshot
    Price.objects.filter(sku__model_number="VBBSS-1Y-005").update(list_yen=9999)
    Sku.objects.filter(model_number="VBBSS-1Y-005").update(name="改名")
    order = orders.place(Quote.objects.get(pk=quote.pk), accepted_terms=before["terms_version"], by=world.ichiro)
    assert order.snapshot == before
    assert order.total_yen == 51480


def test_preview_is_what_issue_freezes(world: World) -> None:
    carts.put(world.sku("VBBSS-1Y-005"), quantity=10, by=world.hanako)
    preview = quotes.preview(carts.TERM, by=world.hanako)
    quote = quotes.issue(carts.TERM, subject="件名", by=world.hanako)
    assert {**preview, "number": quote.number, "subject": "件名"} == quote.snapshot


def test_publishing_twice_sends_one_mail(world: World) -> None:
    quote = world.quote()
    run_jobs()
    quotes.publish(quote.pk, quote.store_id)
    assert Message.objects.count() == 1
    assert waiting() == []


def test_only_the_own_company_orders(world: World) -> None:
    quote = world.quote()
    for stranger in (world.taro, world.hanako_at_minato):
        with pytest.raises(NotVisible):
            orders.place(quote, accepted_terms=quote.snapshot["terms_version"], by=stranger)
    assert not Order.objects.exists()


@pytest.mark.parametrize("terms", ["", "2020-01-01"])
def test_other_terms_than_the_quotations_are_refused(world: World, terms: str) -> None:
    quote = world.quote()
    with pytest.raises(Refused) as refused:
        orders.place(quote, accepted_terms=terms, by=world.hanako)
    assert (refused.value.code, refused.value.field) == ("terms", "terms")


def test_payment_is_due_after_the_stores_business_days(world: World) -> None:
    with time_machine.travel("2026-12-28T10:00:00+09:00", tick=False):
        order = world.order()
    # 29, 30 December, then closed to 3 January, 4 to 8 January.
    assert order.receivable.due_on.isoformat() == "2027-01-08"
