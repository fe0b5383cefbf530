"""この条件を保存: a list's conditions get a name, and lose it again."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from licenseonline.accounts import saved_filters
from licenseonline.backoffice.fields import TextField
from licenseonline.backoffice.order_forms import StepForm
from licenseonline.backoffice.requests import DeskRequest
from licenseonline.backoffice.saved_lists import PAGES, ListPage
from licenseonline.backoffice.site import site
from licenseonline.kit.errors import Refused


class NameForm(StepForm):
    """What the conditions are called."""

    step = "filter"

    name = TextField(
        label=gettext_lazy("条件の名前"),
        max_length=60,
        help_text=gettext_lazy("例：エルサットの入金待ち。一覧の上に、この名前で表示されます。"),
        error_messages={"required": gettext_lazy("条件の名前を入力してください。")},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: DeskRequest, page: str) -> HttpResponse:
    """The form, with the list's own parameters in its address; they alone are kept."""
    shown = _page(page)
    query = shown.own(request.GET)
    form = NameForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _kept(request, shown, query, form):
        return redirect(f"{shown.url}?{query}")
    context: dict[str, Any] = {
        **site.each_context(request),
        "title": _("条件の保存：%(list)s") % {"list": shown.label},
        "page": shown,
        "back": f"{shown.url}?{query}",
        "form": form,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "backoffice/filter_new.html", context, status=status)


@require_POST
def remove(request: DeskRequest, page: str, filter_id: int) -> HttpResponse:
    """One's own is forgotten."""
    shown = _page(page)
    saved_filters.drop(request.user, page=page, filter_id=filter_id)
    messages.success(request, _("保存した条件を削除しました。"))
    return redirect(shown.url)


def _page(code: str) -> ListPage:
    if code not in PAGES:
        raise Http404
    return PAGES[code]


def _kept(request: DeskRequest, shown: ListPage, query: str, form: NameForm) -> bool:
    try:
        saved_filters.keep(request.user, page=shown.code, name=form.cleaned_data["name"], query=query)
    except Refused as refusal:
        form.add_error(refusal.field, refusal.message)
        return False
    messages.success(request, _("条件を保存しました。"))
    return True
