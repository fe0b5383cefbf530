"""How to reach and name people in Japan: one spelling, however it was typed."""

import re
import unicodedata
from pathlib import Path
from typing import Final

from django.utils.translation import gettext as _

from licenseonline.kit.errors import Refused
from licenseonline.kit.text import HYPHENS, to_katakana

PREFECTURES: Final = tuple((Path(__file__).parent / "data" / "prefectures.csv").read_text("utf-8").split())

_MOST: Final = 60  # characters worth looking at
_SEPARATORS: Final = re.compile(f"[{HYPHENS}()./\\s]+")
_JAPANESE_NUMBER: Final = re.compile("0[0-9]{9,10}")
# Where the digits alone say how they are grouped; the length of other area codes would need a table.
_GROUPS: Final = (
    (re.compile("(0120|0570)([0-9]{3})([0-9]{3})"), r"\1-\2-\3"),
    (re.compile("(0800)([0-9]{3})([0-9]{4})"), r"\1-\2-\3"),
    (re.compile("(0[5-9]0)([0-9]{4})([0-9]{4})"), r"\1-\2-\3"),
    (re.compile("(0[36])([0-9]{4})([0-9]{4})"), r"\1-\2-\3"),
)
# A bar after a kana is a long vowel, whichever sign of the keyboard it is.
_LONG_VOWEL: Final = "\u30fc"  # house: a character that people type
_BAR: Final = re.compile("(?<=[\u30a1-\u30fa\u30fc])[-\u2010-\u2015\u2212\u2500\u2501]")  # house: as above
_READING: Final = re.compile("[\u30a1-\u30fe= ]+")  # house: as above


def phone(text: str) -> str:
    """A Japanese number as stored, 03-1234-5678; without hyphens where none were typed and the groups are unclear.

    Refused (`phone`): not 10 or 11 digits that begin with 0. An empty one stays empty.
    """
    plain = _SEPARATORS.sub("-", unicodedata.normalize("NFKC", text[:_MOST])).strip("-")
    if plain.startswith("+81"):
        plain = "0" + plain.removeprefix("+81").strip("-").removeprefix("0").strip("-")
    if not plain:
        return ""
    digits = plain.replace("-", "")
    if not _JAPANESE_NUMBER.fullmatch(digits):
        raise Refused(
            _("電話番号は市外局番から数字で入力してください（例：03-1234-5678）。"), code="phone", field="phone"
        )
    for groups, written in _GROUPS:
        if groups.fullmatch(digits):
            return groups.sub(written, digits)
    return plain


def kana(text: str) -> str:
    """A reading as stored: full-width katakana, from hiragana and kana of any width. Refused (`kana`): other characters."""
    reading = _BAR.sub(_LONG_VOWEL, to_katakana(text))
    if reading and not _READING.fullmatch(reading):
        raise Refused(_("カタカナで入力してください（例：アオゾラ ハナコ）。"), code="kana", field="kana")
    return reading
