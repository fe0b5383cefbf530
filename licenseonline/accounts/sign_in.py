"""Signing in: what is asked of members and staff, and how guessing is slowed down.

Answers never tell whether an address exists: unknown and wrong take the same time and give the same sentence.
"""

from datetime import timedelta

import pyotp
from django.utils.translation import gettext as _

from licenseonline.accounts import failures, passwords
from licenseonline.accounts.models import Member, User
from licenseonline.kit import clock, crypto
from licenseonline.kit.errors import Refused
from licenseonline.kit.text import normalize_email
from licenseonline.stores.models import Store

WINDOW = timedelta(minutes=15)
MOST_PER_ACCOUNT = 5  # from one network
MOST_PER_ACCOUNT_ANYWHERE = 50
MOST_PER_NETWORK = 50
_STEP_SECONDS = 30
_UNUSABLE = passwords.hashed("a password that nobody has")


def member(store: Store, *, email: str, password: str, network: str) -> Member:
    """The store's member with this address and password. Refused: `sign_in` (any mismatch), `throttled`.

    The caller must let its transaction commit after a refusal, so that the failure counts.
    """
    address = normalize_email(email)
    subjects = _subjects(f"member:{store.pk}:{address}", network)
    _check_throttle(subjects)
    found = Member.objects.select_related("company", "store").filter(store=store, email=address, is_active=True).first()
    if not passwords.is_right(password, found.password if found else _UNUSABLE) or found is None:
        failures.count(subjects)
        raise Refused(
            _("メールアドレスまたはパスワードが違います。ご利用のストアをお確かめのうえ、もう一度入力してください。"),
            code="sign_in",
        )
    failures.forget(next(iter(subjects)))
    return found


def staff(spid: str, *, email: str, password: str, code: str, network: str) -> User:
    """Staff of the partner with this SPID, or of the operator when it is empty, by password and second factor.

    Refused: `sign_in` (any mismatch, or a code that was used already), `throttled`.
    """
    address = normalize_email(email)
    subjects = _subjects(f"staff:{spid}:{address}", network)
    _check_throttle(subjects)
    people = User.objects.select_related("partner").filter(email=address, is_active=True)
    mine = people.filter(partner__spid=spid) if spid else people.filter(partner=None)
    found = mine.select_for_update(of=("self",)).first()
    right = passwords.is_right(password, found.password if found else _UNUSABLE)
    step = _step_of(code, found) if found and right else None
    if found is None or step is None:
        failures.count(subjects)
        raise Refused(_("入力内容または確認コードが違います。確認コードは一度しか使えません。"), code="sign_in")
    found.totp_step = step
    found.save(update_fields=["totp_step"])
    failures.forget(next(iter(subjects)))
    return found


def _step_of(code: str, user: User) -> int | None:
    """The time step for which the code is right and not yet used: the present one or a neighbour (RFC 6238 §5.2)."""
    totp = pyotp.TOTP(crypto.decrypt(user.totp_secret))
    present = int(clock.now().timestamp()) // _STEP_SECONDS
    for step in (present - 1, present, present + 1):
        if step > user.totp_step and pyotp.utils.strings_equal(totp.generate_otp(step), code.strip()):
            return step
    return None


def next_code(user: User) -> str:
    """The code that signs this user in now. Only the demo shows it."""
    present = int(clock.now().timestamp()) // _STEP_SECONDS
    return pyotp.TOTP(crypto.decrypt(user.totp_secret)).generate_otp(max(present, user.totp_step + 1))


def _subjects(account: str, network: str) -> dict[str, int]:
    """Whom a failure counts for, the account from this network first. A stranger elsewhere does not lock its owner out."""
    return {
        failures.subject(f"{account}@{network}"): MOST_PER_ACCOUNT,
        failures.subject(account): MOST_PER_ACCOUNT_ANYWHERE,
        failures.subject(f"network:{network}"): MOST_PER_NETWORK,
    }


def _check_throttle(subjects: dict[str, int]) -> None:
    _here, account, _network = subjects
    failures.one_at_a_time(account)
    if failures.are_too_many(subjects, within=WINDOW):
        message = _("ログインの失敗が続いたため、一時的に停止しています。15分ほど経ってからもう一度お試しください。")
        raise Refused(message, code="throttled")
