"""URL parts of our own."""


class StoreNumber:
    """A store's number: no leading zero, so that every store has one address."""

    regex = "[1-9][0-9]{0,17}"

    def to_python(self, value: str) -> int:
        """The number."""
        return int(value)

    def to_url(self, value: int) -> str:
        """As it stands in the address."""
        return str(value)
