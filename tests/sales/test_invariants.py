"""Whatever is done in whatever order, the invariants hold; and each of them notices when it does not."""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import pytest
import time_machine
from django.db import transaction
from django.db.models import F

from licenseonline.accounts.models import User
from licenseonline.billing.models import Payment, Receivable
from licenseonline.catalog.models import PurchaseType
from licenseonline.kit import clock
from licenseonline.kit.errors import Refused
from licenseonline.licensing.holding_entries import Entry
from licenseonline.licensing.models import Entitlement, Holding
from licenseonline.records.models import Message, NumberSeries
from licenseonline.sales import (
    approvals,
    deliveries,
    holding_uses,
    offers,
    orders,
    papers,
    quote_links,
    quote_requests,
    submissions,
    vendor_orders,
    wishes,
)
from licenseonline.sales.models import (
    ApprovalPolicy,
    Approver,
    CompanyProof,
    DocumentRequest,
    HoldingUse,
    LineMargin,
    Order,
    OrderLine,
    OrderSum,
    Quote,
    QuoteDecision,
    QuoteLink,
    QuoteRequest,
    QuoteSum,
    VendorOrderLine,
    VendorSum,
)
from licenseonline.sales.offers import Content
from licenseonline.stores.models import Store
from tests.sales import acts, invariants
from tests.sales.play import Play
from tests.world import World, _sku

IS_LONG: Final = bool(os.environ.get("LICENSEONLINE_LONG"))
SEQUENCES, ACTS, LOOK_AFTER = (200, 60, 5) if IS_LONG else (12, 15, 15)
# What few sequences may have missed is played on for.
MUST_BE_DONE: Final = {"issue", "place", "revise", "record_transfer", "hand_in", "accept_paper", "deliver"}


def begin(world: World) -> None:
    """What every sequence begins with: an order delivered, one at the vendor, one that waits for its paper; a store of all kinds."""
    Store.objects.filter(pk=87465).update(orders_from_cart=True, least_margin_per_mille=150)
    _sku(world.sku("VBBSS-R1").product, "VBBSS-ADD", 6000, purchase_type=PurchaseType.ADDITIONAL)
    delivered = world.arranged_order()
    items = {1: deliveries.Item(starts_on=clock.today(), key="AAAA-BBBB-CCCC-DDDD")}
    deliveries.deliver(delivered, items=items, by=world.operator)
    world.arranged_order()
    quote = world.quote(world.taro, "TREND-ACA")
    orders.place(quote, accepted_terms=quote.snapshot["terms_version"], by=world.taro)
    product = world.sku("VBBSS-R1").product
    holding_uses.enter(world.hanako_at_minato.company, Entry(quantity=5, product=product), by=world.operator)
    renewal = world.quote(world.hanako_at_minato, "VBBSS-R1", 5)
    orders.place(renewal, accepted_terms=renewal.snapshot["terms_version"], by=world.hanako_at_minato)
    quote_requests.ask(subject="見積の依頼", text="お願いします。", by=world.taro)
    boss = approvals.name_approver(
        world.hanako.company, name="部長", email="boss@aozora.example", limit_yen=None, by=world.hanako
    )
    limits = approvals.Limits(buyer_yen=0, admin_yen=0)
    approvals.set_policy(world.hanako.company, is_on=False, limits=limits, by=world.hanako)
    quote_links.create(world.quote(), approver=boss, by=world.hanako)


@contextmanager
def told(play: Play) -> Iterator[None]:
    """What was done stands below whatever goes wrong."""
    try:
        yield
    except Exception as fault:
        fault.add_note("\n".join([f"seed {play.seed}", *play.log]))
        raise


def played(world: World, seed: int, look_after: int) -> tuple[Play, list[str]]:
    """One sequence on the world as it was, until something is wrong. Nothing of it stays."""
    play, wrong = Play(world, seed, acts.ACTS), list[str]()
    with transaction.atomic(), play.begun() as time, told(play):
        for at in range(1, ACTS + 1):
            wrong += filter(None, [play.act(time)])
            if at % look_after == 0:
                wrong += invariants.broken()
            if wrong:
                break
        transaction.set_rollback(True)
    return play, wrong


def test_no_sequence_of_verbs_breaks_an_invariant(world: World) -> None:
    with time_machine.travel("2026-11-30T12:00:00+09:00", tick=False):
        begin(world)
        assert invariants.broken() == []
    done: Counter[str] = Counter()
    for seed in range(3 * SEQUENCES):
        if seed >= SEQUENCES and set(done) >= MUST_BE_DONE:
            break
        play, wrong = played(world, seed, LOOK_AFTER)
        if wrong and LOOK_AFTER > 1:  # again, to see which act it was
            again = played(world, seed, 1)
            play, wrong = again if again[1] else (play, wrong)
        assert not wrong, "\n".join([f"seed {seed}", *play.log, *wrong])
        done += play.done
    assert set(done) >= MUST_BE_DONE, done


def _stand_on_a_proof_that_was_taken_back() -> None:
    paper = DocumentRequest.objects.select_related("order").filter(state="needed").first()
    assert paper
    proof = CompanyProof.objects.create(
        store_id=paper.store_id,
        company_id=paper.order.company_id,
        paper=paper.paper,
        accepted_on=clock.today(),
        accepted_by=User.objects.get(partner=None),
        withdrawn_at=clock.now(),
    )
    DocumentRequest.objects.filter(pk=paper.pk).update(state="accepted", proof=proof)


def _offer(address: str) -> object:
    """The quotation that has a colleague's link is nobody's."""
    quotes = Quote.objects.filter(pk=QuoteLink.objects.get().quote_id)
    return quotes.update(company=None, member=None, offered_to=address)


Breach = Callable[[], object]
BREACHES: Final[dict[str, list[Breach]]] = {
    "quotations_say_what_their_rows_say": [
        lambda: Quote.objects.filter(number__endswith="1").update(total_yen=F("total_yen") + 1),
        lambda: Quote.objects.filter(number__endswith="1").update(revision=2),
    ],
    "orders_are_what_was_accepted": [
        lambda: OrderLine.objects.filter(order__number__endswith="1").update(quantity=11),
        lambda: LineMargin.objects.update(commission_yen=1),
        lambda: Order.objects.filter(number__endswith="1").update(quote_revision=2),
    ],
    "orders_stand_where_papers_money_and_delivery_put_them": [
        lambda: DocumentRequest.objects.filter(state="needed").update(state="accepted"),
        lambda: OrderLine.objects.filter(delivered_at=None).update(delivered_at=clock.now()),
    ],
    "no_paper_stands_on_a_proof_that_was_taken_back": [_stand_on_a_proof_that_was_taken_back],
    "money_adds_up": [
        lambda: Payment.objects.update(amount_yen=F("amount_yen") + 1),
        lambda: Receivable.objects.update(amount_yen=F("amount_yen") + 1),
    ],
    "holdings_are_what_was_delivered": [
        lambda: Entitlement.objects.update(quantity=11),
        lambda: OrderLine.objects.exclude(contract=None).update(contract=None),
    ],
    "nothing_is_followed_above_what_is_held": [
        lambda: OrderLine.objects.filter(contract=None).update(follows=Entitlement.objects.get().contract, quantity=99),
        lambda: HoldingUse.objects.update(units=6),
        lambda: Holding.objects.update(withdrawn_at=clock.now()),
    ],
    "numbers_have_no_gaps": [
        lambda: NumberSeries.objects.filter(kind="P").update(last=F("last") + 1),
        lambda: Quote.objects.filter(number__endswith="4").update(number="Q2611-00009"),
    ],
    "requests_are_answered_by_what_went_out": [
        lambda: QuoteRequest.objects.update(quote=Quote.objects.filter(company__name__contains="青空").first())
    ],
    "month_sums_are_those_of_their_rows": [
        lambda: OrderSum.objects.filter(store=None).update(margin_yen=F("margin_yen") + 1),
        lambda: VendorSum.objects.exclude(store=None).update(orders=F("orders") + 1),
        lambda: QuoteSum.objects.filter(store=None).update(issued=F("issued") + 1),
    ],
    "offers_are_their_addresses_and_theirs_alone": [
        lambda: _offer("hanako@aozora.example"),
        lambda: _offer("a@new.example"),
    ],
    "links_end_with_their_quotation": [
        lambda: QuoteDecision.objects.create(
            store_id=87465,
            revision=2,
            decision="approved",
            at=clock.now(),
            approver=Approver.objects.get(),
            link=QuoteLink.objects.get(),
            quote=QuoteLink.objects.get().quote,
        ),
    ],
    "nothing_is_ordered_without_a_needed_yes": [lambda: ApprovalPolicy.objects.update(is_on=True)],
    "vendors_are_asked_for_what_stands_in_their_orders": [
        lambda: VendorOrderLine.objects.filter(line__delivered_at=None).delete(),
        lambda: OrderLine.objects.filter(contract=None).update(vendor_order=None),
        lambda: OrderLine.objects.update(expected_on=clock.today()),
    ],
    "the_history_tells_of_every_fact": [lambda: QuoteLink.objects.update(withdrawn_at=clock.now())],
    "every_fact_was_mailed_once": [lambda: Message.objects.filter(kind="sales/delivered").delete()],
    "no_row_points_into_another_store": [],  # the database's keys let nobody try
}


def test_each_invariant_notices_a_breach(world: World) -> None:
    with time_machine.travel("2026-11-30T12:00:00+09:00", tick=False):
        begin(world)
        checks = {check.__name__: check for check in invariants.CHECKS}
        assert set(BREACHES) == set(checks)
        for name, breaches in BREACHES.items():
            for breach in breaches:
                with transaction.atomic():
                    breach()
                    noticed = list(checks[name]())
                    transaction.set_rollback(True)
                assert noticed, (name, breaches.index(breach))


def test_what_costs_nothing_is_paid_already_and_can_still_be_cancelled(world: World) -> None:
    first, second = (
        offers.prepare(world.hanako, Content(free(world), reason="無償"), by=world.partner) for _order in range(2)
    )
    for quote in (first, second):
        offers.send(quote, by=world.partner)
        orders.place(quote, accepted_terms=quote.snapshot["terms_version"], by=world.hanako)
    assert first.order.state == Order.State.ARRANGING
    wishes.ask(first.order, kind="cancel", text="", by=world.hanako)
    assert {order.state for order in Order.objects.all()} == {Order.State.CANCELLED, Order.State.ARRANGING}
    assert invariants.broken() == []


def free(world: World) -> list[offers.Wanted]:
    return [offers.Wanted(world.sku("VBBSS-1Y-005"), 5, own_yen=0)]


def test_what_waits_for_a_paper_again_does_not_go_to_the_vendor(world: World) -> None:
    order = world.order()
    today = clock.today()
    orders.record_transfer(order, amount_yen=order.total_yen, received_on=today, payer_name="", by=world.operator)
    vendor, line = world.sku("VBBSS-1Y-005").product.vendor, order.lines.get()
    collected = vendor_orders.collect(vendor, by=world.operator)
    request = papers.ask(order, line, paper="application_form", why="メーカーの依頼です。", by=world.operator)
    with pytest.raises(Refused, match="明細がありません"):
        vendor_orders.send(collected, by=world.operator)
    submissions.not_needed(request, by=world.operator)
    assert vendor_orders.send(collected, by=world.operator).state == "sent"
    assert invariants.broken() == []
