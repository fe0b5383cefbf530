"""The home of the back office: the work list."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from licenseonline.backoffice import worklist
from licenseonline.backoffice.requests import DeskRequest
from licenseonline.backoffice.site import site
from licenseonline.stores.models import Store


@require_safe
def show(request: DeskRequest) -> HttpResponse:
    """Everything that waits for the desk, by deadline, narrowed by kind and store."""
    stores = list(Store.objects.order_by("id"))
    store_id = _number(request, {store.pk for store in stores})
    found = worklist.collect(by=request.user, store_id=store_id)
    chosen = next((kind for kind in found if kind.code == request.GET.get("kind")), None)
    shown = {chosen: found[chosen]} if chosen else found
    context = {
        "title": _("作業一覧"),
        "stores": stores,
        "store_id": store_id,
        "kinds": list(found.items()),
        "chosen": chosen,
        "tasks": worklist.by_deadline(shown.values()),
        "all": {"count": sum(one.count for one in found.values()), "yen": sum(one.yen for one in found.values())},
        "sum": {"count": sum(one.count for one in shown.values()), "yen": sum(one.yen for one in shown.values())},
    }
    return render(request, "backoffice/home.html", {**site.each_context(request), **context})


def _number(request: HttpRequest, known: set[int]) -> int | None:
    """The chosen store, when there is one of that number."""
    text = request.GET.get("store", "")
    return next((number for number in known if str(number) == text), None)
