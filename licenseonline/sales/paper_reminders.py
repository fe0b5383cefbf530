"""Papers that are due soon are asked for once more, by mail."""

from datetime import timedelta
from typing import Final

from procrastinate.contrib.django import app

from licenseonline.kit import clock, scope, states
from licenseonline.kit.tenancy import StoreQuerySet
from licenseonline.sales import paper_mail, papers
from licenseonline.sales.models import DocumentRequest, Order

DAYS_BEFORE: Final = 2  # days before the last one, so that there is time to answer


@app.periodic(cron="13 0 * * *")  # 9:13 in Japan
@app.task(name="sales.paper_reminders.remind_all", queueing_lock="sales.paper_reminders.remind_all", pass_context=False)
def remind_all(timestamp: int) -> None:  # noqa: ARG001  (procrastinate gives the tick)
    """Every morning: one mail for each order with papers that are due within two days, or were; each paper once."""
    with scope.platform():
        due = _due().order_by("order_id").values_list("store_id", "order_id").distinct()
        orders = list(due)
    for store_id, order_id in orders:
        remind.defer(store_id=store_id, order_id=order_id)


@app.task(name="sales.paper_reminders.remind", retry=3)
def remind(store_id: int, order_id: int) -> None:
    """Remind the buyer of one order; doing it again sends nothing."""
    with scope.stores([store_id]):
        order = states.lock(Order.objects.select_related("store", "member").get(pk=order_id))
        requests = list(_due().filter(order=order).order_by("id"))
        if requests and order.state in papers.UNDER_WAY:
            paper_mail.reminder(order, requests)
            _due().filter(order=order).update(reminded_at=clock.now())


def _due() -> StoreQuerySet[DocumentRequest]:
    last = clock.today() + timedelta(days=DAYS_BEFORE)
    return DocumentRequest.objects.filter(state__in=papers.MISSING, due_on__lte=last, reminded_at=None)
