"""Stores are prepared by the desk, looked at, opened, paused, closed; each step is in the platform history."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _

from licenseonline.kit import clock, rights, states
from licenseonline.kit.actors import Actor
from licenseonline.kit.errors import Refused
from licenseonline.kit.rights import Right
from licenseonline.records import history
from licenseonline.stores import store_settings, stores
from licenseonline.stores.models import Partner, Store

MOST: Final = 999_999_999


@rights.needs(Right.MANAGE_STORES)
def prepare(number: int, *, partner: Partner, settings: Mapping[str, Any], by: Actor) -> Store:
    """A store of that number for the partner, seen by the desk alone until `publish`. `settings` as store_settings.FIELDS.

    Refused, field `number`: `number` (none of 1 to 9 digits), `exists`; as stores.check_trades, store_settings.check.
    """
    stores.check_trades(partner)
    if not 1 <= number <= MOST:
        raise Refused(_("ストアIDは1～9桁の数字で入力してください。"), code="number", field="number")
    if Store.objects.filter(pk=number).exists():
        raise Refused(_("このストアIDは、すでに使われています。"), code="exists", field="number")
    store = Store(pk=number, partner=partner, state=Store.State.DRAFT)
    store_settings.put(store, settings)
    store.save(force_insert=True)
    facts = {name: [None, shown] for name, shown in store_settings.facts(store).items() if shown not in {"", None}}
    history.record_platform(store, "store.prepared", by=by, partner=partner.spid, **facts)
    return store


@rights.needs(Right.MANAGE_STORES)
def publish(store: Store, *, by: Actor) -> None:
    """Open a prepared store, or a paused or closed one again. Refused: `state`; as stores.check_trades, store_settings.check."""
    stores.check_trades(store.partner)
    event = "store.published" if store.state == Store.State.DRAFT else "store.reopened"
    store_settings.check(states.lock(store))
    states.move(store, Store.State.OPEN, paused_note="", readable_until=None)
    history.record_platform(store, event, by=by)


@rights.needs(Right.MANAGE_STORES)
def pause(store: Store, *, note: str, by: Actor) -> None:
    """Begin nothing new for a while: members still sign in and read, visitors see `note`. Refused: `state`."""
    states.move(store, Store.State.PAUSED, paused_note=note)
    history.record_platform(store, "store.paused", by=by, paused_note=note)


@rights.needs(Right.MANAGE_STORES)
def close(store: Store, *, readable_until: date, note: str, by: Actor) -> None:
    """End a store: no new members and no sales; histories stay readable to the end of that day.

    Refused: `state`; `day`, field `readable_until` (before today).
    """
    if readable_until < clock.today():
        raise Refused(_("今日以降の日付を入力してください。"), code="day", field="readable_until")
    states.move(store, Store.State.CLOSED, readable_until=readable_until, paused_note=note)
    facts = {"readable_until": readable_until.isoformat(), "paused_note": note}
    history.record_platform(store, "store.closed", by=by, **facts)
