"""Stub."""
from licenseonline.catalog.models import PriceImport


def check(price_import: PriceImport) -> None: ...
