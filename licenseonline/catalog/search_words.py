"""A query as PostgreSQL is asked for it: its words, each with the words that mean the same."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Any

from licenseonline.catalog import known
from licenseonline.catalog.known import Known
from licenseonline.kit.text import MAX_QUERY, fold, fold_model, terms, tsquery_literal

_MOST_WORDS = 12  # of those that mean the same; more cost an index lookup each and mean less and less the same
_SHORT = 4
_PAIR = 2
_JAPANESE = re.compile(r"[^\sa-z0-9./]{3}")  # pairs tell everything of two
_KATAKANA = (0x30A1, 0x30FA)
_MOST_KEPT = 500  # queries of a store
_MOST_PARTS = 16  # of a query; beyond it nobody means words


@dataclass(frozen=True)
class Asked:
    """A query in folded form. `parts` must all be there, each in one of its spellings; the first is as typed."""

    folded: str
    model: str
    parts: tuple[tuple[str, ...], ...]
    known: Known
    is_strict: bool = True  # the letters of a word stand together, which pairs of letters do not tell
    chosen: dict[Any, Any] = field(default_factory=dict, compare=False)  # which ways.ways lead to it

    @cached_property
    def tsquery(self) -> str:
        """All that was typed, or a synonym for what has one; empty when there is nothing to look for."""
        return " & ".join(filter(None, map(literal, self.parts)))

    @property
    def typed(self) -> str:
        """All that was typed, without synonyms."""
        return _tsquery(self.folded)

    @cached_property
    def has_synonyms(self) -> bool:
        """Whether something may be found by other words than those typed."""
        return any(len(part) > 1 for part in self.parts)

    @cached_property
    def runs(self) -> list[tuple[list[str], str]]:
        """Parts whose letters must stand together.

        Each with its spellings in Japanese, joined, and the tsquery of its others.
        """
        found = []
        for part in self.parts:
            together = [spelling.replace(" ", "") for spelling in part if _JAPANESE.search(spelling)]
            others = [f"({_tsquery(spelling)})" for spelling in part if not _JAPANESE.search(spelling)]
            if together and self.is_strict:
                found.append((together, " | ".join(other for other in others if other != "()")))
        return found

    @cached_property
    def by_pairs(self) -> "Asked":
        """For what has all pairs of letters, wherever."""
        return replace(self, is_strict=False, chosen={})

    @property
    def words(self) -> list[str]:
        """The words as typed, folded."""
        return self.folded.split()

    @property
    def joined(self) -> str:
        """Without spaces, for names that are written with and without."""
        return self.folded.replace(" ", "")


def asked(query: str, *, store_id: int) -> Asked:
    """The query with the synonyms of the platform and the store; only its first MAX_QUERY characters count.

    They are those of the last search in this process: ranking.ranked asks whether that is what holds, and renews it.
    """
    of_store, typed = known.lately(store_id), query[:MAX_QUERY]
    found: Asked | None = of_store.asked.get(typed)
    if found is None:
        found = _asked(fold(typed), fold_model(typed), of_store)
        if len(of_store.asked) >= _MOST_KEPT:
            of_store.asked.clear()
        of_store.asked[typed] = found
    return found


def renewed(asked: Asked, *, store_id: int) -> Asked:
    """With the synonyms of now."""
    return _asked(asked.folded, asked.model, known.of(store_id))


def _asked(folded: str, model: str, of_store: Known) -> Asked:
    groups = [words for words in of_store.synonyms if any(word in folded for word in words)]
    return Asked(folded, model, tuple(_parts(folded, groups)), of_store)


_tsquery = lru_cache(maxsize=4096)(tsquery_literal)  # the words of the trade and their synonyms, again and again


@lru_cache(maxsize=2048)
def literal(spellings: tuple[str, ...], *, whole_words: bool = False, fewer: bool = False) -> str:
    """One part of a query as a tsquery, in brackets; empty when it holds nothing to look for.

    Of what was typed the beginning is enough (not with `whole_words`); of a short synonym (VB) it would mean other things
    (VBO). With `fewer` the index is asked for no pair of letters whose letters other pairs have (`Asked.runs` looks at the
    text then): it takes two thirds of the time.
    """
    found = []
    for place, spelling in enumerate(spellings):
        short = place > 0 and spelling.isascii() and len(spelling) < _SHORT
        query = _fewer(spelling) if fewer and _JAPANESE.search(spelling) else _tsquery(spelling)
        found.append(query.replace("':*", "'") if short or whole_words else query)
    return f"({' | '.join(f'({query})' for query in found if query)})" if any(found) else ""


def _fewer(spelling: str) -> str:
    """Without each pair between two others that overlap it: セキ and ユリ for セキ, キユ and ユリ."""
    found = [lexeme for lexeme, is_beginning in terms(spelling) if not is_beginning and lexeme.isalnum()]
    if len(found) < len(terms(spelling)):  # letters and digits among them
        return _tsquery(spelling)
    kept: list[str] = []
    for place, pair in enumerate(found):
        following = found[place + 1] if place + 1 < len(found) else ""
        if not (kept and kept[-1] == found[place - 1] and _follow(kept[-1], pair) and _follow(pair, following)):
            kept.append(pair)
    return " & ".join(f"'{pair}'" for pair in kept)


def _follow(pair: str, following: str) -> bool:
    return len(pair) == len(following) == _PAIR and pair[1] == following[0]


def _parts(folded: str, groups: list[list[str]]) -> Iterator[tuple[str, ...]]:
    """From left to right the longest word that has synonyms, and between them what has none."""
    words = sorted({word for group in groups for word in group}, key=len, reverse=True)
    rest, found = folded, 0
    while rest and found < _MOST_PARTS:
        at, word = min(
            ((at, word) for word in words if (at := _place(word, rest, folded)) >= 0),
            key=lambda place: (place[0], -len(place[1])),
            default=(len(rest), ""),
        )
        for plain in rest[:at].split():
            yield (plain,)
            found += 1
        if word:
            same = dict.fromkeys(other for group in groups if word in group for other in group if other != word)
            yield (word, *list(same)[:_MOST_WORDS])
            found += 1
        rest = rest[at + len(word) :]
    yield from ((plain,) for plain in rest.split())


def _place(word: str, rest: str, folded: str) -> int:
    """Where the word stands in the rest of the query as a word of its own, -1 when it does not."""
    offset, at = len(folded) - len(rest), -1
    while (at := rest.find(word, at + 1)) >= 0:
        first, after = offset + at, offset + at + len(word)
        if _border(folded[first - 1 : first], word[0]) and _border(word[-1], folded[after : after + 1]):
            return at
    return -1


def _border(left: str, right: str) -> bool:
    """Whether a word may end between the two: not within a run of letters and digits or of katakana. Kanji may."""
    kinds = {_kind(left), _kind(right)}
    return len(kinds) > 1 or kinds == {"other"}


def _kind(character: str) -> str:
    if character.isascii() and character.isalnum():
        return "ascii"
    return "katakana" if character and _KATAKANA[0] <= ord(character) <= _KATAKANA[1] else "other"
