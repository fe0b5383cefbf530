"""Documents of an order (注文請書, 検収書, 受領書), its end, and ordering straight from the cart."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import time_machine
from django.core import mail as sent
from django.core.files.base import ContentFile
from hypothesis import given
from hypothesis import strategies as st

from licenseonline.kit import calendar, clock
from licenseonline.kit.errors import NotVisible, Refused
from licenseonline.records import files, history
from licenseonline.records.uploads import Received, receive
from licenseonline.sales import carts, completions, next_steps, order_documents, orders, papers, wishes
from licenseonline.sales.models import Order, OrderFile, OrderFileKind, OrderWish, Quote
from licenseonline.stores.models import Store
from tests.jobs import run_jobs
from tests.pdf_text import text_of
from tests.web.member.helpers import delivered
from tests.world import World

ACKNOWLEDGEMENT = OrderFileKind.ACKNOWLEDGEMENT


def paper(name: str = "注文書.pdf") -> Received:
    return receive(ContentFile(b"%PDF-1.7\n%%EOF\n", name))


def refused(do: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refusal:
        do()
    return refusal.value.code


def words(one: OrderFile) -> str:
    with files.opened(one.file) as content:
        return "".join(text_of(content.read()))


def test_the_acknowledgement_is_made_once_kept_and_goes_with_the_mail(world: World) -> None:
    quote = world.quote()
    order = orders.place(quote, accepted_terms=quote.snapshot["terms_version"], po_number="PO-<b>7", by=world.hanako)
    assert order_documents.of(order) == []
    run_jobs()
    [made] = order_documents.of(order)
    [mail] = [one for one in sent.outbox if "ご注文ありがとうございます" in one.subject]
    with files.opened(made.file) as content:
        kept = content.read()
    assert [(name, body) for name, body, _type in mail.attachments] == [(f"注文請書_{order.number}.pdf", kept)]
    text = words(made)
    for part in (
        "注文請書", order.number, quote.number, "株式会社青空製作所", "青空花子様", "51,480", "PO-<b>7",
        "エルサットストア販売株式会社", "下記のとおりご注文をお請けいたします", "みらい銀行", "VBBSS-1Y-005",
    ):  # fmt: skip
        assert part in text, part
    message_id = mail.extra_headers["Message-ID"]
    again = Order.objects.select_related("store", "receivable").get(pk=order.pk)
    assert order_documents.content(again, ACKNOWLEDGEMENT, at=order.placed_at) == kept
    order_documents.acknowledge.func(order_id=order.pk, store_id=order.store_id, message_id=1)
    run_jobs()
    assert (OrderFile.objects.count(), [one.extra_headers["Message-ID"] for one in sent.outbox].count(message_id)) == (
        1,
        1,
    )


def test_receipt_and_inspection_follow_the_delivery(world: World) -> None:
    order = world.arranged_order()
    assert refused(lambda: completions.confirm(order, by=world.hanako)) == "state"
    assert refused(lambda: wishes.ask(order, kind=OrderWish.Kind.INSPECTION, text="", by=world.hanako)) == "state"
    order = delivered(world)
    assert order.delivered_at is not None
    wish = wishes.ask(order, kind=OrderWish.Kind.INSPECTION, text="", by=world.hanako)
    wishes.answer(wish, granted=True, text="", by=world.operator)
    for stranger in (world.taro, world.hanako_at_minato):
        with pytest.raises(NotVisible):
            completions.confirm(order, by=stranger)
    completions.confirm(order, by=world.ichiro)
    assert refused(lambda: completions.confirm(order, by=world.hanako)) == "state"
    run_jobs()
    inspection, receipt = (order.files.get(kind=kind) for kind in (OrderFileKind.INSPECTION, OrderFileKind.RECEIPT))
    assert "エルサットストア販売株式会社御中" in words(inspection)
    assert "検収いたしました" in words(inspection)
    day = clock.today()
    assert f"受領日{day.year}年{day.month}月{day.day}日" in words(receipt)
    assert [entry.event for entry in history.of(order)][-1] == "order.received"


def test_two_weeks_after_the_delivery_an_order_is_completed_by_itself(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(completions, "_BATCH", 1)
    first, second, other = delivered(world), delivered(world), world.order()
    completions.complete_all.func(timestamp=0)
    first.refresh_from_db()
    assert first.state == Order.State.DELIVERED
    with time_machine.travel(clock.now() + timedelta(days=completions.DAYS, minutes=1), tick=False):
        completions.complete_all.func(timestamp=0)
        completions.complete_all.func(timestamp=0)
    for order in (first, second, other):
        order.refresh_from_db()
    assert (first.state, second.state) == (Order.State.COMPLETED, Order.State.COMPLETED)  # more than a batch holds
    assert other.state == Order.State.AWAITING_PAYMENT
    assert [entry.event for entry in history.of(first)].count("order.completed") == 1


def test_the_customers_own_paper_is_kept_with_its_source(world: World) -> None:
    order = world.order()
    order_documents.attach(order, paper("../<b>注文書.exe.pdf"), by=world.ichiro)
    order_documents.attach_for(order, paper(), source="fax", by=world.operator)
    assert [(one.kind, one.source, "/" in one.file.name) for one in order_documents.of(order)] == [
        ("purchase_order", "web", False),
        ("purchase_order", "fax", False),
    ]
    with pytest.raises(NotVisible):
        order_documents.attach(order, paper(), by=world.taro)
    assert refused(lambda: order_documents.attach_for(order, paper(), source="web", by=world.operator)) == "source"
    wishes.ask(order, kind=OrderWish.Kind.CANCEL, text="", by=world.hanako)
    assert refused(lambda: order_documents.attach(order, paper(), by=world.hanako)) == "state"


def test_straight_from_the_cart_only_where_the_store_allows_and_at_the_price_that_was_read(world: World) -> None:
    carts.put(world.sku("VBBSS-1Y-005"), quantity=10, by=world.hanako)

    def place(total_yen: int) -> Order:
        return orders.place_from_cart(
            carts.TERM, accepted_terms="2026-04-01", total_yen=total_yen, po_number="PO-1", by=world.hanako
        )

    assert refused(lambda: place(51_480)) == "store"
    Store.objects.filter(pk=87465).update(orders_from_cart=True)
    world.hanako.store.refresh_from_db()
    assert refused(lambda: place(51_479)) == "changed"
    assert not Quote.objects.exists()  # nor is anything quoted
    order = place(51_480)
    assert (order.total_yen, order.po_number, order.quote.state) == (51_480, "PO-1", Quote.State.ORDERED)
    assert refused(lambda: place(51_480)) == "empty"


@given(day=st.dates(date(2026, 1, 1), date(2027, 12, 31)), number=st.integers(0, 15))
def test_days_are_business_days_over_new_year_and_golden_week(day: date, number: int) -> None:
    found = calendar.add_business_days(day, number)
    assert calendar.is_business_day(found)
    assert (found.month, found.day) not in {(12, 31), (1, 1), (1, 2), (1, 3)}
    between = [day + timedelta(days=offset) for offset in range(1, (found - day).days + 1)]
    counted = sum(calendar.is_business_day(one) for one in between)
    assert counted == number or (number == 0 and counted <= 1)


@time_machine.travel("2026-12-25T10:00:00+09:00", tick=False)
def test_what_comes_next_counts_from_the_last_thing_that_is_due(world: World) -> None:
    frozen = world.quote().snapshot
    plain = next_steps.before(frozen, [], store=world.elsat)
    # Seven business days after Christmas: 28, 29, 30 December, 4, 5, 6, 7 January; then three for the delivery.
    assert (plain.papers, plain.payment, plain.delivery) == (None, date(2027, 1, 7), date(2027, 1, 13))
    late = next_steps.before(frozen, [papers.Needed("application_form", "", 10)], store=world.elsat)
    assert late.papers == date(2027, 1, 13)
    assert late.delivery == date(2027, 1, 18)
    cancelled = world.order()
    wishes.ask(cancelled, kind=OrderWish.Kind.CANCEL, text="", by=world.hanako)
    cancelled.refresh_from_db()
    assert next_steps.of(cancelled, [], paid_on=None) == next_steps.Days(None, None, None)
