"""Who looks after a customer (担当): one person of the desk and one of the partner's staff, and neither side reads the other's."""

from collections.abc import Iterable
from typing import Any, Final

from django.db import models, transaction
from django.utils.translation import gettext as _

from licenseonline.accounts.models import Assignment, Side, SubjectKind, User
from licenseonline.kit import clock, rights
from licenseonline.kit.actors import ActorKind
from licenseonline.kit.errors import Refused
from licenseonline.kit.rights import RIGHTS, Right, StaffRole
from licenseonline.kit.tenancy import StoreModel, check_reach
from licenseonline.records import history

_KEY: Final = ["store", "side", "subject_type", "subject_id"]


def side_of(user: User) -> Side:
    """Whose staff this is."""
    return Side.DESK if user.actor_kind == ActorKind.OPERATOR else Side.PARTNER


def company_id_of(subject: StoreModel) -> int | None:
    """Which company it is about: itself, or a member's, quotation's or order's; None for a quotation that is no company's yet."""
    company_id: int | None = getattr(subject, "company_id", subject.pk)
    return company_id


def about(subject: StoreModel, *, by: User) -> dict[str, Any]:
    """What everything that is kept beside a subject says of it, for the acting person's own side, now.

    Refused: `company` (a quotation that is no company's yet). NotVisible for a subject of another store.
    """
    check_reach(subject.store_id, by)
    company_id = company_id_of(subject)
    if company_id is None:
        message = _("会社の登録がまだない見積には、メモ・ファイル・担当者を登録できません。")
        raise Refused(message, code="company")
    return {
        "store_id": subject.store_id,
        "side": side_of(by),
        "company_id": company_id,
        "subject_type": SubjectKind(str(subject._meta.model_name)),
        "subject_id": subject.pk,
        "by": by,
        "at": clock.now(),
    }


@rights.needs(Right.HELP_MEMBERS)
@transaction.atomic
def assign(subject: StoreModel, *, user: User | None, by: User) -> Assignment | None:
    """A company, member, quotation or order gets somebody of the acting person's own side to look after it; None takes it back.

    Of two at once the later one holds. Refused, field `user`: `user` (of the other side or another partner, not active, or in
    a role that does not see customers); as `about`.
    """
    facts, side = about(subject, by=by), side_of(by)
    if user is None:
        _release(subject, side, by)
        return None
    if not candidates(by).filter(pk=user.pk).exists():
        raise Refused(
            _("この担当者は選択できません。利用中の担当者から選び直してください。"), code="user", field="user"
        )
    wanted = Assignment(**facts, user=user)
    changed = ["user", "by", "at", "company"]
    Assignment.objects.bulk_create([wanted], update_conflicts=True, unique_fields=_KEY, update_fields=changed)
    history.record(subject, f"{subject._meta.model_name}.assigned", by=by, side=side.value, user=user.pk)
    return of(subject, side=side)


def _release(subject: StoreModel, side: Side, by: User) -> None:
    found = _of(subject, side)
    if found.delete()[0]:
        history.record(subject, f"{subject._meta.model_name}.released", by=by, side=side.value)


def of(subject: StoreModel, *, side: Side) -> Assignment | None:
    """Who of this side looks after it, with the person. Whoever may see the subject, of that side, may see this."""
    return _of(subject, side).select_related("user").first()


def of_many(kind: SubjectKind, ids: Iterable[int], *, by: User) -> dict[int, Assignment]:
    """Who of one's own side looks after these, by their ids; one query for a list's page."""
    rows = Assignment.objects.visible_to(by).filter(side=side_of(by), subject_type=kind, subject_id__in=list(ids))
    return {row.subject_id: row for row in rows.select_related("user")}


def ids_of(kind: SubjectKind, user: User | int, *, by: User) -> models.QuerySet[Assignment, int]:
    """The ids of what somebody of one's own side looks after, to narrow a list by."""
    rows = Assignment.objects.visible_to(by).filter(side=side_of(by), subject_type=kind, user=user)
    return rows.values_list("subject_id", flat=True)


def candidates(by: User) -> models.QuerySet[User]:
    """Who may be given something: active people of one's own side whose role sees customers, by name."""
    roles = [role for role in StaffRole if Right.VIEW_CUSTOMERS in RIGHTS[role]]
    return User.objects.filter(partner=by.partner, is_active=True, role__in=roles).order_by("name", "id")


def _of(subject: StoreModel, side: Side) -> models.QuerySet[Assignment]:
    return Assignment.objects.filter(
        store_id=subject.store_id, side=side, subject_type=subject._meta.model_name, subject_id=subject.pk
    )
