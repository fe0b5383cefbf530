"""Who may do what for a company: its administrators (管理者) look after roles; the desk helps when they have gone.

Everything here locks the company first, so that two changes at once cannot leave it without an administrator.
"""

from collections.abc import Iterable
from typing import Final

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from licenseonline.accounts import links, security_notices, sessions
from licenseonline.accounts.models import Company, CompanyState, MailLink, Member, Role, User
from licenseonline.accounts.security_notices import Kind
from licenseonline.kit import clock, rights, sql, states
from licenseonline.kit.errors import NotVisible, Refused
from licenseonline.kit.rights import Right
from licenseonline.records import history


class Reason(models.TextChoices):
    """Why the desk passes the role on; a choice, because the history keeps no personal text."""

    LEFT = "left", gettext_lazy("前の管理者の方が退職された")
    MOVED = "moved", gettext_lazy("前の管理者の方が異動された")
    ABSENT = "absent", gettext_lazy("前の管理者の方と長期間連絡が取れない")
    ASKED = "asked", gettext_lazy("前の管理者の方からの依頼")


def of(member: Member) -> models.QuerySet[Member]:
    """The member and all colleagues who are members now, administrators first."""
    rank = models.Case(
        *(models.When(role=role, then=position) for position, role in enumerate(Role.values)),
        output_field=models.IntegerField(),
    )
    return Member.objects.visible_to(member).filter(is_active=True).order_by(rank, "kana", "id")


def names(people: Iterable[int], *, of: Member) -> dict[int, str]:
    """What these people are called, by their ids, as far as they are or were members of the same company."""
    found = sql.rows(_NAMES, store=of.store_id, company=of.company_id, people=list(people))
    return dict(found)


_NAMES: Final = """
SELECT id, name FROM accounts_member
WHERE store_id = %(store)s AND company_id = %(company)s AND id = ANY(%(people)s)
"""


def check_admin(by: Member) -> None:
    """Only an administrator looks after the company and its people. Refused: `role`."""
    if not by.is_admin:
        raise Refused(_("このお手続きは、管理者の方だけが行えます。御社の管理者の方にご依頼ください。"), code="role")


def check_admin_remains(member: Member) -> None:
    """The last administrator of a company with colleagues cannot go: locks the company, then refuses (`last_admin`).

    Ask this in the transaction that takes the role or the member away.
    """
    states.lock(Company(pk=member.company_id))
    others = Member.objects.filter(store_id=member.store_id, company_id=member.company_id, is_active=True)
    others = others.exclude(pk=member.pk)
    if member.role == Role.ADMIN and others.exists() and not others.filter(role=Role.ADMIN).exists():
        message = _("最後の管理者の方です。先に、ほかの担当者の方を管理者にしてください。")
        raise Refused(message, code="last_admin")


@rights.in_person
@transaction.atomic
def change_role(colleague: Member, role: str, *, by: Member) -> Member:
    """An administrator gives a colleague (or gives up) another role; the colleague gets a mail.

    Refused: `role` (who is no administrator), `last_admin`; NotVisible for who is no colleague.
    """
    _lock(colleague, by)
    before, after = Role(colleague.role), Role(role)
    if before == after:
        return colleague
    if after != Role.ADMIN:
        check_admin_remains(colleague)
    colleague.role = after
    colleague.save(update_fields=["role"])
    history.record(colleague, "member.role_changed", by=by, before=before.value, after=after.value)
    facts = {_("変更前の権限"): str(before.label), _("変更後の権限"): str(after.label)}
    security_notices.send(colleague, Kind.ROLE_CHANGED, device=_by_colleague(by), facts=facts, can_stop=False)
    return colleague


@rights.in_person
@transaction.atomic
def remove(colleague: Member, *, by: Member) -> Member:
    """An administrator ends a colleague's membership: signed out everywhere, told by mail; the histories keep the name.

    Refused: `role`, `self` (one leaves by 退会手続き); NotVisible for who is no colleague.
    """
    _lock(colleague, by)
    if colleague.pk == by.pk:
        raise Refused(_("ご自身の登録は、「退会手続き」から解除してください。"), code="self")
    _end(colleague, by=by)
    security_notices.send(colleague, Kind.REMOVED, device=_by_colleague(by), can_stop=False)
    return colleague


@rights.needs(Right.REVIEW_COMPANIES)
@transaction.atomic
def hand_over(company: Company, *, to: Member, by: User, reason: str, instead_of: Member | None = None) -> Member:
    """The desk makes a member the administrator because the last one has gone, and tells every member of the company.

    `instead_of` is the administrator who has gone: no member any more. Refused: `reason` (not one of Reason); NotVisible
    for anyone but the operator's staff, and when somebody is no member of this company.
    """
    if reason not in Reason.values:
        raise Refused(_("理由を選択してください。"), code="reason", field="reason")
    states.lock(company)
    for member in filter(None, (to, instead_of)):
        states.lock(member)
        if member.company_id != company.pk or not member.is_active:
            raise NotVisible
    if to == instead_of:
        raise Refused(_("引き継ぐ方と、登録を解除する方が同じです。"), code="self", field="instead_of")
    everybody = list(Member.objects.filter(store_id=company.store_id, company=company, is_active=True))
    to.role = Role.ADMIN
    to.save(update_fields=["role"])
    if instead_of is not None:
        _end(instead_of, by=by)
    gone = instead_of.pk if instead_of else None
    history.record(company, "company.handed_over", by=by, to=to.pk, instead_of=gone, reason=reason)
    history.record(to, "member.role_changed", by=by, after=Role.ADMIN.value)
    facts = {_("新しい管理者"): _("%(name)s 様") % {"name": to.name}, _("理由"): str(Reason(reason).label)}
    for member in everybody:
        member.refresh_from_db()
        security_notices.send(member, Kind.HANDED_OVER, device=_("窓口"), facts=facts, can_stop=False)
    return to


def _lock(colleague: Member, by: Member) -> None:
    """Both as they are now, one change of a company at a time; then who may change whom."""
    if colleague.company_id != by.company_id:
        raise NotVisible
    states.lock(Company(pk=by.company_id))
    states.lock(by)
    states.lock(colleague)
    check_admin(by)
    if not by.is_active or not colleague.is_active or colleague.company_id != by.company_id:
        raise NotVisible


def _end(member: Member, *, by: Member | User) -> None:
    """No member any more: no session, no open link, no invitation made; the address is free for another registration."""
    sessions.end_all(member, by=by)
    member.is_active, member.withdrawn_at = False, clock.now()
    member.save(update_fields=["is_active", "withdrawn_at"])
    made = MailLink.objects.filter(store_id=member.store_id, created_by=member, used_at=None, withdrawn_at=None)
    for link in made.filter(purpose=MailLink.Purpose.INVITE):
        links.withdraw(link)
    history.record(member, "member.removed", by=by)


def _by_colleague(by: Member) -> str:
    return _("%(name)s 様（貴社の管理者）") % {"name": by.name}


def is_open(company: Company) -> bool:
    """Whether people can join it: not turned away by the desk, not merged into another."""
    return company.state in {CompanyState.ACTIVE, CompanyState.AWAITING_APPROVAL}
