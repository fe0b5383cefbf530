"""The statement behind the search: candidates by index, ranked, and only then asked whether the store sells them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, LiteralString, NamedTuple

from licenseonline.catalog import assortment
from licenseonline.catalog.search_words import Asked
from licenseonline.kit import clock, sql

CANDIDATES = 2000  # the most popular that have the query, its name or its number: only they are ranked
_MOST_BY_MODEL = 400  # SKUs that begin with what was typed; a beginning that more have says nothing
EXACT = 0  # the tier of what has the query as a model number


class Place(NamedTuple):
    """Where a product stands among the results: tier, then popularity, then id. In this order they follow each other."""

    tier: int
    unpopularity: int
    id: int


@dataclass(frozen=True)
class Narrowed:
    """What the results are narrowed down to; empty means all. `term` is months, 0 for perpetual."""

    vendor: str = ""
    category: str = ""
    purchase_type: str = ""
    program: str = ""
    term: int | None = None

    def of_product(self) -> list[LiteralString]:
        """Conditions on `product`."""
        found: list[LiteralString] = []
        if self.vendor:
            found.append("product.vendor_id = (SELECT id FROM catalog_vendor WHERE code = %(vendor)s)")
        if self.category:
            found.append("product.category = %(category)s")
        return found

    def of_sku(self) -> list[LiteralString]:
        """Conditions on `sku`."""
        found: list[LiteralString] = []
        if self.purchase_type:
            found.append("sku.purchase_type = %(purchase_type)s")
        if self.program:
            found.append("sku.program = %(program)s")
        if self.term is not None:
            found.append("sku.term_months IS NOT DISTINCT FROM nullif(%(term)s, 0)")
        return found

    def values(self) -> dict[str, Any]:
        """What the conditions name."""
        return dict(vars(self))


@dataclass
class Models:
    """Products by the model numbers of their SKUs: those that have it, and those that begin with it."""

    exact: list[int] = field(default_factory=list)
    begun: list[int] = field(default_factory=list)


def by_model(model: str) -> Models:
    """Products with a SKU on sale of this folded model number, or of one that begins with it."""
    if not model:
        return Models()
    found = sql.rows(
        """SELECT product_id, folded_model = %(model)s FROM catalog_sku
           WHERE folded_model ^@ %(model)s AND %(day)s BETWEEN sale_from AND sale_to ORDER BY folded_model LIMIT %(most)s""",
        model=model,
        day=clock.today(),
        most=_MOST_BY_MODEL,
    )
    exact = {product for product, is_exact in found if is_exact}
    return Models(sorted(exact), sorted({product for product, _ in found} - exact))


def ranked(asked: Asked, narrowed: Narrowed, *, store_id: int, most: int, after: Place | None = None) -> list[Place]:
    """The first `most` products (after a place) that the store sells and that have all of the query, best first.

    An empty query finds everything. First an exact model number, then its beginning, exact name, its beginning, all
    words in the name, elsewhere, elsewhere by synonyms; then by popularity. Of what more than CANDIDATES products have,
    these are ranked that are most popular (and those whose name or model number begins with it). When the letters of a word stand together
    nowhere, what has all pairs of them is found instead (ウイルスバスタービズ: what has ウイルスバスター and ビズ).
    """
    found = _ranked(asked, narrowed, store_id=store_id, most=most, after=after)
    if found or not asked.runs or (after and _ranked(asked, narrowed, store_id=store_id, most=1)):
        return found
    return _ranked(replace(asked, is_strict=False), narrowed, store_id=store_id, most=most, after=after)


def _ranked(asked: Asked, narrowed: Narrowed, *, store_id: int, most: int, after: Place | None = None) -> list[Place]:
    sold, models = assortment.of(store_id), by_model(asked.model)
    values: dict[str, Any] = {
        "store": store_id, "day": clock.today(), "most": most, "candidates": CANDIDATES, "vendors": sold.vendors, "more": sold.more,
        "less": sold.less, "exact": models.exact, "begun": models.begun, **narrowed.values(), **_words(asked),
    }  # fmt: skip
    if after:
        values |= {"tier": after.tier, "unpopularity": after.unpopularity, "id": after.id}
    statement = _statement(asked, narrowed, has_numbers=bool(models.exact or models.begun), is_after=after is not None)
    return [Place(*row) for row in sql.planned(statement, **values)]


# OFFSET 0 keeps the order: PostgreSQL asks what the store sells from the best on, until it has enough.
_STATEMENT: Final = """
SELECT tier, unpopularity, id FROM (
  SELECT product.id, product.vendor_id, -product.popularity AS unpopularity, {tier} AS tier
  FROM (SELECT DISTINCT ON (id) * FROM ({candidates}) candidate) product ORDER BY {order} OFFSET 0
) product
WHERE {after} {together}
  (SELECT true FROM catalog_sku sku {rules} WHERE sku.product_id = product.id AND {of_sku} LIMIT 1)
LIMIT %(most)s
"""
_CANDIDATES: Final = """
(SELECT product.id, vendor_id, popularity, folded_name, search_vector FROM catalog_product product
 WHERE {conditions} ORDER BY popularity DESC, id LIMIT %(candidates)s)
"""


def _statement(asked: Asked, narrowed: Narrowed, *, has_numbers: bool, is_after: bool) -> LiteralString:
    sold = [
        *narrowed.of_product(),
        "(product.vendor_id = ANY(%(vendors)s) OR product.id = ANY(%(more)s))",
        "NOT product.id = ANY(%(less)s)",
    ]
    ways: list[LiteralString] = []
    if not asked.folded:
        ways.append("(-popularity, product.id) > (%(unpopularity)s, %(id)s)" if is_after else "true")
    if asked.tsquery:
        ways += ["product.search_vector @@ %(tsquery)s::tsquery", "product.folded_name ^@ %(folded)s"]
    if has_numbers:
        ways.append("product.id = ANY(%(exact)s::bigint[] || %(begun)s::bigint[])")
    return _STATEMENT.format(
        tier=_tier(asked),
        candidates=" UNION ALL ".join(
            _CANDIDATES.format(conditions=" AND ".join([way, *sold])) for way in ways or ["false"]
        ),
        order="tier, unpopularity, id" if asked.folded else "popularity DESC, id",
        after="(tier, unpopularity, id) > (%(tier)s, %(unpopularity)s, %(id)s) AND" if is_after else "",
        together=_together(asked.runs),
        rules=assortment.RULES,
        of_sku=" AND ".join([assortment.SOLD, *narrowed.of_sku()]),
    )


def _tier(asked: Asked) -> LiteralString:
    if not asked.folded:
        return "5"
    in_name = " AND ".join(f"folded_name LIKE ANY(%(part{place})s)" for place in range(len(asked.parts))) or "false"
    return f"""CASE WHEN id = ANY(%(exact)s) THEN {EXACT} WHEN id = ANY(%(begun)s) THEN 1
      WHEN replace(folded_name, ' ', '') = %(joined)s THEN 2
      WHEN replace(folded_name, ' ', '') ^@ %(joined)s THEN 3
      WHEN strpos(replace(folded_name, ' ', ''), %(joined)s) > 0 OR ({in_name}) THEN 4
      {"WHEN search_vector @@ %(typed)s::tsquery THEN 5 ELSE 6" if asked.has_synonyms else "ELSE 5"} END"""


def _together(runs: list[tuple[list[str], str]]) -> LiteralString:
    """Conditions on the text of a product that has been found by pairs of letters; not on what its number says."""
    if not runs:
        return ""
    text = "(SELECT replace(folded_text, ' ', '') FROM catalog_product whole WHERE whole.id = product.id)"
    vector = "(SELECT search_vector FROM catalog_product whole WHERE whole.id = product.id)"
    each = " AND ".join(
        f"({text} LIKE ANY(%(run{place})s)" + (f" OR {vector} @@ %(others{place})s::tsquery)" if others else ")")
        for place, (_, others) in enumerate(runs)
    )
    return f"(tier <= 1 OR ({each})) AND"


def _words(asked: Asked) -> Mapping[str, Any]:
    """Folded words hold none of the signs that mean something in a pattern."""
    parts = {f"part{place}": _patterns(part) for place, part in enumerate(asked.parts)}
    together = {f"run{place}": _patterns(words) for place, (words, _) in enumerate(asked.runs)}
    others = {f"others{place}": other for place, (_, other) in enumerate(asked.runs)}
    return {
        "tsquery": asked.tsquery,
        "folded": asked.folded,
        "typed": asked.typed,
        "joined": asked.joined,
        **parts,
        **together,
        **others,
    }


def _patterns(words: Iterable[str]) -> list[str]:
    return [f"%{word}%" for word in words]
