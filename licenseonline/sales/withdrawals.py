"""退会: a member leaves. Contracts, invoices and the history stay; the member's own data goes after a year.

What stays and why. Orders, quotations and invoices are documents that the seller must keep for 7 years (法人税法施行規則59条;
what was exchanged as data, 電子帳簿保存法7条): their frozen text keeps the name of the buyer's person, and so do the mails of
sales, which carry these documents. Consents stay as proof; they hold no personal text. A login's own data (name, address,
telephone) is needed by no such rule: it is kept for a year after the withdrawal and after the end of the contracts which the
member ordered, so that the desk can answer questions about them and disputes come to light, and then goes (個人情報保護法22条:
what is no longer needed is to be erased without delay).
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from licenseonline.accounts import colleagues, links, notes, profiles, reissues, security_notices, sessions, sign_in
from licenseonline.accounts.models import (
    ActingTicket,
    BillingContact,
    MailLink,
    Member,
    RecoveryCode,
    TemporaryPassword,
)
from licenseonline.accounts.security_notices import Kind
from licenseonline.kit import clock, rights, scope, states
from licenseonline.kit.errors import NotVisible, Refused
from licenseonline.licensing.models import Contract
from licenseonline.records import history
from licenseonline.records.models import Message
from licenseonline.sales.models import CartLine, Order, Quote

KEPT: Final = timedelta(days=365)  # after the withdrawal and the end of the member's contracts; see above
GONE: Final = "@withdrawn.invalid"  # a domain that no mail can reach (RFC 2606)
_BATCH: Final = 200
_LAST_MAIL: Final = timedelta(minutes=1)
_FIRST_MAIL: Final = timedelta(days=8)  # an invitation is open for seven


def obstacle(member: Member) -> str:
    """Why the member cannot leave now, in a sentence with what to do; empty when nothing stands against it.

    Locks the company, so that of two last administrators who leave at once the second sees that it is the last.
    """
    waiting = open_orders(member)
    if waiting:
        numbers = _("、").join(order.number for order in waiting)
        return _(
            "お手続き中のご注文があるため、退会できません（注文ID：%(numbers)s）。"
            "納品が終わってから、もう一度お手続きください。ご注文の取り消しは、窓口へご連絡ください。"
        ) % {"numbers": numbers}
    try:
        colleagues.check_admin_remains(member)
    except Refused as refusal:
        return refusal.message
    return ""


def open_orders(member: Member) -> list[Order]:
    """Orders that are not delivered yet: the member's own, and the whole company's when nobody else is there for them."""
    orders = Order.objects.filter(store_id=member.store_id, company_id=member.company_id).defer("snapshot")
    orders = orders.exclude(state__in=[Order.State.DELIVERED, Order.State.COMPLETED, Order.State.CANCELLED]).order_by(
        "id"
    )
    return list(orders.filter(member=member) if _has_colleagues(member) else orders)


@rights.in_person
def withdraw(member: Member, *, password: str, network: str, by: Member, device: str = "") -> None:
    """The member leaves: signed out everywhere, and the address is free for a new registration at once.

    Refused: as sign_in.check_password, `open` (see `obstacle`). NotVisible for anybody but the member.
    """
    if by.pk != member.pk:
        raise NotVisible
    sign_in.check_password(member, password, network=network)
    with transaction.atomic():
        states.lock(member.company)
        states.lock(member)
        hindrance = obstacle(member)
        if hindrance:
            raise Refused(hindrance, code="open")
        _leave(member, network=network, device=device)


def _leave(member: Member, *, network: str, device: str) -> None:
    if member.newsletter:
        source = "store:profile_withdraw"
        profiles.choose_newsletter(member, wanted=False, source=source, network=network, by=member, tell=False)
    security_notices.send(member, Kind.WITHDRAWN, device=device, can_stop=False)
    history.record(member, "member.withdrawn", by=member)
    sessions.end_all(member, by=member)
    reissues.end_all(member)
    mailed = MailLink.objects.filter(Q(member=member) | Q(created_by=member), store_id=member.store_id)
    for link in mailed.filter(used_at=None, withdrawn_at=None):
        links.withdraw(link)
    CartLine.objects.filter(member=member).delete()
    member.withdrawn_at, member.is_active = clock.now(), False
    member.save(update_fields=["withdrawn_at", "is_active"])


@app.periodic(cron="23 18 * * *")  # 3:23 in Japan
@app.task(name="sales.withdrawals.anonymise", queueing_lock="sales.withdrawals.anonymise", pass_context=False)
def anonymise(timestamp: int) -> None:  # noqa: ARG001  (procrastinate gives the tick)
    """Every night: personal data of those who left longer ago than KEPT. The history names nobody and stays as it is."""
    with scope.platform():
        for member in _due()[:_BATCH]:
            _forget(member)


def _due() -> QuerySet[Member]:
    """Who left long enough ago, and whose contracts, if any, are over as long. A perpetual one counts from its start."""
    day = clock.jst_date(clock.now() - KEPT)
    lasting = Contract.objects.filter(Q(ends_on__gte=day) | Q(ends_on=None, starts_on__gte=day))
    left = Member.objects.filter(withdrawn_at__lt=clock.now() - KEPT).exclude(email__endswith=GONE)
    left = left.order_by("withdrawn_at", "id")
    return left.exclude(pk__in=lasting.filter(order_line__order__isnull=False).values("order_line__order__member"))


@transaction.atomic
def _forget(member: Member) -> None:
    addresses = {member.email, *_former_addresses(member)}
    written = Message.objects.filter(store_id=member.store_id, kind__startswith="accounts/", recipient__in=addresses)
    # Another member may have the address now; the last mail was written when this one left.
    last = (member.withdrawn_at or member.created_at) + _LAST_MAIL
    written = written.filter(created_at__gte=member.created_at - _FIRST_MAIL, created_at__lte=last)
    written.update(recipient=f"{member.pk}{GONE}", subject="", text="", html="", secrets="", renewal={})
    MailLink.objects.filter(member=member).update(address="")
    ActingTicket.objects.filter(store_id=member.store_id, member=member).update(reason="")
    notes.forget(member)
    # What was offered to the address before it was a member's is found by it.
    Quote.objects.filter(member=member).exclude(offered_to="").update(offered_to=f"{member.pk}{GONE}")
    invitations = MailLink.objects.filter(company_id=member.company_id, purpose=MailLink.Purpose.INVITE)
    theirs = [link.pk for link in invitations.exclude(address="") if links.address_of(link) in addresses]
    MailLink.objects.filter(pk__in=theirs).update(address="")
    for rows in (RecoveryCode, TemporaryPassword):
        rows.objects.filter(member=member).delete()
    member.email, member.name = f"{member.pk}{GONE}", _("退会された会員")
    member.kana = member.department = member.title = member.phone = member.totp_secret = ""
    member.last_login = None
    member.set_unusable_password()
    member.save()
    if not Member.objects.filter(company_id=member.company_id).exclude(email__endswith=GONE).exists():
        BillingContact.objects.filter(company_id=member.company_id).delete()
    history.record(member, "member.anonymised", by=None)


def _former_addresses(member: Member) -> Iterable[str]:
    """Addresses that the member had or asked for, as the links of changes and of their notices keep them."""
    kept = MailLink.objects.filter(member=member).exclude(address="")
    asked = [links.address_of(link) for link in kept.filter(purpose=MailLink.Purpose.EMAIL_CHANGE)]
    return asked + [security_notices.told_by(link)["to"] for link in kept.filter(purpose=MailLink.Purpose.STOP)]


def _has_colleagues(member: Member) -> bool:
    others = Member.objects.filter(store_id=member.store_id, company_id=member.company_id, is_active=True)
    return others.exclude(pk=member.pk).exists()
