"""The words that vendors use in price lists, read from words.toml."""

import tomllib
from pathlib import Path
from typing import Final

from licenseonline.kit.text import fold

WORDS: Final[dict[str, dict[str, list[str]]]] = tomllib.loads(Path(__file__).with_name("words.toml").read_text("utf-8"))


def by_fold(kind: str) -> dict[str, str]:
    """Folded word → what it means, of one kind."""
    return {fold(word) or word: meaning for meaning, words in WORDS[kind].items() for word in words}


def header_key(header: str) -> str:
    """A header as it is compared: folded, and without the spaces that some put between characters."""
    return fold(header).replace(" ", "")
