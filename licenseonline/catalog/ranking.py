"""The statement behind the search: candidates by index, ranked, and only then asked whether the store sells them.

What depends on the values is decided before (ways.py), and values are hidden from PostgreSQL's planner in `(SELECT …)`:
so a statement is planned once per connection. Planning it for its values each time took longer than most searches.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, LiteralString, NamedTuple

from licenseonline.catalog import assortment, known, search_words, ways
from licenseonline.catalog.assortment import Assortment
from licenseonline.catalog.known import Known, Version
from licenseonline.catalog.search_words import Asked
from licenseonline.catalog.ways import Way
from licenseonline.kit import clock, sql

_MOST_BY_MODEL = 400  # SKUs that begin with what was typed; a beginning that more have says nothing
_MOST_BY_NAME = 100  # products whose name begins with it, when not all that have it are ranked
_LAST = "\U0010ffff"  # no folded text holds it: all that begin with x come before x and this
EXACT = 0  # the tier of what has the query as a model number


class Place(NamedTuple):
    """Where a product stands among the results: tier, then popularity, then id. In this order they follow each other."""

    tier: int
    unpopularity: int
    id: int


class Shown(NamedTuple):
    """What a result shows of a product beside its place."""

    code: str
    vendor_id: int
    name: str
    category: str
    summary: str


class Part(NamedTuple):
    """Which of the results: so many after a place, and of the first `shown` of them what they show."""

    most: int
    after: Place | None = None
    shown: int = 0


class Ranking(NamedTuple):
    """Places, what the first of them show, and what was known of the store in the same moment."""

    places: list[Place]
    shown: list[Shown]
    known: Known


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


def ranked(asked: Asked, narrowed: Narrowed, *, store_id: int, most: int, after: Place | None = None) -> list[Place]:
    """The first `most` products (after a place) that the store sells and that have all of the query, best first.

    An empty query finds everything. First an exact model number, then its beginning, exact name, its beginning, all
    words in the name, elsewhere, elsewhere by synonyms; then by popularity. Of what more products have than can be
    ranked quickly, the ways.RANKED most popular are (of those with it in the name when there are so many), and those whose name or
    model number begins with it. When the
    letters of a word stand together nowhere, what has all pairs of them is found instead (ウイルスバスタービズ: what has
    ウイルスバスター and ビズ).
    """
    return page(asked, narrowed, Part(most, after), store_id=store_id).places


def page(asked: Asked, narrowed: Narrowed, part: Part, *, store_id: int) -> Ranking:
    """As `ranked`, with what the first of them show: asking for it separately takes longer than reading it."""
    found = _ranked(asked, narrowed, part)
    if found is None:
        return page(search_words.renewed(asked, store_id=store_id), narrowed, part, store_id=store_id)
    if found.places or not asked.runs or (part.after and _ranked(asked, narrowed, Part(1))):
        return found
    return _ranked(asked.by_pairs, narrowed, part) or found


def _ranked(asked: Asked, narrowed: Narrowed, part: Part) -> Ranking | None:
    """None when what the query was made with does not hold any more."""
    found = None
    for way in ways.ways(asked, narrowed.vendor, names=not narrowed.category):
        version, number, found = _places(asked, narrowed, way, part)
        if version != asked.known.version:
            return None
        if not way.is_part or number >= way.limit:
            break
    return found


def _places(asked: Asked, narrowed: Narrowed, way: Way, part: Part) -> tuple[Version, int, Ranking]:
    """And by which edition, and of how many candidates."""
    sold, after = asked.known.sold, part.after
    values: dict[str, Any] = {
        "store": asked.known.store_id, "day": clock.today(), "most": str(part.most), "limit": str(way.limit),
        "keys": way.keys, "least": way.least, "more": sold.more, "less": sold.less, "mixed": sold.mixed, "vendors": sold.vendor_ids,
        "hidden": sold.hidden_ids, "shown": str(part.shown), **narrowed.values(), **_words(asked),
    }  # fmt: skip
    if after:
        values |= {"tier": after.tier, "unpopularity": after.unpopularity, "id": after.id}
    statement = _statement(asked, narrowed, way, part)
    [(edition, written_by, number, tiers, unpopularities, ids, *columns)] = sql.rows(statement, **values)
    places = list(map(Place, tiers or (), unpopularities or (), ids or ()))
    shown = list(map(Shown, *columns)) if places and columns else []
    return Version(edition, written_by), number, Ranking(places, shown, asked.known)


def _given(name: LiteralString, kind: LiteralString) -> LiteralString:
    """A value of which the planner knows nothing, so that one plan is as good as another."""
    return f"(SELECT %({name})s::{kind})"


_DAY: Final = _given("day", "date")
_JOINED: Final = _given("joined", "text")
# OFFSET 0 and UNION ALL keep the order: PostgreSQL asks what the store sells, and whether the letters stand together, from
# the best on, until it has enough.
_STATEMENT: Final = """
WITH {by_model} {by_name} candidate AS MATERIALIZED ({candidates}),
named AS MATERIALIZED (
  SELECT id, vendor_id, -popularity AS unpopularity, {tier} AS tier FROM candidate
  {models} ORDER BY tier, unpopularity, id
)
SELECT {version}, {number}, place.* {of_shown} FROM stores_edition edition CROSS JOIN (
  SELECT array_agg(tier), array_agg(unpopularity), array_agg(id) AS ids FROM (
    SELECT tier, unpopularity, id FROM ({ranked}) product
    WHERE {after} {is_sold}
    LIMIT {most}
  ) ranked
) place {shown} WHERE edition.id = 1
"""
_NUMBER: Final = "(SELECT count(*) FROM candidate)"
_SHOWN: Final = f"""
CROSS JOIN LATERAL (
  SELECT {", ".join(f"array_agg({name})" for name in Shown._fields)} FROM (
    SELECT product.* FROM unnest(place.ids[:{_given("shown", "integer")}]) WITH ORDINALITY one (id, at)
    JOIN catalog_product product ON product.id = one.id ORDER BY one.at
  ) product
) shown
"""  # noqa: S608  (names of our own)
_BY_MODEL: Final = f"""
model AS MATERIALIZED (
  SELECT product_id, min(CASE WHEN folded_model = {_given("model", "text")} THEN 0 ELSE 1 END) AS tier FROM (
    SELECT product_id, folded_model FROM catalog_sku
    WHERE folded_model >= {_given("model", "text")} AND folded_model < {_given("model_end", "text")}
    AND {_DAY} BETWEEN sale_from AND sale_to ORDER BY folded_model LIMIT {_MOST_BY_MODEL}
  ) sku GROUP BY product_id
),
"""  # noqa: S608  (names of our own)
_MODELS: Final = """
UNION ALL SELECT product.id, product.vendor_id, -product.popularity, model.tier
FROM model CROSS JOIN LATERAL (SELECT * FROM catalog_product WHERE id = model.product_id OFFSET 0) product
WHERE NOT model.product_id IN (SELECT id FROM candidate) AND {conditions}
"""
_CANDIDATES: Final = """
(SELECT product.id, vendor_id, popularity, folded_name FROM {products} product
 WHERE {conditions} ORDER BY popularity DESC, id LIMIT {limit})
"""
# These are read from indexes alone: an index holds all of it.
_POPULAR: Final = f"product.popularity >= {_given('least', 'integer')}"
_OF_VENDORS: Final = f"product.vendor_id = ANY({_given('vendors', 'bigint[]')}::bigint[])"
# A name too long for the index is taken by its letters.
_NAMED: Final = f"coalesce(ts_match_vq(product.name_vector, {_given('tsquery', 'tsquery')}), true)"
# OFFSET 0 has it go by this index: for a store of few vendors PostgreSQL would read all that they make.
_HAVE_KEYS: Final = f"""
(SELECT * FROM catalog_product
 WHERE catalog_search_keys(search_vector, vendor_id, popularity) @@ {_given("keys", "tsquery")} OFFSET 0)
"""  # noqa: S608  (names of our own)
_HAS_WORDS: Final = f"ts_match_vq(product.search_vector, {_given('tsquery', 'tsquery')})"  # not by the index
_BY_NAME: Final = f"""
by_name AS MATERIALIZED (
  SELECT product.id, vendor_id, popularity, folded_name FROM (
    SELECT * FROM catalog_product WHERE folded_name >= {_given("folded", "text")} AND folded_name < {_given("folded_end", "text")}
    ORDER BY folded_name LIMIT {_MOST_BY_NAME}
  ) product WHERE {{conditions}}
),
"""  # noqa: S608  (names of our own)
_IS_MORE: Final = f"product.id = ANY({_given('more', 'bigint[]')}::bigint[])"
# As the index says it, so that a page far down begins where it begins.
_FURTHER: Final = f"""
product.popularity <= -{_given("unpopularity", "integer")} AND (
  product.popularity < -{_given("unpopularity", "integer")} OR product.id > {_given("id", "bigint")})
"""
_AFTER: Final = f"""
(tier, unpopularity, id) > ({_given("tier", "integer")}, {_given("unpopularity", "integer")}, {_given("id", "bigint")}) AND
"""


def _statement(asked: Asked, narrowed: Narrowed, way: Way, part: Part) -> LiteralString:
    sold = asked.known.sold
    vendors = _of_vendors(sold)
    has_words: list[LiteralString] = [_HAS_WORDS] if asked.tsquery else []
    unless: list[LiteralString] = []
    common: list[LiteralString] = [*narrowed.of_product(), *_not_less(sold)]
    by_name: LiteralString = ""
    if asked.tsquery and way.limit == ways.RANKED:
        by_name = _BY_NAME.format(conditions=" AND ".join([*has_words, *common, *vendors]))
        unless.append("NOT product.id IN (SELECT id FROM by_name)")
    candidates: list[LiteralString] = ["SELECT * FROM by_name"] if by_name else []
    if way.by_name:
        looked_at = [_OF_VENDORS] if way.has_vendors else [_POPULAR, *vendors]
        candidates.append(_candidates([*looked_at, _NAMED, _in_name(asked), *common, *unless]))
    elif way.keys:
        all_words = has_words if way.has_more else []
        besides_keys = [*common, *([] if way.has_vendors else vendors), *unless, *all_words]
        candidates.append(_candidates(besides_keys, products=_HAVE_KEYS))
    elif way.walks:
        start: list[LiteralString] = [_FURTHER] if part.after and not asked.folded else []
        candidates.append(_candidates([*has_words, *start, *common, *vendors, *unless]))
    if way.has_vendors and sold.number_of_more:
        besides: LiteralString = f"NOT product.vendor_id IN {_any_of('vendors')}"
        candidates.append(_candidates([_IS_MORE, besides, *has_words, *common, *unless]))
    return _STATEMENT.format(
        version=known.VERSION,
        number=_NUMBER if way.is_part else "0",
        of_shown=", shown.*" if part.shown else "",
        shown=_SHOWN if part.shown else "",
        by_model=_BY_MODEL if asked.model else "",
        by_name=by_name,
        candidates=" UNION ALL ".join(candidates or [_candidates(["false"])]),
        tier=_tier(asked),
        models=_MODELS.format(conditions=" AND ".join(["true", *common, *vendors])) if asked.model else "",
        ranked=_elsewhere(asked),
        after=_AFTER if part.after else "",
        most=_given("most", "bigint"),
        is_sold=_is_sold(sold, narrowed),
    )


def _candidates(conditions: list[LiteralString], *, products: LiteralString = "catalog_product") -> LiteralString:
    return _CANDIDATES.format(
        products=products, conditions=" AND ".join(conditions or ["true"]), limit=_given("limit", "bigint")
    )


def _any_of(name: LiteralString) -> LiteralString:
    """The numbers of a list, looked up and not gone through."""
    return f"(SELECT unnest({_given(name, 'bigint[]')}))"


def _of_vendors(sold: Assortment) -> list[LiteralString]:
    """Conditions that leave the products that the store can sell, but for those of _not_less; the shorter list decides."""
    if not sold.hidden:
        return []
    is_sold: LiteralString = (
        f"NOT product.vendor_id IN {_any_of('hidden')}"
        if len(sold.hidden) < len(sold.vendors)
        else f"product.vendor_id IN {_any_of('vendors')}"
    )
    return [f"({is_sold} OR product.id IN {_any_of('more')})" if sold.number_of_more else is_sold]


def _not_less(sold: Assortment) -> list[LiteralString]:
    return [f"NOT product.id IN {_any_of('less')}"] if sold.has_less else []


def _is_sold(sold: Assortment, narrowed: Narrowed) -> LiteralString:
    """Whether a SKU of the product is on sale, fits, and is not one of those that the store leaves out."""
    alike = " AND ".join([assortment.SOLD_ALIKE, *narrowed.of_sku()]).replace("%(day)s", _DAY)
    simple: LiteralString = (
        f"EXISTS (SELECT FROM catalog_sku sku WHERE sku.product_id = product.id AND {alike} OFFSET 0)"
    )
    if not sold.has_mixed:
        return simple
    each = " AND ".join([assortment.SOLD, *narrowed.of_sku()]).replace("%(day)s", _DAY)
    return f"""CASE WHEN product.id IN {_any_of("mixed")} THEN
      (SELECT true FROM catalog_sku sku {assortment.RULES} WHERE sku.product_id = product.id AND {each} LIMIT 1)
      ELSE {simple} END"""  # noqa: S608  (names of our own)


_TYPED: Final = f"ts_match_vq(search_vector, {_given('typed', 'tsquery')})"
_NAME: Final = "replace(folded_name, ' ', '')"


def _tier(asked: Asked) -> LiteralString:
    """By model number, then by the name alone; what has some word elsewhere only has 5."""
    if not asked.folded:
        return "5"
    parts = _parts_in_name(asked)
    elsewhere: LiteralString = f"CASE WHEN {parts} THEN 4 ELSE 5 END" if parts else "5"
    by_name: LiteralString = f"""CASE strpos({_NAME}, {_JOINED}) WHEN 0 THEN {elsewhere}
      WHEN 1 THEN CASE WHEN {_NAME} = {_JOINED} THEN 2 ELSE 3 END ELSE 4 END"""
    if not asked.model:
        return by_name
    return f"""CASE WHEN id IN (SELECT product_id FROM model WHERE tier = {EXACT}) THEN {EXACT}
      WHEN id IN (SELECT product_id FROM model) THEN 1 ELSE {by_name} END"""  # noqa: S608  (names of our own)


def _in_name(asked: Asked) -> LiteralString:
    """What gives a tier before 5."""
    parts = _parts_in_name(asked)
    joined: LiteralString = f"strpos({_NAME}, {_JOINED}) > 0"
    return f"({joined} OR {parts})" if parts else joined


def _parts_in_name(asked: Asked) -> LiteralString:
    """Empty for a single word without synonyms, which is not in the name when it is not in what is joined."""
    if len(asked.parts) == 1 and len(asked.parts[0]) == 1:
        return ""
    return " AND ".join(f"folded_name LIKE ANY({_array('part', place)})" for place in range(len(asked.parts)))


def _array(name: LiteralString, place: int) -> LiteralString:
    return f"(SELECT %({name}{place})s::text[])::text[]"


def _elsewhere(asked: Asked) -> LiteralString:
    """What has been found, the best first; what has no name with the words is looked at whole, one by one, as far as needed."""
    together = _together(asked.runs)
    typed: LiteralString = _TYPED if asked.has_synonyms and asked.folded else ""
    if not typed and not together:
        return "SELECT * FROM named OFFSET 0"
    parts = ["SELECT * FROM named WHERE tier <= 4"]
    for tier, words in ((5, typed), (6, f"NOT {typed}")) if typed else ((5, ""),):
        each = " AND ".join(filter(None, [words, together]))
        parts.append(
            f"""SELECT id, vendor_id, unpopularity, {tier} FROM named
            WHERE tier = 5 AND (SELECT {each} FROM catalog_product whole WHERE whole.id = named.id)"""  # noqa: S608  (names of our own)
        )
    return " UNION ALL ".join(parts)


def _together(runs: list[tuple[list[str], str]]) -> LiteralString:
    """Conditions on the text of a product that has been found by pairs of letters; its name or number says it already."""
    return " AND ".join(
        f"(replace(folded_text, ' ', '') LIKE ANY({_array('run', place)})"
        + (f" OR ts_match_vq(search_vector, (SELECT %(others{place})s::tsquery)))" if others else ")")
        for place, (_, others) in enumerate(runs)
    )


def _words(asked: Asked) -> Mapping[str, Any]:
    """Folded words hold none of the signs that mean something in a pattern."""
    parts = {f"part{place}": _patterns(part) for place, part in enumerate(asked.parts)}
    together = {f"run{place}": _patterns(words) for place, (words, _) in enumerate(asked.runs)}
    others = {f"others{place}": other for place, (_, other) in enumerate(asked.runs)}
    return {
        "tsquery": asked.tsquery,
        "folded": asked.folded,
        "folded_end": asked.folded + _LAST,
        "model": asked.model,
        "model_end": asked.model + _LAST,
        "typed": asked.typed,
        "joined": asked.joined,
        **parts,
        **together,
        **others,
    }


def _patterns(words: Iterable[str]) -> list[str]:
    return [f"%{word}%" for word in words]
