"""The home of the back office: the work list, and the way from one task to the next."""

from collections.abc import Iterable
from typing import Final
from urllib.parse import parse_qsl

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from licenseonline.backoffice import bulk, saved_lists, store_choice, worklist
from licenseonline.backoffice.requests import DeskRequest
from licenseonline.backoffice.site import site
from licenseonline.backoffice.work.kinds import Found, Kind, Task
from licenseonline.kit import whole_numbers

PER_PAGE: Final = 50
_LIST: Final = "worklist"  # in the session: how the person narrowed the list that the tasks are taken from


@require_safe
def show(request: DeskRequest) -> HttpResponse:
    """Everything that waits for the desk, by deadline, narrowed by kind and store."""
    store, page = store_choice.read(request.GET.get("store", "")), _page(request)
    store_id = store.pk if store else None
    found = worklist.collect(by=request.user, store_id=store_id, most=page * PER_PAGE)
    chosen, shown = _narrowed(found, request.GET.get("kind", ""))
    _remember(request)
    context = {
        "title": _("作業一覧"),
        "store_form": store_choice.StoreForm.of(store),
        "store_id": store_id,
        "kinds": list(found.items()),
        "chosen": chosen,
        "all": _sums(found.values()),
        "sum": _sums(shown),
        **_paged(worklist.by_deadline(shown), page, _sums(shown)["count"]),
        **_extras(request),
    }
    return render(request, "backoffice/home.html", {**site.each_context(request), **context})


@require_safe
def following(request: DeskRequest) -> HttpResponse:
    """次の作業へ: the task behind the page that asks, of the list as it was narrowed; the list when there is none."""
    kept = _kept(request)
    store = store_choice.read(kept.get("store", ""))
    found = worklist.collect(by=request.user, store_id=store.pk if store else None)
    _chosen, shown = _narrowed(found, kept.get("kind", ""))
    tasks: list[Task] = worklist.by_deadline(shown)
    task = worklist.following(tasks, request.GET.get("after", ""))
    return redirect(task.url if task else f"{reverse('backoffice:home')}?{request.session.get(_LIST, '')}")


def _narrowed(found: dict[Kind, Found], code: str) -> tuple[Kind | None, list[Found]]:
    chosen = next((kind for kind in found if kind.code == code), None)
    return chosen, [found[chosen]] if chosen else list(found.values())


def _sums(found: Iterable[Found]) -> dict[str, int]:
    rows = list(found)
    return {"count": sum(one.count for one in rows), "yen": sum(one.yen for one in rows)}


def _extras(request: DeskRequest) -> dict[str, object]:
    return {**saved_lists.context(request, "work"), "bulk_actions": bulk.offered(request.user)}


def _remember(request: DeskRequest) -> None:
    """A new way to narrow the list is written down; the same one costs nothing."""
    query = saved_lists.PAGES["work"].own(request.GET)
    if request.session.get(_LIST, "") != query:
        request.session[_LIST] = query


def _kept(request: HttpRequest) -> dict[str, str]:
    return dict(parse_qsl(request.session.get(_LIST, "")))


def _page(request: DeskRequest) -> int:
    """Which page of the list: from 1, as far as tasks are looked up."""
    asked = whole_numbers.read(request.GET.get("page", "")) or 1
    return min(max(asked, 1), worklist.MOST // PER_PAGE)


def _paged(tasks: list[Task], page: int, count: int) -> dict[str, object]:
    """The tasks of that page, which they are of all, and the numbers of the pages beside it (None: there is none)."""
    start, end = (page - 1) * PER_PAGE, page * PER_PAGE
    shown = tasks[start:end]
    has_next = count > end and end < worklist.MOST
    return {
        "tasks": shown,
        "first": start + 1,
        "last": start + len(shown),
        "previous": page - 1 or None,
        "next": page + 1 if has_next else None,
    }
