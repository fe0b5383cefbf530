"""Offers that nobody claimed: the address of who never registered is forgotten a year after the offer ended.

The quotation and the mails that carried it are documents that the seller keeps for 7 years, with the names in them, as those
of members who left (see withdrawals). The address by which it would be claimed is needed by no such rule.
"""

from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from procrastinate.contrib.django import app

from licenseonline.kit import clock, scope, states
from licenseonline.records import history
from licenseonline.sales.models import Quote, QuoteLink
from licenseonline.sales.withdrawals import GONE, KEPT

_BATCH: Final = 200


@app.periodic(cron="43 18 * * *")  # 3:43 in Japan
@app.task(name="sales.offer_leftovers.forget", queueing_lock="sales.offer_leftovers.forget", pass_context=False)
def forget(timestamp: int) -> None:  # noqa: ARG001  (procrastinate gives the tick)
    """Every night: addresses of offers that ended longer ago than KEPT and are nobody's; again changes nothing."""
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
    quote.offered_to = f"offer-{quote.pk}{GONE}"
    quote.save(update_fields=["offered_to"])
    links = QuoteLink.objects.filter(store_id=quote.store_id, quote=quote, withdrawn_at=None)
    links.update(withdrawn_at=clock.now())
    history.record(quote, "quote.forgotten", by=None)
