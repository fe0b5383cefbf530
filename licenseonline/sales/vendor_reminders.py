"""Vendor orders whose day has passed without the vendor's answer: who sent them is told once, by mail."""

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from procrastinate.contrib.django import app

from licenseonline.kit import clock, scope, states
from licenseonline.records import messages
from licenseonline.sales.models import VendorOrder

WAITING = (VendorOrder.State.SENT, VendorOrder.State.PARTLY_CONFIRMED)


@app.periodic(cron="23 0 * * *")  # 9:23 in Japan
@app.task(
    name="sales.vendor_reminders.remind_all", queueing_lock="sales.vendor_reminders.remind_all", pass_context=False
)
def remind_all(timestamp: int) -> None:  # noqa: ARG001  (procrastinate gives the tick)
    """Every morning: one mail for each order that the vendor has not confirmed by the expected day; each order once."""
    with scope.platform():
        late = list(_late().order_by("id").values_list("pk", flat=True))
    for pk in late:
        remind.defer(vendor_order_id=pk)


@app.task(name="sales.vendor_reminders.remind", retry=3)
def remind(vendor_order_id: int) -> None:
    """Remind of one order; doing it again sends nothing."""
    with scope.platform():
        found = states.lock(VendorOrder.objects.select_related("vendor", "recorded_by").get(pk=vendor_order_id))
        if not _late().filter(pk=found.pk).exists():
            return
        address = f"{settings.SITE_URL}{reverse('backoffice:vendor_order', args=[found.pk])}"
        messages.queue(
            "sales/vendor_order_late",
            to=found.recorded_by.email,
            sender_name=settings.PLATFORM_NAME,
            reply_to=settings.PLATFORM_EMAIL,
            context={
                "vendor_order": found, "vendor": found.vendor, "person": found.recorded_by, "link": address,
                "partner": None, "platform": settings.PLATFORM_NAME, "platform_email": settings.PLATFORM_EMAIL,
            },
            store_id=None,
        )  # fmt: skip
        found.reminded_at = clock.now()
        found.save(update_fields=["reminded_at"])


def _late() -> QuerySet[VendorOrder]:
    return VendorOrder.objects.filter(state__in=WAITING, expected_on__lt=clock.today(), reminded_at=None)
