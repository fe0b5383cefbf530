"""Katakana in Latin letters, loosely: so that what is typed with the keyboard in the wrong mode can be compared.

The spellings of one sound (shi and si, tsu and tu, ou and oo) become one; it is for comparing, not for showing.
"""

import re
from typing import Final

from licenseonline.kit.text import fold, to_katakana

_ROWS: Final = {
    "": "アイウエオ", "k": "カキクケコ", "s": "サシスセソ", "t": "タチツテト", "n": "ナニヌネノ", "h": "ハヒフヘホ", "m": "マミムメモ",
    "r": "ラリルレロ", "g": "ガギグゲゴ", "z": "ザジズゼゾ", "d": "ダヂヅデド", "b": "バビブベボ", "p": "パピプペポ",
}  # fmt: skip
_SOUNDS: Final = {
    **{kana: consonant + vowel for consonant, row in _ROWS.items() for kana, vowel in zip(row, "aiueo", strict=True)},
    "ヤ": "ya",
    "ユ": "yu",
    "ヨ": "yo",
    "ワ": "wa",
    "ヲ": "o",
    "ン": "n",
    "ヴ": "b",
    "ヰ": "i",
    "ヱ": "e",
    "ー": "",
}
_YOON: Final = {"ャ": "ya", "ュ": "yu", "ョ": "yo"}
_SMALL: Final = {"ァ": "a", "ィ": "i", "ゥ": "u", "ェ": "e", "ォ": "o"}
_PAIR = re.compile("([ァ-ヶ])([ャュョァィゥェォ])")
# One letter for the spellings of one sound; the order matters.
_ONE: Final = [
    ("shi", "si"), ("sh", "sy"), ("chi", "ti"), ("ch", "ty"), ("tsu", "tu"), ("ji", "zi"), ("j", "zy"), ("dz", "z"),
    ("f", "h"), ("v", "b"), ("l", "r"), ("c", "k"), ("q", "k"), ("x", ""), ("ou", "o"),
]  # fmt: skip


def romaji(text: str) -> str:
    """The sounds of a text in kana, in one spelling; what is no kana stays out. Empty for a text without kana."""
    joined = _PAIR.sub(_joined, to_katakana(text).replace("ッ", ""))
    return one_spelling("".join(_SOUNDS.get(kana, kana if kana.isascii() else "") for kana in joined))


def _joined(pair: re.Match[str]) -> str:
    """Two kana that are one sound: ショ is syo, ティ is ti, ファ is ha."""
    sound = _SOUNDS.get(pair[1], "")
    if pair[2] in _YOON:
        return sound[:-1] + _YOON[pair[2]]
    return (sound[:-1] or ("" if pair[1] != "ウ" else "w")) + _SMALL[pair[2]]


def one_spelling(letters: str) -> str:
    """Latin letters in the spelling that `romaji` gives."""
    letters = fold(letters).replace(" ", "")
    for spelling, one in _ONE:
        letters = letters.replace(spelling, one)
    return re.sub(r"(.)\1+", r"\1", letters)
