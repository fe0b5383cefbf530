"""Results narrowed down: facets with counts, price ranges, and other orders than the best first."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from licenseonline.accounts.models import Company
from licenseonline.catalog import assortment, prices, ranking, search, search_words
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


_COUNTED: Final = """
SELECT GROUPING(product.vendor_id, sku.purchase_type, sku.program, sku.term_months),
  product.vendor_id, sku.purchase_type, sku.program, sku.term_months, count(DISTINCT product.id)
FROM catalog_product product JOIN catalog_sku sku ON sku.product_id = product.id {rules}
WHERE product.id = ANY(%(products)s) AND {of_sku}
GROUP BY GROUPING SETS ((product.vendor_id), (sku.purchase_type), (sku.program), (sku.term_months))
"""
_BY_VENDOR, _BY_TYPE, _BY_PROGRAM, _BY_TERM = 0b0111, 0b1011, 0b1101, 0b1110  # what GROUPING answers for each set


def _facets(
    window: list[Place], lowest: dict[int, prices.Lowest], narrowed: Narrowed, *, store_id: int, is_capped: bool
) -> Facets:
    statement = _COUNTED.format(rules=assortment.RULES, of_sku=" AND ".join([assortment.SOLD, *narrowed.of_sku()]))
    ids = [place.id for place in window]
    rows = sql.planned(statement, products=ids, store=store_id, day=clock.today(), **narrowed.values()) if ids else []
    by: dict[int, dict[object, int]] = {_BY_VENDOR: {}, _BY_TYPE: {}, _BY_PROGRAM: {}, _BY_TERM: {}}
    for grouping, *values, number in rows:
        by[grouping][values[(_BY_VENDOR, _BY_TYPE, _BY_PROGRAM, _BY_TERM).index(grouping)]] = number
    return Facets(
        _vendors(by[_BY_VENDOR]),
        {str(kind): number for kind, number in by[_BY_TYPE].items()},
        {str(program): number for program, number in by[_BY_PROGRAM].items()},
        {int(str(months or 0)): number for months, number in by[_BY_TERM].items()},
        _price_ranges(one.unit_yen for one in lowest.values()),
        is_capped,
    )


def _vendors(counts: dict[object, int]) -> list[tuple[str, str, int]]:
    """Those with most results first."""
    rows = sql.rows("SELECT id, code, name FROM catalog_vendor WHERE id = ANY(%(ids)s)", ids=list(counts))
    return sorted(((code, name, counts[pk]) for pk, code, name in rows), key=lambda row: (-row[2], row[1]))


def _price_ranges(yen: Iterable[int | None]) -> dict[tuple[int | None, int | None], int]:
    ranges = list(zip((None, *STEPS), (*STEPS, None), strict=True))
    counts = Counter(bounds for one in yen for bounds in ranges if _is_within(one, bounds))
    return {bounds: counts[bounds] for bounds in ranges if counts[bounds]}
