"""Run deferred jobs in the test's own thread and transaction."""

from django.db import connection, transaction
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Job


def waiting() -> list[str]:
    """Names of the jobs that wait, oldest first."""
    return list(ProcrastinateJob.objects.filter(status="todo").order_by("id").values_list("task_name", flat=True))


def run_jobs(most: int = 100) -> int:
    """Run what is due, and what that defers; answers how many ran. A failing job fails the test."""
    for ran in range(most):
        row = ProcrastinateJob.objects.filter(status="todo").order_by("-priority", "id").first()
        if row is None:
            return ran
        task = app.tasks[row.task_name]
        job = Job(
            id=row.id, queue=row.queue_name, lock=row.lock, queueing_lock=row.queueing_lock, task_name=row.task_name,
            task_kwargs=row.args, status="doing", attempts=row.attempts, priority=row.priority,
        )  # fmt: skip
        context = JobContext(app=app, job=job, start_timestamp=0, abort_reason=lambda: None)
        _set_status(row.id, "doing")
        with transaction.atomic():
            task.func(*((context,) if task.pass_context else ()), **row.args)
        _set_status(row.id, "succeeded")
    raise AssertionError("jobs keep deferring jobs")


def _set_status(job_id: int, status: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = %s WHERE id = %s", [status, job_id])
