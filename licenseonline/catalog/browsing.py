"""Results narrowed down: facets with counts, price ranges, and other orders than the best first."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from licenseonline.accounts.models import Company
from licenseonline.catalog import assortment, known, prices, ranking, search, search_words
from licenseonline.catalog.models import Product
from licenseonline.catalog.ranking import Narrowed, Place
from licenseonline.catalog.search import Found
from licenseonline.kit import clock, sql
from licenseonline.kit.text import fold
from licenseonline.stores.models import Store

WINDOW = 300  # of the best results facets are counted and prices compared; what has more says so
STEPS: Final = (5_000, 20_000, 100_000)  # yen, between the price ranges


class Sort(StrEnum):
    """The order of the results."""

    BEST = ""
    PRICE = "price"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a visitor asks for; `price_from` and `price_to` are yen of a product's lowest price, without tax."""

    query: str = ""
    narrowed: Narrowed = field(default_factory=Narrowed)
    price_from: int | None = None
    price_to: int | None = None
    sort: Sort = Sort.BEST
    after: Place | None = None

    @property
    def needs_prices(self) -> bool:
        """Whether the results depend on them."""
        return self.sort == Sort.PRICE or self.price_from is not None or self.price_to is not None


@dataclass(frozen=True, slots=True)
class Facets:
    """How many of the first WINDOW results have a value; `is_capped` when there are more results than those."""

    vendors: list[tuple[str, str, int]]  # code, name
    purchase_types: dict[str, int]
    programs: dict[str, int]
    terms: dict[int, int]  # months, 0 is perpetual
    prices: dict[tuple[int | None, int | None], int]
    is_capped: bool


@dataclass(frozen=True, slots=True)
class Results:
    """One page, what all of it can be narrowed down to, and the lowest offers of the products looked at."""

    found: Found
    facets: Facets
    lowest: dict[int, prices.Lowest]


def browse(wanted: Wanted, *, store: Store, day: date, company: Company | None = None) -> Results:
    """One page of what the store sells for it, at what this company pays, and what it can be narrowed down to.

    Other orders than the best first, and price ranges, are of the first WINDOW results only.
    """
    asked = search_words.asked(wanted.query, store_id=store.pk)
    places = ranking.ranked(asked, wanted.narrowed, store_id=store.pk, most=WINDOW + 1)
    is_capped, window = len(places) > WINDOW, places[:WINDOW]
    lowest = _lowest(window, store, day, company)
    facets = _facets(window, lowest, wanted.narrowed, store_id=store.pk, is_capped=is_capped)
    if wanted.needs_prices or wanted.sort == Sort.NAME:
        places = _sorted(window, wanted, lowest)
    total = len(places) if len(places) <= search.MOST_COUNTED else None
    following = _after(places, wanted)
    if following is None:  # beyond the window
        most = search.PAGE + 1
        following = ranking.ranked(asked, wanted.narrowed, store_id=store.pk, most=most, after=wanted.after)
    return Results(search.page_of(following, total=total), facets, lowest)


def _after(places: list[Place], wanted: Wanted) -> list[Place] | None:
    """The places after the one named; None when those are not among these."""
    if wanted.after is None:
        return places
    if wanted.sort == Sort.BEST and not wanted.needs_prices:
        rest = [place for place in places if place > wanted.after]
        return rest if len(rest) > search.PAGE or len(places) <= WINDOW else None
    found = [at for at, place in enumerate(places) if place.id == wanted.after.id]
    return places[found[0] + 1 :] if found else places


def _lowest(window: list[Place], store: Store, day: date, company: Company | None) -> dict[int, prices.Lowest]:
    return prices.lowest([place.id for place in window], store=store, day=day, company=company) if window else {}


def _sorted(window: list[Place], wanted: Wanted, lowest: dict[int, prices.Lowest]) -> list[Place]:
    if wanted.price_from is not None or wanted.price_to is not None:
        bounds = (wanted.price_from, wanted.price_to)
        window = [place for place in window if _is_within(_yen(lowest, place), bounds)]
    if wanted.sort == Sort.NAME:
        rows = Product.objects.filter(pk__in=[place.id for place in window]).values_list("pk", "kana", "name")
        names = {pk: fold(kana or name) for pk, kana, name in rows}
        return sorted(window, key=lambda place: (names[place.id], place.id))
    if wanted.sort == Sort.PRICE:
        return sorted(window, key=lambda place: (_yen(lowest, place) is None, _yen(lowest, place) or 0, place))
    return window


def _yen(lowest: dict[int, prices.Lowest], place: Place) -> int | None:
    return lowest[place.id].unit_yen if place.id in lowest else None


def _is_within(yen: int | None, bounds: tuple[int | None, int | None]) -> bool:
    least, most = bounds
    return yen is not None and (least is None or yen > least) and (most is None or yen <= most)


_IDS: Final = "(SELECT %(products)s::bigint[])::bigint[]"
# Products of which no rule names a SKU, then the others.
_COUNTED: Final = f"""
SELECT purchase_type, program, coalesce(term_months, 0), array_agg(product_id) FROM (
  SELECT sku.product_id, sku.purchase_type, sku.program, sku.term_months FROM catalog_sku sku
  WHERE sku.product_id = ANY({_IDS}) AND NOT sku.product_id IN (SELECT unnest(%(mixed)s::bigint[])) AND {{alike}}
  UNION ALL
  SELECT sku.product_id, sku.purchase_type, sku.program, sku.term_months
  FROM (SELECT unnest(%(mixed)s::bigint[]) AS id INTERSECT SELECT unnest(%(products)s::bigint[])) one
  JOIN catalog_product product ON product.id = one.id JOIN catalog_sku sku ON sku.product_id = product.id {assortment.RULES}
  WHERE {{each}}
) sku GROUP BY 1, 2, 3
"""  # noqa: S608  (names of our own)
_VENDORS: Final = f"""
SELECT vendor.code, vendor.name, count(*) FROM catalog_product product JOIN catalog_vendor vendor ON vendor.id = product.vendor_id
WHERE product.id = ANY({_IDS}) GROUP BY 1, 2
"""  # noqa: S608  (names of our own)


def _facets(
    window: list[Place], lowest: dict[int, prices.Lowest], narrowed: Narrowed, *, store_id: int, is_capped: bool
) -> Facets:
    types, programs, terms = (
        defaultdict[str, set[int]](set),
        defaultdict[str, set[int]](set),
        defaultdict[int, set[int]](set),
    )
    for purchase_type, program, months, ids in _counted(window, narrowed, store_id):
        types[purchase_type].update(ids)
        programs[program].update(ids)
        terms[months].update(ids)
    vendors = sql.rows(_VENDORS, products=[place.id for place in window]) if window else []
    return Facets(
        sorted(vendors, key=lambda row: (-row[2], row[1])),
        {kind: len(ids) for kind, ids in types.items()},
        {program: len(ids) for program, ids in programs.items()},
        {months: len(ids) for months, ids in terms.items()},
        _price_ranges(one.unit_yen for one in lowest.values()),
        is_capped,
    )


def _counted(window: list[Place], narrowed: Narrowed, store_id: int) -> list[tuple[str, str, int, list[int]]]:
    """Of the SKUs that are sold and fit: for each purchase type, program and term the products, some of them repeated."""
    if not window:
        return []
    of_sku, mixed = narrowed.of_sku(), known.lately(store_id).sold.mixed  # the search before has renewed it
    statement = _COUNTED.format(
        alike=" AND ".join([assortment.SOLD_ALIKE, *of_sku]), each=" AND ".join([assortment.SOLD, *of_sku])
    )
    ids = [place.id for place in window]
    return sql.rows(statement, products=ids, mixed=mixed, store=store_id, day=clock.today(), **narrowed.values())


def _price_ranges(yen: Iterable[int | None]) -> dict[tuple[int | None, int | None], int]:
    ranges = list(zip((None, *STEPS), (*STEPS, None), strict=True))
    counts = Counter(bounds for one in yen for bounds in ranges if _is_within(one, bounds))
    return {bounds: counts[bounds] for bounds in ranges if counts[bounds]}
