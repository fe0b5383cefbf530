"""Acts of members, partners, the desk and time on the small world, as their pages would call the verbs.

Rows are chosen whoever they belong to, and whether or not the act fits them: a verb says no by itself.
"""

import io
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from typing import Any, Final, TypeVar

import time_machine
from django.core.files.base import ContentFile
from django.db import models, transaction
from PIL import Image

from licenseonline.accounts.models import Member, User
from licenseonline.billing import payments
from licenseonline.billing.models import Receivable
from licenseonline.catalog.models import Paper, PurchaseType, Sku, Vendor
from licenseonline.kit import clock
from licenseonline.licensing.models import Contract
from licenseonline.records import uploads
from licenseonline.sales import (
    approvals,
    carts,
    completions,
    deliveries,
    expiry,
    filed_orders,
    offers,
    orders,
    papers,
    quote_links,
    quote_requests,
    quotes,
    revisions,
    submissions,
    vendor_orders,
    wishes,
)
from licenseonline.sales.models import (
    Approver,
    Decision,
    DocumentRequest,
    Order,
    OrderWish,
    PaperState,
    Quote,
    QuoteLink,
    QuoteRequest,
    VendorOrder,
    VendorOrderLine,
)
from licenseonline.sales.vendor_orders import Confirmation
from tests.sales.play import Act, Play

MODELS: Final = ("VBBSS-1Y-005", "VBBSS-1Y-025", "VBBSS-R1", "VBBSS-ADD", "TREND-ACA", "M365-MONTH", "ADOBE-CC")
ACTS: Final[list[Act]] = []
D = TypeVar("D", bound=Callable[[Play, Any], None])


def act(who: str, weight: int = 4, *, is_fact: bool = True) -> Callable[[D], D]:
    def enter(do: D) -> D:
        ACTS.append(Act(do, who, weight, is_fact))
        return do

    return enter


@cache
def _picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(out, "JPEG")
    return out.getvalue()


def _paper() -> uploads.Received:
    return uploads.receive(ContentFile(_picture(), "proof.jpg"))


def _quantity(play: Play, sku: Sku) -> int:
    """One that can be bought, mostly."""
    return sku.min_quantity + sku.quantity_step * play.chance.randint(0, 4) + (0 if play.often() else 1)


def _skus(play: Play, most: int = 3, *, store_id: int | None = None) -> list[Sku]:
    """Of those that the store sells, where one is named."""
    skus = Sku.objects.all() if store_id is None else Sku.objects.public(store_id)
    models = [model for model in MODELS if model != "TREND-ACA" or not play.often()]  # for schools alone
    found = list(skus.filter(model_number__in=models).select_related("product__vendor").order_by("pk"))
    return play.chance.sample(found, play.chance.randint(1, min(most, len(found))))


def _put(play: Play, by: Member, skus: list[Sku]) -> None:
    for sku in skus:
        carts.put(sku, quantity=_quantity(play, sku), by=by)
        contracts = list(Contract.objects.filter(company=by.company).order_by("pk"))
        if sku.purchase_type != PurchaseType.NEW and contracts:
            carts.follow(sku.pk, contract=play.chance.choice(contracts), by=by)


@act("member", 12)
def issue(play: Play, by: Member) -> None:
    _put(play, by, _skus(play, store_id=by.store_id))
    quotes.issue_all(by=by)


@act("member", 4)
def order_from_cart(play: Play, by: Member) -> None:
    [sku] = _skus(play, 1, store_id=by.store_id)
    _put(play, by, [sku])
    form = carts.form_of(sku)
    total = quotes.preview(form, by=by)["total"] + (0 if play.often() else 1)
    orders.place_from_cart(form, accepted_terms=by.store.terms_version, total_yen=total, by=by)


@act("member", 14)
def place(play: Play, by: Member) -> None:
    mine = Quote.objects.filter(company=by.company, state=Quote.State.ISSUED)
    quote = play.some(Quote.objects.all(), mine)
    revision = quote.revision if play.often() else 1
    orders.place(quote, accepted_terms=by.store.terms_version, revision=revision, by=by)


@act("member", 4)
def make_link(play: Play, by: Member) -> None:
    approvers = list(Approver.objects.order_by("pk"))
    approver = play.chance.choice([None, *approvers])
    quote = play.some(Quote.objects.all(), Quote.objects.filter(company=by.company, state=Quote.State.ISSUED))
    quote_links.create(quote, label="経理", approver=approver, by=by)


@act("member", 1, is_fact=False)
def withdraw_link(play: Play, by: Member) -> None:
    quote_links.withdraw(play.some(QuoteLink.objects.all()), by=by)


@act("member", 1, is_fact=False)
def open_link(play: Play, by: Member) -> None:
    """Whoever has the address."""
    quote_links.open(quote_links.secret_of(play.some(QuoteLink.objects.all())), store=by.store)


@act("member", 4, is_fact=False)
def decide(play: Play, by: Member) -> None:
    """Whoever has the address; they need no account."""
    asking = QuoteLink.objects.exclude(approver=None).select_related("quote", "approver", "created_by", "store")
    link = play.some(asking)
    says = play.chance.choice([Decision.APPROVED, Decision.APPROVED, Decision.RETURNED])
    approvals.decide(link, decision=says, comment="確認" if play.often() else "", revision=link.quote.revision)


@act("member", 8)
def hand_in(play: Play, by: Member) -> None:
    asked = DocumentRequest.objects.select_related("order")
    request = play.some(asked, asked.filter(order__company=by.company, state__in=papers.OPEN))
    submissions.hand_in(request, [_paper() for _file in range(play.chance.randint(1, 2))], by=by)


@act("member", 3)
def ask_wish(play: Play, by: Member) -> None:
    order = play.some(Order.objects.all(), Order.objects.filter(company=by.company))
    wishes.ask(order, kind=play.chance.choice(OrderWish.Kind.values), text="予算の都合" if play.often() else "", by=by)


@act("member", 2)
def confirm_receipt(play: Play, by: Member) -> None:
    completions.confirm(play.some(Order.objects.all(), Order.objects.filter(state=Order.State.DELIVERED)), by=by)


def _wanted(play: Play) -> list[offers.Wanted]:
    """At the rules' price, an own one, hardly any, or nothing at all."""
    own = (None, None, 4000, 1, 0)
    return [offers.Wanted(sku, _quantity(play, sku), play.chance.choice(own)) for sku in _skus(play, 2)]


@act("partner", 5)
def prepare(play: Play, by: User) -> None:
    member = play.some(Member.objects.select_related("company", "store"))
    offers.prepare(member, _wanted(play), reason="他社対抗", days=play.chance.choice([None, 1, 30]), by=by)


def _quote(play: Play, *states: str) -> Quote:
    quotes_ = Quote.objects.select_related("store", "member__store", "member__company", "company")
    return play.some(quotes_, quotes_.filter(state__in=states))


@act("partner", 6)
def send(play: Play, by: User) -> None:
    offers.send(_quote(play, Quote.State.DRAFT), by=by)


@act("partner", 6)
def allow(play: Play, by: User) -> None:
    offers.allow(_quote(play, Quote.State.AWAITING_HEAD), by=by)


@act("partner", 1)
def give_back(play: Play, by: User) -> None:
    offers.give_back(_quote(play, Quote.State.AWAITING_HEAD), by=by)


@act("partner", 1)
def rewrite(play: Play, by: User) -> None:
    revisions.rewrite(_quote(play, Quote.State.DRAFT), _wanted(play), reason="変更", by=by)


@act("partner", 5)
def revise(play: Play, by: User) -> None:
    quote = _quote(play, Quote.State.ISSUED, Quote.State.EXPIRED)
    revisions.revise(quote, _wanted(play), reason="値引き", days=play.chance.choice([None, 2]), by=by)


@act("partner", 1)
def withdraw_quote(play: Play, by: User) -> None:
    offers.withdraw(_quote(play, Quote.State.ISSUED, Quote.State.DRAFT), by=by)


@act("desk", 14)
def record_transfer(play: Play, by: User) -> None:
    order = play.some(Order.objects.all(), Order.objects.filter(receivable__state=Receivable.State.OPEN))
    rest = payments.remaining(order.receivable)
    yen = rest if play.often() else play.chance.randint(0, rest + 1)
    day = clock.today() + timedelta(days=0 if play.often() else 1)
    orders.record_transfer(order, amount_yen=yen, received_on=day, payer_name="ｱｵｿﾞﾗ", by=by)


@act("desk", 6)
def refund(play: Play, by: User) -> None:
    rows = Receivable.objects.all()
    due = play.some(rows, rows.filter(state=Receivable.State.REFUND_DUE))
    payments.record_refund(due, paid_on=clock.today(), by=by)


@act("desk", 2)
def ask_paper(play: Play, by: User) -> None:
    order = play.some(Order.objects.all())
    line = order.lines.order_by("pk")[play.chance.randrange(order.lines.count())]
    papers.ask(order, line, paper=play.chance.choice(Paper.values), why="メーカーの依頼です。", by=by)


def _request(play: Play, *states: str) -> DocumentRequest:
    asked = DocumentRequest.objects.select_related("order__store", "order__member")
    return play.some(asked, asked.filter(state__in=states))


@act("desk", 1)
def file_paper(play: Play, by: User) -> None:
    source = play.chance.choice(["fax", "mail", "web"])
    submissions.file_for(_request(play, *papers.OPEN), [_paper()], source=source, by=by)


def _seen(play: Play, request: DocumentRequest) -> int:
    """The file on the reviewer's screen; sometimes one that was replaced."""
    handed = list(request.submissions.order_by("pk").values_list("pk", flat=True))
    return handed[-1 if play.often() else 0] if handed else 0


@act("desk", 8)
def accept_paper(play: Play, by: User) -> None:
    request = _request(play, PaperState.HANDED_IN)
    submissions.accept(request, seen=_seen(play, request), remember=play.chance.random() < 0.5, by=by)


@act("desk", 2)
def send_back(play: Play, by: User) -> None:
    request = _request(play, PaperState.HANDED_IN, PaperState.ACCEPTED)
    submissions.send_back(request, seen=_seen(play, request), reason="読めません。", by=by)


@act("desk", 2)
def do_without_paper(play: Play, by: User) -> None:
    submissions.not_needed(_request(play, *papers.OPEN), by=by)


@act("desk", 1)
def mark_sent(play: Play, by: User) -> None:
    submissions.mark_sent(_request(play, PaperState.ACCEPTED), by=by)


@act("desk", 10, is_fact=False)
def collect(play: Play, by: User) -> None:
    vendor_orders.collect(play.some(Vendor.objects.all(), _vendors()), by=by)


def _vendors() -> "models.QuerySet[Vendor]":
    """Those that something waits for."""
    waiting = Order.objects.filter(state=Order.State.ARRANGING, lines__vendor_order=None)
    return Vendor.objects.filter(pk__in=waiting.values("lines__sku__product__vendor"))


@act("desk", 3)
def record_vendor_order(play: Play, by: User) -> None:
    order = play.some(Order.objects.all(), Order.objects.filter(state=Order.State.ARRANGING))
    vendor, reference = play.some(Vendor.objects.all(), _vendors()), f"V-{play.chance.randint(1, 9)}"
    vendor_orders.record(order, vendor=vendor, reference=reference, ordered_on=clock.today(), by=by)


def _vendor_order(play: Play, *states: str) -> VendorOrder:
    return play.some(VendorOrder.objects.all(), VendorOrder.objects.filter(state__in=states))


@act("desk", 10)
def send_vendor_order(play: Play, by: User) -> None:
    sent = vendor_orders.send(_vendor_order(play, VendorOrder.State.COLLECTING), by=by)
    ready = {Order.State.ARRANGING}
    assert {line.order.state for line in sent.lines.select_related("order")} == ready, "sent without papers or money"


@act("desk", 1)
def leave_out(play: Play, by: User) -> None:
    vendor_orders.leave_out(play.some(VendorOrderLine.objects.select_related("vendor_order")), by=by)


@act("desk", 1, is_fact=False)
def cancel_vendor_order(play: Play, by: User) -> None:
    vendor_orders.cancel(_vendor_order(play, VendorOrder.State.COLLECTING, VendorOrder.State.SENT), by=by)


@act("desk", 3, is_fact=False)
def confirm_vendor_order(play: Play, by: User) -> None:
    made = _vendor_order(play, VendorOrder.State.SENT, VendorOrder.State.PARTLY_CONFIRMED)
    rows = made.order_lines.select_related("line").order_by("pk")
    lines = {
        row.pk: Confirmation(row.line.quantity - (not play.often()), row.unit_cost_yen or 0, "確認")
        for row in rows
        if play.often()
    }
    reference = made.reference or f"V-{play.chance.randint(1, 99)}"
    vendor_orders.confirm(made, reference=reference, expected_on=None, lines=lines, by=by)


@act("desk", 14)
def deliver(play: Play, by: User) -> None:
    ordered = Order.objects.filter(state=Order.State.ARRANGING, lines__vendor_order__isnull=False)
    order = play.some(Order.objects.all(), ordered.distinct())
    items = {
        line.position: deliveries.Item(starts_on=clock.today(), key=f"KEY-{line.pk}")
        for line in order.lines.order_by("pk")
        if play.often()
    }
    deliveries.deliver(order, items=items, by=by)


@act("desk", 10)
def answer_wish(play: Play, by: User) -> None:
    asked = OrderWish.objects.select_related("order__receivable", "member__store")
    wish = play.some(asked, asked.filter(state=OrderWish.State.ASKED))
    wishes.answer(wish, granted=play.chance.random() < 0.6, text="承りました" if play.often() else "", by=by)


@act("time", 4, is_fact=False)
def hours_pass(play: Play, time: time_machine.Traveller) -> None:
    time.shift(timedelta(hours=play.chance.choice([1, 5, 30, 24 * 8])))
    for store in (play.world.elsat, play.world.minato):
        expiry.expire(store.pk)
    completions.complete_all(0)


@act("desk", 2)
def file_order(play: Play, by: User) -> None:
    """What came by FAX."""
    quote = _quote(play, Quote.State.ISSUED)
    came = [_paper()] if play.often() else []
    source = play.chance.choice(["fax", "phone"])
    filed_orders.file(quote, came, source=source, po_number="", revision=quote.revision, by=by)


@act("member", 3)
def ask_for_quote(play: Play, by: Member) -> None:
    lines = [(sku, _quantity(play, sku)) for sku in _skus(play, 2, store_id=by.store_id)]
    quote_requests.ask(subject="見積の依頼", text="お願いします。" if play.often() else "", lines=lines, by=by)


def _asked(play: Play) -> QuoteRequest:
    asked = QuoteRequest.objects.select_related("store", "member__store", "member__company")
    return play.some(asked, asked.exclude(state=QuoteRequest.State.CLOSED))


@act("member", 2)
def reply_or_end(play: Play, by: Member) -> None:
    if play.often():
        quote_requests.reply(_asked(play), text="いかがですか。", by=by)
    else:
        quote_requests.end(_asked(play), by=by)


@act("partner", 2)
def answer_request(play: Play, by: User) -> None:
    request = _asked(play)
    seen = request.posts.order_by("pk").values_list("pk", flat=True)
    quote_requests.answer(request, text="承りました。", seen=list(seen)[-1 if play.often() else 0], by=by)


@act("partner", 4)
def quote_request(play: Play, by: User) -> None:
    """A draft for it, mostly for who asked."""
    request = _asked(play)
    with transaction.atomic():
        quote = offers.prepare(request.member, _wanted(play), reason="ご依頼", by=by)
        quote_requests.attach(request, quote if play.often() else _quote(play, Quote.State.DRAFT), by=by)


@act("partner", 1)
def close_request(play: Play, by: User) -> None:
    quote_requests.close(_asked(play), by=by)
