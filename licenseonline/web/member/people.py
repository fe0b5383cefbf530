"""Who did what, as a member may read it: colleagues by name, staff as the desk."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from django.utils.translation import gettext as _

from licenseonline.accounts import colleagues
from licenseonline.accounts.models import Member
from licenseonline.kit.actors import ActorKind
from licenseonline.records.models import HistoryEntry


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of a timeline."""

    at: datetime
    who: str
    text: str


def names(
    entries: Iterable[HistoryEntry], *, member: Member, known: Mapping[int, str] = MappingProxyType({})
) -> dict[int, str]:
    """Who made each entry, by the entry's id; one query for any number, none when it was all this member or who is `known`."""
    entries = list(entries)
    people = {**known, member.pk: member.name}
    others = {entry.actor_id or 0 for entry in entries if entry.actor_kind == ActorKind.MEMBER} - people.keys()
    if others:
        people |= colleagues.names(others, of=member)
    return {entry.pk: _name(entry, people) for entry in entries}


def _name(entry: HistoryEntry, people: dict[int, str]) -> str:
    if entry.actor_kind == ActorKind.MEMBER:
        return people.get(entry.actor_id or 0, _("退会された会員"))
    if "for_member" in entry.facts:
        return _("セールスパートナー（代理操作）") if entry.actor_kind == ActorKind.PARTNER else _("窓口（代理操作）")
    return _("窓口") if entry.actor_kind else _("自動処理")
