"""Addresses in mails that do one thing once, within a day or a week, at one store. Only the mail knows the secret in them."""

from collections.abc import Callable
from datetime import timedelta
from secrets import token_hex
from typing import Final

from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from licenseonline.accounts.models import Company, MailLink, Member, User
from licenseonline.kit import clock, crypto, scope, states
from licenseonline.kit.errors import Refused
from licenseonline.records import mail_secrets
from licenseonline.records.models import Message
from licenseonline.stores.models import Store

LASTS: Final = mail_secrets.LAST
# Colleagues read an invitation when they are back at work, and a change is to be stopped even by who was away.
LASTS_LONGER: Final = {MailLink.Purpose.INVITE: timedelta(days=7), MailLink.Purpose.STOP: timedelta(days=7)}
# So long after that a mail that failed, or an invitation, can still be sent anew; then its address goes (accounts.leftovers).
RENEWABLE: Final = timedelta(days=7)
_BYTES: Final = 20
# Of these only the newest counts. A stop link is not among them: who changes a password twice must not disarm the first notice.
_ONE_AT_A_TIME: Final = {MailLink.Purpose.VERIFY, MailLink.Purpose.EMAIL_CHANGE}
# The mail that brings a link of this purpose, written again by `renew`; each is named beside the verb that issues it.
MAILS: Final[dict[str, Callable[[MailLink, str], Message]]] = {}


def issue(  # noqa: PLR0913  (a link has that many parts, all named)
    purpose: MailLink.Purpose,
    *,
    member: Member | None = None,
    company: Company | None = None,
    address: str = "",
    role: str = "",
    by: Member | None = None,
    staff: User | None = None,
    store_id: int | None = None,
) -> tuple[MailLink, str]:
    """A new link for the member, or for whom the company invites, and its secret, which is in no row. Lasts 24 hours or as LASTS_LONGER.

    `address` is the mail address that a change or an invitation is about, or what a stop page has to know. An older link to verify or change an address ends.
    """
    if member is not None:
        company = member.company
    store_id = company.store_id if company else store_id
    if store_id is None:
        message = "a link is for a member or for a company, or its store is named"
        raise ValueError(message)
    if member is not None and purpose in _ONE_AT_A_TIME:
        open_ones = MailLink.objects.filter(member=member, purpose=purpose, used_at=None, withdrawn_at=None)
        open_ones.update(withdrawn_at=clock.now())
    link = MailLink(
        store_id=store_id,
        purpose=purpose,
        member=member,
        company=company,
        address=crypto.encrypt(address) if address else "",
        role=role,
        created_by=by,
        staff=staff,
    )
    return link, _with_secret(link)


def open(secret: str, *, purpose: MailLink.Purpose, store: Store) -> MailLink:  # noqa: A001  (links.open is what it is)
    """The link with this secret, for a page that asks before it does anything; nothing changes.

    Refused: `unknown` (mistyped, of another store or purpose, of somebody who left), `used`, `expired` (its time is over,
    or a newer link was sent).
    """
    links = MailLink.objects.select_related("member__company", "company")
    return _checked(links.filter(store=store, purpose=purpose, secret_hash=crypto.fingerprint(secret)).first())


def use(secret: str, *, purpose: MailLink.Purpose, store: Store) -> MailLink:
    """Open the link for good: of two at once one wins. Refused: as `open`."""
    link = _checked(states.lock(open(secret, purpose=purpose, store=store)))
    link.used_at = clock.now()
    link.save(update_fields=["used_at"])
    return link


def withdraw(link: MailLink) -> None:
    """End a link before its time; a used one stays used."""
    if states.lock(link).used_at is None and link.withdrawn_at is None:
        link.withdrawn_at = clock.now()
        link.save(update_fields=["withdrawn_at"])


def address_of(link: MailLink) -> str:
    """The mail address that the link is about; empty when it is about none."""
    return crypto.decrypt(link.address) if link.address else ""


@app.task(name="accounts.links.renew", retry=3)
def renew(link_id: int, store_id: int) -> None:
    """Mail the link again with a new secret, because its mail is sent again. A link that is over is not renewed."""
    with scope.stores([store_id]):
        old = states.lock(MailLink.objects.select_related("member__company", "company").get(pk=link_id))
        is_too_old = old.expires_at <= clock.now() - RENEWABLE
        if old.used_at or old.withdrawn_at or is_too_old or not _is_anybodys(old):
            return
        withdraw(old)
        new = MailLink(
            store_id=old.store_id, purpose=old.purpose, member=old.member, company=old.company, address=old.address,
            role=old.role, created_by=old.created_by, staff=old.staff,
        )  # fmt: skip
        MAILS[old.purpose](new, _with_secret(new))


def _with_secret(link: MailLink) -> str:
    """Save the new link under a fresh secret. Digits and letters only: mail programs cut addresses at other signs."""
    secret = token_hex(_BYTES)
    link.secret_hash = crypto.fingerprint(secret)
    link.created_at = clock.now()
    link.expires_at = link.created_at + LASTS_LONGER.get(MailLink.Purpose(link.purpose), LASTS)
    link.save(force_insert=True)
    return secret


def _checked(link: MailLink | None) -> MailLink:
    if link is None or not _is_anybodys(link):
        hint = _("このURLは正しくありません。途中で切れていないか、メールに記載のURLと同じかをご確認ください。")
        raise Refused(hint, code="unknown")
    if link.used_at:
        raise Refused(_("このURLのお手続きは、すでに完了しています。"), code="used")
    if link.withdrawn_at or link.expires_at <= clock.now():
        hint = _("このURLは無効になりました。有効期限が過ぎたか、新しいURLをお送りしています。")
        raise Refused(hint, code="expired")
    return link


def _is_anybodys(link: MailLink) -> bool:
    """Whether the member it is for, if any, still is one."""
    return link.member is None or bool(link.member.is_active)
