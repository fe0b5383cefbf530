"""One database per worker that tests may commit to: a copy of the template, put back after each of them.

Copying and dropping a database costs PostgreSQL a second of a processor, putting its rows back a tenth of it.
"""

from dataclasses import dataclass, field
from typing import Final

import psycopg
from psycopg import sql

from tests import environment

NAME: Final = f"{environment.DATABASE}_own"
# Of tables, indexes and sequences, and of what stands at them: another one has another identity.
_SCHEMA: Final = """
SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace
UNION ALL SELECT oid FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT oid FROM pg_trigger UNION ALL SELECT oid FROM pg_policy ORDER BY 1
"""
_TABLES: Final = """
SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname
"""
_SEQUENCES: Final = """
SELECT format('SELECT setval(%L, %s, %L)', format('public.%I', sequencename), coalesce(last_value, start_value), last_value IS NOT NULL)
FROM pg_sequences WHERE schemaname = 'public'
"""
_LEAVE: Final = """
SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""


@dataclass
class _Copied:
    """What the copy held."""

    schema: list[tuple[int]] = field(default_factory=list)
    rows: dict[str, bytes] = field(default_factory=dict)
    numbers: str = ""  # statements that set the sequences


_copied: _Copied | None = None


def _connect() -> "psycopg.Connection[tuple[int]]":
    return psycopg.connect(environment.with_database(environment.admin_url(), NAME))


def ready() -> str:
    """The name of a database that is as the template was."""
    global _copied  # noqa: PLW0603  (one for the process, as the database is)
    if _copied is None:
        environment.drop_database(NAME)
        environment.copy_database(NAME)
        _copied = _read()
    return NAME


def put_back() -> None:
    """Whoever is still connected is thrown out. A database of another schema is made anew for the next test."""
    global _copied  # noqa: PLW0603  (likewise)
    before, _copied = _copied, None
    assert before is not None
    with _connect() as admin:
        admin.execute(_LEAVE)
        if admin.execute(_SCHEMA).fetchall() != before.schema:
            return
        admin.execute("SET LOCAL session_replication_role = replica")  # neither keys nor triggers
        admin.execute(sql.SQL("; ").join(sql.SQL("DELETE FROM {}").format(sql.Identifier(one)) for one in before.rows))
        for table, rows in before.rows.items():
            if rows:
                with admin.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))) as copy:
                    copy.write(rows)
        admin.execute(before.numbers.encode())
    _copied = before


def _read() -> _Copied:
    with _connect() as admin:
        found = _Copied(schema=admin.execute(_SCHEMA).fetchall())
        for (table,) in admin.execute(_TABLES).fetchall():
            with admin.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(str(table)))) as copy:
                found.rows[str(table)] = b"".join(bytes(part) for part in copy)
        found.numbers = "; ".join(str(statement) for (statement,) in admin.execute(_SEQUENCES))
    return found
