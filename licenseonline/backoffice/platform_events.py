"""The history of staff, partners and stores as the desk reads it: who did what when, and each changed setting."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from licenseonline.accounts.models import User
from licenseonline.backoffice.store_forms import ROUNDINGS
from licenseonline.kit.rights import StaffRole
from licenseonline.records.models import PlatformEntry

_EVENTS: dict[str, Promise] = {
    "staff.invited": _("招待"),
    "staff.start_sent": _("開始のご案内の再送"),
    "staff.started": _("利用開始"),
    "staff.role_changed": _("役割の変更"),
    "staff.stopped": _("停止"),
    "staff.exported": _("一覧の書き出し"),
    "staff.resumed": _("利用の再開"),
    "staff.second_factor_reset": _("二段階認証の再設定"),
    "staff.reissue_sent": _("パスワード再発行のご案内"),
    "staff.password_reissued": _("パスワードの再発行"),
    "partner.appointed": _("登録"),
    "partner.renamed": _("名称の変更"),
    "partner.stopped": _("取引の停止"),
    "partner.resumed": _("取引の再開"),
    "partner.closed": _("取引の終了"),
}
_FIELDS: dict[str, Promise] = {
    "role": _("役割"),
    "name": _("名称"),
    "spid": _("SPID"),
    "again": _("再開"),
    "stores": _("休止・閉店・再開したストア"),
    "list": _("一覧"),
    "file": _("ファイルの形式"),
    "rows": _("件数"),
    "store": _("ストア"),
    "staff": _("停止・再開した担当者の人数"),
}

_LONG: Final = 160


@dataclass(frozen=True, slots=True)
class Change:
    """A setting before and after; `before` is None where there was none."""

    label: str
    before: str | None
    after: str

    @property
    def is_long(self) -> bool:
        """Whether it is a text to be opened, not a word to be read in passing."""
        return len(self.before or "") + len(self.after) > _LONG


@dataclass(frozen=True, slots=True)
class Event:
    """One entry in words."""

    at: datetime
    label: str
    who: str
    changes: list[Change]


def described(
    entries: Iterable[PlatformEntry],
    *,
    events: Mapping[str, Promise] | None = None,
    fields: Mapping[str, Promise] | None = None,
) -> list[Event]:
    """The entries in words; an event or field that nobody named shows its own name."""
    found = list(entries)
    people = User.objects.in_bulk({entry.actor_id for entry in found if entry.actor_id})
    names, labels = {**_EVENTS, **(events or {})}, {**_FIELDS, **(fields or {})}
    return [
        Event(
            at=entry.at,
            label=str(names.get(entry.event, entry.event)),
            who=people[entry.actor_id].name if entry.actor_id in people else "",
            changes=changes(entry.facts, labels),
        )
        for entry in found
    ]


def changes(facts: Mapping[str, object], labels: Mapping[str, Promise]) -> list[Change]:
    """Settings in words, before and after."""
    return [_change(str(labels.get(name, name)), name, value) for name, value in facts.items()]


def _change(label: str, name: str, value: object) -> Change:
    if isinstance(value, list):
        before, after = value
        return Change(label, None if before is None else _words(name, before), _words(name, after))
    return Change(label, None, _words(name, value))


def _words(name: str, value: object) -> str:
    if isinstance(value, bool):
        return gettext("はい") if value else gettext("いいえ")
    if name == "rounding":
        return str(dict(ROUNDINGS).get(str(value), value))
    if name == "per_mille" and isinstance(value, int):
        return f"{value / 10:g}%"
    if name == "role" and value in set(StaffRole):
        return str(StaffRole(str(value)).label)
    return gettext("（なし）") if value in {None, ""} else str(value)
