"""Lists of the console: by state, by store, in pages, with links that keep the choice."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet

from licenseonline.kit import paging
from licenseonline.kit.tenancy import M
from licenseonline.stores.models import Store
from licenseonline.web.partner import figures
from licenseonline.web.requests import StaffRequest

Tabs = Mapping[str, tuple[object, Q]]


def narrowed(
    request: StaffRequest, rows: QuerySet[M], tabs: Tabs, *, kept: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """What the templates need of one page: `tabs` are states by code, `kept` what else the links carry on."""
    asked = request.GET.get("state", "")
    state, stores, store = asked if asked in tabs else "", *_stores(request)
    rows = rows.filter(tabs[state][1])
    page = paging.page(rows.filter(store_id=store.pk) if store else rows, request.GET)
    chosen = {**(kept or {}), "state": state, "store": str(store.pk) if store else ""}
    text = urlencode({name: value for name, value in chosen.items() if value})
    return {
        "page": page,
        "previous_url": _with(page.previous_url, text),
        "next_url": _with(page.next_url, text),
        "query": text,
        "tabs": [(code, label) for code, (label, _where) in tabs.items()],
        "state": state,
        "stores": stores,
        "of_store": store,
    }


def chosen(request: StaffRequest, rows: QuerySet[M], tabs: Tabs) -> QuerySet[M]:
    """All rows that the address chooses, as `narrowed` shows them in pages."""
    asked = request.GET.get("state", "")
    _own, store = _stores(request)
    rows = rows.filter(tabs[asked if asked in tabs else ""][1])
    return rows.filter(store_id=store.pk) if store else rows


def _stores(request: StaffRequest) -> tuple[list[Store], Store | None]:
    """The own stores, and the one that the address names."""
    stores = list(figures.own_stores(request.user))
    return stores, next((one for one in stores if str(one.pk) == request.GET.get("store")), None)


def _with(url: str, kept: str) -> str:
    if not url or not kept:
        return url
    return f"{url}{kept}" if url.endswith("?") else f"{url}&{kept}"
