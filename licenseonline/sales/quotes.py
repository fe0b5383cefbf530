"""Quotations (見積): made from the cart at once by a member, frozen, valid to the end of a day in Japan."""

from dataclasses import replace
from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from licenseonline.accounts import members
from licenseonline.accounts.models import Company, Member
from licenseonline.catalog import eligibility
from licenseonline.catalog.models import Sku
from licenseonline.kit import clock, jobs, scope
from licenseonline.kit.errors import NotVisible, Refused
from licenseonline.records import files, history, numbers
from licenseonline.sales import carts, documents, mail, quote_links, snapshots
from licenseonline.sales.models import Quote
from licenseonline.sales.particulars import PLAIN, Particulars


def preview(form: str, *, by: Member, particulars: Particulars = PLAIN) -> snapshots.Snapshot:
    """What `issue` would promise now, without a number and without writing anything; refused as `issue` refuses."""
    return _promise(_group(form, by), by, particulars)


def preview_all(*, by: Member, particulars: Particulars = PLAIN) -> dict[str, snapshots.Snapshot]:
    """As `preview`, of all that `issue_all` would make, by form."""
    return {group.form: _promise(group, by, particulars) for group in _groups(by)}


def issue(form: str, *, subject: str = "", particulars: Particulars = PLAIN, by: Member) -> Quote:
    """Make a quotation of the lines of one group in the member's cart, at today's prices, and take them out of it.

    It holds to the end of the store's number of days from today (Japan). Its PDF and mail follow by a job of the
    same transaction, the scope's. Refused: `empty`, `line` with the sentence of a line's own rules (quantity, program,
    on request), and as members.check_may_quote.
    """
    # Two clicks at once: the second waits for the lock and then finds an empty cart; so does who is leaving, or has left.
    wished = replace(particulars, subject=subject) if subject else particulars
    return _write(_group(form, by, lock=True), wished, by)


def issue_all(*, particulars: Particulars = PLAIN, by: Member) -> list[Quote]:
    """As `issue`, of every group of the cart that has no problem: several quotations are numbered as a set.

    Refused: `empty`, `line` when every group has a problem, and as members.check_may_quote.
    """
    found = _groups(by, lock=True)
    # The set's number before the quotations', which are locked in the same order by everybody.
    number = numbers.next_number("S", store_id=by.store_id) if len(found) > 1 else ""
    return [_write(group, particulars, by, set_number=number) for group in found]


def _promise(group: carts.Group, by: Member, wished: Particulars, *, set_number: str = "") -> snapshots.Snapshot:
    return snapshots.quotation(
        group.lines,
        number="",
        member=by,
        valid_until=_valid_until(by),
        subject=wished.subject,
        totals=group.totals,
        particulars=wished,
        set_number=set_number,
        ways=group.ways,
    )


@transaction.atomic(savepoint=False)  # nothing is refused any more: what fails now fails the whole request
def _write(group: carts.Group, wished: Particulars, by: Member, *, set_number: str = "") -> Quote:
    frozen = _promise(group, by, wished, set_number=set_number)
    # The series stays locked from here to the end, so what can be done before is.
    number = frozen["number"] = numbers.next_number("Q", store_id=by.store_id)
    quote = Quote.objects.create(
        store=by.store,
        number=number,
        set_number=set_number,
        company=by.company,
        member=by,
        issued_at=clock.now(),
        valid_until=_valid_until(by),
        subject=wished.subject,
        po_number=wished.po_number,
        total_yen=frozen["total"],
        title=snapshots.title(frozen),
        snapshot=frozen,
    )
    carts.empty([line.sku for line in group.lines], by=by)
    history.record(quote, "quote.issued", by=by, total_yen=quote.total_yen, lines=len(group.lines), **_forms(wished))
    jobs.defer(publish, quote_id=quote.pk, store_id=quote.store_id)
    return quote


def _forms(wished: Particulars) -> dict[str, bool]:
    """What public bodies may want of the paper is on the record."""
    asked = {"blank_date": wished.blank_date, "names_representative": wished.names_representative}
    return {name: True for name, value in asked.items() if value}


@app.task(name="sales.quotes.publish", retry=5)
def publish(quote_id: int, store_id: int, *, is_mailed: bool = True) -> None:
    """Make the quotation's PDF, keep it, and mail it to the member, or to whom it is offered; again it changes nothing.

    Without `is_mailed` it is kept only.
    """
    with scope.stores([store_id]):
        quote = Quote.objects.select_for_update(of=("self",)).select_related("store", "member").get(pk=quote_id)
        if quote.pdf_id is not None:
            return
        content = documents.quotation(quote)
        version = f"_{quote.revision}" if quote.revision > 1 else ""
        name = _("見積書_%(number)s.pdf") % {"number": quote.number + version}
        quote.pdf = files.keep(
            content, name=name, content_type="application/pdf", store_id=store_id, company_id=quote.company_id
        )
        quote.save(update_fields=["pdf"])
        if is_mailed and quote.member_id is None:
            quote_links.mail_offer(quote)
        elif is_mailed:
            mail.quotation(quote)


def check_orderable(quote: Quote, *, by: Member) -> None:
    """Refuse what can no longer be ordered, with what to do instead: `ordered`, `expired`, `withdrawn`; NotVisible for others' quotes.

    What was offered to an address, whose company nobody knew: also `program`, as eligibility.check.
    """
    if quote.store_id != by.store_id or quote.company_id != by.company_id:
        raise NotVisible
    if quote.state not in {Quote.State.ISSUED, Quote.State.EXPIRED, Quote.State.ORDERED}:
        raise Refused(_("この見積は取り下げられたため、ご注文いただけません。"), code="withdrawn")
    if quote.state == Quote.State.ORDERED:
        raise Refused(_("この見積はすでにご注文いただいています。注文履歴からご確認ください。"), code="ordered")
    if quote.is_expired:
        message = _(
            "この見積は有効期限が切れています。お手数ですが、見積の画面の「再見積」から、本日の価格で見積を作成し直してください。"
        )
        raise Refused(message, code="expired")
    if quote.offered_to:
        _check_programs(quote, by.company)


def _check_programs(quote: Quote, company: Company) -> None:
    skus = Sku.objects.filter(pk__in=[line["sku_id"] for line in quote.snapshot["lines"]]).select_related("product")
    rules = eligibility.of(skus)
    for sku in skus:
        eligibility.check(sku, company, rules)


def check_revision(quote: Quote, revision: int) -> None:
    """Refuse (`revised`) what was read of another revision than the present one."""
    if revision != quote.revision:
        message = _("見積が改訂されました（第%(revision)s版）。新しい内容をご確認のうえ、もう一度お手続きください。")
        raise Refused(message % {"revision": quote.revision}, code="revised")


def _group(form: str, member: Member, *, lock: bool = False) -> carts.Group:
    members.check_may_quote(member)
    group = next((group for group in carts.groups(member, lock=lock) if group.form == form), None)
    if group is None:
        raise _empty()
    for line in group.lines:
        if line.problem:
            raise Refused(line.problem, code="line")
    return group


def _groups(member: Member, *, lock: bool = False) -> list[carts.Group]:
    members.check_may_quote(member)
    found = carts.groups(member, lock=lock)
    if not found:
        raise _empty()
    fit = [group for group in found if group.can_be_quoted]
    if not fit:
        raise Refused(next(line.problem for line in found[0].lines if line.problem), code="line")
    return fit


def _empty() -> Refused:
    return Refused(_("カートに製品がありません。製品をカートに入れてから見積を作成してください。"), code="empty")


def _valid_until(member: Member) -> date:
    return clock.today() + timedelta(days=member.store.quote_days)
