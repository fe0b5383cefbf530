"""What the columns of a vendor's price list mean: field → header, as saved for the vendor or as headers usually are."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from licenseonline.catalog.imports import reading
from licenseonline.catalog.imports.words import WORDS, header_key
from licenseonline.catalog.models import ImportMapping, PriceImport, Vendor
from licenseonline.kit.errors import Refused


@dataclass(frozen=True, slots=True)
class Meant:
    """A thing that an import can read: what it is called, whether it must be there, and how vendors head it."""

    label: str | Promise
    usual: tuple[str, ...]
    is_required: bool = False


_LABELS: Final = {
    "model_number": gettext_lazy("型番"),
    "list_yen": gettext_lazy("定価（税抜・円）"),
    "cost_yen": gettext_lazy("仕切価格（税抜・円）"),
    "product_name": gettext_lazy("製品名"),
    "product_code": gettext_lazy("製品コード"),
    "name": gettext_lazy("型番の名称"),
    "purchase_type": gettext_lazy("購入形態"),
    "program": gettext_lazy("対象（コーポレートなど）"),
    "unit": gettext_lazy("単位"),
    "term": gettext_lazy("期間（1年、36か月、永続など）"),
    "billing": gettext_lazy("請求（一括・年額・月額）"),
    "band_from": gettext_lazy("数量帯の下限"),
    "band_to": gettext_lazy("数量帯の上限"),
    "min_quantity": gettext_lazy("最小注文数"),
    "quantity_step": gettext_lazy("注文単位"),
    "lead_days": gettext_lazy("納期（営業日）"),
    "delivery": gettext_lazy("納品方法"),
    "is_cloud": gettext_lazy("クラウド"),
    "papers": gettext_lazy("ご提出書類"),
    "sale_to": gettext_lazy("販売終了日"),
}
_REQUIRED: Final = {"model_number", "list_yen"}
FIELDS: Final = {
    field: Meant(label, tuple(WORDS["headers"][field]), field in _REQUIRED) for field, label in _LABELS.items()
}


def headers(price_import: PriceImport) -> list[str]:
    """The headers of its columns as they stand in the file, each once; empty when the file cannot be read."""
    if price_import.headers:
        return list(price_import.headers)
    try:
        with reading.opened(price_import, known(price_import.vendor)) as table:
            return table.headers
    except Refused:
        return []


def known(vendor: Vendor) -> list[str]:
    """The headers under which this vendor's list may have its model numbers: the saved one first."""
    saved = _saved(vendor).get("model_number")
    return ([saved] if saved else []) + list(FIELDS["model_number"].usual)


def suggested(headers: Iterable[str], vendor: Vendor) -> dict[str, str]:
    """Field → header: as saved for the vendor where the file has that header, else as vendors usually head it."""
    given = list(headers)
    by_fold = {header_key(header): header for header in reversed(given)}
    saved, found = _saved(vendor), dict[str, str]()
    for field, meant in FIELDS.items():
        wanted = [saved[field]] if field in saved else []
        if not saved or field not in saved:
            wanted += list(meant.usual)
        header = next((by_fold[header_key(name)] for name in wanted if header_key(name) in by_fold), None)
        if header is not None and header not in found.values():
            found[field] = header
    return found


def save(vendor: Vendor, columns: Mapping[str, str]) -> None:
    """Keep what the vendor's columns mean for its next list."""
    ImportMapping.objects.update_or_create(vendor=vendor, defaults={"columns": dict(columns)})


def check(columns: Mapping[str, str]) -> dict[str, str]:
    """A mapping without its empty entries. Refused: `columns` (unknown field, one header twice, a required one missing)."""
    wanted = {field: header for field, header in columns.items() if header}
    if set(wanted) - set(FIELDS):
        raise Refused(_("列の対応に知らない項目があります。"), code="columns")
    if len(set(wanted.values())) < len(wanted):
        raise Refused(_("同じ列を2つの項目に対応させることはできません。"), code="columns")
    for field, meant in FIELDS.items():
        if meant.is_required and field not in wanted:
            message = _("「%(label)s」の列を選択してください。") % {"label": meant.label}
            raise Refused(message, code="columns", field=field)
    return wanted


def _saved(vendor: Vendor) -> dict[str, str]:
    found = ImportMapping.objects.filter(vendor=vendor).values_list("columns", flat=True).first()
    return dict(found or {})
