"""Vendor orders whose day has passed without the vendor's answer or its delivery: who sent them is told once, by mail."""

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from procrastinate.contrib.django import app

from licenseonline.kit import clock, scope, states
from licenseonline.records import messages
from licenseonline.sales.models import OrderLine, VendorOrder

WAITING = (VendorOrder.State.SENT, VendorOrder.State.PARTLY_CONFIRMED)


@app.periodic(cron="23 0 * * *")  # 9:23 in Japan
@app.task(
    name="sales.vendor_reminders.remind_all", queueing_lock="sales.vendor_reminders.remind_all", pass_context=False
)
def remind_all(timestamp: int) -> None:  # noqa: ARG001  (procrastinate gives the tick)
    """Every morning: one mail for each order that is not confirmed or not delivered by the expected day; each day once."""
    with scope.platform():
        late = list(_late().order_by("id").values_list("pk", flat=True))
    for pk in late:
        remind.defer(vendor_order_id=pk)


@app.task(name="sales.vendor_reminders.remind", retry=3)
def remind(vendor_order_id: int) -> None:
    """Remind of one order; doing it again sends nothing."""
    with scope.platform():
        found = states.lock(VendorOrder.objects.select_related("vendor", "recorded_by").get(pk=vendor_order_id))
        person = found.recorded_by
        if person is None or not _late().filter(pk=found.pk).exists():  # nobody: it was not sent
            return
        address = f"{settings.SITE_URL}{reverse('backoffice:vendor_order', args=[found.pk])}"
        messages.queue(
            "sales/vendor_order_late",
            to=person.email,
            sender_name=settings.PLATFORM_NAME,
            reply_to=settings.PLATFORM_EMAIL,
            context={
                "vendor_order": found, "is_confirmed": found.state == VendorOrder.State.CONFIRMED,
                "vendor": found.vendor, "person": person, "link": address, "partner": None, "platform": settings.PLATFORM_NAME, "platform_email": settings.PLATFORM_EMAIL,
            },
            store_id=None,
        )  # fmt: skip
        found.reminded_at = clock.now()
        found.save(update_fields=["reminded_at"])


def _late() -> QuerySet[VendorOrder]:
    is_coming = Exists(OrderLine.objects.filter(vendor_order=OuterRef("pk"), delivered_at=None))  # house: of any store
    late = VendorOrder.objects.filter(expected_on__lt=clock.today(), reminded_at=None)
    return late.filter(Q(state__in=WAITING) | (Q(state=VendorOrder.State.CONFIRMED) & is_coming))
