"""What has served its purpose goes."""

from datetime import timedelta
from typing import Any, cast
from uuid import uuid4

from asgiref.sync import async_to_sync

from licenseonline.kit import clock
from licenseonline.records import leftovers
from licenseonline.records.models import IdempotencyKey
from tests.world import World


def test_keys_of_forms_go_after_thirty_days(world: World) -> None:
    for member, days in ((world.hanako, 29), (world.hanako_at_minato, 31)):
        IdempotencyKey.objects.create(
            store_id=member.store_id, actor_kind=member.actor_kind, actor_id=member.pk, key=uuid4(), body_hash="",
            created_at=clock.now() - timedelta(days=days),
        )  # fmt: skip
    leftovers.clear_keys.func(timestamp=0)
    assert IdempotencyKey.objects.get().store_id == world.hanako.store_id


def test_jobs_that_are_done_go_after_a_week(world: World) -> None:
    asked: list[int] = []

    class Manager:
        async def delete_old_jobs(self, nb_hours: int) -> None:
            asked.append(nb_hours)

    class App:
        job_manager = Manager()

    class Context:
        app = App()

    context = cast("Any", Context())
    async_to_sync(leftovers.clear_jobs.func)(context, timestamp=0)
    assert asked == [7 * 24]
