"""Acting for a member (代理操作): staff with a reason, for an hour, in a session of its own that the member is told of.

What is of one's own account stays the member's (kit.rights.in_person); for the rest the member's own limits hold. Whatever is
done is in the history as the staff's, and in the ticket's own history.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from licenseonline.accounts import security_notices
from licenseonline.accounts.models import ActingTicket, Member, User
from licenseonline.accounts.security_notices import Kind
from licenseonline.kit import clock, crypto, rights, states
from licenseonline.kit.errors import Refused
from licenseonline.kit.jinja import minute
from licenseonline.kit.rights import Right
from licenseonline.kit.tenancy import check_reach
from licenseonline.kit.text import squash
from licenseonline.records import history
from licenseonline.records.models import HistoryEntry
from licenseonline.stores.models import Store, StoreState

SESSION_KEY: Final = "acting"  # in the session of who acts: the ticket's id
TICKET_LASTS: Final = timedelta(minutes=5)
LASTS: Final = timedelta(hours=1)
MOST_REASON: Final = 200
_BYTES: Final = 20
_KEPT: Final = 50
_DONE: Final = {
    "quote.issued": gettext_lazy("見積の作成"),
    "order.placed": gettext_lazy("注文"),
}


@dataclass(frozen=True, slots=True)
class Record:
    """One time that staff acted for a member, as the member, the partner and the desk read it."""

    at: datetime
    ended_at: datetime | None
    who: str
    reason: str
    done: list[str]


@rights.needs(Right.HELP_MEMBERS)
@transaction.atomic
def begin(member: Member, *, reason: str, by: User) -> str:
    """The secret of a ticket that signs `by` in for the member, once, within TICKET_LASTS; nobody is told before that.

    Refused: `reason` (none, or too long; field), `member` (is none any more), `store` (not open to members yet, or closed);
    NotVisible for a member of another partner's store.
    """
    check_reach(member.store_id, by)
    told = squash(reason)
    if not told or len(told) > MOST_REASON:
        hint = _("代理操作の理由を%(most)s文字以内で入力してください。お客様にも表示されます。")
        raise Refused(hint % {"most": MOST_REASON}, code="reason", field="reason")
    if not member.is_active:
        raise Refused(_("退会された、または登録を解除された会員の代理操作はできません。"), code="member")
    if not _is_entered(member.store):
        raise Refused(_("公開前または閉店したストアでは、代理操作はできません。"), code="store")
    secret, now = token_hex(_BYTES), clock.now()
    ActingTicket.objects.create(
        store_id=member.store_id,
        member=member,
        user=by,
        reason=told,
        secret_hash=crypto.fingerprint(secret),
        created_at=now,
        expires_at=now + TICKET_LASTS,
    )
    return secret


def opened(secret: str, *, store: Store) -> ActingTicket:
    """The ticket with this secret, for the page that asks; nothing changes. Refused: `unknown`, `used`, `expired`."""
    return _checked(_tickets(store).filter(secret_hash=crypto.fingerprint(secret)).first(), store)


@transaction.atomic
def use(secret: str, *, store: Store) -> ActingTicket:
    """Begin to act: of two at once one wins. The member is told by mail. Refused: as `opened`."""
    found = _tickets(store).filter(secret_hash=crypto.fingerprint(secret))
    ticket = _checked(found.select_for_update(of=("self",)).first(), store)
    ticket.used_at = clock.now()
    ticket.save(update_fields=["used_at"])
    member: Member = ticket.member
    member.store = store
    history.record(member, "member.acting_begun", by=ticket.user, ticket=ticket.pk)
    facts = {_("代理操作の理由"): ticket.reason, _("終了予定"): minute(until(ticket))}
    security_notices.send(member, Kind.ACTED_FOR, device=who(ticket.user), facts=facts)
    return ticket


def until(ticket: ActingTicket) -> datetime:
    """When the session of a used ticket ends, whatever is done in it."""
    return (ticket.used_at or ticket.created_at) + LASTS


def current(number: int, *, member: Member) -> ActingTicket | None:
    """The ticket under which a session acts for the member, as long as it holds: also its person's right is asked each time."""
    rows = _tickets(member.store).filter(pk=number, member=member, ended_at=None, used_at__gt=clock.now() - LASTS)
    ticket = rows.first()
    return ticket if ticket is not None and _may(ticket.user, member.store) else None


def end(ticket: ActingTicket) -> None:
    """Acting is over; a second time it is still over."""
    states.lock(ticket)
    if ticket.ended_at is None:
        ticket.ended_at = clock.now()
        ticket.save(update_fields=["ended_at"])
        history.record(ticket.member, "member.acting_ended", by=ticket.user, ticket=ticket.pk)


def records(member: Member) -> list[Record]:
    """Who acted for the member when and why, and what was done; newest first, two queries. Whoever may see the member may see it."""
    rows = ActingTicket.objects.filter(store_id=member.store_id, member=member).exclude(used_at=None)
    tickets = list(rows.select_related("user__partner").order_by("-id")[:_KEPT])
    entries = HistoryEntry.objects.filter(
        store_id=member.store_id, subject_type="actingticket", subject_id__in=[ticket.pk for ticket in tickets]
    )
    done: dict[int, Counter[str]] = {ticket.pk: Counter() for ticket in tickets}
    for number, event in entries.order_by("id").values_list("subject_id", "event"):
        done[number][str(_DONE.get(event, _("その他の操作")))] += 1
    return [
        Record(
            at=ticket.used_at or ticket.created_at,
            ended_at=ticket.ended_at,
            who=who(ticket.user),
            reason=ticket.reason,
            done=[
                _("%(what)s %(count)s件") % {"what": what, "count": count} for what, count in done[ticket.pk].items()
            ],
        )
        for ticket in tickets
    ]


def who(user: User) -> str:
    """As members read of it: a partner's staff by name, the desk's as the desk."""
    return f"{user.partner.name} {user.name}" if user.partner else _("運営の担当者")


def _tickets(store: Store) -> QuerySet[ActingTicket]:
    rows = ActingTicket.objects.filter(store_id=store.pk)
    return rows.select_related("member__company", "user__partner")


def _checked(ticket: ActingTicket | None, store: Store) -> ActingTicket:
    if ticket is None:
        raise Refused(_("このURLは正しくありません。代理操作を、もう一度はじめから行ってください。"), code="unknown")
    if ticket.used_at:
        hint = _("このURLはすでに使われています。代理操作のURLは1回だけ使えます。もう一度はじめから行ってください。")
        raise Refused(hint, code="used")
    if ticket.expires_at <= clock.now() or not ticket.member.is_active or not _may(ticket.user, store):
        hint = _("このURLは無効になりました。代理操作のURLは5分間有効です。もう一度はじめから行ってください。")
        raise Refused(hint, code="expired")
    return ticket


def _may(user: User, store: Store) -> bool:
    """Whether this person still is somebody who helps this store's members."""
    own = user.partner_id is None or user.partner_id == store.partner_id
    return user.is_active and own and _is_entered(store) and rights.allowed(user, Right.HELP_MEMBERS)


def _is_entered(store: Store) -> bool:
    return store.state in {StoreState.OPEN, StoreState.PAUSED}
