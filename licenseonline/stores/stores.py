"""Questions about stores that more than one place asks."""

from collections.abc import Mapping
from copy import copy
from datetime import date
from functools import lru_cache
from typing import Final, TypeVar

from django.conf import settings
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from licenseonline.kit import scope, sql, states
from licenseonline.kit.errors import NotVisible, Refused
from licenseonline.stores.models import Partner, PaymentMethod, Store, StoreState

EDITION: Final = "SELECT number FROM stores_edition"  # for `scope.stores(reading=)`
M = TypeVar("M", bound=Model)
_SHOWN: Final = ("introduction", "logo_svg", "seal_png", "terms")  # kilobytes each
PAYABLE: Final = (
    PaymentMethod.TRANSFER,
)  # the others need a gateway or a contract with a guarantor, and none is there


def open_store(number: int, *, edition: int | None = None) -> Store:
    """The store that a request is for, in whatever state; raises NotVisible for an unknown one.

    `edition` is what EDITION gives, read here when it is not given.

    Each process reads a store once per edition; any change of it raises the edition (kit/edition.py).
    """
    if edition is None:
        ((edition,),) = sql.rows(EDITION)
    store = copy(store_of_edition(number, edition))
    store.edition = edition
    return store


@lru_cache(maxsize=2048)
def store_of_edition(number: int, edition: int) -> Store:  # noqa: ARG001  (the edition is what makes it valid)
    """The store as it was when read in that edition; raises NotVisible."""
    store = Store.objects.filter(pk=number).first()
    if store is None:
        raise NotVisible
    return store


@lru_cache(maxsize=2)
def hosts_of_edition(edition: int) -> Mapping[str, int]:  # noqa: ARG001  (as above)
    """Which store each own host name is, as read in that edition."""
    return dict(Store.objects.exclude(host="").values_list("host", "pk"))


def check_sells(store: Store) -> None:
    """Refused (`store_closed`) while nothing new can be begun at the store."""
    if store.state != StoreState.OPEN:
        hint = _("現在、このストアでは新しいお手続き（会員登録・見積・ご注文）を承っておりません。")
        raise Refused(hint, code="store_closed")


def check_trades(partner: Partner) -> None:
    """Refused (`partner`) for a partner that is stopped or ended: nobody of it is let in, and none of its stores opens.

    Locks the partner, so that a stop that waits sees whatever comes afterwards.
    """
    if states.lock(partner).state != Partner.State.ACTIVE:
        hint = _("このセールスパートナーとの取引は停止または終了しているため、この操作はできません。")
        raise Refused(hint, code="partner")


def pays_by(store: Store) -> tuple[str, ...]:
    """The ways to pay that the store offers, always in the same order."""
    return tuple(method.value for method in PaymentMethod if method in store.payment_methods)


def url(store: Store, path: str) -> str:
    """An absolute link for mails and documents, on the host that the store declares. `path` begins with `/<store>/`."""
    base = f"https://{store.host}" if store.host else settings.SITE_URL
    return f"{base}{path}"


def with_names(rows: QuerySet[M], *related: str, path: str = "store") -> QuerySet[M]:
    """The rows with their stores (at `path`) and `related`, but without the texts and pictures that stores show their visitors."""
    return rows.select_related(path, *related).defer(*(f"{path}__{name}" for name in _SHOWN))


def holidays(store: Store) -> frozenset[date]:
    """The store's own closed days, for the business-day calendar. A request's store knows them as of its edition."""
    edition = getattr(store, "edition", None)
    return _holidays(store.pk) if edition is None else holidays_of_edition(store.pk, edition)


@lru_cache(maxsize=2048)
def holidays_of_edition(number: int, edition: int) -> frozenset[date]:  # noqa: ARG001  (as store_of_edition)
    """The store's own closed days as they were when read in that edition."""
    return _holidays(number)


def holidays_of_all() -> Mapping[int, frozenset[date]]:
    """The closed days of every store that has some, by its number; for the platform. Each process reads them once per edition."""
    ((edition,),) = sql.rows(EDITION)
    return holidays_of_all_in_edition(edition)


@lru_cache(maxsize=1)
def holidays_of_all_in_edition(edition: int) -> Mapping[int, frozenset[date]]:  # noqa: ARG001  (as store_of_edition)
    """The closed days of every store as they were when read in that edition."""
    with scope.platform():  # whoever asks first, it is kept for all
        found = sql.rows("SELECT store_id, array_agg(day) FROM stores_storeholiday GROUP BY store_id")
    return {number: frozenset(days) for number, days in found}


def _holidays(number: int) -> frozenset[date]:
    found = sql.rows("SELECT day FROM stores_storeholiday WHERE store_id = %(store)s", store=number)
    return frozenset(day for (day,) in found)


def commission_per_mille(store: Store, day: date) -> int:
    """The partner's commission on that day, per mille of the net amount (0 when none is agreed)."""
    found = sql.rows(
        """SELECT per_mille FROM stores_commission WHERE store_id = %(store)s AND from_day <= %(day)s
           ORDER BY from_day DESC LIMIT 1""",
        store=store.pk,
        day=day,
    )
    return found[0][0] if found else 0
