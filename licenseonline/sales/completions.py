"""The end of an order (完了): the buyer confirms the receipt, or two weeks pass after the delivery."""

from datetime import timedelta
from typing import Final

from django.db import transaction
from procrastinate.contrib.django import app

from licenseonline.accounts import members
from licenseonline.accounts.models import Member
from licenseonline.kit import clock, scope, states
from licenseonline.kit.errors import NotVisible
from licenseonline.records import history
from licenseonline.sales import order_documents
from licenseonline.sales.models import Order, OrderFileKind

DAYS: Final = 14  # after the delivery
_BATCH: Final = 200


@transaction.atomic
def confirm(order: Order, *, by: Member) -> Order:
    """A member of the order's company confirms what was delivered: the order is completed and a 受領書 is made.

    Refused: as members.check_may_quote, `state` (not delivered, or completed already); NotVisible for others' orders.
    """
    if (order.store_id, order.company_id) != (by.store_id, by.company_id):
        raise NotVisible
    members.check_may_quote(by)
    states.lock(order)
    states.move(order, Order.State.COMPLETED)
    history.record(order, "order.received", by=by)
    order_documents.make.defer(order_id=order.pk, store_id=order.store_id, kind=str(OrderFileKind.RECEIPT))
    return order


@app.periodic(cron="40 18 * * *")  # 3:40 in Japan
@app.task(name="sales.completions.complete_all", queueing_lock="sales.completions.complete_all", pass_context=False)
def complete_all(timestamp: int) -> None:  # noqa: ARG001  (procrastinate gives the tick)
    """Every night: orders that were delivered DAYS days ago and of which nobody has said anything are completed, all of them.

    In batches, so that none keeps many orders locked; one that somebody has locked waits for the next night.
    """
    while _complete_some():
        pass


def _complete_some() -> bool:
    """Whether there may be more."""
    before = clock.now() - timedelta(days=DAYS)
    with scope.platform(), transaction.atomic():
        over = Order.objects.select_for_update(skip_locked=True, of=("self",)).filter(
            state=Order.State.DELIVERED, delivered_at__lt=before
        )
        found = list(over.defer("snapshot").order_by("id")[:_BATCH])
        for order in found:
            states.move(order, Order.State.COMPLETED)
            history.record(order, "order.completed", by=None)
    return len(found) == _BATCH
