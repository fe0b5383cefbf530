"""Japanese text: folding for search and comparison, and clean-up of what people type.

Folding makes ウィルスバスター, ウイルスバスタ, ういるすばすたー and ｳｲﾙｽﾊﾞｽﾀｰ one string, so that PostgreSQL can
compare plain characters and needs neither a Japanese collation nor an extension. Bigrams index what has no spaces.
"""

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise
from typing import Final

MAX_QUERY: Final = 200  # characters of a query that count; nobody types more, and each costs an index lookup
MAX_TEXT: Final = 10_000  # characters of a document that are indexed; keeps a tsvector under PostgreSQL's 1 MB
MAX_LEXEMES: Final = 10_000
MAX_LEXEME: Final = 64  # PostgreSQL refuses lexemes of 2 kB

HYPHENS: Final = (  # whatever is typed for one, for use in a character class
    "-~\u00ad\u02d7\u2010-\u2015\u2043\u2053\u2212\u2500\u2501\u301c\u3030\u30fb\u30fc\ufe58\ufe63\uff0d\uff5e\uff70"
)
# Invisible before normalising: controls (not white space), surrogates, bidi and zero-width marks, variation selectors.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufe00-\ufe0f"
    "\ud800-\udfff\U000e0000-\U000e0fff]+",
)
# In names the joiners and variation selectors stay (葛󠄀城市 is not 葛城市), what spoofs or breaks storage goes.
_UNSAFE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]+"
)
# Marks before normalising: trade marks would become letters (™ -> tm), spaced sound marks a space.
_BEFORE = str.maketrans({"™": None, "℠": None, "®": None, "©": None, "゛": "\u3099", "゜": "\u309a", "⁄": "/"})
_KATAKANA = {hiragana: hiragana + 0x60 for hiragana in range(0x3041, 0x3097)}
_SOUND_MARKS = str.maketrans("゛゜", "\u3099\u309a")  # spaced ones would become a space and a mark
_AFTER = _KATAKANA | str.maketrans({"×": "x", "⁄": "/"})
_LARGE = str.maketrans("ァィゥェォヵヶッャュョヮ", "アイウエオカケツヤユヨワ")
_DROPPED = re.compile(f"[{HYPHENS}'\"‘’“”·•‧\u0300-\u036f\u20d0-\u20ff\u3099\u309a]+")
_SEPARATOR = re.compile(r"[^\w./]+|_+|(?<![^\W_])[./]+|[./]+(?![^\W_])")
_COUNTED = re.compile("(?<=[0-9])[ケ箇個](?=[月年])")  # 12ヶ月, 12か月 and 12箇月 are one term
_COUNTER = re.compile("[\u4e00-\u9fff]|カ[月年]")  # what a number before it counts
_WORD = re.compile(r"[a-z0-9./]+|[^\sa-z0-9./]+")
_EDGE = re.compile(r"(?<=[a-z])(?=[0-9])|(?<=[0-9./])(?=[a-z])|(?<=[./])(?=[0-9])")
# NFC would replace these by their modern forms (U+FA19 by 神): people's names keep the character they chose.
_COMPOSABLE = re.compile("[^\uf900-\ufaff\U0002f800-\U0002fa1f]+")


def fold(text: str) -> str:
    """One spelling for comparison: NFKC, lower case, katakana, large kana, no long vowels, hyphens or symbols.

    Words are separated by single spaces; dots and slashes stay inside words only. Never raises, and is idempotent.
    """
    while True:
        text = _fold_once(text)
        # Dropping a mark can bring two characters together that compose; rare, and one more pass settles it.
        if unicodedata.is_normalized("NFKC", text):
            return text


def _fold_once(text: str) -> str:
    if text.isascii():  # most of a price list; the rest would change nothing of it
        return " ".join(_SEPARATOR.sub(" ", _DROPPED.sub("", _INVISIBLE.sub("", text).lower())).split())
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text).translate(_BEFORE))
    text = _DROPPED.sub("", text.lower()).translate(_AFTER).translate(_LARGE)
    return " ".join(_SEPARATOR.sub(" ", _COUNTED.sub("カ", text)).split())


def fold_model(text: str) -> str:
    """One spelling of a model number: folded letters, digits and kana only, without spaces, dots and slashes."""
    model = fold(text)
    while (joined := re.sub(r"[ ./]+", "", model)) != model:
        model = fold(joined)  # what a separator kept apart may fold further (0 箇月)
    return model


def tokens(folded: str) -> set[str]:
    """The lexemes under which a folded text is found; only the first MAX_TEXT characters count.

    Kana and kanji: all pairs of neighbours and each run's last character. Letters and digits: the word and its rests
    at letter/digit borders (h3ja8c: ja8c, 8c). Runs that writers join or part at will (ウイルスバスター クラウド,
    Office 2024, Apex One) are joined as well, and a number with what it counts (1年, 365日) is a lexeme of its own.
    """
    found: set[str] = set()
    last = ""
    for run in _WORD.findall(folded[:MAX_TEXT]):
        found |= _tokens_of(run)
        if run[0].isascii():
            if last[-1:].isascii() and last[-1:].isalpha():
                found.add((last + run)[:MAX_LEXEME])
        elif last and not last[-1].isascii():
            found.add(last[-1] + run[0])
        elif last.isdigit():
            found.add((last + run[0])[-MAX_LEXEME:])
        last = run
    return found


@lru_cache(maxsize=8192)
def _tokens_of(run: str) -> frozenset[str]:
    """The lexemes of a run by itself; a catalogue says the same few words again and again."""
    if run[0].isascii():
        return frozenset([run[:MAX_LEXEME], *(run[edge.start() :][:MAX_LEXEME] for edge in _EDGE.finditer(run))])
    return frozenset([*map("".join, pairwise(run)), run[-1]])


def terms(folded: str) -> list[tuple[str, bool]]:
    """What a folded query looks for, all of it: (lexeme, whether a beginning of it is enough).

    Only the first MAX_QUERY characters count.
    """
    found: list[tuple[str, bool]] = []
    for match in _WORD.finditer(folded[:MAX_QUERY]):
        run = match[0]
        if run[0].isascii():
            counter = _COUNTER.match(match.string, match.end()) if run.isdigit() else None
            found.append(((run + counter[0][0])[-MAX_LEXEME:], False) if counter else (run[:MAX_LEXEME], True))
        elif len(run) == 1:
            found.append((run, True))
        else:
            found += [(first + second, False) for first, second in pairwise(run)]
    return list(dict.fromkeys(found))


def tsvector_literal(*folded: str) -> str:
    """The text form of a PostgreSQL tsvector for folded texts, to be passed as a parameter and cast.

    Of very many texts MAX_LEXEMES count: PostgreSQL keeps no tsvector of more than 1 MB.
    """
    all_of_them = set().union(*map(tokens, folded))
    if len(all_of_them) <= MAX_LEXEMES:
        return " ".join(map(_quoted, sorted(all_of_them)))
    found = dict.fromkeys(token for text in folded for token in sorted(tokens(text)))
    return " ".join(map(_quoted, sorted(list(found)[:MAX_LEXEMES])))


def tsquery_literal(folded: str) -> str:
    """The text form of a PostgreSQL tsquery for a folded query; empty when it holds nothing to look for."""
    return " & ".join(_quoted(lexeme) + (":*" if prefix else "") for lexeme, prefix in terms(folded))


def squash(text: str) -> str:
    """A name as typed, without outer, doubled or invisible white space and control characters; composed (NFC)."""
    text = _COMPOSABLE.sub(lambda part: unicodedata.normalize("NFC", part[0]), _UNSAFE.sub("", text))
    return " ".join(text.split())


def to_katakana(text: str) -> str:
    """A reading as it is stored: full-width katakana, from kana of any width; what is no kana stays, in its plain form."""
    return squash(unicodedata.normalize("NFKC", squash(text).translate(_SOUND_MARKS))).translate(_KATAKANA)


def normalize_email(text: str) -> str:
    """An address as the key of a person: NFKC, lower case throughout, no white space or invisible characters around.

    Different addresses can meet here (K, the Kelvin sign, becomes k): always send to the stored address, never to
    the one just typed.
    """
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).lower()).strip()


def _quoted(lexeme: str) -> str:
    if lexeme.isalnum():  # nearly all are
        return f"'{lexeme}'"
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"
