"""もしかして: words of the catalogue that a query with typos, or one typed in the wrong mode, may mean."""

from collections.abc import Iterable, Iterator
from itertools import pairwise

from licenseonline.catalog import ranking, search_words
from licenseonline.kit import sql
from licenseonline.kit.romaji import one_spelling, romaji
from licenseonline.kit.text import fold

_LONGEST = 100
_SHORTEST = 3  # shorter words are all alike
_MOST_WORDS = 4
_CANDIDATES = 40
_OFFERED = 3
_AT_ONCE = 5000


def learn(words: Iterable[str]) -> None:
    """Know these words of the catalogue by their spelling and, where they are in kana, by their sound."""
    known = {(key, word) for word in words for key in _keys(word) if len(word) <= _LONGEST}
    rows = [(key, word, _grams(key)) for key, word in sorted(known) if _SHORTEST <= len(key) <= _LONGEST]
    for first in range(0, len(rows), _AT_ONCE):
        keys, texts, grams = (list(column) for column in zip(*rows[first : first + _AT_ONCE], strict=True))
        sql.run(
            """INSERT INTO catalog_searchword (key, text, grams)
               SELECT key, text, grams::tsvector FROM unnest(%(keys)s::text[], %(texts)s::text[], %(grams)s::text[])
                 AS new (key, text, grams)
               ON CONFLICT DO NOTHING""",
            keys=keys,
            texts=texts,
            grams=grams,
        )


def nearest(query: str, *, store_id: int) -> list[str]:
    """Queries to try instead, each of which finds something at the store: without typos, else with fewer words."""
    asked = search_words.asked(query, store_id=store_id)
    words = asked.words[:_MOST_WORDS]
    corrected = [word if _finds(word, store_id) else _correction(word) for word in words]
    tries = [" ".join(filter(None, corrected)), *filter(None, corrected)]
    others = [text for text in dict.fromkeys(tries) if text and fold(text) != asked.folded]
    return [text for text in others if _finds(text, store_id)][:_OFFERED]


def _keys(word: str) -> Iterator[str]:
    yield fold(word)
    if sound := romaji(word):
        yield sound


def _grams(key: str) -> str:
    """Pairs of neighbours, with the word's begin and end, as a tsvector in text form."""
    return " ".join(sorted({f"'{first}{second}'" for first, second in pairwise(f"<{key}>")}))


def _finds(text: str, store_id: int) -> bool:
    asked = search_words.asked(text, store_id=store_id)
    return bool(ranking.ranked(asked, ranking.Narrowed(), store_id=store_id, most=1))


def _correction(word: str) -> str:
    """The nearest word of the catalogue; empty when none is near."""
    best = min(_near(word), key=lambda near: (near[0], -len(near[1]), near[1]), default=(0, "", ""))
    return best[2]


def _near(word: str) -> Iterator[tuple[int, str, str]]:
    for key in dict.fromkeys([word, one_spelling(word) if word.isascii() else word]):
        if not _SHORTEST <= len(key) <= _LONGEST:
            continue
        most = max(1, len(key) // 4)
        rows = sql.rows(
            """SELECT key, text FROM catalog_searchword
               WHERE grams @@ %(grams)s::tsquery AND length(key) BETWEEN %(length)s - %(most)s AND %(length)s + %(most)s
               ORDER BY ts_rank(grams, %(grams)s::tsquery) DESC, key LIMIT %(candidates)s""",
            grams=_grams(key).replace(" ", " | "),
            length=len(key),
            most=most,
            candidates=_CANDIDATES,
        )
        for candidate, text in rows:
            if (distance := _distance(key, candidate)) <= most:
                yield distance, candidate, text


def _distance(one: str, other: str) -> int:
    """How many letters are wrong, missing, too many or exchanged with their neighbour."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        before, last, row = row, before, [i]
        for j, theirs in enumerate(other, start=1):
            least = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != theirs))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == theirs:
                least = min(least, last[j - 2] + 1)
            row.append(least)
    return row[-1]
