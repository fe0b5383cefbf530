"""The history: what happened to whom, by whom, chained so that nobody can rewrite it unseen."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Final

from django.db import connection
from django.db.models import Model
from procrastinate.contrib.django import app
from psycopg.types.json import Jsonb

from licenseonline.kit import clock, scope, sql
from licenseonline.kit.actors import Actor
from licenseonline.kit.prepared import Given, Prepared, given_text
from licenseonline.kit.tenancy import StoreModel
from licenseonline.records.models import HistoryEntry, HistorySeal, PlatformEntry

Value = int | str | bool | None
Fact = Value | list[Value]
_LOCK = 7351002
_BATCH = 5000
UNSEALED = timedelta(minutes=10)


def record(subject: StoreModel, event: str, *, by: Actor | None, **facts: int | str | bool | None) -> None:
    """Write one fact about `subject` with the change itself. `facts` are ids and figures, never personal text.

    `by` is None when the system acts by itself (an expiry, a job). What staff do for a member is theirs, `for_member` says
    whose it would be, and the history of their leave to act (`member.acting_ticket`) lists it too.
    """
    ticket: StoreModel | None = getattr(by, "acting_ticket", None)
    staff: Actor | None = getattr(by, "acting", None)
    if staff is None or by is None or ticket is None:
        _write(subject, event, by, facts)
        return
    _write(subject, event, staff, {**facts, "for_member": by.pk})
    done = {"subject_type": str(subject._meta.model_name), "subject_id": subject.pk}
    _write(ticket, event, staff, done)


def _write(subject: StoreModel, event: str, by: Actor | None, facts: Mapping[str, Value]) -> None:
    sql.run(
        _RECORD,
        store=subject.store_id,
        subject_type=subject._meta.model_name,
        subject=subject.pk,
        event=event,
        actor_kind=by.actor_kind if by else "",
        actor=by.pk if by else None,
        facts=Jsonb(dict(facts)),
        at=clock.now(),
    )


_RECORD: Final = """
INSERT INTO records_historyentry (store_id, subject_type, subject_id, event, actor_kind, actor_id, facts, at) VALUES
(%(store)s, %(subject_type)s, %(subject)s, %(event)s, %(actor_kind)s, %(actor)s, %(facts)s, %(at)s)
"""


def of(subject: StoreModel) -> list[HistoryEntry]:
    """The subject's history, oldest first. Whoever may see the subject may see this."""
    kind = str(subject._meta.model_name)
    return _entries.rows(store_id=subject.store_id, subject_type=kind, subject_id=subject.pk)


def record_platform(subject: Model, event: str, *, by: Actor | None, **facts: Fact) -> PlatformEntry:
    """Write one fact about staff, a partner or a store with the change itself; the store-bound history has no place for them.

    A changed setting is `name=[old, new]`. No secret and nobody's personal text goes in, but what staff typed about a store.
    """
    with scope.platform():
        return PlatformEntry.objects.create(
            subject_type=str(subject._meta.model_name),
            subject_id=subject.pk,
            event=event,
            actor_kind=by.actor_kind if by else "",
            actor_id=by.pk if by else None,
            facts=facts,
            at=clock.now(),
        )


def of_platform(subject: Model) -> list[PlatformEntry]:
    """The subject's platform history, newest first. The caller has made sure that its reader may see the subject."""
    kind = str(subject._meta.model_name)
    with scope.platform():
        return list(PlatformEntry.objects.filter(subject_type=kind, subject_id=subject.pk).order_by("-id"))


_entries = Prepared(
    lambda: HistoryEntry.objects.filter(
        store_id=Given("store_id"), subject_type=given_text("subject_type"), subject_id=Given("subject_id")
    ).order_by("id")
)


def _digest(entry: HistoryEntry, before: str) -> str:
    content = [
        before, entry.pk, entry.store_id, entry.subject_type, entry.subject_id, entry.event,
        entry.actor_kind, entry.actor_id, entry.facts, entry.at.isoformat(),
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def seal(store_id: int) -> int:
    """Chain the store's unsealed entries; one sealer per store at a time. Answers how many it sealed."""
    with scope.stores([store_id]):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, store_id % 2**31])
        last = HistorySeal.objects.filter(store_id=store_id).order_by("-position").first()
        position, digest = (last.position, last.digest) if last else (0, "")
        waiting = HistoryEntry.objects.filter(store_id=store_id, seal=None).order_by("id")[:_BATCH]
        seals = []
        for entry in waiting:
            position, digest = position + 1, _digest(entry, digest)
            seals.append(HistorySeal(store_id=store_id, entry=entry, position=position, digest=digest))
        HistorySeal.objects.bulk_create(seals)
        return len(seals)


def faults(store_id: int) -> Iterator[str]:
    """What is wrong with the store's chain, one line each: a changed, missing or moved entry, and how many are unsealed.

    The sealer comes every minute, so only what waits for more than UNSEALED is a fault.
    """
    with scope.stores([store_id]):
        digest, expected = "", 1
        seals = HistorySeal.objects.filter(store_id=store_id).select_related("entry").order_by("position")
        for sealed in seals.iterator(chunk_size=2000):
            if sealed.position != expected:
                yield f"store {store_id}: position {expected} is missing"
            if sealed.digest != _digest(sealed.entry, digest):
                yield f"store {store_id}: entry {sealed.entry_id} differs from its seal"
            digest, expected = sealed.digest, sealed.position + 1
        late = clock.now() - UNSEALED
        unsealed = HistoryEntry.objects.filter(store_id=store_id, seal=None, at__lt=late).count()
        if unsealed:
            yield f"store {store_id}: {unsealed} entries are not sealed yet"


@app.periodic(cron="* * * * *")
@app.task(name="records.history.seal_all", queueing_lock="records.history.seal_all", pass_context=False)
def seal_all(timestamp: int) -> None:  # noqa: ARG001  (procrastinate gives the tick)
    """Every minute: seal each store that has unsealed entries."""
    with scope.platform():
        waiting = list(HistoryEntry.objects.filter(seal=None).values_list("store_id", flat=True).distinct())
    for store_id in waiting:
        seal(store_id)
