"""Questions about stores that more than one place asks."""

from copy import copy
from datetime import date
from functools import lru_cache

from django.conf import settings
from django.db import connection

from licenseonline.kit.errors import NotVisible
from licenseonline.stores.models import Commission, Store, StoreHoliday


def open_store(number: int) -> Store:
    """The store that a request is for, with the present edition; raises NotVisible for an unknown or closed one.

    Each process reads a store once per edition; any change of it raises the edition (kit/edition.py).
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM stores_edition")
        (edition,) = cursor.fetchone()
    store = copy(store_of_edition(number, edition))
    store.edition = edition
    return store


@lru_cache(maxsize=2048)
def store_of_edition(number: int, edition: int) -> Store:  # noqa: ARG001  (the edition is what makes it valid)
    """The open store as it was when read in that edition; raises NotVisible."""
    store = Store.objects.filter(pk=number, is_open=True).first()
    if store is None:
        raise NotVisible
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
