"""What stands in the files that go to vendors and come from them: our values by the vendor's own column headings."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from licenseonline.catalog.models import Vendor
from licenseonline.kit.errors import Refused
from licenseonline.sales.models import FormatKind, FormatPurpose, VendorFormat

Columns = list[tuple[str, str]]  # heading, name of our value

# Of each purpose the values by name, as the desk calls them; the first ones are the columns of a vendor without its own form.
VALUES: Final[dict[str, dict[str, Promise]]] = {
    FormatPurpose.ORDER: {
        "number": gettext_lazy("発注番号"),
        "ordered_on": gettext_lazy("発注日"),
        "line": gettext_lazy("明細番号"),
        "line_number": gettext_lazy("発注番号-明細番号"),
        "model_number": gettext_lazy("型番"),
        "name": gettext_lazy("製品名"),
        "quantity": gettext_lazy("数量"),
        "unit": gettext_lazy("単位"),
        "unit_cost": gettext_lazy("仕入単価"),
        "amount": gettext_lazy("金額"),
        "end_user_company": gettext_lazy("エンドユーザー会社名"),
        "end_user_kana": gettext_lazy("エンドユーザー会社名カナ"),
        "end_user_department": gettext_lazy("エンドユーザー部署名"),
        "end_user_person": gettext_lazy("エンドユーザー担当者"),
        "end_user_postal_code": gettext_lazy("エンドユーザー郵便番号"),
        "end_user_address": gettext_lazy("エンドユーザー住所"),
        "end_user_phone": gettext_lazy("エンドユーザー電話番号"),
        "end_user_email": gettext_lazy("エンドユーザーメール"),
        "follows": gettext_lazy("対象の契約番号"),
        "order_number": gettext_lazy("注文番号"),
        "store": gettext_lazy("ストア"),
    },
    FormatPurpose.INVOICE: {
        "reference": gettext_lazy("受付番号または発注番号"),
        "model_number": gettext_lazy("型番"),
        "quantity": gettext_lazy("数量"),
        "unit_yen": gettext_lazy("単価"),
    },
    FormatPurpose.KEYS: {
        "reference": gettext_lazy("注文番号・発注番号・受付番号"),
        "model_number": gettext_lazy("型番"),
        "key": gettext_lazy("キー"),
        "contract": gettext_lazy("契約番号"),
        "starts_on": gettext_lazy("開始日"),
    },
}
# One line of each purpose, for who sets a form up.
SAMPLE: Final[dict[str, dict[str, Any]]] = {
    FormatPurpose.ORDER: {
        "number": "M2611-00012", "ordered_on": date(2026, 11, 24), "line": 1, "line_number": "M2611-00012-1",
        "model_number": "ABC-1Y-005", "name": gettext_lazy("見本の製品 1年 5-24"), "quantity": 10, "unit": gettext_lazy("ライセンス"),
        "unit_cost": 3640, "amount": 36400, "end_user_company": gettext_lazy("株式会社見本製作所"),
        "end_user_kana": gettext_lazy("ミホンセイサクショ"), "end_user_department": gettext_lazy("情報システム部"),
        "end_user_person": gettext_lazy("見本 花子"), "end_user_postal_code": "100-0001",
        "end_user_address": gettext_lazy("東京都千代田区千代田1-1"), "end_user_phone": "03-0000-0000",
        "end_user_email": "hanako@example.jp", "follows": "C-0001", "order_number": "87465-P2611-00034",
        "store": gettext_lazy("見本ストア"),
    },
    FormatPurpose.INVOICE: {
        "reference": "M2611-00012-1", "model_number": "ABC-1Y-005", "quantity": 10, "unit_yen": 3640,
    },
    FormatPurpose.KEYS: {
        "reference": "M2611-00012-1", "model_number": "ABC-1Y-005", "key": "AAAAA-BBBBB-CCCCC", "contract": "C-0001",
        "starts_on": date(2026, 12, 1),
    },
}  # fmt: skip
ENCODINGS: Final = {"utf-8-sig": gettext_lazy("UTF-8（BOM付き）"), "cp932": gettext_lazy("Shift_JIS")}
MOST_HEADING: Final = 60
OPTIONAL: Final = {"contract", "starts_on"}


def of(vendor: Vendor, purpose: str) -> VendorFormat:
    """The vendor's own form, else ours: a PDF for orders, CSV for what comes in, with all values."""
    found = VendorFormat.objects.filter(vendor=vendor, purpose=purpose).first()
    if found is not None:
        return found
    kind = FormatKind.PDF if purpose == FormatPurpose.ORDER else FormatKind.CSV
    columns = [[str(label), name] for name, label in VALUES[purpose].items()]
    return VendorFormat(vendor=vendor, purpose=purpose, kind=kind, columns=columns)


def columns(made: VendorFormat) -> Columns:
    """Its columns in order; one without any has all values under our names."""
    if made.columns:
        return [(str(heading), str(name)) for heading, name in made.columns]
    return [(str(label), name) for name, label in VALUES[made.purpose].items()]


def read(purpose: str, text: str) -> list[list[str]]:
    """Columns from lines "heading=value", as the desk writes them, the value by its label or name.

    Refused: `columns` (no such line, a value that there is none of, a heading or a value of what comes in twice).
    """
    found: list[list[str]] = []
    by_label = {str(label): name for name, label in VALUES[purpose].items()} | {name: name for name in VALUES[purpose]}
    for line in filter(None, (line.strip() for line in text.splitlines())):
        heading, mark, value = (part.strip() for part in line.replace("＝", "=").rpartition("="))  # house: typed
        if not mark or not heading or value not in by_label:
            known = "、".join(str(label) for label in VALUES[purpose].values())  # house: between names
            message = _("「%(line)s」を読めません。「見出し=項目」の形で、項目は次から選んでください：%(known)s")
            raise _bad(message % {"line": line[:60], "known": known})
        if len(heading) > MOST_HEADING or heading in {one for one, _name in found}:
            raise _bad(_("見出し「%(heading)s」が重複しているか、長すぎます。") % {"heading": heading[:MOST_HEADING]})
        found.append([heading, by_label[value]])
    _check_needed(purpose, [name for _heading, name in found])
    return found


def _check_needed(purpose: str, names: Sequence[str]) -> None:
    """What comes in is read by its columns, hence each stands once, and what it is matched by is there."""
    if purpose == FormatPurpose.ORDER or not names:
        return
    missing = [str(label) for name, label in VALUES[purpose].items() if name not in names and name not in OPTIONAL]
    if missing or len(set(names)) < len(names):
        message = _("次の項目を、それぞれ1列ずつ指定してください：%(names)s")
        needed = [str(label) for name, label in VALUES[purpose].items() if name not in OPTIONAL]
        raise _bad(message % {"names": "、".join(needed)})  # house: between names


def written(purpose: str, columns: Iterable[Sequence[str]]) -> str:
    """As `read` takes it."""
    values = VALUES.get(purpose, {})
    return "\n".join(f"{heading}={values.get(name, name)}" for heading, name in columns)


def _bad(message: str) -> Refused:
    return Refused(message, code="columns", field="columns")
