"""Questions about stores that more than one place asks."""

from datetime import date

from django.conf import settings
from django.db.models import Subquery

from licenseonline.kit.errors import NotVisible
from licenseonline.stores.models import Commission, Edition, Store, StoreHoliday


def open_store(number: int) -> Store:
    """The store that a request is for, with the present edition; raises NotVisible for an unknown or closed one."""
    present = Subquery(Edition.objects.values("number")[:1])
    store = Store.objects.filter(pk=number, is_open=True).annotate(present_edition=present).first()
    if store is None:
        raise NotVisible
    store.edition = store.present_edition
    return store


def url(store: Store, path: str) -> str:
    """An absolute link for mails and documents, on the host that the store declares. `path` begins with `/<store>/`."""
    base = f"https://{store.host}" if store.host else settings.SITE_URL
    return f"{base}{path}"


def holidays(store: Store) -> frozenset[date]:
    """The store's own closed days, for the business-day calendar."""
    return frozenset(StoreHoliday.objects.public(store.pk).values_list("day", flat=True))


def commission_per_mille(store: Store, day: date) -> int:
    """The partner's commission on that day, per mille of the net amount (0 when none is agreed)."""
    rate = Commission.objects.filter(store=store, from_day__lte=day).order_by("-from_day").first()
    return rate.per_mille if rate else 0
