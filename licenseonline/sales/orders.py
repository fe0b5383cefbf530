"""Orders (注文): placed once from a valid quotation, prepaid by bank transfer."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from licenseonline.accounts import members
from licenseonline.accounts.models import Member, User
from licenseonline.billing import payments
from licenseonline.catalog import prices
from licenseonline.kit import calendar, clock, jobs, rights, states
from licenseonline.kit.actors import Actor
from licenseonline.kit.errors import Refused
from licenseonline.kit.rights import Right
from licenseonline.records import history, numbers
from licenseonline.sales import (
    approvals,
    followings,
    holding_uses,
    mail,
    order_documents,
    papers,
    progress,
    quotes,
    snapshots,
)
from licenseonline.sales.models import LineMargin, Order, OrderLine, Quote, Source
from licenseonline.sales.particulars import Particulars
from licenseonline.sales.snapshots import Snapshot
from licenseonline.stores import stores
from licenseonline.stores.models import Store


def payment_due(store: Store, day: date) -> date:
    """The last day to pay for an order of that day: the store's number of business days later."""
    return calendar.add_business_days(day, store.payment_days, stores.holidays(store))


def expected_delivery(frozen: Snapshot, *, paid_on: date, store: Store, of: Collection[int] = ()) -> date:
    """About when it is delivered: the longest lead time of its lines in the store's business days after that day.

    `of` are the positions of the lines that are asked about; without any all are.
    """
    lead = max(line["lead_days"] for line in frozen["lines"] if not of or line["no"] in of)
    return calendar.add_business_days(paid_on, lead, stores.holidays(store))


@dataclass(frozen=True, slots=True)
class Entry:
    """How an order reached the store: the customer's own number (None: the quotation's), the way, and who of the staff filed it."""

    po_number: str | None = None
    source: Source = Source.WEB
    filed_by: User | None = None


WEB: Final = Entry()


def place(
    quote: Quote, *, accepted_terms: str, revision: int | None = None, po_number: str | None = None, by: Member
) -> Order:
    """Order a quotation of the member's own company, once, while it is valid, at the frozen price.

    `accepted_terms` is the version of the terms that the member ticked, `revision` the one that the member read (None: the
    present one), `po_number` the customer's own number, up to 40 characters (None: the quotation's). Refused: `expired`, `ordered`, `revised` (there is a newer revision), `terms` (none
    or another version than the quotation's), and as members.hold, members.check_may_order and approvals.check_approved and followings.check_promised; NotVisible for others'
    quotations. Cost, margin and commission freeze. All in the scope's transaction.
    """
    members.hold(by)
    states.lock(quote)
    quotes.check_orderable(quote, by=by)
    if revision is not None:
        quotes.check_revision(quote, revision)
    members.check_may_order(by)
    approvals.check_approved(quote, by=by)
    frozen: Snapshot = quote.snapshot
    if accepted_terms != frozen["terms_version"]:
        raise Refused(
            _("ご注文には販売条件への同意が必要です。内容をご確認のうえチェックを入れてください。"),
            code="terms",
            field="terms",
        )
    uses = followings.check_promised(snapshots.following(frozen), company=by.company)
    return write(quote, Entry(po_number) if po_number else WEB, uses, member=by, actor=by)


@transaction.atomic
def place_from_cart(form: str, *, accepted_terms: str, total_yen: int, po_number: str = "", by: Member) -> Order:
    """Quote one group of the member's cart and order it at once, where the store allows that.

    `total_yen` (tax included) is what the member read. Refused: `store` (this store wants a quotation first), `changed` (it
    costs something else now), and as quotes.issue and place; then nothing is quoted either.
    """
    members.check_may_quote(by)
    if not by.store.orders_from_cart:
        raise Refused(_("当ストアでは、見積を作成してからご注文いただけます。"), code="store")
    quote = quotes.issue(form, particulars=Particulars(po_number=po_number), by=by)
    if quote.total_yen != total_yen:
        message = _(
            "表示後にカートの内容または価格が変わりました。新しい内容をご確認のうえ、もう一度お手続きください。"
        )
        raise Refused(message, code="changed")
    return place(quote, accepted_terms=accepted_terms, by=by)


@transaction.atomic(savepoint=False)  # nothing is refused any more: what fails now fails the whole request
def write(quote: Quote, entry: Entry, uses: followings.Uses, *, member: Member, actor: Actor) -> Order:
    """The rows of an order that was checked, for `place` and filed_orders.file; the quotation is locked.

    `uses` is what followings.check_promised answered.
    """
    frozen: Snapshot = quote.snapshot
    company, store = member.company, member.store
    number = numbers.next_number("P", store_id=store.pk)
    receivable = payments.owe(
        company, reference=number, amount_yen=quote.total_yen, due_on=payment_due(store, clock.today())
    )
    asked = papers.plan({line["no"]: (line["sku_id"], line["papers"]) for line in frozen["lines"]}, company=company)
    order = Order.objects.create(
        store=store,
        number=number,
        quote=quote,
        company=company,
        member=member,
        receivable=receivable,
        state=papers.first_state(asked, Order.State.AWAITING_PAYMENT if quote.total_yen else Order.State.ARRANGING),
        quote_revision=quote.revision,
        source=entry.source,
        filed_by=entry.filed_by,
        placed_at=clock.now(),
        po_number=quote.po_number if entry.po_number is None else entry.po_number,
        terms_version=frozen["terms_version"],
        total_yen=quote.total_yen,
        title=quote.title,
        snapshot=frozen,
    )
    lines = _freeze_lines(order, frozen)
    papers.open_for(order, lines, asked)
    if uses:
        holding_uses.write(lines, uses)
    states.move(quote, Quote.State.ORDERED)
    event, facts = ("order.filed", {"source": str(entry.source)}) if entry.filed_by else ("order.placed", {})
    history.record(order, event, by=actor, quote_id=quote.pk, total_yen=order.total_yen, **facts)
    message = mail.order_placed(order, papers=[request for _position, request in asked])
    jobs.defer(order_documents.acknowledge, order_id=order.pk, store_id=order.store_id, message_id=message.pk)
    return order


def _freeze_lines(order: Order, frozen: Snapshot) -> list[OrderLine]:
    lines = OrderLine.objects.bulk_create(
        OrderLine(
            store_id=order.store_id,
            order=order,
            position=line["no"],
            sku_id=line["sku_id"],
            quantity=line["quantity"],
            unit_yen=line["unit_price"],
            follows_id=line.get("follows_id"),
        )
        for line in frozen["lines"]
    )
    day = clock.today()
    costs = prices.costs({line.sku_id: line.quantity for line in lines}, day=day)
    commission = stores.commission_per_mille(order.store, day)
    LineMargin.objects.bulk_create(_margin(line, costs.get(line.sku_id), commission) for line in lines)
    return lines


def _margin(line: OrderLine, unit_cost: int | None, per_mille: int) -> LineMargin:
    cost = None if unit_cost is None else unit_cost * line.quantity
    return LineMargin(
        store_id=line.store_id,
        line=line,
        cost_yen=cost,
        margin_yen=None if cost is None else line.amount_yen - cost,
        commission_per_mille=per_mille,
        commission_yen=line.amount_yen * per_mille // 1000,
    )


@rights.needs(Right.BOOK_PAYMENTS)
@transaction.atomic
def record_transfer(order: Order, *, amount_yen: int, received_on: date, payer_name: str, by: User) -> Order:
    """The desk records a bank transfer for the order; once all is paid the order moves on and the member is told.

    Refused: what `payments.book` refuses, and NotVisible for anyone but the operator's staff.
    """
    states.lock(order)
    paid = payments.book(order.receivable, amount_yen=amount_yen, received_on=received_on, payer_name=payer_name, by=by)
    history.record(order, "order.transfer_recorded", by=by, amount_yen=amount_yen)
    if paid:
        progress.settle(order)
        mail.payment_received(order)
    return order


@rights.needs(Right.BOOK_PAYMENTS)
@transaction.atomic
def record_refund(order: Order, *, paid_on: date, by: User) -> Order:
    """The desk records that what had come for a cancelled order was given back; refused as payments.record_refund."""
    states.lock(order)
    refund = payments.record_refund(order.receivable, paid_on=paid_on, by=by)
    history.record(order, "order.refunded", by=by, amount_yen=refund.amount_yen)
    return order
