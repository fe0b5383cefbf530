"""Which way a search goes: by the index for all that have the words, for the most popular of them, or down the popularity.

Only the time depends on it, and which of the very many that have a word are ranked.
"""

from dataclasses import dataclass
from typing import Final

from licenseonline.catalog import frequencies
from licenseonline.catalog.frequencies import LEVELS, Frequencies
from licenseonline.catalog.search_words import Asked

RANKED: Final = 500  # the most popular, of what more products have than can be ranked in a millisecond or two
MOST_RANKED: Final = 2000
_FEW = 1000  # all of so many can be ranked
_SPARE = 1.5  # statistics are a guess: so many times RANKED are expected of the levels that are asked
_MOST_VENDORS = 40  # to be asked of the index, one key each
_MOST_PRODUCTS = 2000  # to be looked at one by one, for a store that sells single products
_READ, _LOOKED_UP = 1.0, 0.9  # µs for a row found by the index, and for one on the way down


@dataclass(frozen=True, slots=True)
class Way:
    """`keys` is the tsquery for the index; without one the way leads down the popularity, or nowhere (not `walks`).

    `is_part`: only if RANKED are found, there are more of them than these. `has_vendors`: what is found is of the store's
    vendors, and products that it sells besides are looked at one by one.
    """

    keys: str
    limit: int
    is_part: bool = False
    walks: bool = False
    has_vendors: bool = False


def way(asked: Asked, vendor: str, *, in_full: bool = False) -> Way:
    """The quickest way to what has the words; `in_full`: through all that have them, however many."""
    found, sold = frequencies.now(), asked.known.sold
    few = len(sold.vendors) <= min(_MOST_VENDORS, len(sold.hidden)) and sold.number_of_more <= _MOST_PRODUCTS
    ids = sold.vendors
    if vendor:
        only = frozenset({asked.known.vendors.get(vendor, 0)})
        ids = ids & only if few else only
    if few and not ids:
        return Way("", MOST_RANKED, has_vendors=True)
    keys = [f"({asked.tsquery})"] if asked.tsquery else []
    if few or vendor:
        keys.append(_any("v", ids))
    share = found.of_vendors(ids, len(asked.known.vendors)) * (found.of_text(asked.parts) if asked.tsquery else 1.0)
    number = found.products * share
    if not keys or (not asked.tsquery and number > MOST_RANKED):
        return Way("", MOST_RANKED, walks=True)
    whole = Way(" & ".join(keys), MOST_RANKED, has_vendors=few)
    return whole if in_full or not asked.tsquery or number <= _FEW else _part(whole, found, number, share)


def _part(whole: Way, found: Frequencies, number: float, share: float) -> Way:
    """The most popular levels that should hold enough, or the walk, whatever is quicker."""
    level = next((n for n in reversed(range(LEVELS)) if number * found.levels[n] >= _SPARE * RANKED), 0)
    by_level, walking = number * found.levels[level] * _READ, RANKED / share * _LOOKED_UP
    if walking < by_level:
        return Way("", RANKED, walks=True)
    if level == 0:
        return whole
    return Way(f"{whole.keys} & {_any('p', range(level, LEVELS))}", RANKED, is_part=True, has_vendors=whole.has_vendors)


def _any(kind: str, numbers: frozenset[int] | range) -> str:
    return "(" + " | ".join(f"'#{kind}{number}'" for number in sorted(numbers)) + ")"
