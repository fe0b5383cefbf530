"""再見積: from an expired or a valid quotation a new one at today's prices, with what differs shown before it is issued."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from licenseonline.accounts import members
from licenseonline.accounts.models import Member
from licenseonline.catalog.successors import Ended, ended
from licenseonline.kit import clock, money
from licenseonline.kit.errors import NotVisible, Refused
from licenseonline.records import history, numbers
from licenseonline.sales import carts, offers, particulars, quotes, snapshots
from licenseonline.sales.models import Quote
from licenseonline.stores import stores

_MOST_ENDED: Final = 20  # so many are asked for what took their place


@dataclass(frozen=True, slots=True)
class Compared:
    """A line as it was quoted, and today: `now` is None when the store sells it no more. `ended` says what took its place."""

    then: snapshots.SnapshotLine
    now: carts.Line | None
    ended: Ended | None = None

    @property
    def is_left_out(self) -> bool:
        """It cannot be quoted as it is."""
        return self.now is None or bool(self.now.problem)

    @property
    def change_yen(self) -> int:
        """What a unit costs more than then, less if negative; 0 for what is left out."""
        if self.is_left_out or self.now is None:
            return 0
        return (self.now.offer.unit_yen or 0) - self.then["unit_price"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """All lines, and what those that can be quoted sum up to today."""

    lines: list[Compared]
    totals: money.Totals

    @property
    def fit(self) -> list[carts.Line]:
        """What the new quotation would have."""
        return [one.now for one in self.lines if one.now and not one.is_left_out]


def compare(quote: Quote, *, by: Member) -> Comparison:
    """The quotation beside today's prices and rules, without writing anything. NotVisible for another company's."""
    if (quote.store_id, quote.company_id) != (by.store_id, by.company_id):
        raise NotVisible
    then: list[snapshots.SnapshotLine] = quote.snapshot["lines"]
    wanted = {line["sku_id"]: line["quantity"] for line in then}
    chosen = {line["sku_id"]: line.get("follows_id") for line in then}
    now = {line.sku.pk: line for line in carts.lines_of(wanted, member=by, chosen=chosen)}
    gone = [line["model_number"] for line in then if line["sku_id"] not in now][:_MOST_ENDED]
    instead = {model: ended(model, store_id=by.store_id, day=clock.today()) for model in gone}
    lines = [Compared(line, now.get(line["sku_id"]), instead.get(line["model_number"])) for line in then]
    amounts = [
        (one.now.amount_yen, one.now.offer.tax_percent) for one in lines if one.now is not None and not one.is_left_out
    ]
    return Comparison(lines, money.totals(amounts, money.Rounding(by.store.rounding)))


@transaction.atomic
def issue(quote: Quote, *, seen_yen: int | None, by: Member) -> Quote:
    """The new quotation, for as many days as the store's are; what cannot be quoted is left out. PDF and mail follow.

    `seen_yen` is the total (tax included) that was read, None when that is not known. Refused: as members.check_may_quote, `line` (nothing is left, or
    not on one quotation), `changed` (today's total is another); NotVisible for another company's quotation.
    """
    members.hold(by)
    members.check_may_quote(by)
    found = compare(quote, by=by)
    if not found.fit:
        raise Refused(_("本日お見積りできる明細がありません。窓口までお問い合わせください。"), code="line")
    if found.totals.gross != seen_yen:
        raise Refused(_("価格が変わりました。新しい金額をご確認のうえ、もう一度お手続きください。"), code="changed")
    frozen = _promise(quote, found.fit, found.totals, by)
    number = frozen["number"] = numbers.next_number("Q", store_id=by.store_id)
    made = Quote.objects.create(
        store=by.store,
        number=number,
        company=by.company,
        member=by,
        issued_at=clock.now(),
        valid_until=date.fromisoformat(frozen["valid_until"]),
        subject=quote.subject,
        po_number=quote.po_number,
        total_yen=frozen["total"],
        title=snapshots.title(frozen),
        snapshot=frozen,
        again_of=quote,
    )
    history.record(made, "quote.issued_again", by=by, total_yen=made.total_yen, quote_id=quote.pk)
    quotes.publish.defer(quote_id=made.pk, store_id=made.store_id)
    return made


def _promise(quote: Quote, lines: Sequence[carts.Line], totals: money.Totals, by: Member) -> snapshots.Snapshot:
    said = particulars.of(quote.snapshot)
    if said.wished_on and said.wished_on < clock.today():
        said = replace(said, wished_on=None)
    return snapshots.quotation(
        list(lines),
        number="",
        member=by,
        valid_until=clock.today() + timedelta(days=by.store.quote_days),
        subject=quote.subject,
        totals=totals,
        particulars=said,
        ways=offers.ways(lines, stores.pays_by(by.store)),
    )
