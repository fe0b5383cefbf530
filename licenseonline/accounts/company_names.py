"""Names folded by PostgreSQL as `kit.text.fold` folds them, so that a name is found however it is written."""

from typing import Final

from django.db.models import F, Func, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Lower

from licenseonline.kit.text import MAX_QUERY, fold

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


def folded(column: str | Combinable) -> Func:
    """The column's text in the spelling that `key` gives: widths, kana, case, hyphens, spaces and signs do not count."""
    normal = Func(
        F(column) if isinstance(column, str) else column,
        function="normalize",
        template="%(function)s(%(expressions)s, NFKC)",
    )
    return Func(Lower(normal), Value(_FROM), Value(_TO), function="translate")


def key(text: str) -> str:
    """The same of what somebody typed, at most MAX_QUERY characters; empty when it holds no letter."""
    return "".join(character for character in fold(text[:MAX_QUERY]) if character.isalnum())
