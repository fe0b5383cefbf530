"""What every search asks for and few changes touch: each process keeps it until the edition of the shop changes."""

from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Final, NamedTuple

from django.db import connection

from licenseonline.catalog import assortment
from licenseonline.catalog.assortment import Assortment
from licenseonline.kit import sql

_MOST = 512  # stores at once
VERSION: Final = "edition.number, edition.xmin::text"  # of stores_edition AS edition


class Version(NamedTuple):
    """The edition as it was written: its number alone would come again after a transaction that was rolled back."""

    edition: int
    written_by: str


@dataclass(frozen=True, slots=True)
class Known:
    """Of a store: groups of words that mean the same (folded), what it may sell, and the platform's vendors by code.

    The rest is learnt on the way: queries as search_words.asked reads them, and those that fewer names have than expected.
    """

    store_id: int
    version: Version
    synonyms: list[list[str]]
    sold: Assortment
    vendors: dict[str, int]
    vendor_rows: dict[int, tuple[int, str, str, str, str]]  # all of the columns
    vendor_ids: frozenset[int]
    asked: dict[str, Any] = field(default_factory=dict)
    not_in_names: set[tuple[tuple[str, ...], ...]] = field(default_factory=set)


_kept: OrderedDict[tuple[str, int], Known] = OrderedDict()
_lock = Lock()


def lately(store_id: int) -> Known:
    """As it was known last, without asking whether that still holds: a search answers that too (ranking.ranked)."""
    with _lock:
        found = _kept.get((connection.settings_dict["NAME"], store_id))
    return found or of(store_id)


def of(store_id: int) -> Known:
    """As this transaction sees it, its own changes included; one statement when nothing has changed."""
    version = Version(*sql.rows(f"SELECT {VERSION} FROM stores_edition edition")[0])  # noqa: S608  (our own)
    key = connection.settings_dict["NAME"], store_id
    with _lock:
        found = _kept.get(key)
    if found is None or found.version != version:
        found = _read(store_id, version)
    with _lock:
        _kept[key] = found
        _kept.move_to_end(key)
        while len(_kept) > _MOST:
            _kept.popitem(last=False)
    return found


def _read(store_id: int, version: Version) -> Known:
    groups = sql.rows(
        """SELECT folded FROM catalog_synonym
           UNION ALL SELECT folded FROM catalog_storesynonym WHERE store_id = %(store)s""",
        store=store_id,
    )
    rows = {row[0]: row for row in sql.rows("SELECT id, code, name, kana, aliases FROM catalog_vendor")}
    vendors = {row[1]: pk for pk, row in rows.items()}
    synonyms = [words for (words,) in groups]
    return Known(store_id, version, synonyms, assortment.of(store_id), vendors, rows, frozenset(rows))
