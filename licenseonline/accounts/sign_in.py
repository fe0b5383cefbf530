"""Signing in: what is asked of members and staff, and how guessing is slowed down.

Answers never tell whether an address exists: unknown and wrong take the same time and give the same sentence.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _

from licenseonline.accounts import codes, failures, passwords, reissues
from licenseonline.accounts.models import Member, User
from licenseonline.kit import crypto
from licenseonline.kit.errors import Refused
from licenseonline.kit.text import normalize_email
from licenseonline.stores.models import Store

WINDOW = timedelta(minutes=15)
MOST_PER_ACCOUNT = 5  # from one network
MOST_PER_ACCOUNT_ANYWHERE = 50
MOST_PER_NETWORK = 50
_UNUSABLE = passwords.hashed("a password that nobody has")


@dataclass(frozen=True, slots=True)
class Entry:
    """Who has shown a password, and whether it opens nothing but the page for a new one: a 仮パスワード, or one too short."""

    member: Member
    must_change: bool = False


def enter(store: Store, *, email: str, password: str, network: str) -> Entry:
    """The store's member with this address and password, or with a 仮パスワード, which is used up.

    A second factor is asked for afterwards (second_factors.check). A 仮パスワード, which nobody guesses, also opens an account
    that is stopped: the way out. Refused: `sign_in` (any mismatch), `throttled`, `temporary_over` (see reissues.use). The
    caller must let its transaction commit after a refusal, so that the failure counts.
    """
    address = normalize_email(email)
    subjects = _subjects(_account(store.pk, address), network)
    stopped = _is_stopped(subjects)
    temporary = reissues.find(store, address=address, typed=password)
    if temporary is not None:
        member = reissues.use(temporary)
        failures.forget(next(iter(subjects)))
        return Entry(member, must_change=True)
    if stopped:
        raise _throttled()
    found = Member.objects.select_related("company", "store").filter(store=store, email=address, is_active=True).first()
    if not passwords.is_right(password, found.password if found else _UNUSABLE) or found is None:
        failures.count(subjects)
        raise Refused(
            _("メールアドレスまたはパスワードが違います。ご利用のストアをお確かめのうえ、もう一度入力してください。"),
            code="sign_in",
        )
    failures.forget(next(iter(subjects)))
    return Entry(found, must_change=not found.has_second_factor and passwords.is_short(password))


def check_password(member: Member, password: str, *, network: str) -> None:
    """The signed-in member's password again, before something that a stranger at an open screen must not do.

    Refused, field `current`: `current` (wrong), `throttled`; both count as failed sign-ins, so the transaction must commit.
    """
    subjects = _subjects(_account(member.store_id, member.email), network)
    if _is_stopped(subjects):
        raise _throttled(field="current")
    if not passwords.is_right(password, member.password):
        failures.count(subjects)
        raise Refused(_("今のパスワードが違います。もう一度入力してください。"), code="current", field="current")
    failures.forget(next(iter(subjects)))


def staff(spid: str, *, email: str, password: str, code: str, network: str) -> User:
    """Staff of the partner with this SPID, or of the operator when it is empty, by password and second factor.

    Refused: `sign_in` (any mismatch, or a code that was used already), `throttled`.
    """
    address = normalize_email(email)
    subjects = _subjects(f"staff:{spid}:{address}", network)
    if _is_stopped(subjects):
        raise _throttled()
    people = User.objects.select_related("partner").filter(email=address, is_active=True)
    mine = people.filter(partner__spid=spid) if spid else people.filter(partner=None)
    found = mine.select_for_update(of=("self",)).first()
    right = passwords.is_right(password, found.password if found else _UNUSABLE)
    step = None
    if found and right:
        step = codes.step_of(code, secret=crypto.decrypt(found.totp_secret), last_step=found.totp_step)
    if found is None or step is None:
        failures.count(subjects)
        raise Refused(_("入力内容または確認コードが違います。確認コードは一度しか使えません。"), code="sign_in")
    found.totp_step = step
    found.save(update_fields=["totp_step"])
    failures.forget(next(iter(subjects)))
    return found


def next_code(user: User) -> str:
    """The code that signs this user in now. Only the demo shows it."""
    return codes.next_of(user)


def _account(store_id: int, address: str) -> str:
    return f"member:{store_id}:{address}"


def _subjects(account: str, network: str) -> dict[str, int]:
    """Whom a failure counts for, the account from this network first. A stranger elsewhere does not lock its owner out."""
    return {
        failures.subject(f"{account}@{network}"): MOST_PER_ACCOUNT,
        failures.subject(account): MOST_PER_ACCOUNT_ANYWHERE,
        failures.subject(f"network:{network}"): MOST_PER_NETWORK,
    }


def _is_stopped(subjects: dict[str, int]) -> bool:
    _here, account, _network = subjects
    failures.one_at_a_time(account)
    return failures.are_too_many(subjects, within=WINDOW)


def _throttled(field: str | None = None) -> Refused:
    message = _("ログインの失敗が続いたため、一時的に停止しています。15分ほど経ってからもう一度お試しください。")
    return Refused(message, code="throttled", field=field)
