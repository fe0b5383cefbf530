"""Lists that can be kept with their conditions, and whose rows can be marked: what the desk's lists have beyond Django's."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final
from urllib.parse import urlencode

from django.apps import apps
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from licenseonline.accounts import saved_filters
from licenseonline.accounts.models import SavedFilter
from licenseonline.backoffice import bulk, bulk_pages
from licenseonline.backoffice.read_only import ReadOnlyAdmin
from licenseonline.backoffice.requests import DeskRequest, of_desk
from licenseonline.backoffice.site import site


@dataclass(frozen=True, slots=True)
class ListPage:
    """A page whose conditions can be kept: its code in addresses, its route, and its own parameters.

    `parameters` end in `__` where any lookup of the field is one (Django's lists).
    """

    code: str
    label: Promise
    route: str
    parameters: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        """The page without conditions."""
        return reverse(self.route)

    def own(self, query: QueryDict) -> str:
        """Of the query only this page's parameters, in one order; empty ones, other pages' and broken ones are dropped."""
        kept = [(name, value) for name, values in query.lists() for value in values if self._is_own(name, value)]
        return urlencode(sorted(kept))

    def _is_own(self, name: str, value: str) -> bool:
        known = any(name.startswith(own) if own.endswith("__") else name == own for own in self._parameters())
        return known and bool(value.strip()) and "\0" not in name + value

    def _parameters(self) -> Iterable[str]:
        """A list's are its filters' and its search's; which page of it is shown is none."""
        if self.parameters:
            return self.parameters
        app, model = self.code.split("_")
        shown = site.get_model_admin(apps.get_model(app, model))
        paths = [name if isinstance(name, str) else name[0] for name in shown.list_filter]
        return ("q", "o", *(f"{path}__" for path in paths))


def _list(code: str, label: Promise) -> ListPage:
    return ListPage(code, label, f"admin:{code}_changelist")


PAGES: Final = {
    page.code: page
    for page in (
        ListPage("work", _("作業一覧"), "backoffice:home", ("kind", "store")),
        _list("sales_order", _("注文")),
        _list("sales_quote", _("見積")),
        _list("licensing_contract", _("契約")),
        _list("accounts_company", _("会社")),
        _list("accounts_member", _("会員")),
        _list("records_message", _("メール")),
    )
}


@dataclass(frozen=True, slots=True)
class Chip:
    """One kept list: where it leads, and whether that is what is shown."""

    kept: SavedFilter
    url: str
    is_current: bool


def context(request: DeskRequest, code: str) -> dict[str, object]:
    """For `_saved.html`: the person's own chips of this page, and where to keep what is shown. One query."""
    page = PAGES[code]
    shown = page.own(request.GET)
    kept = saved_filters.of(request.user, code)
    return {
        "saved_page": page,
        "saved_query": shown if shown not in {one.query for one in kept} else "",
        "chips": [Chip(one, f"{page.url}?{one.query}", one.query == shown) for one in kept],
    }


class SavedListAdmin(ReadOnlyAdmin):
    """A list with kept conditions above it; marked rows go to a preview of what would be done with them."""

    list_before_template = "backoffice/_saved.html"

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list."""
        chips = context(of_desk(request), f"{self.opts.app_label}_{self.opts.model_name}")
        shown: HttpResponse = super().changelist_view(request, {**(extra_context or {}), **chips})
        return shown

    def get_actions(self, request: HttpRequest) -> dict[str, tuple[Any, str, Any]]:
        """What this person may do with many rows of this model."""
        return {
            action.code: (partial(_previewed, code=action.code), action.code, action.label)
            for action in bulk.offered(of_desk(request).user, self.model)
        }


def _previewed(_admin: ReadOnlyAdmin, request: DeskRequest, chosen: QuerySet[Any], *, code: str) -> HttpResponse:
    """Django's own way of an action, which ends on our page."""
    ids = chosen.order_by("pk").values_list("pk", flat=True)[: bulk.MOST + 1]
    return bulk_pages.previewed(request, bulk.ACTIONS[code], [f"{chosen.model._meta.model_name}:{pk}" for pk in ids])
