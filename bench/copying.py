"""COPY for unsaved model instances: several times as fast as bulk_create, which a million SKUs need."""

from collections.abc import Iterable
from typing import Any

import psycopg
from django.db import connection, models
from psycopg import sql

Admin = psycopg.Connection[tuple[Any, ...]]


def copy(admin: Admin, model: type[models.Model], rows: Iterable[models.Model]) -> int:
    """Write the instances, which carry their own ids; answers how many."""
    fields = [field for field in model._meta.local_concrete_fields if not field.generated]
    table = sql.Identifier(model._meta.db_table)
    columns = sql.SQL(", ").join([sql.Identifier(str(field.column)) for field in fields])
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(table, columns)
    number = 0
    with admin.cursor() as cursor, cursor.copy(statement) as stream:
        for row in rows:
            stream.write_row([field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields])
            number += 1
    return number


def follow_sequence(admin: Admin, model: type[models.Model]) -> None:
    """The next id that PostgreSQL gives out comes after those written by hand."""
    query = sql.SQL("SELECT setval(pg_get_serial_sequence({}, 'id'), coalesce(max(id), 0) + 1, false) FROM {}")
    admin.execute(query.format(sql.Literal(model._meta.db_table), sql.Identifier(model._meta.db_table)))
