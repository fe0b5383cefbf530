"""Quotations to an address without an account: the mail's page, and whose they become once the address is a member's."""

import re
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core import mail as sent

from licenseonline.accounts import companies, email_changes, registrations, verifications
from licenseonline.accounts.models import Member, User
from licenseonline.kit import clock, scope
from licenseonline.kit.errors import NotVisible, Refused
from licenseonline.records import history
from licenseonline.sales import expiry, offer_leftovers, offers, orders, prospects, quote_links, requotes, revisions
from licenseonline.sales.models import Quote, QuoteLink
from licenseonline.sales.offers import Content, Wanted
from licenseonline.sales.particulars import Addressee
from licenseonline.sales.prospects import Prospect
from licenseonline.stores.models import Store
from tests.accounts.mails import path_in
from tests.accounts.test_invitations import accept, invited
from tests.accounts.test_registrations import PASSWORD as CHOSEN
from tests.accounts.test_registrations import begin
from tests.jobs import run_jobs
from tests.sales.test_offers import refused
from tests.sales.test_races import at_once
from tests.world import PASSWORD, World

SAKURA = "sakura@sakura.example"
ADDRESSEE = Addressee("有限会社さくら商会", "高橋 桜", "総務")


def wanted(world: World, model: str = "VBBSS-1Y-005", own_yen: int | None = None) -> list[Wanted]:
    return [Wanted(world.sku(model), 10, own_yen)]


def draft(
    world: World, email: str = "Sakura@Sakura.Example", *, store: Store | None = None, by: User | None = None
) -> Quote:
    to = Prospect(store or world.elsat, email, ADDRESSEE)
    return offers.prepare(to, Content(wanted(world)), by=by or world.operator)


def offered(world: World, email: str = SAKURA, store: Store | None = None) -> Quote:
    quote = offers.send(draft(world, email, store=store), by=world.operator)
    run_jobs()
    return Quote.objects.get(pk=quote.pk)


def secret_in(mail: object) -> str:
    found = re.search(r"/quotations/([0-9a-f]{40})", str(mail))
    assert found
    return found[1]


def register(world: World, email: str = "SAKURA@sakura.example") -> Member:
    """From the form to the confirmation; what that defers is run."""
    begin(world, email)
    run_jobs()
    path = path_in(str(sent.outbox[-1].body), "register/confirm")
    member = registrations.confirm(path.rpartition("/")[2], password=CHOSEN, store=world.elsat)
    run_jobs()
    return member


def test_the_address_gets_the_quotation_by_mail_and_a_page_without_sign_in(world: World) -> None:
    quote = draft(world)
    assert (quote.offered_to, quote.company_id, quote.member_id) == (SAKURA, None, None)
    assert (quote.snapshot["buyer"]["company"], quote.total_yen) == (ADDRESSEE.company, 51480)
    assert not QuoteLink.objects.exists()
    quote = offers.send(quote, by=world.operator)
    run_jobs()
    [mail] = sent.outbox
    assert (mail.to, mail.reply_to) == ([SAKURA], [world.elsat.desk_email])
    for words in ("当ストアからご案内したお見積", quote.number):
        assert words in mail.subject
    for words in (ADDRESSEE.company, "高橋 桜 様", "会員登録（無料）が必要です", "51,480円"):
        assert words in str(mail.body)
    assert len(mail.attachments) == 1
    secret = secret_in(mail.body)
    assert secret not in QuoteLink.objects.get().secret_hash
    assert quote_links.open(secret, store=world.elsat).quote == quote
    assert refused(lambda: quote_links.open(secret, store=world.minato)) == "unknown"
    with pytest.raises(NotVisible):
        quote_links.create(quote, by=world.hanako)
    with pytest.raises(NotVisible):
        orders.place(quote, accepted_terms=quote.snapshot["terms_version"], by=world.hanako)
    assert not Quote.objects.visible_to(world.hanako).exists()


def test_a_revision_and_the_reminder_go_to_the_address_with_the_same_page(world: World) -> None:
    quote = offered(world)
    revisions.revise(quote, Content(wanted(world, own_yen=4000), reason="値引き"), by=world.operator)
    run_jobs()
    assert "改訂" in sent.outbox[-1].subject
    quote.refresh_from_db()
    assert (quote.revision, quote.total_yen, quote.snapshot["buyer"]["person"]) == (2, 44000, "高橋 桜")
    with time_machine.travel(clock.now() + timedelta(days=world.elsat.quote_days - 1), tick=False):
        assert (expiry.remind(87465), expiry.remind(87465)) == (1, 0)
        run_jobs()
    assert sent.outbox[-1].to == [SAKURA]
    assert "有効期限のお知らせ" in sent.outbox[-1].subject
    [secret] = {secret_in(mail.body) for mail in sent.outbox}
    assert quote_links.open(secret, store=world.elsat).quote.revision == 2
    offers.withdraw(quote, by=world.operator)
    assert refused(lambda: quote_links.open(secret, store=world.elsat)) == "ended"
    sent.outbox.clear()
    quote_links.mail_again(link_id=QuoteLink.objects.get().pk, store_id=87465)
    run_jobs()
    assert not sent.outbox


@pytest.mark.parametrize(
    ("email", "addressee", "code"),
    [
        ("sakura", ADDRESSEE, "email"),
        ("a@b.example\r\nBcc: c@d.example", ADDRESSEE, "email"),
        ("ＨＡＮＡＫＯ@aozora.example", ADDRESSEE, "known"),
        (SAKURA, Addressee("", "桜"), "company"),
        (SAKURA, Addressee("さくら"), "person"),
    ],
)
def test_what_is_no_address_or_a_members_is_refused_at_its_field(
    world: World, email: str, addressee: Addressee, code: str
) -> None:
    to = Prospect(world.elsat, email, addressee)
    with pytest.raises(Refused) as refusal:
        offers.prepare(to, Content(wanted(world)), by=world.operator)
    assert (refusal.value.code, refusal.value.field) == (code, {"known": "email"}.get(code, code))


def test_partners_quote_at_their_own_stores_only_and_below_the_margin_ask_a_head(world: World) -> None:
    with pytest.raises(NotVisible):
        draft(world, by=world.other_partner)
    Store.objects.filter(pk=87465).update(least_margin_per_mille=100)
    User.objects.filter(pk=world.partner.pk).update(role="sales")
    sales = User.objects.get(pk=world.partner.pk)
    to = Prospect(Store.objects.get(pk=87465), SAKURA, ADDRESSEE)
    quote = offers.prepare(to, Content(wanted(world, own_yen=4000), reason="新規"), by=sales)
    assert offers.send(quote, by=sales).state == "awaiting_head"
    assert offers.allow(quote, by=world.partner).state == "issued"


def test_who_registers_the_address_at_that_store_has_the_quotation_as_it_was_and_orders_it(world: World) -> None:
    quote, elsewhere = offered(world), offered(world, store=world.minato)
    other = offered(world, "somebody@sakura.example")
    promised = quote.snapshot
    member = register(world)
    quote.refresh_from_db()
    assert (quote.company, quote.member, quote.snapshot) == (member.company, member, promised)
    assert quote.snapshot["buyer"]["company"] != member.company.name
    assert quote.pdf is not None
    assert quote.pdf.company_id == member.company_id
    assert [entry.event for entry in history.of(quote)][-1] == "quote.claimed"
    assert Quote.objects.visible_to(member).get() == quote
    for stays in (elsewhere, other):
        stays.refresh_from_db()
        assert stays.member_id is None
    again = requotes.issue(quote, seen_yen=quote.total_yen, by=member)
    assert again.snapshot["buyer"]["company"] == ADDRESSEE.company
    order = orders.place(quote, accepted_terms=quote.snapshot["terms_version"], by=member)
    assert (order.company, order.total_yen) == (member.company, 51480)
    assert refused(lambda: quote_links.open(secret_in(sent.outbox[0].body), store=world.elsat)) == "ended"


def verified(world: World) -> Member:
    """An old member whose address was never authenticated; so the offer is of before the address was theirs."""
    Member.objects.filter(pk=world.ichiro.pk).update(email=SAKURA, email_verified_at=None)
    member = Member.objects.select_related("company", "store").get(pk=world.ichiro.pk)
    verifications.send(member)
    run_jobs()
    assert not Quote.objects.exclude(member=None).exists()
    verifications.confirm(path_in(str(sent.outbox[-1].body), "verify").rpartition("/")[2], store=world.elsat)
    return member


def changed(world: World) -> Member:
    email_changes.ask(world.ichiro, SAKURA, password=PASSWORD, network="n", by=world.ichiro)
    run_jobs()
    assert not Quote.objects.exclude(member=None).exists()
    mail = next(mail for mail in reversed(sent.outbox) if mail.to == [SAKURA])
    return email_changes.confirm(path_in(str(mail.body), r"\S*email").rpartition("/")[2], by=world.ichiro)


def invited_colleague(world: World) -> Member:
    return accept(invited(world, SAKURA, "viewer"), world.elsat)


@pytest.mark.parametrize("become", [verified, changed, invited_colleague])
def test_whichever_way_the_address_becomes_a_members(world: World, become: Callable[[World], Member]) -> None:
    quote = offered(world)
    member = become(world)
    run_jobs()
    quote.refresh_from_db()
    assert (quote.member, quote.company) == (member, world.hanako.company)


def test_a_company_that_waits_for_the_desk_sees_it_and_orders_once_it_is_approved(world: World) -> None:
    Store.objects.filter(pk=87465).update(approves_companies=True)
    world.elsat.refresh_from_db()
    quote = offered(world)
    member = register(world)
    quote.refresh_from_db()
    terms = quote.snapshot["terms_version"]
    assert Quote.objects.visible_to(member).get() == quote
    assert refused(lambda: orders.place(quote, accepted_terms=terms, by=member)) == "awaiting_approval"
    companies.approve(member.company, by=world.operator)
    member = Member.objects.select_related("company", "store").get(pk=member.pk)
    assert orders.place(quote, accepted_terms=terms, by=member).company == member.company


def test_drafts_and_expired_ones_are_theirs_too_and_withdrawn_ones_are_not(world: World) -> None:
    with time_machine.travel(clock.now() - timedelta(days=100), tick=False):
        old, gone = offered(world), offered(world)
        offers.withdraw(gone, by=world.operator)
    unsent = draft(world)
    member = register(world)
    offers.send(unsent, by=world.operator)
    revisions.revise(old, Content(wanted(world)), by=world.operator)
    run_jobs()
    assert {mail.to[0] for mail in sent.outbox[-2:]} == {SAKURA}
    assert not [mail for mail in sent.outbox[-2:] if "/quotations/" in str(mail.body)]
    assert set(Quote.objects.visible_to(member)) == {old, unsent}
    assert Quote.objects.get(pk=gone.pk).member_id is None


def test_what_only_some_kinds_of_company_may_buy_is_asked_when_it_is_ordered(world: World) -> None:
    to = Prospect(world.elsat, SAKURA, ADDRESSEE)
    quote = offers.send(offers.prepare(to, Content(wanted(world, "TREND-ACA")), by=world.operator), by=world.operator)
    member = register(world)
    quote.refresh_from_db()
    terms = quote.snapshot["terms_version"]
    assert refused(lambda: orders.place(quote, accepted_terms=terms, by=member)) == "program"
    member.company.kind = "academic"
    assert orders.place(quote, accepted_terms=terms, by=member)


def test_what_no_job_was_deferred_for_is_found_every_hour_and_before_it_leaves(world: World) -> None:
    """As if the member had come in the moment in which the offer was written, or by an import."""
    issued, unsent, foreign = offered(world), draft(world), offered(world, store=world.minato)
    Member.objects.filter(pk=world.ichiro.pk).update(email=SAKURA)
    offers.send(unsent, by=world.operator)
    assert unsent.member_id == world.ichiro.pk
    assert Quote.objects.get(pk=issued.pk).member_id is None
    for _again in range(2):
        prospects.claim_all(timestamp=0)
    issued.refresh_from_db()
    foreign.refresh_from_db()
    assert (issued.member_id, foreign.member_id) == (world.ichiro.pk, None)
    assert [entry.event for entry in history.of(issued)].count("quote.claimed") == 1


@pytest.mark.parametrize("gone", ["removed", "unverified"])
def test_who_has_left_or_proved_nothing_claims_nothing(world: World, gone: str) -> None:
    quote = offered(world)
    lost = {"is_active": False} if gone == "removed" else {"email_verified_at": None}
    Member.objects.filter(pk=world.ichiro.pk).update(email=SAKURA, **lost)
    prospects.claim(member_id=world.ichiro.pk, store_id=87465)
    prospects.claim_all(timestamp=0)
    assert Quote.objects.get(pk=quote.pk).member_id is None


def claim_at_once(committed: World, other: Callable[[Quote], str]) -> tuple[list[str], Quote]:
    """Ichiro's claim meets another act on the same quotation, each in its own transaction."""
    with scope.platform():
        member, _staff = committed.ichiro, committed.operator
        quote = offers.send(draft(committed), by=committed.operator)
        Member.objects.filter(pk=member.pk).update(email=SAKURA)
    meeting = threading.Barrier(2)

    def claim() -> str:
        meeting.wait(30)
        prospects.claim(member_id=member.pk, store_id=87465)
        return "claimed"

    def act() -> str:
        with scope.platform():
            mine = Quote.objects.select_related("store", "company", "member").get(pk=quote.pk)
            meeting.wait(30)
            return other(mine)

    outcomes = at_once(claim, act)
    with scope.platform():
        return outcomes, Quote.objects.get(pk=quote.pk)


def test_claiming_meets_withdrawing(committed: World) -> None:
    def withdraw(quote: Quote) -> str:
        offers.withdraw(quote, by=committed.operator)
        return "withdrawn"

    outcomes, quote = claim_at_once(committed, withdraw)
    assert outcomes == ["claimed", "withdrawn"]
    assert quote.state == "withdrawn"
    with scope.platform():
        events = [entry.event for entry in history.of(quote)]
    # Either it was theirs first, or it was gone.
    assert events.index("quote.withdrawn") > events.index("quote.claimed") if quote.member_id else len(events) == 3


def test_claiming_meets_revising_and_claiming(committed: World) -> None:
    def revise(quote: Quote) -> str:
        revisions.revise(quote, Content(wanted(committed, own_yen=4000), reason="x"), by=committed.operator)
        prospects.claim(member_id=committed.ichiro.pk, store_id=87465)
        return "revised"

    outcomes, quote = claim_at_once(committed, revise)
    assert outcomes == ["claimed", "revised"]
    assert (quote.revision, quote.member_id) == (2, committed.ichiro.pk)
    with scope.platform():
        assert [entry.event for entry in history.of(quote)].count("quote.claimed") == 1


def test_the_address_of_who_never_claims_an_offer_is_forgotten_a_year_after_it_ended(world: World) -> None:
    claimed = offered(world)
    register(world)
    old, unsent = offered(world, "momo@momo.example"), draft(world, "momo@momo.example")
    secret = secret_in(sent.outbox[-1].body)
    run_jobs()
    with time_machine.travel(clock.now() + timedelta(days=365 + world.elsat.quote_days + 1), tick=False):
        fresh = offered(world, "momo@momo.example")
        for _night in range(2):
            offer_leftovers.forget(0)
        for quote in (old, unsent):
            quote.refresh_from_db()
            assert quote.offered_to == f"offer-{quote.pk}@withdrawn.invalid"
            assert [entry.event for entry in history.of(quote)].count("quote.forgotten") == 1
        for quote in (old, fresh, claimed):  # a document is kept for seven years, as it was
            quote.refresh_from_db()
            assert (quote.snapshot["buyer"]["person"], quote.pdf is None) == ("高橋 桜", False)
        assert (fresh.offered_to, claimed.offered_to) == ("momo@momo.example", claimed.member and claimed.member.email)
        assert refused(lambda: quote_links.open(secret, store=world.elsat)) == "withdrawn"
        assert refused(lambda: offers.send(unsent, by=world.operator)) == "forgotten"
        expiry.expire(87465)
        assert refused(lambda: revisions.revise(old, Content(wanted(world)), by=world.operator)) == "forgotten"
