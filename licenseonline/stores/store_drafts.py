"""Changes of a store's settings that are looked at before they are public: by a link (previews) that shows the store with them.

A draft is never changed, only made anew, so that what was looked at is what is published.
"""

from collections.abc import Mapping
from copy import copy
from datetime import timedelta
from typing import Any, Final

from django.utils.translation import gettext as _

from licenseonline.kit import clock, rights, states
from licenseonline.kit.actors import Actor
from licenseonline.kit.errors import Refused
from licenseonline.kit.rights import Right
from licenseonline.stores import store_settings
from licenseonline.stores.models import Store, StoreDraft

KEPT: Final = timedelta(days=30)


@rights.needs(Right.MANAGE_STORES)
def make(store: Store, settings: Mapping[str, Any], *, by: Actor, based_on: str | None = None) -> StoreDraft:
    """Keep changes to look at; nothing of the store changes. One's own draft of before goes.

    Refused: `same` (nothing differs); as store_settings.change.
    """
    store_settings.check_unchanged(states.lock(store), based_on)
    changed, before = copy(store), store_settings.facts(store)
    store_settings.put_changes(changed, settings)
    after = store_settings.facts(changed)
    names = {name for name in after if after[name] != before[name]}
    if not names:
        raise Refused(_("変更された項目がありません。"), code="same")
    discard(store, by=by)
    StoreDraft.objects.filter(store=store, made_at__lt=clock.now() - KEPT).delete()
    return StoreDraft.objects.create(
        store=store,
        settings={name: getattr(changed, name) for name in store_settings.FIELDS if name in names},
        logo_svg=changed.logo_svg if "logo_svg" in names else None,
        seal_png=changed.seal_png if "seal_png" in names else None,
        based_on=store_settings.digest(store),
        made_at=clock.now(),
        made_by=by.pk,
    )


@rights.needs(Right.MANAGE_STORES)
def publish(draft: StoreDraft, *, by: Actor) -> Store:
    """Make the changes public; the draft is done. Refused: `changed` (settings were changed since); as store_settings.check."""
    store = states.lock(Store.objects.get(pk=draft.store_id))
    store_settings.check_unchanged(store, draft.based_on)
    before = store_settings.facts(store)
    put(draft, store)
    store_settings.check(store)
    store_settings.save(store, before, by=by)
    draft.delete()
    return store


@rights.needs(Right.MANAGE_STORES)
def discard(store: Store, *, by: Actor) -> None:
    """Forget what this person was about to change of the store; the links that show it show the store as it is."""
    StoreDraft.objects.filter(store=store, made_by=by.pk).delete()


def of(store: Store, *, by: Actor) -> StoreDraft | None:
    """What this person is about to change of the store; everybody has one draft."""
    return StoreDraft.objects.filter(store=store, made_by=by.pk).order_by("-id").first()


def changes(draft: StoreDraft, store: Store) -> dict[str, list[Any]]:
    """Each setting that differs from the store's, before and after, as the history will have them."""
    before, after = store_settings.facts(store), store_settings.facts(put(draft, copy(store)))
    return {name: [before[name], after[name]] for name in after if after[name] != before[name]}


def put(draft: StoreDraft, store: Store) -> Store:
    """The store object as it will be; nothing is saved."""
    for name, value in draft.settings.items():
        setattr(store, name, value)
    if draft.logo_svg is not None:
        store.logo_svg = draft.logo_svg
    if draft.seal_png is not None:
        store.seal_png = draft.seal_png
    return store


def shown(store: Store, draft_id: int) -> Store:
    """The request's store with the draft's changes, of an edition of its own: nothing that is kept for visitors mixes with it.

    As it is, when the draft was published or discarded.
    """
    draft = StoreDraft.objects.filter(store_id=store.pk, pk=draft_id).first()
    if draft is None:
        return store
    # Negative, so that it is no edition; of both numbers, so that it is read anew when either changes.
    store.edition = -(store.edition * _MOST_DRAFTS + draft.pk % _MOST_DRAFTS)
    store.is_draft = True
    return put(draft, store)


_MOST_DRAFTS: Final = 10**9
