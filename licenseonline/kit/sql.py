"""Statements written by hand: where a statement is asked so often that Django's making of it costs more than its answer."""

from typing import Any, LiteralString

from django.db import connection


def rows(statement: LiteralString, **values: Any) -> list[tuple[Any, ...]]:
    """The rows that a statement answers; `%(name)s` in it stands for a value."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def run(statement: LiteralString, **values: Any) -> None:
    """Run a statement that answers nothing."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def planned(statement: LiteralString, **values: Any) -> list[tuple[Any, ...]]:
    """As `rows`, with a plan for these values each time.

    What is asked often PostgreSQL plans once for all values: thirty times slower where few or nearly all rows match.
    """
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.cursor.execute(statement, values, prepare=False)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
