"""The fields of a vendor's form (エンドユーザー情報) as the desk writes them: one line each, cells between upright strokes."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from licenseonline.kit.errors import Refused
from licenseonline.sales import end_users

Field = dict[str, Any]

KINDS: Final[dict[str, Promise]] = {
    "text": gettext_lazy("文字"),
    "kana": gettext_lazy("カナ"),
    "tel": gettext_lazy("電話番号"),
    "mail": gettext_lazy("メールアドレス"),
    "date": gettext_lazy("日付"),
    "number": gettext_lazy("数字"),
    "choice": gettext_lazy("選択"),
}
PREFILLS: Final[dict[str, Promise]] = {
    "company": gettext_lazy("会社名"),
    "kana": gettext_lazy("会社名カナ"),
    "department": gettext_lazy("部署名"),
    "person": gettext_lazy("担当者名"),
    "person_kana": gettext_lazy("担当者名カナ"),
    "postal_code": gettext_lazy("郵便番号"),
    "address": gettext_lazy("住所"),
    "phone": gettext_lazy("電話番号"),
    "email": gettext_lazy("メールアドレス"),
}
MOST_FIELDS: Final = 60
MOST_LABEL: Final = 60
_STROKE: Final = re.compile(r"[|｜]")  # house: typed
_COMMA: Final = re.compile("[、,，]")  # house: typed
_CELLS: Final = 7


def read(text: str, before: Iterable[Field] = ()) -> list[Field]:
    """Fields from lines 表示名｜種類｜必須・任意｜初期値｜見出し｜文字数｜選択肢; what stands behind may be left out.

    A label that was there `before` keeps its name, so that what a buyer filled in last time is found. Refused (`fields`): no
    line, a label twice, an unknown kind or prefill, a choice without choices, each with its line.
    """
    names = {field["label"]: field["name"] for field in before}
    found: list[Field] = []
    for number, line in enumerate(filter(str.strip, text.splitlines()), start=1):
        cells = [cell.strip() for cell in _STROKE.split(line)]
        field = _field([*cells, *[""] * _CELLS][:_CELLS], number)
        if field["label"] in {one["label"] for one in found}:
            raise _bad(number, _("表示名が重複しています。"))
        found.append({"name": names.get(field["label"]) or _name(field, found), **field})
    if not 0 < len(found) <= MOST_FIELDS:
        message = _("項目を1行に1つずつ、%(most)s行までで入力してください。") % {"most": MOST_FIELDS}
        raise Refused(message, code="fields", field="fields")
    return found


def written(fields: Iterable[Mapping[str, Any]]) -> str:
    """As `read` takes them."""
    return "\n".join("｜".join(_cells(field)).rstrip("｜") for field in fields)  # house: as it is typed


def _cells(field: Mapping[str, Any]) -> list[str]:
    return [
        field["label"],
        str(KINDS[field.get("kind", "text")]),
        _("必須") if field.get("required") else _("任意"),
        str(PREFILLS.get(field.get("prefill", ""), "")),
        field.get("column", ""),
        str(field.get("most") or ""),
        _("、").join(field.get("choices", [])),
    ]


def _field(cells: list[str], number: int) -> Field:
    label, kind, needed, prefill, column, most, choices = cells
    if not 0 < len(label) <= MOST_LABEL:
        raise _bad(number, _("表示名を%(most)s文字以内で入力してください。") % {"most": MOST_LABEL})
    field: Field = {"label": label, "kind": _one_of(KINDS, kind or str(KINDS["text"]), number)}
    if needed not in {"", _("必須"), _("任意")}:
        raise _bad(number, _("3番目には「必須」または「任意」と入力してください。"))
    field["required"] = needed == _("必須")
    if prefill:
        field["prefill"] = _one_of(PREFILLS, prefill, number)
    if column:
        field["column"] = column[:MOST_LABEL]
    if most:
        field["most"] = _most(most, number)
    options = [one.strip() for one in _COMMA.split(choices) if one.strip()]
    if (field["kind"] == "choice") != bool(options):
        raise _bad(number, _("種類が「選択」のときだけ、選択肢を「、」で区切って最後に入力してください。"))
    return {**field, "choices": options} if options else field


def _one_of(known: Mapping[str, Promise], label: str, number: int) -> str:
    for name, words in known.items():
        if label in {name, str(words)}:
            return name
    labels = _("、").join(map(str, known.values()))
    raise _bad(
        number, _("「%(label)s」は使えません。次から選んでください：%(known)s") % {"label": label[:40], "known": labels}
    )


def _most(text: str, number: int) -> int:
    plain = unicodedata.normalize("NFKC", text)
    if not re.fullmatch(r"[0-9]{1,4}", plain) or not 0 < int(plain) <= end_users.MOST:
        raise _bad(number, _("文字数は1から%(most)sまでで入力してください。") % {"most": end_users.MOST})
    return int(plain)


def _name(field: Field, before: Iterable[Field]) -> str:
    """What answers are kept under: what it is prefilled with, else a mark of its label."""
    prefill = field.get("prefill", "")
    if prefill and prefill not in {one["name"] for one in before}:
        return str(prefill)
    return "f_" + hashlib.sha256(field["label"].encode()).hexdigest()[:12]


def _bad(number: int, message: str) -> Refused:
    said = _("%(line)s行目：%(message)s") % {"line": number, "message": message}
    return Refused(said, code="fields", field="fields")
