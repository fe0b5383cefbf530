"""お客様情報 and メールマガジンの配信設定: what members change about themselves."""

from collections.abc import Mapping
from typing import Final

from django.db import models, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from licenseonline.accounts import consents, security_notices
from licenseonline.accounts.models import Consent, Member
from licenseonline.accounts.security_notices import Kind
from licenseonline.kit import rights
from licenseonline.kit.errors import NotVisible
from licenseonline.records import history

PERSON: Final[Mapping[str, Promise]] = {
    "name": gettext_lazy("お名前"),
    "kana": gettext_lazy("フリガナ"),
    "department": gettext_lazy("部署"),
    "title": gettext_lazy("役職"),
    "phone": gettext_lazy("電話番号"),
}


@rights.in_person
@transaction.atomic
def change_person(member: Member, values: Mapping[str, str], *, by: Member, device: str = "") -> list[str]:
    """Members change their own name, reading, department, title and phone; the same again changes nothing and mails nobody.

    `values` are the fields of PERSON. Answers which changed. NotVisible for anybody else's data, a colleague's too.
    """
    _check_own(member, by)
    changed = update(member, {name: values[name] for name in PERSON})
    if changed:
        history.record(member, "member.person_changed", by=by, fields=",".join(changed))
        facts = {_("変更した項目"): words(changed, PERSON)}
        security_notices.send(member, Kind.PERSON_CHANGED, device=device, facts=facts)
    return changed


@rights.in_person
@transaction.atomic
def choose_newsletter(  # noqa: PLR0913  (the choice and its proof, all named)
    member: Member, *, wanted: bool, source: str, network: str, by: Member, device: str = "", tell: bool = True
) -> bool:
    """The member asks for the store's newsletter or ends it, with the proof of when and from where. Answers if it changed.

    `source` is the page (its route's name); `tell` is off where another mail says it. NotVisible for anybody but the member.
    """
    _check_own(member, by)
    if not update(member, {"newsletter": wanted}):
        return False
    consents.record(member, Consent.Kind.NEWSLETTER, given=wanted, source=source, network=network)
    history.record(member, "member.newsletter_chosen", by=by, wanted=wanted)
    if tell:
        facts = {_("配信"): _("希望する") if wanted else _("希望しない")}
        security_notices.send(member, Kind.NEWSLETTER_CHANGED, device=device, facts=facts)
    return True


def update(row: models.Model, values: Mapping[str, object]) -> list[str]:
    """Save what differs; answers the names of these fields."""
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    if changed:
        row.save(update_fields=changed)
    return changed


def words(fields: list[str], labels: Mapping[str, Promise]) -> str:
    """What the fields are called, in one line."""
    return _("、").join(str(labels[name]) for name in fields)


def _check_own(member: Member, by: Member) -> None:
    if by.pk != member.pk:
        raise NotVisible
