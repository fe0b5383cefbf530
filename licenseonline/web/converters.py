"""URL parts of our own."""

from datetime import date


class StoreNumber:
    """A store's number: no leading zero, so that every store has one address."""

    regex = "[1-9][0-9]{0,17}"

    def to_python(self, value: str) -> int:
        """The number."""
        return int(value)

    def to_url(self, value: int) -> str:
        """As it stands in the address."""
        return str(value)


class Month:
    """A month as 2026-11: its first day."""

    regex = "[0-9]{4}-(?:0[1-9]|1[0-2])"

    def to_python(self, value: str) -> date:
        """The first day; ValueError (no such page) before the year 1."""
        return date.fromisoformat(f"{value}-01")

    def to_url(self, value: date) -> str:
        """As it stands in the address."""
        return f"{value:%Y-%m}"
