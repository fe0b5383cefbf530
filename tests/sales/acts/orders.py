"""Orders, their money and their delivery."""

from datetime import timedelta

import time_machine

from licenseonline.accounts.models import Member, User
from licenseonline.billing import payments
from licenseonline.billing.models import Receivable
from licenseonline.catalog.models import Vendor
from licenseonline.kit import clock
from licenseonline.sales import (
    carts,
    completions,
    deliveries,
    expiry,
    filed_orders,
    offers,
    orders,
    quotes,
    vendor_orders,
    wishes,
)
from licenseonline.sales.models import Order, OrderWish, Quote
from licenseonline.sales.offers import Content
from tests.sales.acts.entering import act, scan, some_skus
from tests.sales.acts.quotes import put, some_quote, wanted
from tests.sales.play import Play


@act("member", 4)
def order_from_cart(play: Play, by: Member) -> None:
    [sku] = some_skus(play, 1, store_id=by.store_id)
    put(play, by, [sku])
    form = carts.form_of(sku)
    total = quotes.preview(form, by=by)["total"] + (0 if play.often() else 1)
    orders.place_from_cart(form, accepted_terms=by.store.terms_version, total_yen=total, by=by)


@act("member", 14)
def place(play: Play, by: Member) -> None:
    mine = Quote.objects.filter(company=by.company, state=Quote.State.ISSUED)
    quote = play.some(Quote.objects.all(), mine)
    revision = quote.revision if play.often() else 1
    orders.place(quote, accepted_terms=by.store.terms_version, revision=revision, by=by)


@act("desk", 2)
def file_order(play: Play, by: User) -> None:
    """What came by FAX."""
    quote = some_quote(play, Quote.State.ISSUED)
    filed_orders.file(quote, _arrival(play), revision=quote.revision, by=by)


def _arrival(play: Play) -> filed_orders.Arrival:
    return filed_orders.Arrival(play.chance.choice(["fax", "phone"]), "", [scan()] if play.often() else [])


@act("desk", 2)
def enter_order(play: Play, by: User) -> None:
    """What came by FAX without a quotation; now and then at another sum than was shown."""
    member, lines = play.some(Member.objects.select_related("company", "store")), wanted(play)
    made = offers.promise(member, Content(lines), number="")
    total = made.frozen["total"] + (0 if play.often() else 1)
    filed_orders.enter(member, Content(lines, reason="FAX"), _arrival(play), total_yen=total, by=by)


@act("member", 2)
def confirm_receipt(play: Play, by: Member) -> None:
    completions.confirm(play.some(Order.objects.all(), Order.objects.filter(state=Order.State.DELIVERED)), by=by)


@act("member", 3)
def ask_wish(play: Play, by: Member) -> None:
    order = play.some(Order.objects.all(), Order.objects.filter(company=by.company))
    wishes.ask(order, kind=play.chance.choice(OrderWish.Kind.values), text="予算の都合" if play.often() else "", by=by)


@act("desk", 10)
def answer_wish(play: Play, by: User) -> None:
    asked = OrderWish.objects.select_related("order__receivable", "member__store")
    wish = play.some(asked, asked.filter(state=OrderWish.State.ASKED))
    wishes.answer(wish, granted=play.chance.random() < 0.6, text="承りました" if play.often() else "", by=by)


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


@act("time", 4, is_fact=False)
def hours_pass(play: Play, time: time_machine.Traveller) -> None:
    time.shift(timedelta(hours=play.chance.choice([1, 5, 30, 24 * 8])))
    for store in (play.world.elsat, play.world.minato):
        expiry.expire(store.pk)
    completions.complete_all(0)
    for vendor in Vendor.objects.order_by("pk"):
        vendor_orders.close(vendor)
