"""Which stores this transaction may see: the setting that the row-level security policies read.

It is local to a transaction, never to a session (a session setting leaks through a connection pooler). With no scope
every store table is empty: a forgotten scope or filter shows nothing instead of everything.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from licenseonline.kit.roles import PLATFORM


@dataclass(frozen=True)
class Scope:
    """The stores a transaction sees; `platform` sees all of them and rows that belong to none."""

    store_ids: tuple[int, ...] = ()
    platform: bool = False


NOTHING = Scope()
_ATTRIBUTE = "licenseonline_scope"


def current() -> Scope:
    """The scope that is open on this thread's connection (NOTHING when none is)."""
    scope: Scope = getattr(connection, _ATTRIBUTE, NOTHING)
    return scope


def _apply(scope: Scope, reading: str) -> Any:
    with connection.cursor() as cursor:
        # One round trip; RESET would give the role of the connection's start, NONE gives the one that logged in.
        role = PLATFORM if scope.platform else "none"
        cursor.execute(
            f"SELECT set_config('role', %s, true), set_config('app.stores', %s, true), ({reading})",
            [role, ",".join(map(str, scope.store_ids))],
        )
        *_settings, read = cursor.fetchone()
    setattr(connection, _ATTRIBUTE, scope)
    return read


@contextmanager
def opened(scope: Scope, *, reading: str = "NULL", savepoint: bool = True) -> Iterator[Any]:
    """Open a transaction (or a savepoint) that sees `scope`, and give the outer scope back at its end.

    Without `savepoint` what fails inside of another transaction fails all of it.
    What the SQL expression `reading` gives, a constant of the code, is read in the same round trip and yielded.
    """
    outer, nested = current(), connection.in_atomic_block
    try:
        with transaction.atomic(savepoint=savepoint):
            yield _apply(scope, reading)
            if nested and not connection.needs_rollback:
                _apply(outer, "NULL")  # a local setting outlives the savepoint it was made in
    finally:
        # A commit or rollback has already put PostgreSQL's own values back.
        setattr(connection, _ATTRIBUTE, outer)


@contextmanager
def stores(store_ids: Iterable[int], *, reading: str = "NULL") -> Iterator[Any]:
    """See these stores only, in one transaction."""
    with opened(Scope(tuple(store_ids)), reading=reading) as read:
        yield read


@contextmanager
def platform(*, savepoint: bool = True) -> Iterator[Any]:
    """See every store: the back office, migration, and the jobs and verbs that name why they need it."""
    with opened(Scope(platform=True), savepoint=savepoint) as read:
        yield read
