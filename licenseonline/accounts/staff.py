"""Staff of the operator and of partners: who is invited, in which role, until when.

An account is its owner's from the first moment: the mailed link (staff_links) lets the invited person choose the password and
set up the second factor; nobody else ever knows either. Everything here is told to the person by mail.
"""

import pyotp
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from licenseonline.accounts import passwords, sessions, staff_links, staff_mail
from licenseonline.accounts.models import StaffLink, StaffStatus, User
from licenseonline.accounts.staff_mail import Notice
from licenseonline.kit import clock, crypto, rights, scope
from licenseonline.kit.errors import NotVisible, Refused
from licenseonline.kit.rights import OPERATOR_ROLES, PARTNER_ROLES, Right, StaffRole
from licenseonline.kit.text import normalize_email, squash
from licenseonline.records import history
from licenseonline.stores import stores
from licenseonline.stores.models import Partner

_START = StaffLink.Purpose.START


def appoint(  # noqa: PLR0913  (what an account is made of, all named)
    email: str,
    *,
    name: str,
    password: str,
    partner: Partner | None,
    role: StaffRole | None = None,
    totp_secret: str | None = None,
) -> User:
    """Make a staff account at once, of the operator when there is no partner: for the command line and the demo.

    Without a role it is the one that may do all: 管理者 of the operator, 責任者 of a partner.

    `totp_secret` (base32) is given only where it must be known beforehand, as in the demo; else it is random.
    """
    return User.objects.create(
        email=normalize_email(email),
        name=name,
        password=passwords.hashed(password),
        partner=partner,
        role=role or highest(partner),
        totp_secret=crypto.encrypt(totp_secret or pyotp.random_base32()),
    )


def highest(partner: Partner | None) -> StaffRole:
    """The role that may do all of its side, and that somebody always has."""
    return StaffRole.HEAD if partner else StaffRole.ADMIN


def roles_of(partner: Partner | None) -> tuple[StaffRole, ...]:
    """The roles of one side."""
    return PARTNER_ROLES if partner else OPERATOR_ROLES


@rights.needs(Right.MANAGE_STAFF)
def invite(email: str, *, name: str, role: StaffRole, partner: Partner | None, by: User) -> User:
    """Give somebody an account of this side and mail the link that starts it (7 days); a stopped one begins anew.

    Refused: `role` (of the other side), `exists` (the address has an account there, started or waiting), field each;
    NotVisible to a partner's staff for any other side than their own.
    """
    if by.partner_id and (partner is None or partner.pk != by.partner_id):
        raise NotVisible
    with scope.platform():
        return make(email, name=name, role=role, partner=partner, by=by)


def make(email: str, *, name: str, role: StaffRole, partner: Partner | None, by: User) -> User:
    """What `invite` does, for verbs that have asked for another right. Refused besides: as stores.check_trades."""
    if role not in roles_of(partner):
        raise Refused(_("役割を選択してください。"), code="role", field="role")
    if partner is not None:
        stores.check_trades(partner)
    address = normalize_email(email)
    found = User.objects.select_for_update(of=("self",)).filter(partner=partner, email=address).first()
    if found is not None and found.status != StaffStatus.STOPPED:
        hint = _("このメールアドレスの担当者は、すでに登録されています。開始のご案内は、一覧から再送できます。")
        raise Refused(hint, code="exists", field="email")
    user = found or User(email=address, partner=partner)
    user.name, user.role = squash(name), role
    _unstart(user)
    history.record_platform(user, "staff.invited", by=by, role=role.value, again=found is not None)
    staff_links.issue(user, _START)
    return user


@rights.needs(Right.MANAGE_STAFF)
def send_again(user: User, *, by: User) -> None:
    """Mail another start link in place of the one before. Refused: `state` (started already, or stopped)."""
    with scope.platform():
        _lock_reached(user, by)
        if user.status != StaffStatus.INVITED:
            raise Refused(_("この担当者は、開始のご案内を待っている状態ではありません。"), code="state")
        staff_links.issue(user, _START)
        history.record_platform(user, "staff.start_sent", by=by)


@rights.needs(Right.MANAGE_STAFF)
def change_role(user: User, role: StaffRole, *, by: User) -> None:
    """Give somebody another role of their side. Refused, field `role`: `role` (of the other side), `last` (see `stop`)."""
    with scope.platform():
        _lock_reached(user, by)
        if role not in roles_of(user.partner):
            raise Refused(_("役割を選択してください。"), code="role", field="role")
        before = StaffRole(user.role)
        if before == role:
            return
        _check_not_last(user)
        user.role = role
        user.save(update_fields=["role"])
        history.record_platform(user, "staff.role_changed", by=by, role=[before.value, role.value])
        staff_mail.notice(user, Notice.ROLE_CHANGED, by=by, facts=[[_("役割"), str(role.label)]])


@rights.needs(Right.MANAGE_STAFF)
def stop(user: User, *, by: User) -> None:
    """Nobody signs in with this account any more, sessions end at once, and its links do nothing. Stopped twice is stopped.

    Refused: `self` (one's own), `last` (nobody else of that side is active in the highest role, so nobody could invite).
    """
    with scope.platform():
        _lock_reached(user, by)
        if user.status == StaffStatus.STOPPED:
            return
        if user.pk == by.pk:
            raise Refused(_("ご自身のアカウントは停止できません。ほかの担当者にご依頼ください。"), code="self")
        _check_not_last(user)
        user.is_active, user.stopped_at = False, clock.now()
        user.save(update_fields=["is_active", "stopped_at"])
        sessions.of(user).delete()
        staff_links.withdraw_all(user)
        history.record_platform(user, "staff.stopped", by=by)
        staff_mail.notice(user, Notice.STOPPED, by=by)


@rights.needs(Right.MANAGE_STAFF)
def reset_second_factor(user: User, *, by: User) -> None:
    """Take password and second factor off somebody who has lost the device, and mail a new start link; sessions end.

    Refused: `self` (whoever holds one's open screen would get in), `state` (not started, or stopped).
    """
    with scope.platform():
        _lock_reached(user, by)
        if user.pk == by.pk:
            hint = _("ご自身の二段階認証は再設定できません。ほかの責任者・管理者にご依頼ください。")
            raise Refused(hint, code="self")
        if user.status != StaffStatus.ACTIVE:
            raise Refused(_("利用中の担当者ではありません。開始のご案内を再送してください。"), code="state")
        _unstart(user)
        sessions.of(user).delete()
        staff_links.withdraw_all(user)
        history.record_platform(user, "staff.second_factor_reset", by=by)
        staff_links.issue(user, _START)


def _unstart(user: User) -> None:
    """Back to the beginning: no password, a new second factor, not active until the start link is used."""
    user.password, user.is_active, user.stopped_at = passwords.NONE, False, None
    user.totp_secret, user.totp_step = crypto.encrypt(pyotp.random_base32()), 0
    user.save()


def _lock_reached(user: User, by: User) -> None:
    """Lock the side's highest first, in one order for everybody, then the row. A partner's staff reach their colleagues only."""
    if by.partner_id and user.partner_id != by.partner_id:
        raise NotVisible
    list(_highest(user).values_list("pk", flat=True))
    if by.partner_id == user.partner_id:
        # Whoever was demoted or stopped while this waited may not go on.
        fresh = User.objects.get(pk=by.pk)
        if not fresh.is_active:
            raise NotVisible
        rights.check(fresh, Right.MANAGE_STAFF)
    user.refresh_from_db(from_queryset=User.objects.select_for_update(of=("self",)).select_related("partner"))


def _highest(user: User) -> QuerySet[User]:
    people = User.objects.select_for_update(of=("self",)).filter(partner=user.partner, is_active=True)
    return people.filter(role=highest(user.partner)).order_by("pk")


def _check_not_last(user: User) -> None:
    if set(_highest(user).values_list("pk", flat=True)) == {user.pk}:
        label = highest(user.partner).label
        hint = _("最後の%(role)sは、停止したり役割を変えたりできません。先に、ほかの方を%(role)sにしてください。")
        raise Refused(hint % {"role": label}, code="last", field="role")
