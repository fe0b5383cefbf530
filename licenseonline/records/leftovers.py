"""What has served its purpose goes: keys of forms sent long ago, and jobs that are done."""

from datetime import timedelta

from procrastinate import JobContext
from procrastinate.contrib.django import app

from licenseonline.kit import clock, scope
from licenseonline.records.models import IdempotencyKey

KEPT = timedelta(days=30)  # nobody sends a form again after that
_JOB_HOURS = 7 * 24


@app.periodic(cron="23 18 * * *")
@app.task(name="records.leftovers.clear_keys", queueing_lock="records.leftovers.clear_keys", pass_context=False)
def clear_keys(timestamp: int) -> None:  # noqa: ARG001  (procrastinate gives the tick)
    """Every night in Japan: idempotency keys of 30 days ago, of all stores."""
    with scope.platform():
        IdempotencyKey.objects.filter(created_at__lt=clock.now() - KEPT).delete()


@app.periodic(cron="43 18 * * *")
@app.task(name="records.leftovers.clear_jobs", queueing_lock="records.leftovers.clear_jobs", pass_context=True)
async def clear_jobs(context: JobContext, timestamp: int) -> None:  # noqa: ARG001  (procrastinate gives the tick)
    """Every night in Japan: jobs that succeeded a week ago; failed ones stay to be looked at."""
    await context.app.job_manager.delete_old_jobs(nb_hours=_JOB_HOURS)
