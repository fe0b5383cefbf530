"""Revisions (改訂) of a quotation: the same number, a new content; the earlier ones stay readable with their PDF."""

from django.db import transaction
from django.utils.translation import gettext as _

from licenseonline.accounts.models import User
from licenseonline.kit import rights, states
from licenseonline.kit.errors import Refused
from licenseonline.kit.rights import Right
from licenseonline.kit.tenancy import check_reach
from licenseonline.records import history
from licenseonline.sales import offers, prospects, quotes, snapshots
from licenseonline.sales.models import Quote, QuoteRevision
from licenseonline.sales.offers import Content


@rights.needs(Right.PREPARE_QUOTES)
@transaction.atomic
def revise(quote: Quote, content: Content, *, by: User) -> Quote:
    """A new revision of an issued or expired quotation, valid from today; the member is mailed and accepts this one only.

    One that is only offered is mailed to its address. Of revising and ordering at once one wins: the other is refused.
    Refused: `state` (ordered, withdrawn, never issued), `head` (below the store's margin, by somebody who may not allow it),
    and as offers.prepare.
    """
    check_reach(quote.store_id, by)
    states.lock(quote)
    if quote.state not in {Quote.State.ISSUED, Quote.State.EXPIRED}:
        raise Refused(_("改訂できるのは、発行済みでまだご注文いただいていない見積だけです。"), code="state")
    prospects.settle(quote)
    made = _promise(quote, content)
    offers.check_reason(made, content.reason)
    _keep(quote)
    made.frozen["revision"] = quote.revision + 1
    anew = {"revision": quote.revision + 1, "prepared_by": by, "pdf": None, "reminded_at": None}
    _write(quote, {**offers.columns(made, content.particulars), **anew})
    is_below = offers.is_below_margin(quote)
    offers.check_head(by, is_below=is_below)
    offers.keep_pricing(quote, made, content.reason, allowed_by=by if is_below else None)
    history.record(quote, "quote.revised", by=by, revision=quote.revision, total_yen=quote.total_yen)
    quotes.publish.defer(quote_id=quote.pk, store_id=quote.store_id)
    return quote


@rights.needs(Right.PREPARE_QUOTES)
@transaction.atomic
def rewrite(quote: Quote, content: Content, *, by: User) -> Quote:
    """A draft gets another content; no revision, because nobody has read it. Refused: `state` (no draft), and as offers.prepare."""
    check_reach(quote.store_id, by)
    states.lock(quote)
    if quote.state != Quote.State.DRAFT:
        raise Refused(_("作成中の見積ではないため、書き直せません。"), code="state")
    made = _promise(quote, content)
    offers.check_reason(made, content.reason)
    _write(quote, offers.columns(made, content.particulars))
    offers.keep_pricing(quote, made, content.reason)
    history.record(quote, "quote.rewritten", by=by, total_yen=quote.total_yen, own_prices=made.has_own_prices)
    return quote


def followed(quote: Quote) -> dict[int, int | None]:
    """Which contract each of its lines renews, adds to or replaces, by SKU."""
    return {pk: contract for pk, (_quantity, contract) in snapshots.following(quote.snapshot).items()}


def _promise(quote: Quote, content: Content) -> offers.Prepared:
    """Today's, following the same contracts as before."""
    to = prospects.of(quote, content.particulars)
    return offers.promise(to, content, number=quote.number, chosen=followed(quote))


def _keep(quote: Quote) -> None:
    QuoteRevision.objects.create(
        store_id=quote.store_id,
        quote=quote,
        revision=quote.revision,
        issued_at=quote.issued_at,
        valid_until=quote.valid_until,
        total_yen=quote.total_yen,
        snapshot=quote.snapshot,
        pdf=quote.pdf,
    )


def _write(quote: Quote, changes: dict[str, object]) -> None:
    if quote.state == Quote.State.EXPIRED:
        states.move(quote, Quote.State.ISSUED, **changes)
        return
    for name, value in changes.items():
        setattr(quote, name, value)
    quote.save(update_fields=list(changes))
