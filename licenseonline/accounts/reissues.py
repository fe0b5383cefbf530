"""パスワードの再発行: a 仮パスワード by mail, good for one sign-in within a day, which leads to a new password and nowhere else.

The old password stays good until then, so that nobody locks another out. The request looks nothing up: the job does.
"""

from datetime import timedelta
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from licenseonline.accounts import codes, failures, mail, members
from licenseonline.accounts.models import Member, TemporaryPassword
from licenseonline.kit import clock, crypto, scope
from licenseonline.kit.errors import Refused
from licenseonline.kit.text import normalize_email
from licenseonline.records import history, mail_secrets
from licenseonline.records.models import Message
from licenseonline.stores import stores
from licenseonline.stores.models import Store

LASTS: Final = mail_secrets.LAST
MOST_PER_HOUR = 5  # mails to one address of one store; twenty times that from one network
_LENGTH: Final = 12  # letters of 5 bits


def ask(store: Store, *, email: str, network: str) -> None:
    """Somebody asks for a 仮パスワード: whether the address is known, and what it gets, is the job's business alone.

    Refused (`throttled`): too often for this address at this store or from this network, be the address known or not.
    """
    address = normalize_email(email)
    asked = failures.subject(f"reissue:{store.pk}:{address}")
    subjects = {asked: MOST_PER_HOUR, failures.subject(f"reissue-network:{network}"): 20 * MOST_PER_HOUR}
    failures.one_at_a_time(asked)
    if failures.are_too_many(subjects, within=timedelta(hours=1)):
        hint = _(
            "再発行のご依頼が続いています。届いているメールをご確認のうえ、1時間ほど経ってからもう一度お試しください。"
        )
        raise Refused(hint, code="throttled")
    failures.count(subjects)
    answer.defer(email=crypto.encrypt(address), store_id=store.pk)


@app.task(name="accounts.reissues.answer", retry=3)
def answer(email: str, store_id: int) -> None:
    """Mail a 仮パスワード to the store's member with this (encrypted) address; to a member of other stores only, their names.

    An address that nobody has registered anywhere gets no mail.
    """
    with scope.stores([store_id]):
        people = Member.objects.select_related("company", "store").filter(store=store_id, is_active=True)
        member = people.filter(email=crypto.decrypt(email)).first()
        if member is not None:
            send(member)
            return
    members.mail_stores(email)


def send(member: Member) -> Message:
    """Make a 仮パスワード and mail it. Earlier ones stay good for their day: a stranger's request must not spoil the owner's."""
    secret = codes.random(_LENGTH)
    now = clock.now()
    temporary = TemporaryPassword.objects.create(
        store_id=member.store_id,
        member=member,
        fingerprint=_fingerprint(secret),
        created_at=now,
        expires_at=now + LASTS,
    )
    history.record(member, "member.temporary_password_sent", by=None)
    return mail.send(
        "temporary_password",
        member,
        {
            "link": stores.url(member.store, reverse("store:login", args=[member.store_id])),
            "expires_at": temporary.expires_at,
        },
        secrets={"password": secret},
        renew=("accounts.reissues.renew", {"temporary_id": temporary.pk, "store_id": member.store_id}),
    )


@app.task(name="accounts.reissues.renew", retry=3)
def renew(temporary_id: int, store_id: int) -> None:
    """The mail is sent again: with another 仮パスワード, the one that was never read ends. A used one is not replaced."""
    with scope.stores([store_id]):
        old = TemporaryPassword.objects.select_related("member__company", "member__store").get(pk=temporary_id)
        if old.member.is_active and _take(old):
            send(old.member)


def find(store: Store, *, address: str, typed: str) -> TemporaryPassword | None:
    """The 仮パスワード of this address, also a used or old one; by its hash, in the same query whether anybody is there or not."""
    rows = TemporaryPassword.objects.select_related("member__company", "member__store")
    people = rows.filter(store=store, member__email=address, member__is_active=True)
    return people.filter(fingerprint=_fingerprint(typed)).first()


def use(temporary: TemporaryPassword) -> Member:
    """Sign in with it, once: of two at once one wins. Refused: `temporary_over` when it was used or is older than a day."""
    if temporary.expires_at <= clock.now() or not _take(temporary):
        hint = _(
            "この仮パスワードは、すでに使われたか、有効期限（24時間）が過ぎています。"
            "もう一度「パスワード再発行はこちら」からお手続きください。"
        )
        raise Refused(hint, code="temporary_over")
    member: Member = temporary.member
    history.record(member, "member.temporary_password_used", by=member)
    return member


def end_all(member: Member) -> None:
    """The member's password is new: no 仮パスワード replaces it any more."""
    TemporaryPassword.objects.filter(member=member, used_at=None).update(used_at=clock.now())


def _take(temporary: TemporaryPassword) -> bool:
    """Mark it used in one statement, which waits for whoever does the same; whether this one was first."""
    return bool(TemporaryPassword.objects.filter(pk=temporary.pk, used_at=None).update(used_at=clock.now()))


def _fingerprint(typed: str) -> str:
    return crypto.fingerprint(f"temporary:{codes.plain(typed)}")
