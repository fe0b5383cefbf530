"""Writes that are sent twice happen once."""

import hashlib
import json
from collections.abc import Callable, Mapping
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from licenseonline.kit import clock
from licenseonline.kit.actors import Actor
from licenseonline.kit.errors import Refused
from licenseonline.records.models import IdempotencyKey


def once(key: str, body: Mapping[str, object], do: Callable[[], str], *, by: Actor, store_id: int) -> str:
    """Do it the first time; for the same key and body give the first result again; two at once have one winner.

    `do` answers where the result is (a path). Refused with `idempotency` when the key is no UUID or was used for
    another body. When `do` raises, the key is free again.
    """
    try:
        uuid = UUID(key)
    except ValueError:
        raise Refused(_("画面の有効期限が切れました。もう一度操作してください。"), code="idempotency") from None
    digest = hashlib.sha256(json.dumps(body, sort_keys=True, default=str).encode()).hexdigest()
    mine = {"store_id": store_id, "actor_kind": by.actor_kind, "actor_id": by.pk, "key": uuid}
    with transaction.atomic():
        # The unique key makes a second writer wait here until the first has committed or given up.
        IdempotencyKey.objects.bulk_create(
            [IdempotencyKey(**mine, body_hash=digest, created_at=clock.now())], ignore_conflicts=True
        )
        used = IdempotencyKey.objects.select_for_update().get(**mine)
        if used.body_hash != digest:
            raise Refused(_("内容が変わったため、もう一度操作してください。"), code="idempotency")
        if not used.result:
            used.result = do()
            used.save(update_fields=["result"])
        return used.result
