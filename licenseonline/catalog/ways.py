"""Which way a search goes: by the index for all that have the words, for the most popular of them, or down the popularity.

Only the time depends on it, and which of the very many that have a word are ranked.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import prod
from typing import Final, TypeVar, cast

from licenseonline.catalog import frequencies
from licenseonline.catalog.assortment import Assortment
from licenseonline.catalog.frequencies import LEVELS
from licenseonline.catalog.search_words import Asked, literal

RANKED: Final = 400  # the most popular, of what more products have than can be ranked in a millisecond or two
MOST_RANKED: Final = 2000
_MOST_NAMES = 8000  # are looked at, in an index that holds them in a row
_FEW = 1000  # all of so many can be ranked
_SPARE = 1.4  # statistics are a guess: so many times RANKED are expected of the levels that are asked
_MOST_VENDORS = 40  # to be asked of the index, one key each
_MOST_PRODUCTS = 2000  # to be looked at one by one, for a store that sells single products
_SINGLE = 200  # products that have a rare word (of several words nobody knows how many have them all)
_MOST_TRIED = 1000  # to be remembered of a store
_COMMON = 0.3  # the index takes longer over a word that so many have than looking at the few that other words leave
_BEGINS_LIKE_MUCH = re.compile("[a-z0-9]")
_SLOW = 10_000  # products looked at take as long as all words in the index that begin with one letter

_W = TypeVar("_W", bound="Way | None")


@dataclass(frozen=True, slots=True)
class Way:
    """`keys` is the tsquery for the index; without one the way leads down the popularity, or nowhere (not `walks`).

    `has_more`: what is found need not have all of the words. `is_part`: only if RANKED are found, there are more of them
    than these. `has_vendors`: what is found is of the store's vendors, and products that it sells besides are looked at
    one by one. `by_name`: names are looked at, of those vendors or of products at least so popular.
    """

    keys: str
    limit: int
    has_more: bool = False
    is_part: bool = False
    walks: bool = False
    has_vendors: bool = False
    by_name: bool = False
    least: int = 0


def ways(asked: Asked, vendor: str, *, names: bool) -> Iterator[Way]:
    """One after the other, as long as there is less than was to be expected; the last one finds all there is."""
    tried = asked.known.not_in_names
    if names and not vendor and asked.parts not in tried and (first := _kept(asked, _by_name)):
        yield first
        if len(tried) < _MOST_TRIED:
            tried.add(asked.parts)
    found = way(asked, vendor) if vendor else _kept(asked, _usual)
    yield found
    if found.is_part:
        full = way(asked, vendor, in_full=True)
        if not vendor:
            asked.chosen[_usual] = (frequencies.now(), full)
        yield full


def _kept(asked: Asked, choose: Callable[[Asked], _W]) -> _W:
    """As chosen before by the same statistics: a query comes again, for its next page or from somebody else."""
    found = frequencies.now()
    chosen_by, chosen = asked.chosen.get(choose, (None, None))
    if chosen_by is not found:
        chosen = choose(asked)
        asked.chosen[choose] = (found, chosen)
    return cast("_W", chosen)


def _usual(asked: Asked) -> Way:
    return way(asked, "")


def _by_name(asked: Asked) -> Way | None:
    """Through names alone, when they are few or RANKED of them probably have the words; those come before all others."""
    found, sold = frequencies.now(), asked.known.sold
    shares = [found.of_part(spellings) for spellings in asked.parts if literal(spellings)]
    few, level = _sells_little(sold), 0
    if not few:
        level = next((n for n in range(LEVELS) if found.products * found.levels[n] <= _MOST_NAMES), LEVELS - 1)
    looked_at = found.products * found.levels[level] * found.of_vendors(sold.vendors, asked.known.vendor_ids)
    if not shares or looked_at > _MOST_NAMES or looked_at * prod(shares) < RANKED:
        return None
    return Way("", RANKED, is_part=True, has_vendors=few, by_name=True, least=frequencies.least(level))


def _sells_little(sold: Assortment) -> bool:
    return len(sold.vendors) <= min(_MOST_VENDORS, len(sold.hidden)) and sold.number_of_more <= _MOST_PRODUCTS


def way(asked: Asked, vendor: str, *, in_full: bool = False) -> Way:
    """The quickest way to what has the words; `in_full`: through all that have them, however many."""
    found, sold = frequencies.now(), asked.known.sold
    few, ids = _sells_little(sold), sold.vendors
    if vendor:
        only = frozenset({asked.known.vendors.get(vendor, 0)})
        ids = ids & only if few else only
    if few and not ids:
        return Way("", MOST_RANKED, has_vendors=True)
    keys = [_any_vendor(ids)] if few or vendor else []
    shares = {spellings: found.of_part(spellings) for spellings in asked.parts if literal(spellings)}
    of_vendors, of_words = found.of_vendors(ids, asked.known.vendor_ids), prod(shares.values())
    if len(shares) == 1 and ids and found.products * of_words <= _SINGLE:
        few, keys = False, []  # of so few asking whose they are takes less than a key for each vendor
    number = found.products * of_vendors * of_words
    if not (keys or shares) or (not shares and number > MOST_RANKED):
        return Way("", MOST_RANKED, walks=True)
    if in_full or not shares or number <= _FEW:
        used = _selective(shares, keys, found.products * of_vendors)
        words = [literal(one, fewer=asked.is_strict) for one in used]
        return Way(" & ".join([*keys, *words]), MOST_RANKED, len(used) < len(shares), has_vendors=few)
    level = next((n for n in reversed(range(LEVELS)) if number * found.levels[n] >= _SPARE * RANKED), 0)
    used = _selective(shares, keys, found.products * of_vendors * found.levels[level])
    by_level = found.products * of_vendors * found.levels[level] * prod(shares[one] for one in used)
    by_level += _SLOW * sum(_BEGINS_LIKE_MUCH.fullmatch(one[0]) is not None for one in used)
    if not level or RANKED / (of_vendors * of_words) < by_level:
        return Way("", RANKED, True, walks=True)
    whole = [literal(one, whole_words=found.is_whole_word(one[0]), fewer=asked.is_strict) for one in used]
    return Way(
        " & ".join([*keys, *whole, f"'#p{level:02}'"]),
        RANKED, len(used) < len(shares), is_part=True, has_vendors=few,
    )  # fmt: skip


def _selective(shares: dict[tuple[str, ...], float], keys: list[str], number: float) -> list[tuple[str, ...]]:
    """The rarest parts, without those that nearly all has that the others leave."""
    used: list[tuple[str, ...]] = []
    for spellings in sorted(shares, key=lambda one: shares[one]):
        if (keys or used) and shares[spellings] > _COMMON and number <= MOST_RANKED:
            break
        used.append(spellings)
        number *= shares[spellings]
    return used


def _any_vendor(ids: frozenset[int]) -> str:
    return "(" + " | ".join(f"'#v{pk}'" for pk in sorted(ids)) + ")"
