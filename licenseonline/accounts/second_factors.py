"""二段階認証 of members, if they want it: a code of an authenticator app after the password, or a recovery code."""

from datetime import timedelta
from typing import Final

import pyotp
from django.utils.translation import gettext as _

from licenseonline.accounts import codes, failures, passwords, security_notices, sign_in
from licenseonline.accounts.models import Member, RecoveryCode, User
from licenseonline.accounts.security_notices import Kind
from licenseonline.kit import clock, crypto, rights, states
from licenseonline.kit.errors import Refused
from licenseonline.kit.rights import Right
from licenseonline.records import history

RECOVERY_CODES: Final = 10
WINDOW = timedelta(minutes=15)
MOST_FAILURES = 5  # from one network
MOST_FAILURES_ANYWHERE = 10  # whoever comes this far knows the password
_RECOVERY_LENGTH: Final = 12


def new_secret() -> str:
    """A secret (base32, 160 bits) to set an authenticator app up with."""
    return pyotp.random_base32()


def setup_address(member: Member, secret: str) -> str:
    """The otpauth: address that apps read from a QR code, under the store's name."""
    return pyotp.TOTP(secret).provisioning_uri(name=member.email, issuer_name=member.store.name)


@rights.in_person
def turn_on(member: Member, *, secret: str, code: str, by: Member, device: str) -> list[str]:
    """Ask for codes from now on, once the app has shown that it makes them; answers the recovery codes, to be shown once.

    Refused: `state` (it is on already), `code` (field `code`).
    """
    if states.lock(member).has_second_factor:
        raise Refused(_("二段階認証は、すでに設定されています。"), code="state")
    step = codes.step_of(code, secret=secret, last_step=0)
    if step is None:
        raise _wrong_code()
    member.totp_secret, member.totp_step = crypto.encrypt(secret), step
    member.save(update_fields=["totp_secret", "totp_step"])
    made = _new_codes(member)
    history.record(member, "member.second_factor_on", by=by)
    security_notices.send(member, Kind.SECOND_FACTOR_ON, device=device)
    return made


@rights.in_person
def turn_off(member: Member, *, current: str, by: Member, network: str, device: str) -> None:
    """Ask for the password alone from now on. Refused: as sign_in.check_password; `short` when the password is too short for that."""
    sign_in.check_password(member, current, network=network)
    if passwords.is_short(current):
        hint = _(
            "パスワードだけでログインするには、%(least)s文字以上のパスワードが必要です。先にパスワードを変更してください。"
        )
        raise Refused(hint % {"least": passwords.LEAST}, code="short", field="current")
    _clear(member)
    history.record(member, "member.second_factor_off", by=by)
    security_notices.send(member, Kind.SECOND_FACTOR_OFF, device=device)


@rights.in_person
def renew_codes(member: Member, *, current: str, by: Member, network: str, device: str) -> list[str]:
    """New recovery codes in place of the old; to be shown once. Refused: as sign_in.check_password, `state` (it is off)."""
    sign_in.check_password(member, current, network=network)
    if not states.lock(member).has_second_factor:
        raise Refused(_("二段階認証は設定されていません。"), code="state")
    made = _new_codes(member)
    history.record(member, "member.recovery_codes_renewed", by=by)
    security_notices.send(member, Kind.RECOVERY_CODES_RENEWED, device=device)
    return made


@rights.needs(Right.HELP_MEMBERS)
def reset(member: Member, *, reason: str, by: User) -> None:
    """The desk takes the second factor off a member who has lost it and has shown who he is. Refused: `state` (it is off).

    `reason` says how the desk made sure; it goes into the mail, for history keeps no text.
    """
    if not states.lock(member).has_second_factor:
        raise Refused(_("この会員は二段階認証を設定していません。"), code="state")
    _clear(member)
    history.record(member, "member.second_factor_reset", by=by)
    facts = {_("窓口での確認"): reason}
    security_notices.send(member, Kind.SECOND_FACTOR_RESET, device=_("窓口"), facts=facts)


def stop(member: Member) -> None:
    """Take it off because its owner says that a stranger set it up; the verb that calls it writes history and mail."""
    _clear(member)


def unused_codes(member: Member) -> int:
    """How many recovery codes are left."""
    return RecoveryCode.objects.filter(store_id=member.store_id, member=member, used_at=None).count()


def check(member: Member, code: str, *, network: str, device: str) -> None:
    """The second step of signing in: a code of the app or a recovery code, each good for once.

    Refused: `code` (field `code`), `throttled`. The caller must let its transaction commit after a refusal.
    """
    account = failures.subject(f"second-factor:{member.pk}")
    here = failures.subject(f"second-factor:{member.pk}@{network}")
    subjects = {here: MOST_FAILURES, account: MOST_FAILURES_ANYWHERE}
    failures.one_at_a_time(account)
    if failures.are_too_many(subjects, within=WINDOW):
        hint = _("確認コードの誤りが続いたため、一時的に停止しています。15分ほど経ってからもう一度お試しください。")
        raise Refused(hint, code="throttled")
    if not states.lock(member).has_second_factor:  # taken off since the first step
        return
    step = codes.step_of(code, secret=crypto.decrypt(member.totp_secret), last_step=member.totp_step)
    if step is not None:
        member.totp_step = step
        member.save(update_fields=["totp_step"])
    elif not _take(member, code):
        failures.count(subjects)
        raise _wrong_code()
    else:
        history.record(member, "member.recovery_code_used", by=member)
        left = _("%(count)s個") % {"count": unused_codes(member)}
        facts = {_("残りのリカバリーコード"): left}
        security_notices.send(member, Kind.RECOVERY_CODE_USED, device=device, facts=facts)
    failures.forget(here)


def _take(member: Member, code: str) -> bool:
    """Use a recovery code up, in one statement."""
    found = RecoveryCode.objects.filter(member=member, fingerprint=_fingerprint(member, code), used_at=None)
    return bool(found.update(used_at=clock.now()))


def _new_codes(member: Member) -> list[str]:
    RecoveryCode.objects.filter(member=member).delete()
    made = [codes.random(_RECOVERY_LENGTH) for _ in range(RECOVERY_CODES)]
    RecoveryCode.objects.bulk_create(
        RecoveryCode(store_id=member.store_id, member=member, fingerprint=_fingerprint(member, code)) for code in made
    )
    return made


def _clear(member: Member) -> None:
    states.lock(member)
    member.totp_secret, member.totp_step = "", 0
    member.save(update_fields=["totp_secret", "totp_step"])
    RecoveryCode.objects.filter(member=member).delete()


def _fingerprint(member: Member, code: str) -> str:
    return crypto.fingerprint(f"recovery:{member.pk}:{codes.plain(code)}")


def _wrong_code() -> Refused:
    hint = _("確認コードが違うか、すでに使われています。アプリに表示されている新しい6桁の数字を入力してください。")
    return Refused(hint, code="code", field="code")
