"""価格表の取込 on the desk: hand a file in, look at what it would do, apply it, and take it back."""

import uuid
from collections.abc import Callable
from http import HTTPStatus
from typing import Protocol

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from licenseonline.accounts.models import User
from licenseonline.backoffice import access, import_views
from licenseonline.backoffice.import_forms import ColumnsForm, UploadForm
from licenseonline.backoffice.requests import DeskRequest
from licenseonline.backoffice.site import site
from licenseonline.catalog.imports import price_imports
from licenseonline.catalog.models import ImportOutcome, PriceImport
from licenseonline.kit import whole_numbers
from licenseonline.kit.errors import Refused
from licenseonline.kit.forms import show_refusal
from licenseonline.kit.rights import Right
from licenseonline.records import idempotency
from licenseonline.stores.models import Store

LISTED = 30


class Verb(Protocol):
    """A step of an import."""

    def __call__(self, price_import: PriceImport, /, *, by: User) -> None:
        """Do it, or refuse."""


@access.needs(Right.EDIT_CATALOGUE)
@require_safe
def index(request: DeskRequest) -> HttpResponse:
    """All imports, newest first, by key."""
    found = PriceImport.objects.select_related("vendor", "by").order_by("-id")
    before = _number(request.GET.get("before", ""))
    if before:
        found = found.filter(pk__lt=before)
    shown = list(found[: LISTED + 1])
    context = {
        **site.each_context(request),
        "title": _("価格表の取込"),
        "imports": [(one, import_views.badge(one), import_views.in_words(one)) for one in shown[:LISTED]],
        "first_query": "?" if before else "",
        "next_query": f"?before={shown[LISTED - 1].pk}" if len(shown) > LISTED else "",
    }
    return render(request, "backoffice/imports.html", context)


@access.needs(Right.EDIT_CATALOGUE)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: DeskRequest) -> HttpResponse:
    """Hand in a file; `again` in the address fills the form as an earlier import's."""
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES)
        done = form.is_valid() and _once(request, form, form.facts(), lambda: _upload(request, form))
        if done:
            return redirect(done)
    else:
        form = UploadForm.like(_earlier(request.GET.get("again", "")))
    context = {**site.each_context(request), "title": _("価格表を取り込む"), "form": form, "key": uuid.uuid4()}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "backoffice/import_new.html", context, status=status)


@access.needs(Right.EDIT_CATALOGUE)
@require_safe
def show(request: DeskRequest, import_id: int) -> HttpResponse:
    """The import, as its state is."""
    found = _import(import_id)
    context = {
        **site.each_context(request),
        "title": _("価格表の取込：%(name)s") % {"name": found.file_name},
        **import_views.context(request, found),
    }
    return render(request, "backoffice/import.html", context)


@access.needs(Right.EDIT_CATALOGUE)
@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: DeskRequest, import_id: int) -> HttpResponse:
    """What the file's columns mean; POST reads it again by that."""
    found = _import(import_id)
    if not import_views.may_map(found):
        return _not_now(request, found, _("いまは列の対応を変更できません。画面の状態をご確認ください。"))
    form = ColumnsForm(found, request.POST if request.method == "POST" else None)
    done = form.is_valid() and _once(request, form, form.facts(), lambda: _remap(request, found, form))
    if done:
        messages.success(request, _("列の対応を保存しました。ファイルを読み込み直しています。"))
        return redirect(done)
    title = _("列の対応：%(name)s") % {"name": found.file_name}
    context = {**site.each_context(request), "title": title, "import": found, "form": form, "key": uuid.uuid4()}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "backoffice/import_columns.html", context, status=status)


@access.needs(Right.EDIT_CATALOGUE)
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: DeskRequest, import_id: int) -> HttpResponse:
    """What applying will do; POST does it."""
    found = _import(import_id)
    if request.method == "POST":
        return _step(request, found, price_imports.apply, _("反映を始めました。"))
    sentence, button = import_views.apply_sentence(found), import_views.apply_button(found)
    if found.state != PriceImport.State.CHECKED or not sentence:
        return _not_now(request, found, _("この取り込みは反映できません。画面の状態をご確認ください。"))
    hints = {
        "refused": import_views.count(found, ImportOutcome.REFUSED),
        "has_changes": bool(import_views.count(found, ImportOutcome.CHANGED)),
    }
    return _confirm(request, found, title=_("価格表を反映する"), sentence=sentence, button=button, **hints)


@access.needs(Right.EDIT_CATALOGUE)
@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: DeskRequest, import_id: int) -> HttpResponse:
    """What undoing will do; POST does it."""
    found = _import(import_id)
    if request.method == "POST":
        return _step(request, found, price_imports.undo, _("取り消しを始めました。"))
    if found.state != PriceImport.State.APPLIED:
        return _not_now(request, found, _("この取り込みは取り消せません。画面の状態をご確認ください。"))
    sentence = import_views.undo_sentence(found)
    return _confirm(request, found, title=_("取り込みを取り消す"), sentence=sentence, button=_("取り消す"))


@access.needs(Right.EDIT_CATALOGUE)
@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: DeskRequest, import_id: int) -> HttpResponse:
    """Give the import up; nothing of it was in force."""
    found = _import(import_id)
    if request.method == "POST":
        done = _("取り込みを破棄しました。価格は変わっていません。")
        return _step(request, found, price_imports.discard, done)
    if found.state not in import_views.DISCARDABLE:
        return _not_now(request, found, _("この取り込みは破棄できません。画面の状態をご確認ください。"))
    sentence = _("この取り込みを破棄します。価格と品ぞろえは今のまま変わりません。")
    return _confirm(request, found, title=_("取り込みを破棄する"), sentence=sentence, button=_("破棄する"))


@access.needs(Right.EDIT_CATALOGUE)
@require_safe
def refused(request: DeskRequest, import_id: int) -> HttpResponseBase:
    """The rows that are not taken, with the reasons, for a spreadsheet."""
    found = _import(import_id)
    if not import_views.shows_rows(found) or not import_views.count(found, ImportOutcome.REFUSED):
        raise Http404
    name = _("取り込めない行_%(name)s.csv") % {"name": found.file_name.rpartition(".")[0] or found.file_name}
    response = StreamingHttpResponse(price_imports.refused_csv(found), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


def _import(import_id: int) -> PriceImport:
    return get_object_or_404(
        PriceImport.objects.select_related("vendor", "by", "applied_by", "undone_by"), pk=import_id
    )


def _number(text: str) -> int:
    return whole_numbers.read(text) or 0


def _earlier(text: str) -> PriceImport | None:
    return PriceImport.objects.filter(pk=_number(text)).first()


def _upload(request: DeskRequest, form: UploadForm) -> str:
    said = form.cleaned_data
    made = price_imports.upload(
        said["file"],
        name=said["file"].name,
        vendor=said["vendor"],
        format=said["format"],
        from_day=said["from_day"],
        is_complete=said["is_complete"],
        columns=None,
        by=request.user,
    )
    return reverse("backoffice:import", args=[made.pk])


def _remap(request: DeskRequest, found: PriceImport, form: ColumnsForm) -> str:
    price_imports.remap(found, form.columns, by=request.user)
    return reverse("backoffice:import", args=[found.pk])


def _once(request: DeskRequest, form: forms.Form, facts: dict[str, object], do: Callable[[], str]) -> str:
    """Do it once and answer where it leads; what is refused comes to the form, and the answer is empty."""
    try:
        return _keyed(request, facts, do)
    except Refused as refusal:
        show_refusal(form, refusal)
        return ""


def _keyed(request: DeskRequest, facts: dict[str, object], do: Callable[[], str]) -> str:
    """Imports belong to no store; a person's keys are unique all the same when they are kept with the first one."""
    first = Store.objects.order_by("id").values_list("pk", flat=True)[:1]
    body = {"path": request.path, **facts}
    return idempotency.once(request.POST.get("key", ""), body, do, by=request.user, store_id=first[0])


def _step(request: DeskRequest, found: PriceImport, verb: Verb, done: str) -> HttpResponse:
    def once() -> str:
        verb(found, by=request.user)
        return request.path

    try:
        _keyed(request, {}, once)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, done)
    return redirect("backoffice:import", found.pk)


def _not_now(request: DeskRequest, found: PriceImport, why: str) -> HttpResponse:
    messages.error(request, why)
    return redirect("backoffice:import", found.pk)


def _confirm(request: DeskRequest, found: PriceImport, **texts: object) -> HttpResponse:
    context = {**site.each_context(request), "import": found, "key": uuid.uuid4(), **texts}
    return render(request, "backoffice/import_confirm.html", context)
