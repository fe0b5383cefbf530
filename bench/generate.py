"""Big data for the bench: stores, SKUs, members, quotations and orders, invented and the same for the same numbers.

    bin/bench generate --stores 1000 --skus 1000000 --members 100000 --orders 200000

It replaces what the bench's database held.
"""

import argparse
import json
import time
from collections.abc import Iterable, Iterator

import psycopg
from django.db import models
from psycopg import sql

from bench import generated_catalogue, generated_sales, generated_stores, place
from bench.copying import copy, follow_sequence
from bench.size import Size
from licenseonline.catalog import search
from licenseonline.catalog.models import Product, TaxRate
from licenseonline.catalog.search_models import Synonym
from licenseonline.kit import scope
from licenseonline.stores.models import Edition

NOTE = place.note()
_INDEXED_AT_ONCE = 1000


def main() -> None:
    size = _size()
    started = time.perf_counter()
    place.prepare()
    NOTE.unlink(missing_ok=True)
    with psycopg.connect(place.admin_url()) as admin:
        _empty(admin)
        admin.commit()  # what is written so far is asked for on the way, by another connection
        for model, rows in _everything(size):
            began = time.perf_counter()
            number = copy(admin, model, rows)
            if isinstance(model._meta.pk, models.BigAutoField):
                follow_sequence(admin, model)
            admin.commit()
            print(f"{number:>10,} {model._meta.db_table} ({time.perf_counter() - began:.1f} s)", flush=True)
    _index(size)
    with psycopg.connect(place.admin_url(), autocommit=True) as admin:
        admin.execute("VACUUM (ANALYZE)")
    NOTE.write_text(json.dumps(size.as_dict()))
    print(f"made in {time.perf_counter() - started:.0f} s")


def _size() -> Size:
    parser = argparse.ArgumentParser(
        prog="bin/bench generate", description="Invented big data in the bench's database."
    )
    for name, default in Size().as_dict().items():
        parser.add_argument(f"--{name}", type=int, default=default, help=f"default {default:,}")
    return Size(**vars(parser.parse_args()))


def _everything(size: Size) -> Iterator[tuple[type[models.Model], Iterable[models.Model]]]:
    """In the order that the keys between the tables ask for."""
    yield from generated_stores.tables(size)
    yield from generated_catalogue.tables(size)
    yield from generated_sales.tables(size)


def _empty(admin: psycopg.Connection[tuple[object, ...]]) -> None:
    """Delete all rows but those that migrations wrote."""
    tables_of = (TaxRate, Edition, Synonym)
    kept = [*(model._meta.db_table for model in tables_of), "django_migrations", "django_content_type"]
    query = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND NOT tablename = ANY(%s)"
    tables = [sql.Identifier(str(name)) for (name,) in admin.execute(query, [kept])]
    admin.execute(sql.SQL("TRUNCATE {} RESTART IDENTITY CASCADE").format(sql.SQL(", ").join(tables)))


def _index(size: Size) -> None:
    """The search text, by the product's own verb."""
    began = time.perf_counter()
    for first in range(0, size.products, _INDEXED_AT_ONCE):
        with scope.platform():
            ids = range(first + 1, first + 1 + _INDEXED_AT_ONCE)
            search.index(Product.objects.filter(pk__in=ids).select_related("vendor").prefetch_related("skus"))
    print(f"{size.products:>10,} products indexed ({time.perf_counter() - began:.1f} s)", flush=True)
