"""New SKUs and their products, with the text that search compares, written by COPY as the rows of an import say.

Rows come in the order of their products, some thousand at a time, so that memory does not grow with their number.
"""

import json
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import Any, Final, LiteralString, NamedTuple

from django.db import connection, models

from licenseonline.catalog import corrections, search
from licenseonline.catalog.imports.progress import Progress
from licenseonline.catalog.models import ImportOutcome, PriceImport, Product, Sku
from licenseonline.kit import sql
from licenseonline.kit.text import fold_model

_AT_ONCE = 5000  # rows
_INDEXED_AT_ONCE = 500  # products
_ROWS: Final[LiteralString] = """
SELECT fields ->> 'code', (fields ->> 'product_id')::bigint, model_number, fields
FROM catalog_importrow WHERE price_import_id = %s AND outcome = 'new' ORDER BY 1, line
"""


class Row(NamedTuple):
    """A line about a new SKU."""

    code: str
    product_id: int | None
    model_number: str
    fields: dict[str, Any]


class Made(NamedTuple):
    """A product's new SKUs, by model number: what the first line said, and how many lines there were."""

    first: Row
    skus: dict[str, list[Row]]


def create(price_import: PriceImport, told: Progress) -> None:
    """Write all new SKUs of the import, on sale from its first day on, and the products that they need."""
    done, total = 0, price_import.counts.get(ImportOutcome.NEW, 0)
    touched: set[int] = set()
    products = _products(price_import)
    while batch := _batch(products):
        told.tell(done, total)
        _write(price_import, batch)
        touched |= {made.first.product_id for made in batch if made.first.product_id is not None}
        done += sum(len(rows) for made in batch for rows in made.skus.values())
    index_products(touched)


def index_products(products: Iterable[int]) -> None:
    """Write the search text of products whose SKUs changed."""
    found = sorted(products)
    for first in range(0, len(found), _INDEXED_AT_ONCE):
        some = Product.objects.filter(pk__in=found[first : first + _INDEXED_AT_ONCE])
        search.index(some.select_related("vendor").prefetch_related("skus"))


def _products(price_import: PriceImport) -> Iterator[Made]:
    for _code, rows in groupby(_rows(price_import), key=lambda row: row.code):
        skus: dict[str, list[Row]] = {}
        for row in rows:
            skus.setdefault(row.model_number, []).append(row)
        yield Made(next(iter(skus.values()))[0], skus)


def _rows(price_import: PriceImport) -> Iterator[Row]:
    """Through a cursor of the server's, which stands still while the rows before are written."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(_ROWS, [price_import.pk])
        while rows := cursor.fetchmany(_AT_ONCE):
            for code, product_id, model_number, fields in rows:
                yield Row(code, product_id, model_number, json.loads(fields))


def _batch(products: Iterator[Made]) -> list[Made]:
    found, number = [], 0
    for made in products:
        found.append(made)
        number += len(made.skus)
        if number >= _AT_ONCE:
            break
    return found


def _write(price_import: PriceImport, batch: list[Made]) -> None:
    new = [made for made in batch if made.first.product_id is None]
    ids = sql.rows(
        "SELECT nextval(pg_get_serial_sequence('catalog_product', 'id')) FROM generate_series(1, %(number)s)",
        number=len(new),
    )
    by_code = {made.first.code: pk for made, (pk,) in zip(new, ids, strict=True)}
    words: set[str] = set()
    _copy(Product, (_product(price_import, made, by_code[made.first.code], words) for made in new), with_id=True)
    skus = [(rows, made.first.product_id or by_code[made.first.code]) for made in batch for rows in made.skus.values()]
    _copy(Sku, (_sku(rows, pk, price_import) for rows, pk in skus), with_id=False)
    corrections.learn(words)


def _product(price_import: PriceImport, made: Made, pk: int, words: set[str]) -> dict[str, Any]:
    said = made.first.fields
    product = Product(
        pk=pk,
        code=made.first.code,
        vendor=price_import.vendor,
        name=said["product"],
        aliases=said.get("aliases", ""),
        description=said.get("description", ""),
    )
    names = ((_name(rows[0]), model) for model, rows in made.skus.items())
    texts = search.texts(product, price_import.vendor, names)
    words |= texts.words
    return product.__dict__ | {
        "folded_name": texts.folded_name,
        "folded_text": texts.folded_text,
        "search_vector": texts.vector,
        "name_vector": texts.name_vector,
    }


def _name(row: Row) -> str:
    return str(row.fields.get("name") or row.fields.get("product") or row.model_number)


def _sku(rows: list[Row], product_id: int, price_import: PriceImport) -> dict[str, Any]:
    """By what its first line says; its band is the SKU's own when it has only one, else bands are of its prices."""
    said, model = rows[0].fields, rows[0].model_number
    found = _plain_sku() | {
        "product_id": product_id,
        "model_number": model,
        "folded_model": fold_model(model)[:80],
        "name": _name(rows[0]),
        "sale_from": price_import.from_day,
    }
    found |= {name: said[name] for name in _SAID if said.get(name) is not None}
    if len(rows) == 1 and "band_from" in said:
        found |= {"band_from": said["band_from"], "band_to": said["band_to"]}
    return found


@cache
def _plain_sku() -> dict[str, Any]:
    """The columns' defaults; making a million rows by Django's models took longer than writing them."""
    return Sku().__dict__


_SAID: Final = (
    "purchase_type", "program", "unit", "term_months", "term_until", "billing", "min_quantity", "quantity_step",
    "lead_days", "delivery", "is_cloud", "papers", "sale_to",
)  # fmt: skip


def _copy(model: type[models.Model], rows: Iterable[dict[str, Any]], *, with_id: bool) -> None:
    """All columns of new rows, by their names."""
    fields = [field for field in model._meta.concrete_fields if with_id or not field.primary_key]
    names = ", ".join(f'"{field.column}"' for field in fields)
    columns = itemgetter(*(field.attname for field in fields))
    with connection.cursor() as cursor, cursor.copy(f"COPY {model._meta.db_table} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(columns(row))
