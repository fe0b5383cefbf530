"""A partner as a whole is stopped for a while, resumed, or ended: all its stores and all its staff in one transaction.

What a stop changed is kept on the partner, so that a resumption puts back exactly that: a store that was paused before
stays paused, and who was stopped before stays stopped.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from licenseonline.accounts import sessions, staff_links, staff_mail
from licenseonline.accounts.models import Member, User
from licenseonline.accounts.staff_mail import Notice
from licenseonline.kit import clock, rights, scope, states
from licenseonline.kit.rights import Right, StaffRole
from licenseonline.records import history
from licenseonline.stores import openings
from licenseonline.stores.models import Partner, Store, StoreState

_SELLING = {StoreState.OPEN}
_SEEN = {StoreState.OPEN, StoreState.PAUSED}


@dataclass(frozen=True, slots=True)
class Effect:
    """What a stop, a resumption or an end would change now; `members` are the active ones of those stores."""

    stores: list[Store]
    members: int
    people: list[User]


def effect(partner: Partner, to: str) -> Effect:
    """What moving the partner to that state would do; nothing changes. Asked as the platform."""
    found = Store.objects.filter(partner=partner).order_by("pk")
    people = User.objects.filter(partner=partner).order_by("pk")
    if to == Partner.State.ACTIVE:
        found = found.filter(pk__in=partner.paused_stores, state=StoreState.PAUSED)
        people = people.filter(pk__in=[*partner.stopped_staff, *partner.uninvited_staff], stopped_at__isnull=False)
    else:
        found = found.filter(state__in=_SELLING if to == Partner.State.STOPPED else _SEEN)
        people = people.filter(stopped_at=None)
    stores = list(found)
    members = Member.objects.filter(store__in=stores, is_active=True).count()
    return Effect(stores, members, list(people))


@rights.needs(Right.MANAGE_STORES)
def stop(partner: Partner, *, note: str, by: User) -> None:
    """Pause all its open stores (visitors read `note`) and shut its staff out at once. Refused: `state`."""
    with scope.platform():
        states.lock(partner)
        stores = _lock_stores(partner, _SELLING)
        active, invited = _stop_staff(partner, by)
        states.move(
            partner,
            Partner.State.STOPPED,
            paused_stores=[store.pk for store in stores],
            stopped_staff=active,
            uninvited_staff=invited,
        )
        for store in stores:
            openings.pause(store, note=note, by=by)
        _record(partner, "partner.stopped", stores, len(active) + len(invited), by)


@rights.needs(Right.MANAGE_STORES)
def resume(partner: Partner, *, by: User) -> None:
    """Open the stores again that the stop paused and let the staff in again that it shut out; mails nobody.

    Who waited for a start link then needs a new one (staff.send_again). Refused: `state`; as openings.publish.
    """
    with scope.platform():
        states.lock(partner)
        paused, active, invited = partner.paused_stores, partner.stopped_staff, partner.uninvited_staff
        states.move(partner, Partner.State.ACTIVE, paused_stores=[], stopped_staff=[], uninvited_staff=[])
        stores = [store for store in _lock_stores(partner, {StoreState.PAUSED}) if store.pk in paused]
        for store in stores:
            openings.publish(store, by=by)
        people = _lock_staff(partner).filter(pk__in=[*active, *invited], stopped_at__isnull=False)
        for user in people:
            user.is_active, user.stopped_at = user.pk in active, None
            user.save(update_fields=["is_active", "stopped_at"])
            history.record_platform(user, "staff.resumed", by=by)
        _record(partner, "partner.resumed", stores, len(people), by)


@rights.needs(Right.MANAGE_STORES)
def close(partner: Partner, *, readable_until: date, note: str, by: User) -> None:
    """End the partnership: its open and paused stores close, histories stay readable to that day; its staff is shut out.

    There is no way back. Refused: `state`; `day`, field `readable_until` (before today).
    """
    with scope.platform():
        states.lock(partner)
        stores = _lock_stores(partner, _SEEN)
        active, invited = _stop_staff(partner, by)
        states.move(partner, Partner.State.CLOSED, paused_stores=[], stopped_staff=[], uninvited_staff=[])
        for store in stores:
            openings.close(store, readable_until=readable_until, note=note, by=by)
        _record(partner, "partner.closed", stores, len(active) + len(invited), by)


def _lock_stores(partner: Partner, among: set[StoreState]) -> list[Store]:
    return list(Store.objects.select_for_update().filter(partner=partner, state__in=among).order_by("pk"))


def _lock_staff(partner: Partner) -> QuerySet[User]:
    """The highest first, as accounts.staff locks them: two who stop somebody never wait for each other."""
    people = User.objects.select_for_update(of=("self",)).filter(partner=partner).order_by("pk")
    list(people.filter(role=StaffRole.HEAD, is_active=True).values_list("pk", flat=True))
    return people


def _stop_staff(partner: Partner, by: User) -> tuple[list[int], list[int]]:
    """Who was active, and who was invited only."""
    active: list[int] = []
    invited: list[int] = []
    for user in _lock_staff(partner).filter(stopped_at=None):
        (active if user.is_active else invited).append(user.pk)
        was_active, user.is_active, user.stopped_at = user.is_active, False, clock.now()
        user.save(update_fields=["is_active", "stopped_at"])
        sessions.of(user).delete()
        staff_links.withdraw_all(user)
        history.record_platform(user, "staff.stopped", by=by)
        if was_active:
            staff_mail.notice(user, Notice.STOPPED, by=by)
    return active, invited


def _record(partner: Partner, event: str, stores: list[Store], staff: int, by: User) -> None:
    ids = "、".join(str(store.pk) for store in stores)
    history.record_platform(partner, event, by=by, stores=ids, staff=staff)
