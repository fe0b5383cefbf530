"""稟議: whose yes an order needs, who may give it, and what a link opens."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core import mail as sent
from django.db import connection
from django.db.utils import Error

from licenseonline.accounts.models import Role
from licenseonline.kit import clock
from licenseonline.kit.errors import NotVisible, Refused
from licenseonline.records import history
from licenseonline.records.models import Message
from licenseonline.sales import approvals, offers, orders, quote_links
from licenseonline.sales.approvals import Limits
from licenseonline.sales.models import Approver, Decision, Order, Quote, QuoteDecision, QuoteLink
from licenseonline.sales.offers import Content
from tests.jobs import run_jobs
from tests.world import World

NOTHING = Limits(buyer_yen=0, admin_yen=0)


def boss(world: World, limit_yen: int | None = None, email: str = "bucho@aozora.example") -> Approver:
    return approvals.name_approver(
        world.hanako.company, name="部長 一郎", email=email, limit_yen=limit_yen, by=world.hanako
    )


def switch_on(world: World, limits: Limits = NOTHING) -> None:
    approvals.set_policy(world.hanako.company, is_on=True, limits=limits, by=world.hanako)


def place(world: World, quote: Quote) -> Order:
    return orders.place(quote, accepted_terms=quote.snapshot["terms_version"], by=world.hanako)


def refused(do: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refusal:
        do()
    assert refusal.value.message
    return refusal.value.code


def yes(link: QuoteLink, revision: int = 1) -> QuoteDecision:
    return approvals.decide(link, decision=Decision.APPROVED, comment="", revision=revision)


def test_an_order_waits_for_the_yes_of_an_approver_and_then_goes_through(world: World) -> None:
    approver, quote = boss(world), world.quote()
    switch_on(world)
    assert refused(lambda: place(world, quote)) == "approval"
    link = quote_links.create(quote, approver=approver, by=world.hanako)
    yes(link)
    assert place(world, quote).state
    assert [entry.event for entry in history.of(quote)][-2:] == ["quote.link_created", "quote.approved"]


def test_what_each_role_orders_alone(world: World) -> None:
    quote = world.quote()
    boss(world)
    for role, limits, alone in (
        (Role.ADMIN, Limits(buyer_yen=0, admin_yen=None), True),
        (Role.BUYER, Limits(buyer_yen=0, admin_yen=None), False),
        (Role.BUYER, Limits(buyer_yen=quote.total_yen, admin_yen=0), True),
        (Role.BUYER, Limits(buyer_yen=quote.total_yen - 1, admin_yen=0), False),
    ):
        switch_on(world, limits)
        world.hanako.role = role
        assert approvals.is_needed(quote, by=world.hanako) is not alone
        world.hanako.role = Role.ADMIN
    approvals.set_policy(world.hanako.company, is_on=False, limits=NOTHING, by=world.hanako)
    assert not approvals.is_needed(quote, by=world.hanako)


def test_a_yes_above_the_approvers_limit_is_refused_but_giving_back_is_not(world: World) -> None:
    quote = world.quote()
    link = quote_links.create(quote, approver=boss(world, quote.total_yen - 1), by=world.hanako)
    assert refused(lambda: yes(link)) == "limit"
    approvals.decide(link, decision=Decision.RETURNED, comment="課長の見積ももらってください", revision=1)
    exact = quote_links.create(quote, approver=boss(world, quote.total_yen, "b@aozora.example"), by=world.hanako)
    yes(exact)
    switch_on(world)
    assert not approvals.standing(quote, by=world.hanako).is_missing


def test_the_last_answer_to_this_revision_counts_and_the_same_again_is_the_same(world: World) -> None:
    switch_on_after = boss(world)
    switch_on(world)
    quote = world.quote()
    link = quote_links.create(quote, approver=switch_on_after, by=world.hanako)
    assert yes(link) == yes(link)
    assert refused(lambda: approvals.decide(link, decision=Decision.RETURNED, comment="", revision=1)) == "comment"
    approvals.decide(link, decision=Decision.RETURNED, comment="数量を確認してください", revision=1)
    assert refused(lambda: place(world, quote)) == "approval"
    assert refused(lambda: yes(link, revision=2)) == "revised"
    yes(link)
    Quote.objects.filter(pk=quote.pk).update(revision=2)
    quote.refresh_from_db()
    assert approvals.standing(quote, by=world.hanako).is_missing
    assert [answer.decision for answer in QuoteDecision.objects.order_by("id")] == ["approved", "returned", "approved"]


def test_answers_are_never_changed(world: World) -> None:
    made = yes(quote_links.create(world.quote(), approver=boss(world), by=world.hanako))
    made.comment = "変えました"
    with pytest.raises(Error):
        made.save()


def test_links_end_with_the_quotation_or_when_they_are_withdrawn(world: World) -> None:
    quote, other = world.quote(), world.quote()
    link, gone = (quote_links.create(one, label="経理", by=world.hanako) for one in (quote, other))
    secret = quote_links.secret_of(link)
    assert quote_links.open(secret, store=world.elsat).quote == quote
    assert refused(lambda: quote_links.open(secret, store=world.minato)) == "unknown"
    assert refused(lambda: quote_links.open(secret[:-1], store=world.elsat)) == "unknown"
    quote_links.withdraw(gone, by=world.hanako)
    quote_links.withdraw(gone, by=world.hanako)
    assert refused(lambda: quote_links.open(quote_links.secret_of(gone), store=world.elsat)) == "withdrawn"
    with time_machine.travel(clock.now() + timedelta(days=30)):
        assert refused(lambda: quote_links.open(secret, store=world.elsat)) == "ended"
        assert refused(lambda: quote_links.create(quote, by=world.hanako)) == "ended"
    place(world, quote)
    assert refused(lambda: quote_links.open(secret, store=world.elsat)) == "ended"


def test_a_link_without_an_approver_only_reads(world: World) -> None:
    link = quote_links.create(world.quote(), label="経理", by=world.hanako)
    with pytest.raises(NotVisible):
        yes(link)


def test_no_row_holds_what_stands_in_the_address(world: World) -> None:
    link = quote_links.create(world.quote(), approver=boss(world), by=world.hanako)
    secret = quote_links.secret_of(link)
    run_jobs()
    assert any(secret in str(one.body) for one in sent.outbox)
    with connection.cursor() as cursor:
        for table in ("sales_quotelink", "records_message", "records_historyentry"):
            cursor.execute(f"SELECT count(*) FROM {table} AS t WHERE t::text LIKE %s", [f"%{secret}%"])  # noqa: S608  (names of tables)
            assert cursor.fetchone() == (0,)


def test_a_mail_sent_again_brings_the_same_address_and_none_when_the_link_is_over(world: World) -> None:
    link = quote_links.create(world.quote(), approver=boss(world), by=world.hanako)
    asked = Message.objects.get(kind="sales/approval_asked")
    assert asked.renewal == {"task": "sales.quote_links.mail_again", "args": {"link_id": link.pk, "store_id": 87465}}
    for _time in range(2):
        quote_links.mail_again.defer(**asked.renewal["args"])
        run_jobs()
        brought = [str(one.body) for one in sent.outbox if "ご承認のお願い" in one.subject]
        assert len(brought) == 2
        assert all(quote_links.secret_of(link) in body for body in brought)
        quote_links.withdraw(link, by=world.hanako)


def test_only_the_companys_own_people_and_administrators(world: World) -> None:
    quote, approver = world.quote(), boss(world)
    link = quote_links.create(quote, by=world.hanako)
    with pytest.raises(NotVisible):
        quote_links.create(quote, by=world.taro)
    with pytest.raises(NotVisible):
        quote_links.withdraw(link, by=world.taro)
    theirs = approvals.name_approver(
        world.taro.company, name="他社", email="x@y.example", limit_yen=None, by=world.taro
    )
    with pytest.raises(NotVisible):
        quote_links.create(quote, approver=theirs, by=world.hanako)
    world.ichiro.role = Role.BUYER
    assert refused(lambda: approvals.remove_approver(approver, by=world.ichiro)) == "role"
    assert refused(lambda: switch_on_by_buyer(world)) == "role"


def switch_on_by_buyer(world: World) -> None:
    approvals.set_policy(world.ichiro.company, is_on=True, limits=NOTHING, by=world.ichiro)


def test_somebody_is_always_there_who_can_say_yes(world: World) -> None:
    assert refused(lambda: switch_on(world)) == "approvers"
    approver = boss(world)
    switch_on(world)
    assert refused(lambda: approvals.remove_approver(approver, by=world.hanako)) == "approvers"
    boss(world, email="other@aozora.example")
    link = quote_links.create(world.quote(), approver=approver, by=world.hanako)
    approvals.remove_approver(approver, by=world.hanako)
    approvals.remove_approver(approver, by=world.hanako)
    assert refused(lambda: quote_links.open(quote_links.secret_of(link), store=world.elsat)) == "withdrawn"


def test_naming_an_address_again_changes_its_limit(world: World) -> None:
    assert boss(world, 100).pk == boss(world, 200).pk
    assert [one.limit_yen for one in approvals.approvers_of(world.hanako.company)] == [200]


def test_a_draft_of_the_staffs_has_no_link_yet(world: World) -> None:
    lines = [offers.Wanted(world.sku("VBBSS-1Y-005"), 10)]
    draft = offers.prepare(world.hanako, Content(lines), by=world.partner)
    with pytest.raises(NotVisible):
        quote_links.create(draft, by=world.hanako)
    assert quote_links.create(offers.send(draft, by=world.partner), by=world.hanako).pk
