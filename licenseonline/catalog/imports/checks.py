"""What an import would do: its rows go by COPY into a temporary table, and PostgreSQL compares them with the catalogue.

All of it is one transaction, so that a broken file, a refusal or a worker that dies leaves nothing behind.

A SKU is taken whole or not at all: when one of its bands cannot be taken, its others are refused as well. A file without
costs leaves the costs as they are. A price that stays as it is needs no row in the new list, because for each SKU the
latest list that has it counts; it gets one all the same (`kept`) when another band of the SKU changes, or when the list
that holds it ends.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final, LiteralString

from django.db import connection
from django.db.models import Count
from django.utils.translation import gettext as _

from licenseonline.catalog.imports import mappings, microsoft_sheet, progress, reading
from licenseonline.catalog.imports import rows as import_rows
from licenseonline.catalog.imports.current_prices import CURRENT, ROOM
from licenseonline.catalog.imports.progress import Progress
from licenseonline.catalog.imports.rows import Convert, Skipped, Staged
from licenseonline.catalog.models import FOR_EVER, ImportFormat, ImportOutcome, ImportRow, PriceImport
from licenseonline.kit import clock, sql, states
from licenseonline.kit.errors import Refused

LOCK: Final = 7351010
_TOLD_EVERY = 20_000  # rows

_STAGE: Final[LiteralString] = """
CREATE TEMP TABLE import_line (
  line int NOT NULL, model_number text NOT NULL, band_from int, band_to int, list_yen bigint, cost_yen bigint,
  fields jsonb, reason text NOT NULL
) ON COMMIT DROP
"""
_COPY: Final = (
    "COPY import_line (line, model_number, band_from, band_to, list_yen, cost_yen, fields, reason) FROM STDIN"
)

# A product that comes with a name only: its code follows from the name, so that the next file finds it again.
_MADE_CODE: Final[LiteralString] = "%(prefix)s::text || left(md5(line.fields ->> 'product'), 12)"

# By what a row contradicts a SKU that is registered: what it says and how the SKU says it.
_CONTRADICTS: Final[LiteralString] = """CASE
  WHEN line.fields ->> 'purchase_type' <> sku.purchase_type THEN %(other_type)s::text
  WHEN line.fields ->> 'program' <> sku.program THEN %(other_program)s::text
  WHEN line.fields ? 'term_months' AND ((line.fields ->> 'term_months')::int IS DISTINCT FROM sku.term_months
    OR (line.fields ->> 'term_until')::date IS DISTINCT FROM sku.term_until) THEN %(other_term)s::text
  WHEN line.fields ->> 'billing' <> sku.billing THEN %(other_billing)s::text
  WHEN line.fields ->> 'code' <> product.code THEN %(other_product)s::text
  ELSE '' END"""

_CHECK: Final[LiteralString] = f"""
WITH {CURRENT},
named AS (
  SELECT name, min(code) AS code, count(*) AS number FROM catalog_product WHERE vendor_id = %(vendor)s GROUP BY name
),
line AS (
  SELECT *, count(*) OVER model AS bands, row_number() OVER bands AS place, lag(band) OVER bands AS band_before,
    lead(band) OVER bands AS band_after, lag(band_to) OVER bands AS end_before,
    bool_or(band_to IS NOT NULL) OVER model AS has_ends
  FROM (SELECT *, CASE WHEN reason = '' THEN coalesce(band_from, 1) ELSE -line END AS band FROM import_line) file
  WINDOW model AS (PARTITION BY model_number), bands AS (PARTITION BY model_number ORDER BY band, line)
),
compared AS (
  SELECT line.*, sku.id AS sku_id, sku.name AS sku_name, sku.sale_from, sku.sale_to,
    coalesce(line.fields ->> 'code', named.code, {_MADE_CODE}) AS code, by_code.id AS product_id,
    CASE WHEN line.bands = 1 THEN 1 ELSE coalesce(line.band_from, 1) END AS price_band,
    coalesce(line.cost_yen, current.cost_yen) AS new_cost_yen,
    current.list_yen AS old_list_yen, current.cost_yen AS old_cost_yen,
    current.to_day < %(for_ever)s::date AS list_ends,
    current.list_yen IS DISTINCT FROM line.list_yen
      OR coalesce(line.cost_yen, current.cost_yen) IS DISTINCT FROM current.cost_yen
      OR line.bands <> current.bands OR (line.bands > 1 AND line.band <> current.band_from) AS differs,
    CASE
      WHEN line.reason <> '' THEN line.reason
      WHEN line.band IN (line.band_before, line.band_after) THEN %(twice)s::text
      WHEN line.band_before > 0 AND line.has_ends AND line.end_before + 1 IS DISTINCT FROM line.band_from THEN %(gap)s::text
      WHEN product.vendor_id <> %(vendor)s THEN %(other_vendor)s::text
      WHEN sku.id IS NOT NULL THEN {_CONTRADICTS}
      WHEN named.number > 1 THEN %(many_products)s::text
      WHEN by_code.vendor_id <> %(vendor)s THEN %(foreign_product)s::text
      WHEN by_code.id IS NULL AND line.fields ->> 'product' IS NULL THEN %(no_product)s::text
      ELSE '' END AS own_reason
  FROM line
  LEFT JOIN catalog_sku sku ON sku.model_number = line.model_number
  LEFT JOIN catalog_product product ON product.id = sku.product_id
  LEFT JOIN named ON sku.id IS NULL AND NOT line.fields ? 'code' AND named.name = line.fields ->> 'product'
  LEFT JOIN catalog_product by_code
    ON sku.id IS NULL AND by_code.code = coalesce(line.fields ->> 'code', named.code, {_MADE_CODE})
  LEFT JOIN current ON current.sku_id = sku.id AND current.place = line.place
),
judged AS (
  SELECT *, bool_or(differs) OVER model AS sku_differs,
    CASE WHEN own_reason <> '' THEN own_reason
         WHEN min(line) FILTER (WHERE own_reason <> '') OVER model IS NOT NULL
         THEN format(%(with_other)s::text, min(line) FILTER (WHERE own_reason <> '') OVER model)
         ELSE '' END AS why
  FROM compared WINDOW model AS (PARTITION BY model_number)
)
INSERT INTO catalog_importrow (price_import_id, line, outcome, reason, model_number, sku_id, band_from, list_yen, cost_yen,
  old_list_yen, old_cost_yen, fields)
SELECT %(import)s, line,
  CASE WHEN why <> '' THEN 'refused' WHEN sku_id IS NULL THEN 'new' WHEN sale_to < %(day)s::date THEN 'reopened'
       WHEN differs THEN 'changed' ELSE 'same' END,
  left(why, 200), left(model_number, 80), sku_id, price_band, list_yen, new_cost_yen, old_list_yen, old_cost_yen,
  CASE
    WHEN why <> '' THEN jsonb_strip_nulls(jsonb_build_object('name', fields -> 'name', 'product', fields -> 'product'))
    WHEN fields IS NULL AND sale_to >= %(day)s::date AND (differs OR NOT (sku_differs OR list_ends)) THEN '{{}}'
    WHEN sku_id IS NULL THEN fields || jsonb_build_object('product_id', product_id, 'code', code)
    ELSE
      CASE WHEN fields ->> 'name' <> sku_name
        THEN jsonb_build_object('name', fields -> 'name', 'old_name', sku_name) ELSE '{{}}' END
      || CASE WHEN sale_to < %(day)s::date OR (fields ->> 'sale_to')::date <> sale_to THEN jsonb_build_object(
          'sale_from', CASE WHEN sale_to < %(today)s::date THEN %(day)s::date ELSE sale_from END,
          'sale_to', coalesce((fields ->> 'sale_to')::date, %(for_ever)s::date),
          'old_sale_from', sale_from, 'old_sale_to', sale_to) ELSE '{{}}' END
      || CASE WHEN NOT differs AND (sku_differs OR list_ends) THEN '{{"kept": true}}' ELSE '{{}}' END::jsonb
  END
FROM judged
"""  # noqa: S608  (names of our own)

# What is on sale on the first day and stands in no line of a complete list; numbered on after the last line.
_END: Final[LiteralString] = """
INSERT INTO catalog_importrow (price_import_id, line, outcome, reason, model_number, sku_id, band_from, fields)
SELECT %(import)s, (SELECT max(line) FROM import_line) + row_number() OVER (ORDER BY sku.id), 'ended', '', sku.model_number,
  sku.id, 1, jsonb_build_object('old_sale_to', sku.sale_to)
FROM catalog_sku sku JOIN catalog_product product ON product.id = sku.product_id
WHERE product.vendor_id = %(vendor)s AND sku.sale_to >= %(day)s::date
  AND NOT EXISTS (SELECT FROM import_line line WHERE line.model_number = sku.model_number)
"""


def check(price_import: PriceImport) -> None:
    """Read the file and write what each row would do. In the platform's transaction.

    Refused: `broken` (with the line where the file cannot be read), `columns` (what its columns mean is not known).
    """
    sql.rows("SELECT pg_advisory_xact_lock(%(lock)s, %(import)s::int)", **{"lock": LOCK, "import": price_import.pk})
    sql.rows(ROOM)
    ImportRow.objects.filter(price_import=price_import).delete()
    saved = price_import.columns or {}
    known = [*saved.values(), *mappings.known(price_import.vendor), *microsoft_sheet.NEEDED]
    skipped: Counter[Skipped] = Counter()
    with reading.opened(price_import, known) as table, progress.beside(price_import) as told:
        price_import.headers = [header for header in table.headers if header]
        convert = _understood(price_import, table.headers)
        number = _stage(_staged(table, convert, skipped, told))
    if not number:
        raise Refused(_nothing(skipped), code="broken")
    _compare(price_import)
    _finish(price_import, number, skipped)


def _understood(price_import: PriceImport, headers: list[str]) -> Convert:
    """What reads the rows, by the file's own columns."""
    day = price_import.from_day
    if microsoft_sheet.is_sheet(headers):
        price_import.format, price_import.columns = ImportFormat.MICROSOFT, {}
        return microsoft_sheet.converter(headers, from_day=day)
    price_import.format = ImportFormat.TABLE
    columns = price_import.columns or mappings.suggested(price_import.headers, price_import.vendor)
    missing = [
        str(meant.label) for field, meant in mappings.FIELDS.items() if meant.is_required and field not in columns
    ]
    if missing:
        message = _("「%(labels)s」の列が分かりません。列の対応を設定してください。") % {
            "labels": _("」「").join(missing)
        }
        raise Refused(message, code="columns")
    price_import.columns = columns
    return import_rows.converter(headers, columns, from_day=day)


def _staged(
    table: reading.Table, convert: Convert, skipped: Counter[Skipped], told: Progress
) -> Iterator[tuple[int, Staged]]:
    for number, (line, cells) in enumerate(table.records):
        if number % _TOLD_EVERY == 0:
            told.tell(number, table.all_rows)
        staged = convert(cells)
        if isinstance(staged, Skipped):
            skipped[staged] += 1
        elif staged is not None:
            yield line, staged


def _stage(rows: Iterator[tuple[int, Staged]]) -> int:
    """By COPY into a table of this transaction; answers how many."""
    sql.run("DROP TABLE IF EXISTS pg_temp.import_line")  # a retry inside one transaction
    sql.run(_STAGE)
    number = 0
    with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        for line, staged in rows:
            copy.write_row((line, *staged))
            number += 1
    sql.run("ANALYZE import_line")
    return number


def _compare(price_import: PriceImport) -> None:
    day = price_import.from_day
    values: dict[str, Any] = {
        "import": price_import.pk,
        "vendor": price_import.vendor_id,
        "prefix": f"{price_import.vendor.code}-",
        "day": day,
        "today": clock.today(),
        "for_ever": FOR_EVER,
    }
    sql.run(_CHECK, **values, **_reasons())
    taken = ImportRow.objects.filter(price_import=price_import).exclude(outcome=ImportOutcome.REFUSED)
    if price_import.is_complete and taken.exists():  # a list of which nothing is understood ends nothing
        sql.run(_END, **{name: values[name] for name in ("import", "vendor", "day")})


def _reasons() -> dict[str, str]:
    """Why rows are refused that are good by themselves."""
    return {
        "twice": _("同じ型番・同じ数量帯の行が2つ以上あります。"),
        "gap": _("数量帯がつながっていません（前の数量帯の上限の次から始まる必要があります）。"),
        "other_vendor": _("ほかのメーカーの型番として登録されています。"),
        "other_type": _("登録されている購入形態と違います。"),
        "other_program": _("登録されている対象（コーポレートなど）と違います。"),
        "other_term": _("登録されている期間と違います。"),
        "other_billing": _("登録されている請求（一括・年額・月額）と違います。"),
        "other_product": _("登録されている製品と違います。"),
        "many_products": _("同じ名前の製品が2つ以上あります。製品コードの列で指定してください。"),
        "foreign_product": _("製品コードがほかのメーカーの製品に使われています。"),
        "no_product": _("未登録の型番です。登録するには製品名が必要です。"),
        "with_other": _("同じ型番の %s 行目が取り込めないため、まとめて取り込みません。"),
    }


def _finish(price_import: PriceImport, number: int, skipped: Counter[Skipped]) -> None:
    rows = ImportRow.objects.filter(price_import=price_import)
    counts = dict(rows.values_list("outcome").annotate(number=Count("pk")).order_by())
    states.move(
        price_import,
        PriceImport.State.CHECKED,
        format=price_import.format,
        headers=price_import.headers,
        columns=price_import.columns,
        counts=counts | {str(kind.value): of for kind, of in skipped.items()},
        problem=" ".join(filter(None, [price_import.problem, *_noted(skipped)]))[:300],
        checked_at=clock.now(),
        done_rows=number,
        all_rows=number,
    )


def _noted(skipped: Counter[Skipped]) -> Iterator[str]:
    if other := skipped[Skipped.OTHER_MARKET]:
        yield _("日本（JP・JPY）以外の %(number)s行は読み飛ばしました。") % {"number": f"{other:,}"}
    if other := skipped[Skipped.OTHER_DAYS]:
        yield _("適用開始日に有効でない価格 %(number)s行は読み飛ばしました。") % {"number": f"{other:,}"}


def _nothing(skipped: Counter[Skipped]) -> str:
    return " ".join([_("取り込む行がありません。"), *_noted(skipped)])
