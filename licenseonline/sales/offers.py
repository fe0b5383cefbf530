"""Quotations that staff prepare in a member's name, at own prices where there is a reason, and send (当ストアからのお見積).

Cost and margin are for staff alone: they are asked for when shown, and stand in no snapshot. Below the store's least margin a
head of the partner (責任者), or the desk's 管理者, must say yes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from licenseonline.accounts.models import Member, User
from licenseonline.catalog import eligibility, prices, quantities
from licenseonline.catalog.models import Sku
from licenseonline.kit import clock, money, rights, states
from licenseonline.kit.errors import NotVisible, Refused
from licenseonline.kit.rights import Right
from licenseonline.records import history, numbers
from licenseonline.sales import carts, quotes, snapshots
from licenseonline.sales.models import Quote, QuotePricing
from licenseonline.sales.particulars import PLAIN, Particulars
from licenseonline.stores import stores

MOST_LINES: Final = carts.MOST_LINES
MOST_DAYS: Final = 365
MOST_YEN: Final = 1_000_000_000  # a unit


@dataclass(frozen=True, slots=True)
class Wanted:
    """A line as staff want it; without an own price (yen a unit, without tax) it costs what the store asks today."""

    sku: Sku
    quantity: int
    own_yen: int | None = None


@dataclass(frozen=True, slots=True)
class Margin:
    """What the quotation leaves at today's costs, in yen without tax; None where the cost of a line is not known."""

    net_yen: int
    cost_yen: int | None

    @property
    def margin_yen(self) -> int | None:
        """Net less cost."""
        return None if self.cost_yen is None else self.net_yen - self.cost_yen

    @property
    def per_mille(self) -> int | None:
        """Of the net amount, rounded down; None when it is not known or nothing is charged."""
        return None if self.margin_yen is None or not self.net_yen else self.margin_yen * 1000 // self.net_yen


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a quotation would promise, and what its units would cost by the rules, by position."""

    frozen: snapshots.Snapshot
    today_yen: dict[str, int | None]

    @property
    def has_own_prices(self) -> bool:
        """Whether any line differs from the store's price."""
        return any(line["unit_price"] != self.today_yen[str(line["no"])] for line in self.frozen["lines"])


@rights.needs(Right.PREPARE_QUOTES)
@transaction.atomic
def prepare(  # noqa: PLR0913  (what a quotation says, all named)
    member: Member,
    lines: Sequence[Wanted],
    *,
    particulars: Particulars = PLAIN,
    reason: str = "",
    days: int | None = None,
    by: User,
) -> Quote:
    """A draft in the member's name, which no member sees before it is sent. Valid `days` from then on, else the store's number.

    Refused: `line` (none, too many, not sold, quantity, program), `price` (none known, or below 0), `reason` (own prices
    without one), `days` (1 to 365), and as stores.check_sells; NotVisible for a member of another's store.
    """
    check_reach(member, by)
    number = numbers.next_number("Q", store_id=member.store_id)
    made = promise(member, lines, particulars=particulars, number=number, days=days)
    check_reason(made, reason)
    quote = Quote.objects.create(
        store=member.store,
        number=number,
        company=member.company,
        member=member,
        prepared_by=by,
        state=Quote.State.DRAFT,
        issued_at=clock.now(),
        valid_until=date.fromisoformat(made.frozen["valid_until"]),
        subject=particulars.subject,
        po_number=particulars.po_number,
        total_yen=made.frozen["total"],
        title=snapshots.title(made.frozen),
        snapshot=made.frozen,
    )
    keep_pricing(quote, made, reason)
    history.record(quote, "quote.prepared", by=by, total_yen=quote.total_yen, own_prices=made.has_own_prices)
    return quote


@rights.needs(Right.PREPARE_QUOTES)
@transaction.atomic
def send(quote: Quote, *, by: User) -> Quote:
    """The draft goes to the member: issued today, with PDF and mail; below the store's margin it first waits for a head.

    Its days count from today. Refused: `state` (not a draft any more); NotVisible for another's store.
    """
    check_reach(quote, by)
    states.lock(quote)
    if quote.state != Quote.State.DRAFT:
        raise Refused(_("この見積はすでに送付済みか、取り下げられています。"), code="state")
    if not is_below_margin(quote):
        return _issue(quote, by=by)
    QuotePricing.objects.filter(store_id=quote.store_id, quote=quote).update(is_below_margin=True)
    if rights.allowed(by, Right.ALLOW_MARGINS):
        return allow(states.move(quote, Quote.State.AWAITING_HEAD), by=by)
    history.record(quote, "quote.awaits_head", by=by)
    return states.move(quote, Quote.State.AWAITING_HEAD)


@rights.needs(Right.ALLOW_MARGINS)
@transaction.atomic
def allow(quote: Quote, *, by: User) -> Quote:
    """A head says yes to a margin below the store's, and the quotation goes out. Refused: `state` (it does not wait)."""
    check_reach(quote, by)
    states.lock(quote)
    if quote.state != Quote.State.AWAITING_HEAD:
        raise Refused(_("この見積は承認待ちではありません。"), code="state")
    pricing = QuotePricing.objects.filter(store_id=quote.store_id, quote=quote)
    pricing.update(allowed_by=by, allowed_at=clock.now())
    history.record(quote, "quote.margin_allowed", by=by)
    return _issue(quote, by=by)


@rights.needs(Right.ALLOW_MARGINS)
@transaction.atomic
def give_back(quote: Quote, *, by: User) -> Quote:
    """A head does not: it is a draft again. Refused: `state` (it does not wait)."""
    check_reach(quote, by)
    if states.lock(quote).state != Quote.State.AWAITING_HEAD:
        raise Refused(_("この見積は承認待ちではありません。"), code="state")
    history.record(quote, "quote.margin_returned", by=by)
    return states.move(quote, Quote.State.DRAFT)


@rights.needs(Right.PREPARE_QUOTES)
@transaction.atomic
def withdraw(quote: Quote, *, by: User) -> Quote:
    """Staff take the quotation back: it can no longer be ordered, its links end. Refused: `state` (ordered, expired)."""
    check_reach(quote, by)
    states.lock(quote)
    history.record(quote, "quote.withdrawn", by=by)
    return states.move(quote, Quote.State.WITHDRAWN)


def margin_of(frozen: snapshots.Snapshot) -> Margin:
    """What these lines leave at today's costs."""
    costs = prices.costs({line["sku_id"]: line["quantity"] for line in frozen["lines"]}, day=clock.today())
    known = [costs[line["sku_id"]] * line["quantity"] if line["sku_id"] in costs else None for line in frozen["lines"]]
    return Margin(frozen["net"], None if None in known else sum(cost or 0 for cost in known))


def is_below_margin(quote: Quote) -> bool:
    """Whether it leaves less than the store wants; an unknown cost, or a store without a least margin, never does."""
    least, leaves = quote.store.least_margin_per_mille, margin_of(quote.snapshot).per_mille
    return least is not None and leaves is not None and leaves < least


def promise(
    member: Member,
    lines: Sequence[Wanted],
    *,
    particulars: Particulars,
    number: str,
    days: int | None = None,
) -> Prepared:
    """What these lines would promise the member from today on, without writing anything. Refused: as `prepare`, but `reason`."""
    store = member.store
    stores.check_sells(store)
    days = store.quote_days if days is None else days
    if not 1 <= days <= MOST_DAYS:
        raise Refused(_("有効日数は1日から365日までで入力してください。"), code="days", field="days")
    if not 0 < len(lines) <= MOST_LINES:
        message = _("明細は1行から %(most)s 行までで入力してください。") % {"most": MOST_LINES}
        raise Refused(message, code="line", field="lines")
    found, today_yen = _priced(member, lines)
    amounts = [(line.amount_yen, line.offer.tax_percent) for line in found]
    frozen = snapshots.quotation(
        found,
        number=number,
        member=member,
        valid_until=clock.today() + timedelta(days=days),
        subject=particulars.subject,
        totals=money.totals(amounts, money.Rounding(store.rounding)),
        particulars=particulars,
    )
    return Prepared(frozen, today_yen)


def keep_pricing(quote: Quote, made: Prepared, reason: str) -> None:
    """Write down why its prices are own ones, beside what the rules say; nothing when none is."""
    if made.has_own_prices:
        QuotePricing.objects.update_or_create(
            store_id=quote.store_id, quote=quote, defaults={"reason": reason, "today_yen": made.today_yen}
        )


def _priced(member: Member, lines: Sequence[Wanted]) -> tuple[list[carts.Line], dict[str, int | None]]:
    wanted = {line.sku.pk: line.quantity for line in lines}
    sold = prices.offers_of(wanted, store=member.store, day=clock.today(), company=member.company)
    rules = eligibility.of(line.sku for line in lines)
    found: list[carts.Line] = []
    today_yen: dict[str, int | None] = {}
    for number, line in enumerate(lines, start=1):
        offer = sold.get(line.sku.pk)
        if offer is None or len(wanted) != len(lines):
            message = _("%(no)s 行目の型番 %(model)s は、このストアで取り扱いがないか、重複しています。")
            raise Refused(message % {"no": number, "model": line.sku.model_number}, code="line", field="lines")
        quantities.check(offer.sku, line.quantity)
        eligibility.check(offer.sku, member.company, rules)
        today_yen[str(number)] = offer.unit_yen
        found.append(carts.Line(offer.sku, line.quantity, _at(offer, line.own_yen, number), ""))
    return found, today_yen


def _at(offer: prices.Offer, own_yen: int | None, number: int) -> prices.Offer:
    if own_yen is None and offer.unit_yen is None:
        message = _("%(no)s 行目は価格が設定されていません。単価を入力してください。") % {"no": number}
        raise Refused(message, code="price", field="lines")
    if own_yen is not None and not 0 <= own_yen <= MOST_YEN:
        message = _("%(no)s 行目の単価は0円以上で入力してください。") % {"no": number}
        raise Refused(message, code="price", field="lines")
    return offer if own_yen is None else replace(offer, unit_yen=own_yen)


def check_reason(made: Prepared, reason: str) -> None:
    """Refuse (`reason`) own prices without one."""
    if made.has_own_prices and not reason:
        raise Refused(_("ストアの価格と異なる単価にする理由を入力してください。"), code="reason", field="reason")


def check_reach(row: Member | Quote, by: User) -> None:
    """Only of stores that this person sees."""
    if by.visible_stores is not None and row.store_id not in by.visible_stores:
        raise NotVisible


def _issue(quote: Quote, *, by: User) -> Quote:
    """Dated today, for as many days as it was prepared for; the frozen prices stay."""
    frozen: snapshots.Snapshot = quote.snapshot
    valid_for = date.fromisoformat(frozen["valid_until"]) - date.fromisoformat(frozen["issued_on"])
    until = clock.today() + valid_for
    frozen = {**frozen, "issued_on": clock.today().isoformat(), "valid_until": until.isoformat()}
    states.move(quote, Quote.State.ISSUED, snapshot=frozen, valid_until=until, issued_at=clock.now())
    history.record(quote, "quote.sent", by=by, total_yen=quote.total_yen)
    quotes.publish.defer(quote_id=quote.pk, store_id=quote.store_id)
    return quote
