"""まとめて処理: a preview of what would happen to each marked row, the one button that does it, and what came of it."""

import uuid
from dataclasses import asdict
from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from licenseonline.backoffice import access, bulk
from licenseonline.backoffice.bulk import Action, Outcome, Row
from licenseonline.backoffice.bulk_forms import EmptyForm
from licenseonline.backoffice.once import once
from licenseonline.backoffice.requests import DeskRequest
from licenseonline.backoffice.site import site
from licenseonline.kit.errors import Refused

_KEPT = "bulk"  # in the session: what came of the last runs, each by its number
_MOST_KEPT = 10


@require_POST
def preview(request: DeskRequest) -> HttpResponse:
    """From the work list: what would happen to the marked tasks."""
    action = bulk.ACTIONS.get(request.POST.get("action", ""))
    if action is None:
        messages.warning(request, _("操作を選択してください。"))
        return redirect("backoffice:home")
    return previewed(request, action, request.POST.getlist("row"))


@require_POST
def act(request: DeskRequest, code: str) -> HttpResponse:
    """Do what was shown."""
    if code not in bulk.ACTIONS:
        raise Http404
    action = bulk.ACTIONS[code]
    return access.needs(action.right)(_act)(request, action=action)


@require_safe
def result(request: DeskRequest, run: uuid.UUID) -> HttpResponse:
    """What this run did and what it did not; one that is no longer kept, or somebody else's, leads to the work list."""
    kept = request.session.get(_KEPT, {}).get(str(run))
    if kept is None:
        messages.info(request, _("この処理の結果は、もう表示できません。処理の内容は各画面の履歴でご確認ください。"))
        return redirect("backoffice:home")
    outcomes = [Outcome(**one) for one in kept["outcomes"]]
    context = {"title": _("まとめて処理の結果：%(label)s") % {"label": bulk.ACTIONS[kept["code"]].label}}
    return render(
        request, "backoffice/bulk_result.html", {**site.each_context(request), **context, **_counted(outcomes)}
    )


def previewed(request: DeskRequest, action: Action, sent: list[str]) -> HttpResponse:
    """The preview, for who may do it."""
    return access.needs(action.right)(_page)(request, action=action, rows=bulk.parsed(sent))


def _act(request: DeskRequest, action: Action) -> HttpResponse:
    rows = bulk.parsed(request.POST.getlist("row"))
    form = action.form(request.user, request.POST)
    if not form.is_valid() or "again" in request.POST:
        return _page(request, action, rows, form)

    def do() -> str:
        outcomes = bulk.run(action, rows, form.cleaned_data, by=request.user)
        run = uuid.uuid4()
        made = {"code": action.code, "outcomes": [asdict(one) for one in outcomes]}
        earlier = list(request.session.get(_KEPT, {}).items())[1 - _MOST_KEPT :]
        request.session[_KEPT] = dict([*earlier, (str(run), made)])
        return reverse("backoffice:bulk_result", args=[run])

    try:
        return redirect(once(request, do, facts={"rows": [str(row) for row in rows], **form.facts()}))
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return _page(request, action, rows, form)


def _page(request: DeskRequest, action: Action, rows: list[Row], sent: EmptyForm | None = None) -> HttpResponse:
    form = sent or action.form(request.user)
    values = sent.cleaned_data if sent is not None else form.initial_values()
    too_many = ""
    try:
        outcomes = bulk.preview(action, rows, values, by=request.user)
    except Refused as refusal:
        outcomes, too_many = [], refusal.message
    failed = sent if sent is not None and sent.errors else None
    context = {
        **site.each_context(request),
        **_counted(outcomes),
        "title": _("確認：%(label)s") % {"label": action.label},
        "action": action,
        "rows": rows,
        "form": form,
        "failed": failed,
        "too_many": too_many,
        "key": uuid.uuid4(),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if failed else HTTPStatus.OK
    return render(request, "backoffice/bulk_preview.html", context, status=status)


def _counted(outcomes: list[Outcome]) -> dict[str, object]:
    done = sum(one.is_done for one in outcomes)
    return {"outcomes": outcomes, "done": done, "refused": len(outcomes) - done}
