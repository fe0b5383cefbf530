"""Names folded by PostgreSQL as `kit.text.fold` folds them, so that a name is found however it is written.

Any part of a name is found by an index: GIN of its characters and pairs of characters (`Pairs`). What has them all is looked
at whole, so that the answer is exact. The functions are PostgreSQL's own; a change of them is a migration that makes the indexes anew.
"""

from itertools import pairwise
from typing import Final, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.db.models import Func, Model, Q, QuerySet, TextField
from django.db.models.expressions import Combinable

from licenseonline.kit.text import MAX_QUERY, fold

M = TypeVar("M", bound=Model)

# What fold makes of single characters; those beyond the end of _TO are dropped, as `translate` does.
_HIRAGANA: Final = "".join(chr(code) for code in range(0x3041, 0x3097))
_KATAKANA: Final = "".join(chr(code + 0x60) for code in range(0x3041, 0x3097))
_SMALL, _LARGE = "ァィゥェォヵヶッャュョヮ", "アイウエオカケツヤユヨワ"  # house: characters, no text of ours
_GROWN: Final = str.maketrans(_SMALL, _LARGE)
_HYPHENS: Final = "-~\u00ad\u02d7\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2053\u2212\u2500\u2501\u301c\u3030\u30fb\u30fc"  # house: characters
_QUOTES: Final = (
    "'\"\u2018\u2019\u201c\u201d\u00b7\u2022\u2027\u3099\u309a\u300c\u300d\u300e\u300f"  # house: characters
)
_DROPPED: Final = f"{_HYPHENS}{_QUOTES}\u3000\u3001\u3002 _.,/\\()[]{{}}<>&+*!?:;#%@|=^`$"  # house: characters
_FROM: Final = _HIRAGANA + _SMALL + _DROPPED
_TO: Final = _KATAKANA.translate(_GROWN) + _LARGE

FUNCTIONS: Final = f"""
CREATE FUNCTION folded_name(name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN translate(lower(normalize(name, NFKC)), $from${_FROM}$from$, $to${_TO}$to$);
CREATE FUNCTION name_pairs(VARIADIC names text[]) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 1000
RETURN ARRAY(
  SELECT DISTINCT substr(key, place, size)
  FROM (SELECT folded_name(name) AS key FROM unnest(names) AS name OFFSET 0) AS keys,  -- each is folded once
    generate_series(1, length(key)) AS place, generate_series(1, 2) AS size
);
"""  # noqa: S608  (characters of ours)
DROP: Final = "DROP FUNCTION name_pairs(text[]); DROP FUNCTION folded_name(text)"
_MOST_PAIRS: Final = 12  # asked of the index; more would cost more than they leave out


class Folded(Func):
    """The column's text in the spelling that `key` gives: widths, kana, case, hyphens, spaces and signs do not count."""

    function = "folded_name"
    output_field = TextField()

    def __init__(self, column: str | Combinable) -> None:
        super().__init__(column)


class Pairs(Func):
    """The characters of these columns as `Folded`, and their pairs of neighbours: what an index of parts of names holds."""

    function = "name_pairs"
    output_field = ArrayField(TextField())


def key(text: str) -> str:
    """The same of what somebody typed, at most MAX_QUERY characters; empty when it holds no letter."""
    return "".join(character for character in fold(text[:MAX_QUERY]) if character.isalnum())


def holding(rows: QuerySet[M], part: str, *columns: str, otherwise: Q) -> QuerySet[M]:
    """The rows of which one of the columns holds that part (a `key`; empty: none does), and those that fit `otherwise`.

    The model has an index of `Pairs` of these columns in this order.
    """
    if not part:
        return rows.filter(otherwise)
    pairs = ["".join(pair) for pair in pairwise(part)][:_MOST_PAIRS] or [part]
    whole = Q()
    for column in columns:
        whole |= Q(**{f"{column}_key__contains": part})
    keys = {f"{column}_key": Folded(column) for column in columns}
    return rows.alias(name_pairs=Pairs(*columns), **keys).filter(Q(name_pairs__contains=pairs) & whole | otherwise)  # type: ignore[return-value]  # an alias changes no row
