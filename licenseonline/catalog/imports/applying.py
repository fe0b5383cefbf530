"""An import's rows written to the catalogue in one transaction, and taken back.

Prices go into a new list from the import's first day on; nothing that was there is changed but names and days of sale,
whose old values the rows keep. Nothing is deleted.
"""

from typing import Any, Final, LiteralString

from django.db import IntegrityError
from django.utils.translation import gettext as _

from licenseonline.catalog.imports import mappings, new_skus, progress
from licenseonline.catalog.imports.current_prices import AS_BEFORE, CURRENT, ROOM
from licenseonline.catalog.models import EVER_SINCE, ImportFormat, ImportOutcome, PriceImport, PriceList
from licenseonline.kit import clock, sql, states
from licenseonline.kit.errors import Refused

LOCK: Final = 7351011

# A row by its SKU; what is new has none before it is applied. Text of two collations compares in the SKU's, which has an index.
_ROWS: Final[LiteralString] = (
    'catalog_importrow row JOIN catalog_sku sku ON sku.model_number = row.model_number COLLATE "default"'
)

_CHANGED: Final[LiteralString] = f"""
WITH {CURRENT},
row AS (
  SELECT *, row_number() OVER bands AS place FROM catalog_importrow
  WHERE price_import_id = %(import)s AND outcome <> 'refused' AND outcome <> 'ended'
  WINDOW bands AS (PARTITION BY model_number ORDER BY band_from)
)
SELECT count(*) FROM (
  SELECT FROM row
  LEFT JOIN catalog_sku sku ON sku.model_number = row.model_number COLLATE "default"
  LEFT JOIN current ON current.sku_id = sku.id AND current.place = row.place
  WHERE row.sku_id IS DISTINCT FROM sku.id
     OR row.old_list_yen IS DISTINCT FROM current.list_yen OR row.old_cost_yen IS DISTINCT FROM current.cost_yen
     OR (row.outcome <> 'new' AND (row.outcome = 'reopened') <> (sku.sale_to < %(day)s::date))
) other
"""  # noqa: S608  (names of our own)

# On sale, but neither in the complete list nor ended by it: somebody registered it since.
_UNNAMED: Final[LiteralString] = """
SELECT count(*) FROM (
  SELECT FROM catalog_sku sku JOIN catalog_product product ON product.id = sku.product_id
  WHERE product.vendor_id = %(vendor)s AND sku.sale_to >= %(day)s::date AND NOT EXISTS (
    SELECT FROM catalog_importrow row
    WHERE row.price_import_id = %(import)s AND row.model_number COLLATE "default" = sku.model_number)
) other
"""

_PRICES: Final[LiteralString] = f"""
WITH wanted AS (
  SELECT nextval(pg_get_serial_sequence('catalog_price', 'id')) AS id, sku.id AS sku_id, row.band_from, row.list_yen, row.cost_yen
  FROM {_ROWS}
  WHERE row.price_import_id = %(import)s
    AND (row.outcome IN ('new', 'changed', 'reopened') OR (row.outcome = 'same' AND row.fields ? 'kept'))
),
priced AS (
  INSERT INTO catalog_price (id, price_list_id, sku_id, band_from, list_yen)
  SELECT id, %(list)s, sku_id, band_from, list_yen FROM wanted
)
INSERT INTO catalog_cost (price_id, cost_yen) SELECT id, cost_yen FROM wanted WHERE cost_yen IS NOT NULL
"""  # noqa: S608  (names of our own)

# Each is told which rows it is about, and writes only where the SKU is still as it was found.
_RENAME: Final[LiteralString] = f"""
UPDATE catalog_sku changed SET name = row.fields ->> 'name' FROM {_ROWS}
WHERE row.price_import_id = %(import)s AND row.fields ? 'old_name' AND changed.id = sku.id AND sku.name = row.fields ->> 'old_name'
RETURNING changed.product_id
"""  # noqa: S608  (names of our own)
_RENAME_BACK: Final[LiteralString] = f"""
UPDATE catalog_sku changed SET name = row.fields ->> 'old_name' FROM {_ROWS}
WHERE row.price_import_id = %(import)s AND row.fields ? 'old_name' AND changed.id = sku.id AND sku.name = row.fields ->> 'name'
RETURNING changed.product_id
"""  # noqa: S608  (names of our own)
_SELL: Final[LiteralString] = f"""
UPDATE catalog_sku changed SET sale_from = (row.fields ->> 'sale_from')::date, sale_to = (row.fields ->> 'sale_to')::date
FROM {_ROWS}
WHERE row.price_import_id = %(import)s AND row.fields ? 'old_sale_from' AND changed.id = sku.id
"""  # noqa: S608  (names of our own)
_SELL_BACK: Final[LiteralString] = f"""
UPDATE catalog_sku changed
SET sale_from = (row.fields ->> 'old_sale_from')::date, sale_to = (row.fields ->> 'old_sale_to')::date
FROM {_ROWS}
WHERE row.price_import_id = %(import)s AND row.fields ? 'old_sale_from' AND changed.id = sku.id
  AND sku.sale_from = (row.fields ->> 'sale_from')::date AND sku.sale_to = (row.fields ->> 'sale_to')::date
"""  # noqa: S608  (names of our own)
_END: Final[LiteralString] = """
UPDATE catalog_sku sku SET sale_to = %(day)s::date - 1 FROM catalog_importrow row
WHERE row.price_import_id = %(import)s AND row.outcome = 'ended' AND sku.id = row.sku_id
"""
_END_BACK: Final[LiteralString] = """
UPDATE catalog_sku sku SET sale_to = (row.fields ->> 'old_sale_to')::date FROM catalog_importrow row
WHERE row.price_import_id = %(import)s AND row.outcome = 'ended' AND sku.id = row.sku_id AND sku.sale_to = %(day)s::date - 1
"""
_CLOSE: Final[LiteralString] = f"""
UPDATE catalog_sku changed SET sale_to = %(never)s::date FROM {_ROWS}
WHERE row.price_import_id = %(import)s AND row.outcome = 'new' AND changed.id = sku.id
"""  # noqa: S608  (names of our own)


class Changed(Exception):  # noqa: N818  (an answer, not a fault)
    """The catalogue is no longer as the import was checked against."""


def apply(price_import: PriceImport) -> None:
    """Write it, all in the transaction that is open. Raises Changed when the catalogue changed since it was checked."""
    _alone()
    _check_unchanged(price_import)
    made = PriceList.objects.create(
        vendor_id=price_import.vendor_id, name=price_import.file_name[:120], from_day=price_import.from_day
    )
    about: dict[str, Any] = {"import": price_import.pk}
    with progress.beside(price_import) as told:
        try:
            new_skus.create(price_import, told)
        except IntegrityError as error:  # somebody registered one of them by hand, just now
            raise Changed from error
    sql.run(_PRICES, **about, list=made.pk)
    sql.run(_SELL, **about)
    sql.run(_END, **about, day=price_import.from_day)
    new_skus.index_products({pk for (pk,) in sql.rows(_RENAME, **about)})
    if price_import.format == ImportFormat.TABLE:
        mappings.save(price_import.vendor, price_import.columns)
    states.move(price_import, PriceImport.State.APPLIED, price_list=made, applied_at=clock.now())


def check_last(price_import: PriceImport) -> None:
    """Refuse (`later`) to undo what a later import of the vendor was checked against."""
    _alone()
    later = PriceImport.objects.filter(vendor_id=price_import.vendor_id, state=PriceImport.State.APPLIED)
    if price_import.applied_at and later.filter(applied_at__gt=price_import.applied_at).exists():
        message = _("このあとに同じメーカーの価格表が反映されています。新しいものから順に取り消してください。")
        raise Refused(message, code="later")


def undo(price_import: PriceImport) -> None:
    """Take it back, all in the transaction that is open; what somebody changed by hand since stays as they left it."""
    about: dict[str, Any] = {"import": price_import.pk}
    PriceList.objects.filter(made_by=price_import).update(withdrawn_at=clock.now())
    sql.run(_SELL_BACK, **about)
    sql.run(_END_BACK, **about, day=price_import.from_day)
    sql.run(_CLOSE, **about, never=EVER_SINCE)
    new_skus.index_products({pk for (pk,) in sql.rows(_RENAME_BACK, **about)})


def _alone() -> None:
    """One import is applied or undone at a time: the next one sees what this one did."""
    sql.rows("SELECT pg_advisory_xact_lock(%(lock)s)", lock=LOCK)


def _check_unchanged(price_import: PriceImport) -> None:
    about = {"import": price_import.pk, "vendor": price_import.vendor_id, "day": price_import.from_day}
    sql.rows(ROOM)
    [(changed,)] = sql.rows(_CHANGED, **about)
    if not changed and price_import.is_complete:
        ends = price_import.rows.filter(outcome=ImportOutcome.ENDED).exists()
        [(changed,)] = sql.rows(_UNNAMED, **about) if ends else [(0,)]
    sql.rows(AS_BEFORE)
    if changed:
        raise Changed
