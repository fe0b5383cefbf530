"""Quotations that staff prepare, send and revise: own prices with a reason, margins for staff alone, one revision accepted."""

import json
import threading
from collections.abc import Callable
from datetime import date

import pytest
import time_machine
from django.core import mail as sent

from licenseonline.accounts.models import User
from licenseonline.kit import scope
from licenseonline.kit.errors import NotVisible, Refused
from licenseonline.records import history
from licenseonline.sales import offers, orders, revisions
from licenseonline.sales.models import Order, Quote, QuotePricing
from licenseonline.sales.offers import Content, Wanted
from licenseonline.sales.particulars import Particulars
from licenseonline.stores.models import Store
from tests.jobs import run_jobs
from tests.sales.test_races import at_once, fresh_quote, place
from tests.world import World

OWN = 4000  # the store asks 4,680 and the operator pays 3,640 a unit


def refused(do: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refusal:
        do()
    assert refusal.value.message
    return refusal.value.code


def wanted(world: World, own_yen: int | None = OWN, quantity: int = 10) -> list[Wanted]:
    return [Wanted(world.sku("VBBSS-1Y-005"), quantity, own_yen)]


def draft(world: World, own_yen: int | None = OWN, by: User | None = None) -> Quote:
    return offers.prepare(world.hanako, Content(wanted(world, own_yen), reason="他社対抗"), by=by or world.partner)


def test_a_draft_is_nobodys_but_the_staffs_until_it_is_sent(world: World) -> None:
    quote = draft(world)
    assert (quote.state, quote.total_yen) == ("draft", 44000)
    assert not Quote.objects.visible_to(world.hanako).exists()
    assert Quote.objects.visible_to(world.partner).get() == quote
    with time_machine.travel("2027-01-30T10:00:00+09:00", tick=False):
        offers.send(quote, by=world.partner)
        run_jobs()
        quote.refresh_from_db()
        assert (quote.state, quote.valid_until, quote.snapshot["issued_on"]) == (
            "issued", date(2027, 2, 6), "2027-01-30",
        )  # fmt: skip
        assert quote.pdf_id
        assert any(quote.number in one.subject for one in sent.outbox)
        assert Quote.objects.visible_to(world.hanako).get() == quote
        order = orders.place(quote, accepted_terms=quote.snapshot["terms_version"], by=world.hanako)
    assert order.total_yen == 44000
    assert [entry.event for entry in history.of(quote)] == ["quote.prepared", "quote.sent"]


def test_own_prices_need_a_reason_which_no_member_ever_sees(world: World) -> None:
    assert refused(lambda: offers.prepare(world.hanako, Content(wanted(world)), by=world.partner)) == "reason"
    quote = draft(world)
    assert QuotePricing.objects.get().today_yen == {"1": 4680}
    margin = offers.margin_of(quote.snapshot)
    assert (margin.net_yen, margin.cost_yen, margin.margin_yen, margin.per_mille) == (40000, 36400, 3600, 90)
    offers.send(quote, by=world.partner)
    run_jobs()
    quote.refresh_from_db()
    told = json.dumps(quote.snapshot, ensure_ascii=False) + "".join(str(one.body) for one in sent.outbox)
    for secret in ("他社対抗", "3640", "36400", "4680"):
        assert secret not in told
    assert not QuotePricing.objects.visible_to(world.hanako).exists()
    plain = draft(world, own_yen=None)
    assert not QuotePricing.objects.filter(quote=plain).exists()


def test_below_the_stores_margin_a_head_must_say_yes(world: World) -> None:
    Store.objects.filter(pk=87465).update(least_margin_per_mille=100)
    world.elsat.refresh_from_db()
    world.hanako.store.refresh_from_db()
    User.objects.filter(pk=world.partner.pk).update(role="sales")
    sales = User.objects.get(pk=world.partner.pk)
    quote = draft(world, by=sales)
    offers.send(quote, by=sales)
    assert quote.state == "awaiting_head"
    assert not Quote.objects.visible_to(world.hanako).exists()
    with pytest.raises(NotVisible):
        offers.allow(quote, by=sales)
    offers.give_back(quote, by=world.partner)
    offers.send(quote, by=sales)
    offers.allow(quote, by=world.partner)
    assert quote.state == "issued"
    assert QuotePricing.objects.get().allowed_by == world.partner
    assert refused(lambda: revisions.revise(quote, Content(wanted(world, 3900), reason="値引き"), by=sales)) == "head"
    quote.refresh_from_db()
    assert quote.revision == 1
    assert draft(world, 4680, by=sales).state == "draft"
    head = offers.send(draft(world), by=world.partner)
    assert head.state == "issued"


@pytest.mark.parametrize(
    ("lines", "days", "code"),
    [
        ([], None, "line"),
        ([("VBBSS-1Y-005", 4, None)], None, "quantity"),
        ([("VBBSS-1Y-005", 10, -1)], None, "price"),
        ([("VBBSS-1Y-005", 10, None), ("VBBSS-1Y-005", 10, None)], None, "line"),
        ([("VBBSS-1Y-005", 10, None)], 0, "days"),
        ([("VBBSS-1Y-005", 10, None)], 366, "days"),
    ],
)
def test_what_cannot_be_quoted_is_refused_in_words(
    world: World, lines: list[tuple[str, int, int | None]], days: int | None, code: str
) -> None:
    rows = [Wanted(world.sku(model), quantity, own) for model, quantity, own in lines]
    assert refused(lambda: offers.prepare(world.hanako, Content(rows, days=days), by=world.partner)) == code


def test_other_partners_do_not_reach_it(world: World) -> None:
    quote = draft(world)
    attempts: tuple[Callable[[], object], ...] = (
        lambda: draft(world, by=world.other_partner),
        lambda: offers.send(quote, by=world.other_partner),
        lambda: offers.withdraw(quote, by=world.other_partner),
        lambda: revisions.revise(quote, Content(wanted(world), reason="x"), by=world.other_partner),
    )
    for do in attempts:
        with pytest.raises(NotVisible):
            do()


def test_a_revision_keeps_the_earlier_one_and_only_the_new_one_is_accepted(world: World) -> None:
    quote = world.quote()
    run_jobs()
    quote.refresh_from_db()
    first_pdf = quote.pdf_id
    revisions.revise(
        quote,
        Content(wanted(world, quantity=12), particulars=Particulars(subject="第2案"), reason="数量"),
        by=world.partner,
    )
    run_jobs()
    quote.refresh_from_db()
    assert (quote.revision, quote.snapshot["revision"], quote.total_yen, quote.subject) == (2, 2, 52800, "第2案")
    assert quote.pdf_id not in {None, first_pdf}
    earlier = quote.revisions.get()
    assert (earlier.revision, earlier.pdf_id, earlier.total_yen) == (1, first_pdf, 51480)
    terms = quote.snapshot["terms_version"]
    assert refused(lambda: orders.place(quote, accepted_terms=terms, revision=1, by=world.hanako)) == "revised"
    order = orders.place(quote, accepted_terms=terms, revision=2, by=world.hanako)
    assert order.quote_revision == 2
    assert refused(lambda: revisions.revise(quote, Content(wanted(world), reason="x"), by=world.partner)) == "state"
    assert refused(lambda: offers.withdraw(quote, by=world.partner)) == "state"


def test_an_expired_one_is_revived_by_a_revision_and_a_withdrawn_one_cannot_be_ordered(world: World) -> None:
    with time_machine.travel("2026-06-01T10:00:00+09:00", tick=False):
        old, gone = world.quote(), world.quote()
        offers.withdraw(gone, by=world.partner)
    terms = old.snapshot["terms_version"]
    revisions.revise(old, Content(wanted(world, None)), by=world.partner)
    assert orders.place(old, accepted_terms=terms, revision=2, by=world.hanako).state
    assert refused(lambda: orders.place(gone, accepted_terms=terms, by=world.hanako)) == "withdrawn"


@pytest.mark.parametrize("reads_revision", [True, False])
def test_revising_and_accepting_at_once(committed: World, *, reads_revision: bool) -> None:
    """With the revision that was read, what is ordered is what was read; without it (the lock's pair) it may be another."""
    quote = fresh_quote(committed)
    meeting = threading.Barrier(2)

    def revise() -> str:
        with scope.platform():
            mine = Quote.objects.select_related("member__store", "member__company", "store").get(pk=quote.pk)
            rows = wanted(committed, None, 12)
            meeting.wait(30)
            revisions.revise(mine, Content(rows), by=committed.partner)
        return "revised"

    def accept() -> str:
        return place(quote.number, "hanako@aozora.example", meeting, revision=1 if reads_revision else None)

    outcomes = at_once(revise, accept)
    with scope.platform():
        order = Order.objects.first()
        if reads_revision:
            assert outcomes in (["ordered", "refused: state"], ["refused: revised", "revised"])
            assert order is None or order.total_yen == quote.total_yen
        else:
            assert order is not None
            assert order.quote_revision == Quote.objects.get(pk=quote.pk).revision
