"""Quotations (見積): made from the cart at once by a member, frozen, valid to the end of a day in Japan."""

from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from licenseonline.accounts import members
from licenseonline.accounts.models import Member
from licenseonline.kit import clock, scope
from licenseonline.kit.errors import NotVisible, Refused
from licenseonline.records import files, history, numbers
from licenseonline.sales import carts, documents, mail, snapshots
from licenseonline.sales.models import Quote


def preview(form: str, *, by: Member) -> snapshots.Snapshot:
    """What `issue` would promise now, without a number and without writing anything; refused as `issue` refuses."""
    group = _group(form, by)
    return snapshots.quotation(
        group.lines, number="", member=by, valid_until=_valid_until(by), subject="", totals=group.totals
    )


def issue(form: str, *, subject: str = "", by: Member) -> Quote:
    """Make a quotation of the lines of one contract form in the member's cart, at today's prices, and empty them.

    It holds to the end of the store's number of days from today (Japan). Its PDF and mail follow by a job of the
    same transaction, the scope's. Refused: `empty`, `line` with the sentence of a line's own rules (quantity, program,
    on request), and as members.check_may_quote.
    """
    # Two clicks at once: the second waits for the lock and then finds an empty cart; so does who is leaving, or has left.
    return _write(_group(form, by, lock=True), subject, by)


@transaction.atomic(savepoint=False)  # nothing is refused any more: what fails now fails the whole request
def _write(group: carts.Group, subject: str, by: Member) -> Quote:
    number = numbers.next_number("Q", store_id=by.store_id)
    valid_until = _valid_until(by)
    frozen = snapshots.quotation(
        group.lines, number=number, member=by, valid_until=valid_until, subject=subject, totals=group.totals
    )
    quote = Quote.objects.create(
        store=by.store,
        number=number,
        company=by.company,
        member=by,
        issued_at=clock.now(),
        valid_until=valid_until,
        subject=subject,
        total_yen=frozen["total"],
        title=snapshots.title(frozen),
        snapshot=frozen,
    )
    carts.empty([line.sku for line in group.lines], by=by)
    history.record(quote, "quote.issued", by=by, total_yen=quote.total_yen, lines=len(group.lines))
    publish.defer(quote_id=quote.pk, store_id=quote.store_id)
    return quote


@app.task(name="sales.quotes.publish", retry=5)
def publish(quote_id: int, store_id: int) -> None:
    """Make the quotation's PDF, keep it, and mail it to the member; doing it again changes nothing."""
    with scope.stores([store_id]):
        quote = Quote.objects.select_for_update(of=("self",)).select_related("store", "member").get(pk=quote_id)
        if quote.pdf_id is not None:
            return
        content = documents.quotation(quote)
        name = _("見積書_%(number)s.pdf") % {"number": quote.number}
        quote.pdf = files.keep(
            content, name=name, content_type="application/pdf", store_id=store_id, company_id=quote.company_id
        )
        quote.save(update_fields=["pdf"])
        mail.quotation(quote)


def check_orderable(quote: Quote, *, by: Member) -> None:
    """Refuse what can no longer be ordered, with what to do instead: `ordered`, `expired`; NotVisible for others' quotes."""
    if quote.store_id != by.store_id or quote.company_id != by.company_id:
        raise NotVisible
    if quote.state == Quote.State.ORDERED:
        raise Refused(_("この見積はすでにご注文いただいています。注文履歴からご確認ください。"), code="ordered")
    if quote.is_expired:
        message = _("この見積は有効期限が切れています。お手数ですが、カートから見積を作成し直してください。")
        raise Refused(message, code="expired")


def _group(form: str, member: Member, *, lock: bool = False) -> carts.Group:
    members.check_may_quote(member)
    group = next((group for group in carts.groups(member, lock=lock) if group.form == form), None)
    if group is None:
        raise Refused(_("カートに製品がありません。製品をカートに入れてから見積を作成してください。"), code="empty")
    for line in group.lines:
        if line.problem:
            raise Refused(line.problem, code="line")
    return group


def _valid_until(member: Member) -> date:
    return clock.today() + timedelta(days=member.store.quote_days)
