"""Jobs whose worker died are taken up again."""

from procrastinate import JobContext
from procrastinate.contrib.django import app

_SECONDS = 120


@app.periodic(cron="*/2 * * * *")
@app.task(name="records.stalled.retry", queueing_lock="records.stalled.retry", pass_context=True)
async def retry(context: JobContext, timestamp: int) -> None:  # noqa: ARG001  (procrastinate gives the tick)
    """Every two minutes: run again what a worker without a heartbeat for two minutes had begun."""
    for job in await context.app.job_manager.get_stalled_jobs(seconds_since_heartbeat=_SECONDS):
        await context.app.job_manager.retry_job(job)
