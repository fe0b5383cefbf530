"""Invitations by a partner's staff: a new member for one of the own stores, in a company there or with a new one.

The mailed link proves the address; who has an account at the store already is named at once, because staff see the members.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from licenseonline.accounts import colleagues, failures, invitations, links
from licenseonline.accounts.models import Company, MailLink, Member, Role, User
from licenseonline.kit import clock, crypto, rights, states
from licenseonline.kit.errors import NotVisible, Refused
from licenseonline.kit.rights import Right
from licenseonline.kit.tenancy import check_reach
from licenseonline.kit.text import normalize_email
from licenseonline.records import history
from licenseonline.stores import stores
from licenseonline.stores.models import Store

MOST_PER_DAY = 100  # of one store
MOST_PER_ADDRESS = 5  # and to one address
_INVITE = MailLink.Purpose.INVITE
_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation that nobody has taken up yet, as the console shows it."""

    link: MailLink
    address: str

    @property
    def is_over(self) -> bool:
        """Its week has passed; it can be sent again."""
        return self.link.expires_at <= clock.now()


def waiting(by: User) -> list[Invitation]:
    """What staff invited to one's stores and nobody took up, newest first; those whose week has passed stay for another."""
    found = MailLink.objects.visible_to(by).filter(purpose=_INVITE, used_at=None, withdrawn_at=None)
    found = found.exclude(staff=None).exclude(address="").select_related("staff", "company", "store").order_by("-id")
    return [Invitation(link, links.address_of(link)) for link in found[:_SHOWN]]


@rights.needs(Right.HELP_MEMBERS)
@transaction.atomic
def invite(email: str, *, store: Store, company: Company | None = None, role: str = "", by: User) -> MailLink:
    """Ask somebody to the store by mail, with a link of 7 days; a newer invitation of the address ends the older.

    With a company the person joins it in `role`; without one they register their own. Refused: `store_closed`, `registered`
    (has an account at this store), `company` (turned away or merged), `role`, `throttled`; NotVisible for another's store.
    """
    check_reach(store.pk, by)
    stores.check_sells(store)
    address = normalize_email(email)
    if company is not None:
        _check_company(company, store)
        if role not in Role.values:
            raise Refused(_("権限を選択してください。"), code="role", field="role")
    if Member.objects.filter(store_id=store.pk, email=address, withdrawn_at=None).exists():
        hint = _("このメールアドレスは、すでにこのストアに会員登録されています。「会社・会員」で検索してください。")
        raise Refused(hint, code="registered", field="email")
    _check_throttle(store, address)
    for one in waiting(by):
        if one.link.store_id == store.pk and one.address == address:
            links.withdraw(one.link)
    return _send(store, company, address, role if company else "", by)


@rights.needs(Right.HELP_MEMBERS)
@transaction.atomic
def send_again(link: MailLink, *, by: User) -> MailLink:
    """Mail an invitation again with a new link of 7 days. Refused: as `invite`; NotVisible for one that is over."""
    _check_waits(link, by)
    store, address = link.store, links.address_of(link)
    links.withdraw(link)
    return invite(address, store=store, company=link.company, role=link.role, by=by)


@rights.needs(Right.HELP_MEMBERS)
@transaction.atomic
def withdraw(link: MailLink, *, by: User) -> None:
    """Take an invitation back: its link is void. NotVisible for one that is over."""
    _check_waits(link, by)
    links.withdraw(link)
    history.record(link, "invitation.withdrawn", by=by)


def opened(secret: str, *, store: Store) -> MailLink:
    """The invitation to register a company of one's own, for its form; nothing changes. Refused: as links.open."""
    link = links.open(secret, purpose=_INVITE, store=store)
    if link.company_id is not None or link.staff_id is None:
        hint = _("このURLは正しくありません。途中で切れていないか、メールに記載のURLと同じかをご確認ください。")
        raise Refused(hint, code="unknown")
    return link


def _send(store: Store, company: Company | None, address: str, role: str, by: User) -> MailLink:
    link, secret = links.issue(_INVITE, company=company, store_id=store.pk, address=address, role=role, staff=by)
    history.record(link, "invitation.sent", by=by, company=company.pk if company else None)
    invitations.deliver.defer(link_id=link.pk, store_id=link.store_id, secret=crypto.encrypt(secret))
    return link


def _check_company(company: Company, store: Store) -> None:
    if company.store_id != store.pk:
        raise NotVisible
    if not colleagues.is_open(states.lock(company)):
        raise Refused(_("この会社には、新しい会員を招待できません。窓口へご連絡ください。"), code="company")


def _check_waits(link: MailLink, by: User) -> None:
    check_reach(link.store_id, by)
    states.lock(link)
    if link.purpose != _INVITE or link.staff_id is None or not link.address or link.used_at or link.withdrawn_at:
        raise NotVisible


def _check_throttle(store: Store, address: str) -> None:
    mine = f"partner-invite:{store.pk}"
    subjects = {failures.subject(mine): MOST_PER_DAY, failures.subject(f"{mine}:{address}"): MOST_PER_ADDRESS}
    if failures.are_too_many(subjects, within=timedelta(days=1)):
        message = _("ご招待のメールが続いています。1日ほど経ってからもう一度お試しください。")
        raise Refused(message, code="throttled", field="email")
    failures.count(subjects)
