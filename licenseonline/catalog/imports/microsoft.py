"""Microsoft's own list of products and their GUIDs, brought in as products to be sold on request.

The file is UTF-8 CSV with the columns product_name, string_id, guid, included_services. Its identity is the guid: names
occur twice, string ids nearly so.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from django.db import transaction
from django.utils.translation import gettext as _

from licenseonline.catalog import search
from licenseonline.catalog.models import Billing, Delivery, Product, ProductQuerySet, Sku, Unit, Vendor
from licenseonline.kit.text import fold_model, squash

VENDOR: Final = "microsoft"
COLUMNS: Final = ("product_name", "string_id", "guid", "included_services")
_GUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_MOST_NAME: Final = 200
_MOST_ALIASES: Final = 300
_MOST_MODEL: Final = 80


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a line of the file (counted from 1)."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Report:
    """How many products were made, changed and found as they were; with any fault nothing was written."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One line, cleaned: white space, invisible characters and the guid's case are as they should be."""

    line: int
    name: str
    string_id: str
    guid: str
    services: tuple[str, ...]


@transaction.atomic
def import_products(file: BinaryIO) -> Report:
    """Make or update one product with one SKU for each row; a file with any fault changes nothing and is reported.

    They have no price: a store that sells this vendor sells them on request. Products that the file does not name stay
    as they are. The same file again changes nothing.
    """
    rows, faults = read(file.read())
    if faults:
        return Report(refused=tuple(faults))
    vendor = _vendor()
    existing = {product.code: product for product in _with_skus(vendor).filter(code__in=[row.guid for row in rows])}
    numbers = _model_numbers(rows, existing)
    new = [row for row in rows if row.guid not in existing]
    changed = [row for row in rows if row.guid in existing and _differs(existing[row.guid], row, numbers[row.guid])]
    for row in changed:
        _update(existing[row.guid], row, numbers[row.guid])
    _create(new, vendor, numbers)
    search.index(_with_skus(vendor).filter(code__in=[row.guid for row in [*new, *changed]]))
    return Report(len(new), len(changed), len(rows) - len(new) - len(changed))


def read(content: bytes) -> tuple[list[Row], list[Fault]]:
    """The file's rows, and all that is wrong with it."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return [], [Fault(line, _("文字コードがUTF-8ではありません。"))]
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        missing = [name for name in COLUMNS if name not in (reader.fieldnames or [])]
        if missing:
            return [], [Fault(1, _("列がありません：%(columns)s") % {"columns": "、".join(missing)})]
        return _check(reader)
    except csv.Error as error:
        return [], [Fault(reader.reader.line_num, _("CSVとして読めません（%(error)s）。") % {"error": error})]


def _check(reader: "csv.DictReader[str]") -> tuple[list[Row], list[Fault]]:
    rows: list[Row] = []
    faults: list[Fault] = []
    seen: dict[str, int] = {}
    for cells in reader:
        line = reader.line_num
        if None in cells or None in cells.values():
            faults.append(Fault(line, _("列の数が見出しと違います。")))
            continue
        row = _row(line, cells)
        reason = _reason(row, seen)
        if reason:
            faults.append(Fault(line, reason))
            continue
        seen[row.guid] = line
        rows.append(row)
    return rows, faults


def _row(line: int, cells: dict[str, str]) -> Row:
    services = (squash(service) for service in cells["included_services"].split(";"))
    return Row(
        line=line,
        name=squash(cells["product_name"]),
        string_id=squash(cells["string_id"]),
        guid=squash(cells["guid"]).lower(),
        services=tuple(dict.fromkeys(service for service in services if service)),
    )


def _reason(row: Row, seen: dict[str, int]) -> str:
    if not row.name or len(row.name) > _MOST_NAME:
        return _("product_name は1～%(most)s文字にしてください。") % {"most": _MOST_NAME}
    if not fold_model(row.string_id):
        return _("string_id がありません。")
    if not _GUID.fullmatch(row.guid):
        return _("guid の形式が正しくありません：%(guid)s") % {"guid": row.guid}
    if row.guid in seen:
        return _("guid が %(line)s 行目と同じです：%(guid)s") % {"line": seen[row.guid], "guid": row.guid}
    return ""


def _vendor() -> Vendor:
    """The vendor, locked: two imports at once come one after the other."""
    names = {"name": _("マイクロソフト"), "kana": _("マイクロソフト"), "aliases": "Microsoft MS"}
    Vendor.objects.get_or_create(code=VENDOR, defaults=names)
    return Vendor.objects.select_for_update().get(code=VENDOR)


def _with_skus(vendor: Vendor) -> ProductQuerySet:
    return Product.objects.filter(vendor=vendor).select_related("vendor").prefetch_related("skus")


def _model_numbers(rows: list[Row], existing: dict[str, Product]) -> dict[str, str]:
    """By guid: the string id where it names one product only and fits, else its beginning with the guid's.

    A number once given stays while the string id does, because quotations name it.
    """
    counts = Counter(fold_model(row.string_id) for row in rows)
    foreign = set(
        Sku.objects.exclude(product__code__in=[row.guid for row in rows]).values_list("folded_model", flat=True)
    )
    found = {}
    for row in rows:
        folded = fold_model(row.string_id)
        own = f"-{row.guid[:8]}"
        long = row.string_id[: _MOST_MODEL - len(own)] + own
        plain = counts[folded] == 1 and folded not in foreign and len(row.string_id) <= _MOST_MODEL
        given = {sku.model_number for sku in existing[row.guid].skus.all()} if row.guid in existing else set()
        kept = given & {row.string_id, long}
        found[row.guid] = min(kept) if kept else row.string_id if plain else long
    return found


def _fitting(services: Iterable[str]) -> Iterator[str]:
    """The first services that fit into the aliases, whole ones only."""
    room = _MOST_ALIASES
    for service in services:
        room -= len(service) + 1
        if room < 0:
            return
        yield service


def _texts(row: Row) -> dict[str, str]:
    services = "\n".join(f"- {service}" for service in row.services)
    heading = _("含まれるサービス")
    return {
        "name": row.name,
        "aliases": " ".join(_fitting(row.services)),
        "description": f"{heading}\n\n{services}" if services else "",
    }


def _sku_texts(row: Row, model_number: str) -> dict[str, str]:
    return {"name": row.name, "model_number": model_number, "folded_model": fold_model(model_number)}


def _create(rows: list[Row], vendor: Vendor, numbers: dict[str, str]) -> None:
    """A subscription of a year, until the vendor's price list says more of it."""
    category, summary = _("クラウドサービス"), _("マイクロソフトのクラウドサービスです。価格はお見積にてご案内します。")
    products = Product.objects.bulk_create(
        Product(code=row.guid, vendor=vendor, category=category, summary=summary, **_texts(row)) for row in rows
    )
    Sku.objects.bulk_create(
        Sku(
            product=product,
            unit=Unit.USER,
            is_cloud=True,
            delivery=Delivery.PORTAL,
            term_months=12,
            billing=Billing.YEARLY,
            **_sku_texts(row, numbers[row.guid]),
        )
        for row, product in zip(rows, products, strict=True)
    )


def _sku_of(product: Product) -> Sku:
    """The one that the import made, whatever the desk added since."""
    return min(product.skus.all(), key=lambda sku: sku.pk)


def _differs(product: Product, row: Row, model_number: str) -> bool:
    wanted = [(product, _texts(row)), (_sku_of(product), _sku_texts(row, model_number))]
    return any(getattr(target, name) != value for target, texts in wanted for name, value in texts.items())


def _update(product: Product, row: Row, model_number: str) -> None:
    Product.objects.filter(pk=product.pk).update(**_texts(row))
    Sku.objects.filter(pk=_sku_of(product).pk).update(**_sku_texts(row, model_number))
