"""Quotations that staff prepare in a member's name, at own prices where there is a reason, and send (当ストアからのお見積).

Or for a mail address that has no account at the store (prospects.py); then its company is nobody's yet.

Cost and margin are for staff alone: they are asked for when shown, and stand in no snapshot. Below the store's least margin a
head of the partner (責任者), or the desk's 管理者, must say yes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from licenseonline.accounts.models import Member, User
from licenseonline.catalog import eligibility, prices, quantities
from licenseonline.catalog.models import Sku
from licenseonline.kit import clock, money, rights, states
from licenseonline.kit.errors import Refused
from licenseonline.kit.rights import Right
from licenseonline.kit.tenancy import check_reach
from licenseonline.records import history, numbers
from licenseonline.sales import carts, followings, prospects, quote_requests, quotes, separations, snapshots
from licenseonline.sales.models import Quote, QuotePricing
from licenseonline.sales.particulars import PLAIN, Particulars
from licenseonline.sales.prospects import Prospect
from licenseonline.stores import stores

MOST_LINES: Final = carts.MOST_LINES
MOST_DAYS: Final = 365
MOST_YEN: Final = 1_000_000_000  # a unit


@dataclass(frozen=True, slots=True)
class Wanted:
    """A line as staff want it; without an own price (yen a unit, without tax) it costs what the store asks today.

    `follows` is the contract that it renews, adds to or replaces, of the member's company; the only one is taken without.
    """

    sku: Sku
    quantity: int
    own_yen: int | None = None
    follows: int | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """What staff want a quotation to say.

    `reason` is why prices are own ones, for staff alone. Valid `days` from the day it is sent, without a number as many as the
    store's quotations are.
    """

    lines: Sequence[Wanted]
    particulars: Particulars = PLAIN
    reason: str = ""
    days: int | None = None


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

    @property
    def percent(self) -> str | None:
        """As `per_mille`, in words: 12.5."""
        return None if self.per_mille is None else f"{self.per_mille / 10:.1f}"


@dataclass(frozen=True, slots=True)
class Reckoned:
    """A line with what it would cost by the rules, and what its unit costs the operator; None where that is not known."""

    line: snapshots.SnapshotLine
    today_yen: int | None
    cost_yen: int | None

    @property
    def is_own_price(self) -> bool:
        """Whether it differs from the store's price."""
        return self.line["unit_price"] != self.today_yen

    @property
    def margin_yen(self) -> int | None:
        """Of the whole line."""
        return None if self.cost_yen is None else self.line["amount"] - self.cost_yen * self.line["quantity"]


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
def prepare(to: Member | Prospect, content: Content, *, by: User) -> Quote:
    """A draft for a member or an address, which nobody outside sees before it is sent.

    Refused: `line` (none, too many, not sold, quantity, program), `price` (none known, or below 0), `reason` (own prices
    without one), `days` (1 to 365), and as stores.check_sells and prospects.checked; NotVisible for a member of another's
    store, or an address at one.
    """
    check_reach(to.store_id, by)
    to = prospects.checked(to) if isinstance(to, Prospect) else to
    number = numbers.next_number("Q", store_id=to.store_id)
    made = promise(to, content, number=number)
    check_reason(made, content.reason)
    quote = Quote.objects.create(
        store=to.store,
        number=number,
        company=to.company,
        member=None if isinstance(to, Prospect) else to,
        offered_to=to.email if isinstance(to, Prospect) else "",
        prepared_by=by,
        state=Quote.State.DRAFT,
        **columns(made, content.particulars),
    )
    keep_pricing(quote, made, content.reason)
    history.record(quote, "quote.prepared", by=by, total_yen=quote.total_yen, own_prices=made.has_own_prices)
    return quote


@rights.needs(Right.PREPARE_QUOTES)
@transaction.atomic
def send(quote: Quote, *, by: User) -> Quote:
    """The draft goes to the member, or to its address: issued today, with PDF and mail; below the store's margin it first waits for a head.

    Its days count from today. Refused: `state` (not a draft any more); NotVisible for another's store.
    """
    check_reach(quote.store_id, by)
    states.lock(quote)
    if quote.state != Quote.State.DRAFT:
        raise Refused(_("この見積はすでに送付済みか、取り下げられています。"), code="state")
    if not is_below_margin(quote):
        return _issue(quote, by=by)
    _keep_below(quote)
    if rights.allowed(by, Right.ALLOW_MARGINS):
        return allow(states.move(quote, Quote.State.AWAITING_HEAD), by=by)
    history.record(quote, "quote.awaits_head", by=by)
    return states.move(quote, Quote.State.AWAITING_HEAD)


def _keep_below(quote: Quote, **allowed: object) -> None:
    values = {"is_below_margin": True, **allowed}
    today_yen = {str(one["no"]): one["unit_price"] for one in quote.snapshot["lines"]}
    QuotePricing.objects.update_or_create(
        store_id=quote.store_id, quote=quote, defaults=values, create_defaults={**values, "today_yen": today_yen}
    )


@rights.needs(Right.ALLOW_MARGINS)
@transaction.atomic
def allow(quote: Quote, *, by: User) -> Quote:
    """A head says yes to a margin below the store's, and the quotation goes out. Refused: `state` (it does not wait)."""
    check_reach(quote.store_id, by)
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
    check_reach(quote.store_id, by)
    if states.lock(quote).state != Quote.State.AWAITING_HEAD:
        raise Refused(_("この見積は承認待ちではありません。"), code="state")
    history.record(quote, "quote.margin_returned", by=by)
    return states.move(quote, Quote.State.DRAFT)


@rights.needs(Right.PREPARE_QUOTES)
@transaction.atomic
def withdraw(quote: Quote, *, by: User) -> Quote:
    """Staff take the quotation back: it can no longer be ordered, its links end. Refused: `state` (ordered, expired)."""
    check_reach(quote.store_id, by)
    states.lock(quote)
    history.record(quote, "quote.withdrawn", by=by)
    return states.move(quote, Quote.State.WITHDRAWN)


def margin_of(frozen: snapshots.Snapshot) -> Margin:
    """What these lines leave at today's costs."""
    costs = prices.costs({line["sku_id"]: line["quantity"] for line in frozen["lines"]}, day=clock.today())
    known = [costs[line["sku_id"]] * line["quantity"] if line["sku_id"] in costs else None for line in frozen["lines"]]
    return Margin(frozen["net"], None if None in known else sum(cost or 0 for cost in known))


def reckoned(frozen: snapshots.Snapshot, today_yen: Mapping[str, int | None]) -> list[Reckoned]:
    """The lines beside the rules' prices (by position; without one the line's own is the rules') and today's costs."""
    costs = prices.costs({line["sku_id"]: line["quantity"] for line in frozen["lines"]}, day=clock.today())
    return [
        Reckoned(line, today_yen.get(str(line["no"]), line["unit_price"]), costs.get(line["sku_id"]))
        for line in frozen["lines"]
    ]


def is_below_margin(quote: Quote) -> bool:
    """Whether it leaves less than the store wants; an unknown cost, or a store without a least margin, never does."""
    least, leaves = quote.store.least_margin_per_mille, margin_of(quote.snapshot).per_mille
    return least is not None and leaves is not None and leaves < least


def promise(
    to: Member | Prospect, content: Content, *, number: str, chosen: Mapping[int, int | None] | None = None
) -> Prepared:
    """What this content would promise them from today on, without writing anything. Refused: as `prepare`, but `reason`.

    `chosen` are contracts by SKU for lines that name none themselves.
    """
    store, lines, particulars = to.store, content.lines, content.particulars
    stores.check_sells(store)
    if not to.is_active:
        raise Refused(_("退会された、または登録を解除された会員の方には、見積をお送りできません。"), code="member")
    days = store.quote_days if content.days is None else content.days
    if not 1 <= days <= MOST_DAYS:
        raise Refused(_("有効日数は1日から365日までで入力してください。"), code="days", field="days")
    if not 0 < len(lines) <= MOST_LINES:
        message = _("明細は1行から %(most)s 行までで入力してください。") % {"most": MOST_LINES}
        raise Refused(message, code="line", field="lines")
    named = {line.sku.pk: line.follows for line in lines if line.follows}
    found, today_yen = _priced(to, lines, {**(chosen or {}), **named})
    amounts = [(line.amount_yen, line.offer.tax_percent) for line in found]
    frozen = snapshots.quotation(
        found,
        number=number,
        member=to,
        valid_until=clock.today() + timedelta(days=days),
        subject=particulars.subject,
        totals=money.totals(amounts, money.Rounding(store.rounding)),
        particulars=particulars,
        ways=ways(found, stores.pays_by(store)),
    )
    return Prepared(frozen, today_yen)


def columns(made: Prepared, said: Particulars) -> dict[str, Any]:
    """What a quotation's own columns repeat of what it promises from now on."""
    return {
        "snapshot": made.frozen,
        "valid_until": date.fromisoformat(made.frozen["valid_until"]),
        "issued_at": clock.now(),
        "subject": said.subject,
        "po_number": said.po_number,
        "total_yen": made.frozen["total"],
        "title": snapshots.title(made.frozen),
    }


def keep_pricing(quote: Quote, made: Prepared, reason: str, *, allowed_by: User | None = None) -> None:
    """Write down why its prices are own ones, beside what the rules say, and who allowed a margin below the store's.

    What stood there of an earlier content goes; nothing is written when no price is an own one and nobody had to allow it.
    """
    kept = QuotePricing.objects.filter(store_id=quote.store_id, quote=quote)
    if not made.has_own_prices and allowed_by is None:
        kept.delete()
        return
    values = {
        "reason": reason if made.has_own_prices else "",
        "today_yen": made.today_yen,
        "is_below_margin": allowed_by is not None,
        "allowed_by": allowed_by,
        "allowed_at": clock.now() if allowed_by else None,
    }
    QuotePricing.objects.update_or_create(store_id=quote.store_id, quote=quote, defaults=values)


def _priced(
    to: Member | Prospect, lines: Sequence[Wanted], chosen: Mapping[int, int | None]
) -> tuple[list[carts.Line], dict[str, int | None]]:
    wanted = {line.sku.pk: line.quantity for line in lines}
    today, company = clock.today(), to.company
    sold = prices.offers_of(wanted, store=to.store, day=today, company=company)
    skus = [offer.sku for offer in sold.values()]
    rules, followed = eligibility.of(skus), followings.of(skus, company=company, day=today, chosen=chosen)
    units = {pk: following.units(wanted[pk]) for pk, following in followed.items()}
    if any(wanted[pk] != number for pk, number in units.items()):
        sold |= prices.offers_of(units, store=to.store, day=today, company=company)
    found: list[carts.Line] = []
    for number, line in enumerate(lines, start=1):
        offer = sold.get(line.sku.pk)
        if offer is None or len(wanted) != len(lines):
            message = _("%(no)s 行目の型番 %(model)s は、このストアで取り扱いがないか、重複しています。")
            raise Refused(message % {"no": number, "model": line.sku.model_number}, code="line", field="lines")
        quantities.check(offer.sku, line.quantity)
        if company is not None:  # else quotes.check_orderable asks: nobody knows yet of which kind it will be
            eligibility.check(offer.sku, company, rules)
        following = followed.get(offer.sku.pk)
        if following and not following.needs_choice:
            followings.check(following, offer.sku, line.quantity, day=today)
            offer = followings.offered(following, offer, day=today)
        found.append(carts.Line(offer.sku, line.quantity, offer, "", following))
    today_yen = {str(number): line.offer.unit_yen for number, line in enumerate(found, start=1)}
    own = [line.own_yen for line in lines]
    return [replace(line, offer=_at(line.offer, own[at], at + 1)) for at, line in enumerate(found)], today_yen


def ways(lines: Sequence[carts.Line], of_store: tuple[str, ...]) -> list[str]:
    """How it can be paid. Refused (`line`): what cannot stand on one quotation, with why."""
    found = separations.lanes((line.sku for line in lines), of_store=of_store)
    if why := separations.reasons(found.values()):
        raise Refused("".join(why), code="line", field="lines")
    return [way for way in of_store if all(way in separations.ways(line.sku, of_store) for line in lines)]


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


@rights.needs(Right.PREPARE_QUOTES)
def issue_unsent(quote: Quote, *, by: User) -> Quote:
    """Issue a draft for an order that has come already: with its PDF, but without a mail of its own. For filed_orders.enter.

    Refused: `head` (below the store's margin, by somebody who may not allow it).
    """
    is_below = is_below_margin(quote)
    check_head(by, is_below=is_below)
    if is_below:
        _keep_below(quote, allowed_by=by, allowed_at=clock.now())
    return _issue(quote, by=by, is_mailed=False)


def check_head(by: User, *, is_below: bool) -> None:
    """Refuse (`head`) a margin below the store's to who may not allow it."""
    if is_below and not rights.allowed(by, Right.ALLOW_MARGINS):
        raise Refused(_("粗利がストアの基準を下回るため、責任者の承認が必要です。"), code="head")


def _issue(quote: Quote, *, by: User, is_mailed: bool = True) -> Quote:
    """Dated today, for as many days as it was prepared for; the frozen prices stay."""
    prospects.settle(quote)
    frozen: snapshots.Snapshot = quote.snapshot
    valid_for = date.fromisoformat(frozen["valid_until"]) - date.fromisoformat(frozen["issued_on"])
    until = clock.today() + valid_for
    frozen = {**frozen, "issued_on": clock.today().isoformat(), "valid_until": until.isoformat()}
    states.move(quote, Quote.State.ISSUED, snapshot=frozen, valid_until=until, issued_at=clock.now())
    quote_requests.settle(quote)
    history.record(quote, "quote.sent" if is_mailed else "quote.entered", by=by, total_yen=quote.total_yen)
    quotes.publish.defer(quote_id=quote.pk, store_id=quote.store_id, is_mailed=is_mailed)
    return quote
