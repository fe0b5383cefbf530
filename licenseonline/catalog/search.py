"""サイト内検索: products by name, reading, vendor and model number, in any width, kana, case and hyphenation."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeVar

from django.db import DEFAULT_DB_ALIAS, models
from django.db.models.expressions import RawSQL

from licenseonline.catalog import corrections, ranking, search_words
from licenseonline.catalog.models import Product, Sku, Vendor
from licenseonline.catalog.ranking import Narrowed, Part, Place, Shown
from licenseonline.kit import sql
from licenseonline.kit.text import MAX_QUERY, fold, fold_model, tsvector_literal

PAGE = 20
_M = TypeVar("_M", bound=models.Model)
_BETWEEN_PIECES = re.compile("[^0-9A-Za-z]+")  # of a model number: ENNC12-01 finds CMJ-ENNC12-01
_LONGEST_IN_INDEX = 600  # bytes; the longest folded name is beside it
MOST_COUNTED = 100  # beyond it nobody needs the exact number, and counting would cost more than finding


@dataclass(frozen=True, slots=True)
class Found:
    """One page of results; `last` is where the next one goes on, None when there is none.

    `total` counts to MOST_COUNTED, then it is None. `exact` are those that have the query as a model number.
    """

    products: list[Product]
    last: Place | None
    total: int | None
    exact: list[Product]


@dataclass(frozen=True, slots=True)
class Texts:
    """What search compares of a product: its columns, the vector in text form, and words to correct typos by."""

    folded_name: str
    folded_text: str
    vector: str
    name_vector: str | None
    words: set[str]


def texts(product: Product, vendor: Vendor, skus: Iterable[tuple[str, str]]) -> Texts:
    """Of the product's names, readings, aliases and vendor, and of its SKUs' names and model numbers, given as pairs."""
    named = [product.name, product.kana, product.aliases, vendor.name, vendor.kana, vendor.aliases]
    pairs = list(skus)
    names = dict.fromkeys(name for name, _model in pairs)
    models = [model for _name, model in pairs]
    of_skus = (_folded_name(product, name) for name in names)
    folded = list(dict.fromkeys([*map(_fold_often, [*named, product.category]), *of_skus, *map(fold, models)]))
    rests = (model[piece.end() :] for model in models for piece in _BETWEEN_PIECES.finditer(model))
    pieces = map(_fold_often, dict.fromkeys(rests))
    vector = tsvector_literal(*folded, *pieces)
    name = _fold_often(product.name)[:400]
    return Texts(name, " ".join(folded), vector, _name_vector(name), set(" ".join(named).split()))


def _name_vector(folded: str) -> str | None:
    """None for a name whose words do not fit into an index, of which a row holds a third of 8 kB."""
    made = tsvector_literal(folded)
    return made if len(made.encode()) <= _LONGEST_IN_INDEX else None


_fold_often = lru_cache(maxsize=1024)(fold)  # a vendor's names, and how its SKUs are called, are those of many products


def _folded_name(product: Product, name: str) -> str:
    """A SKU's name, which most often is its product's with a few words after it."""
    rest = name.removeprefix(f"{product.name} ")
    return fold(name) if rest == name else f"{_fold_often(product.name)} {_fold_often(rest)}".strip()


def index(products: Iterable[Product]) -> None:
    """Write the search text of these products.

    Every verb that changes a name, a reading, an alias, a SKU or a vendor of theirs calls this in the same transaction, so
    that a change is found at once.
    """
    words: set[str] = set()
    for product in products:
        made = texts(product, product.vendor, ((sku.name, sku.model_number) for sku in product.skus.all()))
        words |= made.words
        Product.objects.filter(pk=product.pk).update(
            folded_name=made.folded_name,
            folded_text=made.folded_text,
            search_vector=RawSQL("%s::tsvector", [made.vector]),
            name_vector=RawSQL("%s::tsvector", [made.name_vector]),
        )
    corrections.learn(words)


def products(query: str, *, store_id: int, narrowed: Narrowed | None = None, after: Place | None = None) -> Found:
    """What the store sells that has all words of the query or their synonyms, best first; an empty query finds everything.

    Only the first MAX_QUERY characters count. Bad input (quotes, operators, NULs) is text like any other.
    """
    asked = search_words.asked(query, store_id=store_id)
    most = MOST_COUNTED + 1 if after is None else PAGE + 1
    found = ranking.page(asked, narrowed or Narrowed(), Part(most, after, PAGE), store_id=store_id)
    rows = found.known.vendor_rows
    made = [
        _made(place.id, -place.unpopularity, shown, rows[shown.vendor_id])
        for place, shown in zip(found.places, found.shown, strict=False)
    ]
    number = len(found.places)
    return _page(found.places, made, total=number if after is None and number <= MOST_COUNTED else None)


_VENDOR: Final = ("id", "code", "name", "kana", "aliases")
_SHOWN: Final = f"""
SELECT product.id, product.popularity, {", ".join(f"product.{name}" for name in Shown._fields)},
  {", ".join(f"vendor.{name}" for name in _VENDOR)}
FROM catalog_product product JOIN catalog_vendor vendor ON vendor.id = product.vendor_id
WHERE product.id = ANY((SELECT %(ids)s::bigint[])::bigint[])
"""  # noqa: S608  (names of our own columns)


def _made(pk: int, popularity: int, shown: Shown, vendor: Iterable[object]) -> Product:
    """A product of which only what a result shows has been read; the rest is read when it is asked for.

    As `Model.from_db` makes it, which for the 40 rows of a page takes longer than PostgreSQL takes for the search.
    """
    values = {"id": pk, "popularity": popularity, **shown._asdict()}
    product = _row(Product, values)
    product.vendor = _row(Vendor, dict(zip(_VENDOR, vendor, strict=True)))
    return product


def _row(model: type[_M], values: dict[str, object]) -> _M:
    row, state = model.__new__(model), models.base.ModelState()
    state.adding, state.db = False, DEFAULT_DB_ALIAS
    row.__dict__.update(values, _state=state)
    return row


def page_of(places: list[Place], *, total: int | None) -> Found:
    """The first PAGE of these places with their products, of which only what a result shows has been read."""
    ids = [place.id for place in places[:PAGE]]
    width = len(Shown._fields)
    rows = {
        pk: _made(pk, popularity, Shown(*row[:width]), row[width:])
        for pk, popularity, *row in (sql.rows(_SHOWN, ids=ids) if ids else [])
    }
    return _page(places, [rows[pk] for pk in ids], total=total)


def _page(places: list[Place], products: list[Product], *, total: int | None) -> Found:
    exact = [product for place, product in zip(places, products, strict=False) if place.tier == ranking.EXACT]
    return Found(products, places[PAGE - 1] if len(places) > PAGE else None, total, exact)


def matching_skus(query: str, products: Iterable[Product], *, store_id: int) -> dict[int, Sku]:
    """For each product the SKU whose model number the query is, if any: shown first in its result."""
    model = fold_model(query[:MAX_QUERY])
    if not model:
        return {}
    skus = Sku.objects.public(store_id).filter(product__in=list(products), folded_model=model)
    return {sku.product_id: sku for sku in skus}
