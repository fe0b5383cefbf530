"""How far a long job is, written beside its transaction, so that everybody sees it before that ends."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from django.db import connection

from licenseonline.catalog.models import PriceImport
from licenseonline.kit.roles import PLATFORM

_WRITE = "UPDATE catalog_priceimport SET done_rows = %s, all_rows = greatest(%s::int, %s::int) WHERE id = %s"


class Progress:
    """Told in short transactions of a connection of its own."""

    def __init__(self, price_import: PriceImport, beside: Any) -> None:
        self.price_import, self.beside = price_import, beside

    def tell(self, done: int, of: int) -> None:
        """So many rows are done."""
        with self.beside.cursor() as cursor:
            cursor.execute("SELECT set_config('role', %s, true)", [PLATFORM])
            cursor.execute(_WRITE, [done, done, of, self.price_import.pk])
        self.beside.commit()


@contextmanager
def beside(price_import: PriceImport) -> Iterator[Progress]:
    """While this is open the transaction may not lock the import's row: telling would wait for it."""
    other: Any = connection.copy()
    other.settings_dict["OPTIONS"].pop("pool", None)
    with closing(other):
        other.set_autocommit(False)
        yield Progress(price_import, other)
