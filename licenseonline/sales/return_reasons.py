"""Stock sentences (定型文) for returning a paper, from `return_reasons.toml`."""

import tomllib
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_suffix(".toml")


def of(paper: str) -> list[str]:
    """The sentences that fit the paper, its own first."""
    known = _known()
    return [*known.get(paper, []), *known["any"]]


@cache
def _known() -> dict[str, list[str]]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))
