"""What is offered while somebody types: vendors, model numbers and products that begin with it."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

from licenseonline.catalog import assortment, known, ranking, search_words
from licenseonline.kit import clock, sql
from licenseonline.kit.text import MAX_QUERY, fold, fold_model

MOST = 8
_VENDORS = 2
_MODELS = 4
_LOOKED_AT = 200  # model numbers that begin with it, of which the store may sell none
_SHORTEST_MODEL = 2
_TYPO = 4  # characters at the end that may be wrong
_SHORTEST_NEAR = 4  # what shares less with a model number does not resemble it


class Kind(StrEnum):
    """What is offered."""

    VENDOR = "vendor"
    MODEL = "model"
    PRODUCT = "product"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One line: what it is, its words, and the code of the vendor or product it leads to."""

    kind: Kind
    text: str
    detail: str
    code: str
    sku_id: int | None = None


def suggest(query: str, *, store_id: int) -> list[Suggestion]:
    """MOST at most, all of them sold by the store; none for an empty query."""
    folded = fold(query[:MAX_QUERY])
    if not folded:
        return []
    found = [*_vendors(folded, store_id), *_models(query, store_id)]
    return [*found, *_products(query, store_id, MOST - len(found))]


def _vendors(folded: str, store_id: int) -> Iterator[Suggestion]:
    rows = sql.rows(
        "SELECT code, name, kana, aliases FROM catalog_vendor WHERE id = ANY(%(sold)s) ORDER BY kana, name",
        sold=list(known.of(store_id).sold.vendors),
    )
    begun = [(code, name) for code, name, *others in rows if _begins(folded, name, *others)]
    yield from (Suggestion(Kind.VENDOR, name, "", code) for code, name in begun[:_VENDORS])


@lru_cache(maxsize=4096)
def _words(text: str) -> tuple[str, ...]:
    return tuple(fold(text).split())


def _begins(folded: str, *texts: str) -> bool:
    joined = folded.replace(" ", "")
    return any(word.startswith(joined) for text in texts for word in (*_words(text), "".join(_words(text))))


_BY_MODEL: Final = """
SELECT sku.model_number, sku.name, product.code, sku.id
FROM (SELECT id, product_id, model_number, name, sale_from, sale_to, folded_model FROM catalog_sku
      WHERE folded_model ^@ %(model)s ORDER BY folded_model LIMIT %(looked_at)s) sku
JOIN catalog_product product ON product.id = sku.product_id {rules}
WHERE {sold} ORDER BY sku.folded_model LIMIT %(most)s
"""


def _models(query: str, store_id: int) -> Iterator[Suggestion]:
    model = fold_model(query[:MAX_QUERY])
    if len(model) < _SHORTEST_MODEL:
        return
    statement = _BY_MODEL.format(rules=assortment.RULES, sold=assortment.SOLD)
    values = {"model": model, "store": store_id, "day": clock.today(), "looked_at": _LOOKED_AT, "most": _MODELS}
    for number, name, code, sku_id in sql.planned(statement, **values):
        yield Suggestion(Kind.MODEL, number, name, code, sku_id)


def models_near(model: str, *, store_id: int) -> list[str]:
    """Model numbers that the store sells and that begin as this one does, for as long as some do; MOST at most."""
    folded = fold_model(model[:MAX_QUERY])
    whole = len(folded)
    lengths = [*range(whole, whole - _TYPO, -1), *range(whole - _TYPO, 0, -max(1, whole // 4))]
    for length in (length for length in lengths if length >= _SHORTEST_NEAR):
        found = [one.text for one in _models(folded[:length], store_id)]
        if found:
            return found
    return []


def _products(query: str, store_id: int, most: int) -> Iterator[Suggestion]:
    asked = search_words.asked(query, store_id=store_id)
    places = ranking.ranked(asked, ranking.Narrowed(), store_id=store_id, most=most)
    rows = sql.rows(
        """SELECT product.id, product.code, product.name, vendor.name FROM catalog_product product
           JOIN catalog_vendor vendor ON vendor.id = product.vendor_id WHERE product.id = ANY(%(ids)s)""",
        ids=[place.id for place in places],
    )
    of = {pk: (name, vendor, code) for pk, code, name, vendor in rows}
    yield from (Suggestion(Kind.PRODUCT, *of[place.id]) for place in places)
