"""The password of staff: chosen when the account is started, and anew by a mailed link.

A reissue leaves the second factor as it is; the old password stays good until the link is used, so that nobody locks
another out. The request looks nothing up: the job does.
"""

from datetime import timedelta

import pyotp
from django.conf import settings
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from licenseonline.accounts import codes, failures, passwords, sessions, staff_links, staff_mail
from licenseonline.accounts.models import StaffLink, User
from licenseonline.accounts.staff_mail import Notice
from licenseonline.kit import clock, crypto, scope
from licenseonline.kit.errors import Refused
from licenseonline.kit.text import normalize_email
from licenseonline.records import history

MOST_PER_HOUR = 5  # mails to one address; twenty times that from one network
_START, _REISSUE = StaffLink.Purpose.START, StaffLink.Purpose.REISSUE


def setup_secret(link: StaffLink) -> str:
    """The second factor's secret (base32) that the start page shows; the same each time the link is opened."""
    return crypto.decrypt(link.user.totp_secret)


def setup_address(link: StaffLink) -> str:
    """The otpauth: address that authenticator apps read from a QR code."""
    user = link.user
    name = f"{user.partner.spid} {user.email}" if user.partner else user.email
    return pyotp.TOTP(setup_secret(link)).provisioning_uri(name=name, issuer_name=settings.PLATFORM_NAME)


def start(secret: str, *, password: str, code: str, of_operator: bool) -> User:
    """Begin to use an account: the password, and the second factor once the app has shown that it makes its codes.

    Refused: as staff_links.opened, as passwords.check (`password`), `code` (field `code`); then the link stays good.
    """
    with scope.platform():
        link = staff_links.opened(secret, purpose=_START, of_operator=of_operator, lock=True)
        user = link.user
        _check(user, password)
        step = codes.step_of(code, secret=setup_secret(link), last_step=0)
        if step is None:
            hint = _("確認コードが違います。アプリに表示されている新しい6桁の数字を入力してください。")
            raise Refused(hint, code="code", field="code")
        user.password, user.totp_step, user.is_active = passwords.hashed(password), step, True
        user.save(update_fields=["password", "totp_step", "is_active"])
        _use(link)
        history.record_platform(user, "staff.started", by=user)
        staff_mail.notice(user, Notice.STARTED, by=user)
        return user


def ask_reissue(spid: str, *, email: str, network: str) -> None:
    """Somebody of this partner (of the operator when empty) asks for a link to a new password; what comes of it is the mail's.

    Refused (`throttled`): too often for this address or from this network, be the address known or not.
    """
    address = normalize_email(email)
    asked = failures.subject(f"staff-reissue:{spid}:{address}")
    subjects = {asked: MOST_PER_HOUR, failures.subject(f"staff-reissue-network:{network}"): 20 * MOST_PER_HOUR}
    failures.one_at_a_time(asked)
    if failures.are_too_many(subjects, within=timedelta(hours=1)):
        hint = _(
            "再発行のご依頼が続いています。届いているメールをご確認のうえ、1時間ほど経ってからもう一度お試しください。"
        )
        raise Refused(hint, code="throttled")
    failures.count(subjects)
    answer.defer(email=crypto.encrypt(address), spid=spid)


@app.task(name="accounts.staff_passwords.answer", retry=3)
def answer(email: str, spid: str) -> None:
    """Mail the link to who can sign in under this (encrypted) address and SPID; an address that is nobody's gets no mail."""
    with scope.platform():
        people = User.objects.select_related("partner").filter(email=crypto.decrypt(email), is_active=True)
        user = (people.filter(partner__spid=spid) if spid else people.filter(partner=None)).first()
        if user is not None:
            staff_links.issue(user, _REISSUE)
            history.record_platform(user, "staff.reissue_sent", by=None)


def reissue(secret: str, *, password: str, of_operator: bool) -> User:
    """Another password; sessions end, other links to a new one too. Refused: as staff_links.opened and passwords.check."""
    with scope.platform():
        link = staff_links.opened(secret, purpose=_REISSUE, of_operator=of_operator, lock=True)
        user = link.user
        _check(user, password)
        user.password = passwords.hashed(password)
        user.save(update_fields=["password"])
        _use(link)
        staff_links.withdraw_all(user)
        sessions.of(user).delete()
        history.record_platform(user, "staff.password_reissued", by=user)
        staff_mail.notice(user, Notice.PASSWORD_CHANGED, by=user)
        return user


def _check(user: User, password: str) -> None:
    names = [user.name, *([user.partner.name, user.partner.spid] if user.partner else [])]
    passwords.check(password, email=user.email, names=names, has_second_factor=True)


def _use(link: StaffLink) -> None:
    link.used_at = clock.now()
    link.save(update_fields=["used_at"])
