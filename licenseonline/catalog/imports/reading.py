"""Stub."""
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO

from licenseonline.catalog.models import PriceImport


@dataclass
class Table:
    headers: list[str] = field(default_factory=list)


@contextmanager
def opened(price_import: PriceImport, known: list[str]) -> Iterator[Table]:
    yield Table()


def check_upload(file: IO[bytes], name: str) -> int:
    return file.seek(0, 2)
