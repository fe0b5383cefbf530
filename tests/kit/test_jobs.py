"""Deferring by hand."""

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from licenseonline.kit import jobs
from licenseonline.sales import quotes


@pytest.mark.django_db
def test_what_is_deferred_is_what_the_task_would_defer() -> None:
    quotes.publish.defer(quote_id=1, store_id=2)
    jobs.defer(quotes.publish, quote_id=1, store_id=2)
    its, ours = ProcrastinateJob.objects.order_by("id").values()
    assert {name for name in its if its[name] != ours[name]} == {"id"}
