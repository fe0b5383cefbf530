"""Stub."""
from collections.abc import Iterator
from licenseonline.catalog.models import PriceImport


def csv_of(price_import: PriceImport) -> Iterator[bytes]:
    yield b""
