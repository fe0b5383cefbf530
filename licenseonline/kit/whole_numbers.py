"""Whole numbers in addresses and hidden fields, where anybody may write anything."""

from typing import Final

MOST_ID: Final = 2**63 - 1  # PostgreSQL's bigint
MOST_INTEGER: Final = 2**31 - 1  # PostgreSQL's integer


def read(text: str, *, most: int = MOST_ID) -> int | None:
    """The number from 0 to `most` that plain digits write; None for anything else, which PostgreSQL would refuse or misread."""
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(most))):
        return None
    number = int(text)
    return number if number <= most else None
