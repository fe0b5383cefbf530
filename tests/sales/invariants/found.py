"""What a check yields: a line for each row for which it does not hold."""

from collections.abc import Iterator

Found = Iterator[str]
