"""The last day of quotations: the quoted price holds until it ends in Japan, then the quotation expires by itself.

Reading never waits for the job: `Quote.is_expired` asks the clock. The job writes it down, and reminds before.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q
from procrastinate.contrib.django import app

from licenseonline.kit import clock, scope, states
from licenseonline.records import history
from licenseonline.sales import mail, quote_links
from licenseonline.sales.models import Quote

REMIND_DAYS: Final = 2  # calendar days before the last day
_BATCH: Final = 500


def expire(store_id: int) -> int:
    """Write down at one store which quotations' last day is over. Answers how many; one that is being ordered is left alone."""
    with scope.stores([store_id]), transaction.atomic():
        over = Quote.objects.select_for_update(skip_locked=True, of=("self",)).filter(
            store_id=store_id, state=Quote.State.ISSUED, valid_until__lt=clock.today()
        )
        found = list(over.defer("snapshot").order_by("id")[:_BATCH])
        for quote in found:
            states.move(quote, Quote.State.EXPIRED)
            history.record(quote, "quote.expired", by=None)
        return len(found)


def remind(store_id: int) -> int:
    """Mail whoever has, or is offered, a quotation that ends within REMIND_DAYS, once. Answers how many mails were written.

    One that was made today, or is valid for so few days that it would be reminded of at once, is not reminded of.
    """
    today = clock.today()
    with scope.stores([store_id]), transaction.atomic():
        ending = Quote.objects.select_for_update(skip_locked=True, of=("self",)).filter(
            store_id=store_id,
            state=Quote.State.ISSUED,
            valid_until__range=(today, today + timedelta(days=REMIND_DAYS)),
            reminded_at=None,
            issued_at__lt=clock.now() - timedelta(days=1),
        )
        ending = ending.filter(Q(member=None) | Q(member__is_active=True))
        found = list(ending.select_related("store", "member__company", "member__store").order_by("id")[:_BATCH])
        for quote in found:
            quote.reminded_at = clock.now()
            quote.save(update_fields=["reminded_at"])
            if quote.member_id is None:
                quote_links.remind(quote)
            else:
                mail.quotation_ends(quote)
        return len(found)


@app.periodic(cron="5 * * * *")
@app.task(name="sales.expiry.expire_all", queueing_lock="sales.expiry.expire_all", pass_context=False)
def expire_all(timestamp: int) -> None:  # noqa: ARG001  (procrastinate gives the tick)
    """Every hour: write down what is over at each store."""
    _everywhere("valid_until__lt", clock.today(), expire)


@app.periodic(cron="15 0 * * *")
@app.task(name="sales.expiry.remind_all", queueing_lock="sales.expiry.remind_all", pass_context=False)
def remind_all(timestamp: int) -> None:  # noqa: ARG001  (procrastinate gives the tick)
    """Every morning at a quarter past nine in Japan (cron runs in UTC): remind at each store."""
    _everywhere("valid_until__lte", clock.today() + timedelta(days=REMIND_DAYS), remind)


def _everywhere(condition: str, day: date, do: Callable[[int], int]) -> None:
    """For each store that has such quotations, until none is left."""
    with scope.platform():
        wanted = Quote.objects.filter(state=Quote.State.ISSUED, **{condition: day})
        stores = list(wanted.values_list("store_id", flat=True).distinct())
    for store_id in stores:
        while do(store_id) == _BATCH:
            pass
