"""What every search asks for and few changes touch: each process keeps it until the edition of the shop changes."""

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from django.db import connection

from licenseonline.catalog import assortment
from licenseonline.catalog.assortment import Assortment
from licenseonline.kit import sql

_MOST = 512  # stores at once


class _Version(NamedTuple):
    """The edition as it was written: its number alone would come again after a transaction that was rolled back."""

    database: str
    edition: int
    written_by: str


@dataclass(frozen=True, slots=True)
class Known:
    """Of a store: groups of words that mean the same (folded), what it may sell, and the platform's vendors by code."""

    synonyms: list[list[str]]
    sold: Assortment
    vendors: dict[str, int]
    vendor_ids: frozenset[int]


def of(store_id: int) -> Known:
    """As this transaction sees it, its own changes included; one statement when nothing has changed."""
    [(edition, written_by)] = sql.rows("SELECT number, xmin::text FROM stores_edition")
    return _read(store_id, _Version(connection.settings_dict["NAME"], edition, written_by))


@lru_cache(maxsize=_MOST)
def _read(store_id: int, version: _Version) -> Known:  # noqa: ARG001  (the version is what makes it valid)
    groups = sql.rows(
        """SELECT folded FROM catalog_synonym
           UNION ALL SELECT folded FROM catalog_storesynonym WHERE store_id = %(store)s""",
        store=store_id,
    )
    vendors = {code: pk for code, pk in sql.rows("SELECT code, id FROM catalog_vendor")}
    return Known([words for (words,) in groups], assortment.of(store_id), vendors, frozenset(vendors.values()))
