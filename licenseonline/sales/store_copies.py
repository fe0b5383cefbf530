"""A new store takes over what another one sells and tells: everything but its customers, its brand and its seller."""

from typing import Final

from django.db.models import Model
from django.utils.translation import gettext as _

from licenseonline.catalog.models import SellingRule, StoreListing
from licenseonline.content.models import Faq, Page
from licenseonline.kit import clock, rights, states
from licenseonline.kit.actors import Actor
from licenseonline.kit.errors import Refused
from licenseonline.kit.rights import Right
from licenseonline.records import history
from licenseonline.stores.models import Store, StoreHoliday

_COPIED: Final[dict[str, type[Model]]] = {
    "listings": StoreListing, "selling_rules": SellingRule, "pages": Page, "faqs": Faq, "holidays": StoreHoliday,
}  # fmt: skip


@rights.needs(Right.MANAGE_STORES)
def copy(source: Store, *, to: Store, by: Actor) -> None:
    """Give a prepared store the assortment, selling rules, pages, FAQ and coming closed days of another; settings are typed.

    Refused: `state` (it is not being prepared any more), `filled` (it has an assortment or pages of its own).
    """
    if states.lock(to).state != Store.State.DRAFT:
        raise Refused(_("公開前のストアにだけ複製できます。"), code="state")
    if any(model._base_manager.filter(store=to).exists() for model in _COPIED.values()):
        raise Refused(_("このストアには、すでに取扱製品やページが登録されています。"), code="filled")
    counts = {}
    for name, model in _COPIED.items():
        rows = list(model._base_manager.filter(store=source))
        if model is StoreHoliday:
            rows = [row for row in rows if row.day >= clock.today()]  # type: ignore[attr-defined]  # a holiday
        for row in rows:
            row.pk, row.store_id = None, to.pk  # type: ignore[attr-defined]  # as above
        model._base_manager.bulk_create(rows)
        counts[name] = len(rows)
    history.record_platform(to, "store.copied", by=by, source=source.pk, **counts)
