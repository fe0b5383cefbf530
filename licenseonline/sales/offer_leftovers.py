"""Offers that nobody claimed: who was quoted without an account and never registered is forgotten a year after the offer ended.

Nothing came of such a quotation, so it is no document of a sale that must be kept for 7 years; what is no longer needed is to
be erased without delay (個人情報保護法22条). A year, as for a member who has left (withdrawals.KEPT), lets the desk answer
questions. The quotation's number, company, lines and sums stay, and the history, which names nobody.
"""

from collections.abc import Iterable
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from licenseonline.kit import clock, scope, states
from licenseonline.records import files, history
from licenseonline.records.models import Message, MessageAttachment, StoredFile
from licenseonline.sales.models import Quote, QuoteLink, QuoteRevision
from licenseonline.sales.withdrawals import GONE, KEPT

_BATCH: Final = 200
_KINDS: Final = ("sales/offer", "sales/offer_ends")


@app.periodic(cron="43 18 * * *")  # 3:43 in Japan
@app.task(name="sales.offer_leftovers.forget", queueing_lock="sales.offer_leftovers.forget", pass_context=False)
def forget(timestamp: int) -> None:  # noqa: ARG001  (procrastinate gives the tick)
    """Every night: addresses and persons of offers that ended longer ago than KEPT and are nobody's; again changes nothing."""
    with scope.platform():
        for quote in _due().order_by("valid_until", "id")[:_BATCH]:
            _forget(quote)


def _due() -> QuerySet[Quote]:
    ended = Quote.objects.filter(member=None, valid_until__lt=clock.today() - KEPT)
    return ended.exclude(offered_to="").exclude(offered_to__endswith=GONE)


@transaction.atomic
def _forget(quote: Quote) -> None:
    states.lock(quote)
    if not _due().filter(pk=quote.pk).exists():  # claimed, or revised, meanwhile
        return
    _forget_mails(quote)
    revisions = list(QuoteRevision.objects.filter(store_id=quote.store_id, quote=quote))
    _forget_files(quote, [pk for pk in [quote.pdf_id, *(one.pdf_id for one in revisions)] if pk])
    rows: list[Quote | QuoteRevision] = [quote, *revisions]
    for row in rows:
        row.snapshot, row.pdf = _nameless(row.snapshot), None
    QuoteRevision.objects.bulk_update(revisions, ["snapshot", "pdf"])
    quote.offered_to = f"offer-{quote.pk}{GONE}"
    quote.save(update_fields=["offered_to", "snapshot", "pdf"])
    links = QuoteLink.objects.filter(store_id=quote.store_id, quote=quote, withdrawn_at=None)
    links.update(withdrawn_at=clock.now())
    history.record(quote, "quote.forgotten", by=None)


def _forget_mails(quote: Quote) -> None:
    """As withdrawals does it; those of other offers to the address have other numbers."""
    told = Message.objects.filter(store_id=quote.store_id, kind__in=_KINDS, recipient=quote.offered_to)
    ids = list(told.filter(subject__regex=rf"{quote.number}\y").values_list("pk", flat=True))
    MessageAttachment.objects.filter(store_id=quote.store_id, message__in=ids).delete()
    blank = {"subject": "", "text": "", "html": "", "secrets": "", "renewal": {}}
    Message.objects.filter(pk__in=ids).update(recipient=f"offer-{quote.pk}{GONE}", **blank)


def _forget_files(quote: Quote, ids: Iterable[int]) -> None:
    for file in StoredFile.objects.filter(store_id=quote.store_id, pk__in=ids):
        files.forget(file)


def _nameless(snapshot: dict[str, Any]) -> dict[str, Any]:
    """The snapshot without who was addressed, and who would use it, but for the company."""
    empty = dict.fromkeys(snapshot["buyer"], "")
    buyer = {**empty, "company": snapshot["buyer"]["company"], "person": _("ご担当者（消去済み）")}
    return {name: value for name, value in snapshot.items() if name != "end_user"} | {"buyer": buyer}
