"""How many products have a word and how popular they are, as PostgreSQL's statistics say: enough to choose a way.

They are as old as the last ANALYZE (autovacuum's), which makes a search slower at worst, never wrong.
"""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import takewhile
from math import ceil
from typing import Final, Self

from django.db import connection

from licenseonline.kit import clock, sql
from licenseonline.kit.text import terms

LEVELS: Final = 61  # of popularity, as migration 0009 numbers them
_KEPT: Final = timedelta(minutes=10)
_RARE: Final = 0.0005  # of what the statistics do not know
_MOSTLY: Final = 0.9


@lru_cache(maxsize=4096)
def _terms(folded: str) -> tuple[tuple[str, bool], ...]:
    """Of the words of the trade, again and again."""
    return tuple(terms(folded))


@dataclass(frozen=True)
class Frequencies:
    """Shares are of all products; `words` is sorted, `levels[n]` the share of those at least that popular."""

    products: int
    words: list[tuple[str, float]]
    vendors: dict[int, float]
    levels: list[float]

    @classmethod
    def unknown(cls) -> Self:
        """Before the first ANALYZE."""
        return cls(0, [], {}, [1.0] * LEVELS)

    def of_part(self, spellings: Iterable[str]) -> float:
        """The share that has it in one of its spellings."""
        return min(1.0, sum(min(map(self._of_term, _terms(spelling)), default=0.0) for spelling in spellings))

    def is_whole_word(self, text: str) -> bool:
        """Whether nearly all that has words that begin like these has these words."""
        begun = [lexeme for lexeme, is_beginning in _terms(text) if is_beginning]
        return all(_MOSTLY * self._of_term((lexeme, True)) <= self._of_term((lexeme, False)) for lexeme in begun)

    def of_vendors(self, ids: frozenset[int], every: frozenset[int]) -> float:
        """The share of the products of these of all vendors."""
        if len(ids) > len(every) // 2:
            return 1.0 - self.of_vendors(every - ids, every)
        other = max(0.0, 1.0 - sum(self.vendors.values())) / max(1, len(every) - len(self.vendors))
        return min(1.0, sum(self.vendors.get(pk, other) for pk in ids))

    def _of_term(self, term: tuple[str, bool]) -> float:
        lexeme, is_beginning = term
        first = bisect_left(self.words, (lexeme, 0.0))
        if is_beginning:  # of one product they may all be
            begun = takewhile(lambda word: word[0].startswith(lexeme), self.words[first:])
            return max((share for _word, share in begun), default=_RARE)
        is_known = first < len(self.words) and self.words[first][0] == lexeme
        return self.words[first][1] if is_known else _RARE


_kept: dict[str, tuple[datetime, Frequencies]] = {}


def now() -> Frequencies:
    """Those of some minutes ago at most."""
    name, at = connection.settings_dict["NAME"], clock.now()
    read_at, found = _kept.get(name, (None, None))
    if found is None or read_at is None or not timedelta() <= at - read_at < _KEPT:
        found = _read()
        _kept[name] = (at, found)
    return found


def _read() -> Frequencies:
    rows = sql.rows(
        """SELECT attname, (SELECT reltuples::bigint FROM pg_class WHERE oid = 'catalog_product'::regclass),
             most_common_vals::text::text[], most_common_freqs, histogram_bounds::text::text[],
             most_common_elems::text::text[], most_common_elem_freqs
           FROM pg_stats WHERE schemaname = 'public' AND tablename = 'catalog_product'
           AND attname IN ('search_vector', 'vendor_id', 'popularity')"""
    )
    of = {row[0]: row for row in rows}
    if len(of) < 3 or not of["search_vector"][5]:  # noqa: PLR2004  (all that were asked for)
        return Frequencies.unknown()
    words = sorted(zip(of["search_vector"][5], of["search_vector"][6], strict=False))  # freqs end with three sums
    vendors = {int(pk): share for pk, share in _common(of["vendor_id"])}
    return Frequencies(
        of["popularity"][1], words, vendors, _levels(_common(of["popularity"]), of["popularity"][4] or [])
    )


def _common(row: tuple[str, int, list[str] | None, list[float] | None]) -> list[tuple[str, float]]:
    return list(zip(row[2] or [], row[3] or [], strict=True))


def _levels(common: list[tuple[str, float]], bounds: list[str]) -> list[float]:
    """A level begins at a power of the fourth root of two."""
    values, rest = sorted(map(int, bounds)), 1.0 - sum(share for _value, share in common)

    def at_least(least: float) -> float:
        above = (len(values) - bisect_left(values, least)) / len(values) if values else 0.0
        return sum(share for value, share in common if int(value) >= least) + rest * above

    return [1.0, *(at_least(least(level)) for level in range(1, LEVELS))]


def least(level: int) -> int:
    """The popularity that it begins at."""
    return ceil(2 ** ((level - 1) / 4)) if level else -(2**31)
