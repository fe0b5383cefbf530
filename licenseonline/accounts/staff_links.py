"""Addresses in mails to staff that do one thing once. Only the mail knows the secret in them."""

from datetime import timedelta
from secrets import token_hex
from typing import Final

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from licenseonline.accounts import staff_mail
from licenseonline.accounts.models import StaffLink, StaffStatus, User
from licenseonline.kit import clock, crypto, scope, states
from licenseonline.kit.errors import Refused

LASTS: Final = {StaffLink.Purpose.START: timedelta(days=7), StaffLink.Purpose.REISSUE: timedelta(hours=24)}
_BYTES: Final = 20
_FOR: Final = {StaffLink.Purpose.START: StaffStatus.INVITED, StaffLink.Purpose.REISSUE: StaffStatus.ACTIVE}


def issue(user: User, purpose: StaffLink.Purpose) -> StaffLink:
    """Make a link and mail it, as the platform. An older start link ends; a reissue does not, for a stranger may have asked."""
    if purpose == StaffLink.Purpose.START:
        _open(user).filter(purpose=purpose).update(withdrawn_at=clock.now())
    secret = token_hex(_BYTES)
    now = clock.now()
    link = StaffLink.objects.create(
        purpose=purpose,
        user=user,
        secret_hash=crypto.fingerprint(secret),
        created_at=now,
        expires_at=now + LASTS[purpose],
    )
    staff_mail.link(link, secret)
    return link


def opened(secret: str, *, purpose: StaffLink.Purpose, of_operator: bool, lock: bool = False) -> StaffLink:
    """The link with this secret of this side's staff, as the platform; nothing changes. With `lock`, of two at once one wins.

    Refused: `unknown` (mistyped, of the other side or purpose, of somebody it is of no use to), `used`, `expired`.
    """
    with scope.platform():
        links = StaffLink.objects.select_related("user__partner").filter(purpose=purpose)
        links = links.filter(user__partner__isnull=of_operator, secret_hash=crypto.fingerprint(secret))
        link = (links.select_for_update(of=("self",)) if lock else links).first()
    if link is not None and link.used_at:
        raise Refused(_("このURLのお手続きは、すでに完了しています。"), code="used")
    if link is None or (link.user.status != _FOR[purpose] and not link.withdrawn_at):
        hint = _("このURLは正しくありません。途中で切れていないか、メールに記載のURLと同じかをご確認ください。")
        raise Refused(hint, code="unknown")
    if link.withdrawn_at or link.expires_at <= clock.now():
        hint = _("このURLは無効になりました。有効期限が過ぎたか、新しいURLをお送りしています。")
        raise Refused(hint, code="expired")
    return link


def withdraw_all(user: User) -> None:
    """None of the person's links does anything any more."""
    _open(user).update(withdrawn_at=clock.now())


@app.task(name="accounts.staff_links.renew", retry=3)
def renew(link_id: int) -> None:
    """Mail the link again with a new secret, because its mail is sent again. A link that is over is not renewed."""
    with scope.platform():
        old = states.lock(StaffLink.objects.select_related("user__partner").get(pk=link_id))
        user = User.objects.select_related("partner").get(pk=old.user_id)
        purpose = StaffLink.Purpose(old.purpose)
        if old.used_at or old.withdrawn_at or user.status != _FOR[purpose]:
            return
        old.withdrawn_at = clock.now()
        old.save(update_fields=["withdrawn_at"])
        issue(user, purpose)


def _open(user: User) -> QuerySet[StaffLink]:
    return StaffLink.objects.filter(user=user, used_at=None, withdrawn_at=None)
