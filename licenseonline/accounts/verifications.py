"""メールアドレスの認証, which completes 本登録: the mailed address is opened within 24 hours."""

from datetime import timedelta
from typing import Final

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from licenseonline.accounts import failures, links, mail
from licenseonline.accounts.models import MailLink, Member
from licenseonline.kit import clock, crypto, states
from licenseonline.kit.errors import Refused
from licenseonline.records import history
from licenseonline.records.models import Message
from licenseonline.stores import stores
from licenseonline.stores.models import Store

MOST_PER_HOUR = 5
_VERIFY: Final = MailLink.Purpose.VERIFY


def send(member: Member) -> Message:
    """The authentication mail, to the address that the member has now; an earlier one's link ends."""
    link, secret = links.issue(_VERIFY, member=member, address=member.email)
    return _mail(link, secret)


def ask(member: Member, *, network: str) -> None:
    """Another authentication mail. Refused: `verified` (nothing is missing), `throttled` (MOST_PER_HOUR for one member)."""
    if member.is_verified:
        raise Refused(_("メールアドレスの認証は、すでに完了しています。"), code="verified")
    asked = failures.subject(f"verify:{member.pk}")
    subjects = {asked: MOST_PER_HOUR, failures.subject(f"verify-network:{network}"): 20 * MOST_PER_HOUR}
    failures.one_at_a_time(asked)
    if failures.are_too_many(subjects, within=timedelta(hours=1)):
        hint = _(
            "認証メールの送信が続いています。届いているメールをご確認のうえ、1時間ほど経ってからもう一度お試しください。"
        )
        raise Refused(hint, code="throttled")
    failures.count(subjects)
    send(member)


def ask_again(secret: str, *, store: Store, network: str) -> None:
    """Another mail for the link that came too late, to the member's own address, whoever opened it. Refused: as `ask`, `unknown`."""
    link = _links(store).filter(secret_hash=crypto.fingerprint(secret), member__is_active=True).first()
    if link is None or link.member is None:
        raise Refused(_("このURLは正しくありません。メールに記載のURLと同じかをご確認ください。"), code="unknown")
    ask(link.member, network=network)


def confirm(secret: str, *, store: Store) -> Member:
    """The address is the member's: 本登録 is complete. Refused: as links.use, `expired` also when the address is another by now."""
    link = links.open(secret, purpose=_VERIFY, store=store)
    if link.member is None or links.address_of(link) != link.member.email:
        hint = _("このURLは、以前のメールアドレスのものです。新しい認証メールに記載のURLを開いてください。")
        raise Refused(hint, code="expired")
    links.use(secret, purpose=_VERIFY, store=store)
    member: Member = states.lock(link.member)
    if not member.is_verified:
        member.email_verified_at = clock.now()
        member.save(update_fields=["email_verified_at"])
        history.record(member, "member.verified", by=member)
        proven(member)
    return member


def proven(member: Member) -> None:
    """What waits for the member's address, authenticated in this transaction, becomes theirs by a job of it: offers of sales.

    Called by whatever authenticates an address: a registration, an invitation, a change, a notice's link, this module's own mail.
    """
    task = app.configure_task("sales.prospects.claim", allow_unknown=False)
    task.defer(member_id=member.pk, store_id=member.store_id)


def _links(store: Store) -> QuerySet[MailLink]:
    return MailLink.objects.select_related("member__company", "member__store").filter(store=store, purpose=_VERIFY)


def _mail(link: MailLink, secret: str) -> Message:
    if link.member is None:
        message = "a link to verify is always a member's"
        raise ValueError(message)
    store = link.member.store
    page = stores.url(store, reverse("store:verify", args=[store.pk, secret]))
    context = {"expires_at": link.expires_at}
    return mail.send("verify", link.member, context, secrets={"link": page}, renew=link.renewal)


links.MAILS[_VERIFY] = _mail
