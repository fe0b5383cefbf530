"""Invitations: an administrator asks a colleague in by mail; nobody joins a company in any other way but the desk's merge.

The page says the same whether the address has an account at this store or not: only its owner's mail tells.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from licenseonline.accounts import (
    colleagues,
    consents,
    failures,
    invitation_mail,
    links,
    mail,
    passwords,
    security_notices,
    verifications,
)
from licenseonline.accounts.models import Company, Consent, MailLink, Member, Role
from licenseonline.accounts.security_notices import Kind
from licenseonline.kit import clock, crypto, rights, scope, states
from licenseonline.kit.errors import NotVisible, Refused
from licenseonline.kit.text import normalize_email
from licenseonline.records import history
from licenseonline.records.models import Message
from licenseonline.stores import stores
from licenseonline.stores.models import Store

MOST_PER_DAY = 30  # of one company
MOST_PER_ADDRESS = 5  # and of one company to one address
_INVITE = MailLink.Purpose.INVITE


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation that nobody has taken up yet, as the company's page shows it."""

    link: MailLink
    address: str

    @property
    def is_over(self) -> bool:
        """Its week has passed; it can be sent again."""
        return self.link.expires_at <= clock.now()


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What somebody invited fills in; `terms` is the version of the store's terms that they agreed to."""

    name: str
    kana: str
    password: str
    terms: str
    department: str = ""
    phone: str = ""
    newsletter: bool = False


def waiting(member: Member) -> list[Invitation]:
    """The company's invitations that wait, newest first; those whose week has passed stay for another."""
    found = MailLink.objects.visible_to(member).filter(purpose=_INVITE, used_at=None, withdrawn_at=None)
    found = found.exclude(address="")  # erased by accounts.leftovers
    return [Invitation(link, links.address_of(link)) for link in found.select_related("created_by").order_by("-id")]


@rights.in_person
@transaction.atomic
def invite(email: str, *, role: str, by: Member) -> MailLink:
    """Ask a colleague into the administrator's company by mail, with a link of 7 days. A newer invitation ends the older.

    Refused: `role` (who is no administrator), `unverified` (the administrator's own address), `company` (turned away or
    merged), `colleague` (already is one), `throttled` (MOST_PER_DAY, MOST_PER_ADDRESS).
    """
    address = normalize_email(email)
    _check_may_invite(by)
    if colleagues.of(by).filter(email=address).exists():
        raise Refused(_("この方は、すでに担当者として登録されています。"), code="colleague", field="email")
    _check_throttle(by, address)
    for one in waiting(by):
        if one.address == address:
            links.withdraw(one.link)
    return _send(by, address, Role(role))


@rights.in_person
@transaction.atomic
def send_again(link: MailLink, *, by: Member) -> MailLink:
    """Mail an invitation again with a new link of 7 days. Refused: as `invite`; NotVisible for one that is over."""
    _check_may_invite(by)
    _check_waits(link, by)
    address = links.address_of(link)
    _check_throttle(by, address)
    links.withdraw(link)
    return _send(by, address, Role(link.role))


@rights.in_person
@transaction.atomic
def withdraw(link: MailLink, *, by: Member) -> None:
    """Take an invitation back: its link is void. Refused: `role`; NotVisible for one that is over or another company's."""
    states.lock(Company(pk=by.company_id))
    colleagues.check_admin(states.lock(by))
    _check_waits(link, by)
    links.withdraw(link)
    history.record(by.company, "member.invitation_withdrawn", by=by, link=link.pk)


def opened(secret: str, *, store: Store) -> MailLink:
    """The invitation that a mailed address stands for, to show its form. Refused: as `links.open`."""
    return _open_to_join(links.open(secret, purpose=_INVITE, store=store))


@transaction.atomic
def accept(secret: str, person: Person, *, store: Store, network: str, source: str) -> Member:
    """Become a member of the inviting company at the mailed address, which is authenticated by that; once.

    `source` is the page's route and `network` the client's, for the consents. Refused: as `links.open`, what
    `passwords.check` refuses, `terms` (not the version in force), and `registered` when the address has got an account at
    this store since.
    """
    stores.check_sells(store)
    if person.terms != store.terms_version:
        hint = _("ご利用条件が改定されました。新しい内容をご確認のうえ、もう一度チェックを入れてください。")
        raise Refused(hint, code="terms", field="terms")
    link = opened(secret, store=store)
    address = links.address_of(link)
    names = [person.name, link.company.name if link.company else "", store.name]
    passwords.check(person.password, email=address, names=names)
    hashed = passwords.hashed(person.password)
    try:
        with transaction.atomic():
            link = _open_to_join(links.use(secret, purpose=_INVITE, store=store))
            member = _join(link, address, person, hashed)
    except IntegrityError:
        message = _("このメールアドレスは、すでに会員登録されています。会社の変更は、窓口へお問い合わせください。")
        raise Refused(message, code="registered") from None
    _record_consents(member, person, network=network, source=source)
    history.record(member, "member.joined", by=member, link=link.pk, role=member.role)
    verifications.proven(member)
    mail.send("joined", member, {"role": Role(member.role).label, "link": _page(store, "store:login")})
    _tell_admins(member)
    return member


def _record_consents(member: Member, person: Person, *, network: str, source: str) -> None:
    said = [
        (Consent.Kind.TERMS, person.terms),
        (Consent.Kind.TERMS, f"platform {consents.PLATFORM_TERMS}"),
        (Consent.Kind.ANTISOCIAL, person.terms),
        *([(Consent.Kind.NEWSLETTER, "")] if person.newsletter else []),
    ]
    for kind, version in said:
        consents.record(member, kind, given=True, version=version, source=source, network=network)


def _tell_admins(member: Member) -> None:
    facts = {_("担当者"): _("%(name)s 様") % {"name": member.name}, _("権限"): str(Role(member.role).label)}
    for admin in colleagues.of(member).filter(role=Role.ADMIN).exclude(pk=member.pk).select_related("company", "store"):
        device = _("%(name)s 様（ご招待した方）") % {"name": member.name}
        security_notices.send(admin, Kind.JOINED, device=device, facts=facts, can_stop=False)


@app.task(name="accounts.invitations.deliver", retry=3)
def deliver(link_id: int, store_id: int, secret: str) -> None:
    """Mail the invitation (its secret is encrypted), or, to an address that has an account here, what can be done instead."""
    with scope.stores([store_id]):
        related = ("company__store", "created_by__company", "created_by__store", "staff__partner", "store")
        link = MailLink.objects.select_related(*related).get(pk=link_id)
        if link.used_at is None and link.withdrawn_at is None:
            _mail(link, crypto.decrypt(secret))


def _mail(link: MailLink, secret: str) -> Message:
    """To the invited address; the text is not the same for who has an account, and the page never tells."""
    inviter, address = link.created_by, links.address_of(link)
    if inviter is None:
        return invitation_mail.by_staff(link, secret, to=address)
    context = {"inviter": inviter, "role": Role(link.role).label, "expires_at": link.expires_at}
    if Member.objects.filter(store_id=link.store_id, email=address, withdrawn_at=None).exists():
        context = {**context, "link": _page(inviter.store, "store:login")}
        return mail.send("invitation_known", inviter, context, to=address)
    page = _page(inviter.store, "store:invitation", secret)
    return mail.send("invitation", inviter, context, to=address, secrets={"link": page}, renew=link.renewal)


links.MAILS[_INVITE] = _mail


def _page(store: Store, route: str, *args: str) -> str:
    return stores.url(store, reverse(route, args=[store.pk, *args]))


def _send(by: Member, address: str, role: Role) -> MailLink:
    link, secret = links.issue(_INVITE, company=by.company, address=address, role=role.value, by=by)
    history.record(by.company, "member.invited", by=by, link=link.pk, role=role.value)
    deliver.defer(link_id=link.pk, store_id=link.store_id, secret=crypto.encrypt(secret))
    return link


def _join(link: MailLink, address: str, person: Person, hashed: str) -> Member:
    now: datetime = clock.now()
    return Member.objects.create(
        store_id=link.store_id,
        company=link.company,
        email=address,
        role=link.role,
        name=person.name,
        kana=person.kana,
        department=person.department,
        phone=person.phone,
        newsletter=person.newsletter,
        password=hashed,
        created_at=now,
        email_verified_at=now,
        password_changed_at=now,
    )


def _check_may_invite(by: Member) -> None:
    company = states.lock(Company(pk=by.company_id))
    colleagues.check_admin(states.lock(by))
    if not colleagues.is_open(company):
        raise Refused(_("恐れ入りますが、担当者の追加は窓口までお問い合わせください。"), code="company")
    if not by.is_verified:
        hint = _("担当者を招待するには、先にご自身のメールアドレスの認証が必要です。「会員情報」をご確認ください。")
        raise Refused(hint, code="unverified")


def _check_waits(link: MailLink, by: Member) -> None:
    states.lock(link)
    if link.purpose != _INVITE or link.company_id != by.company_id or not link.address:
        raise NotVisible
    if link.used_at or link.withdrawn_at:
        raise NotVisible


def _open_to_join(link: MailLink) -> MailLink:
    if link.company is None or not colleagues.is_open(link.company):
        raise Refused(_("このご招待は無効になりました。招待された方へお問い合わせください。"), code="expired")
    return link


def _check_throttle(by: Member, address: str) -> None:
    mine = f"invite:{by.store_id}:{by.company_id}"
    subjects = {
        failures.subject(mine): MOST_PER_DAY,
        failures.subject(f"{mine}:{address}"): MOST_PER_ADDRESS,
    }
    if failures.are_too_many(subjects, within=timedelta(days=1)):
        message = _("ご招待のメールが続いています。1日ほど経ってからもう一度お試しください。")
        raise Refused(message, code="throttled", field="email")
    failures.count(subjects)
