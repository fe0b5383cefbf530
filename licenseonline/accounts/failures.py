"""Counting what is tried too often, per subject: an account, a network, both together. Subjects are keyed hashes.

The caller's transaction must commit after a refusal, so that the try counts.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from django.db import connection, models
from procrastinate.contrib.django import app

from licenseonline.accounts.models import Session, SignInFailure
from licenseonline.kit import clock, crypto

KEPT = timedelta(days=1)  # longer than any window


def subject(text: str) -> str:
    """How a subject is stored."""
    return crypto.fingerprint(text)


def one_at_a_time(subject: str) -> None:
    """Wait for others who try the same until the transaction ends: tries at once would not see each other's failures."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int(subject[:15], 16)])


def are_too_many(most: Mapping[str, int], *, within: timedelta) -> bool:
    """Whether any subject has reached its number."""
    since = clock.now() - within
    found = SignInFailure.objects.filter(subject__in=list(most), at__gt=since).values("subject")
    counts = dict(found.annotate(count=models.Count("id")).values_list("subject", "count"))
    return any(counts.get(subject, 0) >= number for subject, number in most.items())


def count(subjects: Iterable[str]) -> None:
    """One more for each."""
    SignInFailure.objects.bulk_create(SignInFailure(subject=subject, at=clock.now()) for subject in subjects)


def forget(subject: str) -> None:
    """Begin anew with this one."""
    SignInFailure.objects.filter(subject=subject).delete()


@app.periodic(cron="17 * * * *")
@app.task(name="accounts.failures.clear", queueing_lock="accounts.failures.clear", pass_context=False)
def clear(timestamp: int) -> None:  # noqa: ARG001  (procrastinate gives the tick)
    """Every hour: failures that no window reaches any more and sessions that have ended; strangers could fill the disk."""
    SignInFailure.objects.filter(at__lt=clock.now() - KEPT).delete()
    Session.objects.filter(expire_date__lt=clock.now()).delete()
