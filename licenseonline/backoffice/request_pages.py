"""見積依頼 at the desk: what members ask, and the answers."""

import uuid
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import FileResponse, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe
from unfold.widgets import TEXTAREA_CLASSES

from licenseonline.accounts.models import Company, Member, User
from licenseonline.backoffice import access
from licenseonline.backoffice.fields import PickField, TextField
from licenseonline.backoffice.requests import DeskRequest
from licenseonline.backoffice.site import site
from licenseonline.kit import names, paging, rights
from licenseonline.kit.errors import Refused
from licenseonline.kit.forms import choose_of
from licenseonline.kit.rights import Right
from licenseonline.kit.text import MAX_QUERY
from licenseonline.records import files, idempotency
from licenseonline.sales import quote_requests, request_forms
from licenseonline.sales.models import QuoteRequest, RequestFile
from licenseonline.stores.models import Store


class NarrowForm(forms.Form):
    """Which requests: by state, by store, by number, company or member."""

    state = PickField(
        label=gettext_lazy("状態"), required=False, choices=[("", gettext_lazy("すべて")), *QuoteRequest.State.choices]
    )
    store = PickField(label=gettext_lazy("ストア"), required=False)
    q = TextField(label=gettext_lazy("依頼番号・会社名・氏名"), required=False, max_length=MAX_QUERY)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data, auto_id="id_narrow_%s")
        found = Store.objects.order_by("id").values_list("pk", "name")
        stores = [(str(pk), f"{pk} {name}") for pk, name in found]
        choose_of(self, "store", [("", _("すべて")), *stores])

    def narrow(self, rows: QuerySet[QuoteRequest], *, by: User) -> QuerySet[QuoteRequest]:
        """Those that are asked for; a choice that there is not narrows nothing."""
        self.is_valid()
        given = self.cleaned_data
        if given.get("state"):
            rows = rows.filter(state=given["state"])
        if given.get("store"):
            rows = rows.filter(store_id=int(given["store"]))
        if not given.get("q"):
            return rows
        part, nobody = names.key(given["q"]), Q(pk__in=[])
        companies = names.holding(Company.objects.visible_to(by), part, "name", "kana", otherwise=nobody)
        people = names.holding(Member.objects.visible_to(by), part, "name", "kana", otherwise=nobody)
        named = Q(company__in=companies.values("pk")) | Q(member__in=people.values("pk"))
        return rows.filter(Q(number__startswith=given["q"].upper()) | named)

    @property
    def kept(self) -> str:
        """What links to the pages beside carry on."""
        return urlencode({name: value for name, value in self.cleaned_data.items() if value})


class PostForm(request_forms.PostForm):
    """In the desk's clothes."""

    def __init__(self, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files)
        self.fields["text"].widget.attrs["class"] = " ".join(TEXTAREA_CLASSES)
        self.fields["uploads"].widget.attrs["class"] = "desk-file"

    @property
    def had_files(self) -> bool:
        """Whether files were chosen that must be chosen again."""
        return any(self.files.values())


@access.needs(Right.VIEW_SALES)
@require_safe
def index(request: DeskRequest) -> HttpResponse:
    """Newest first, in pages; what waits for an answer stands on the work list as well."""
    form = NarrowForm(request.GET)
    rows = QuoteRequest.objects.visible_to(request.user).select_related("store", "company", "member", "quote")
    page = paging.page(form.narrow(rows.defer("quote__snapshot"), by=request.user), request.GET)
    context = {**site.each_context(request), "title": _("見積依頼"), "form": form, "page": page}
    return render(request, "backoffice/quote_requests.html", context)


@access.needs(Right.VIEW_SALES)
@require_safe
def show(request: DeskRequest, store_id: int, number: str) -> HttpResponse:
    """One with all that was written."""
    return _page(request, _request(request, store_id, number), PostForm())


@access.needs(Right.PREPARE_QUOTES)
@require_POST
def answer(request: DeskRequest, store_id: int, number: str) -> HttpResponse:
    """Answer what was read."""
    asked, form = _request(request, store_id, number), PostForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            return redirect(_answer(request, asked, form))
        except Refused as refusal:
            form.refuse(refusal)
    return _page(request, _request(request, store_id, number), form)


def _answer(request: DeskRequest, asked: QuoteRequest, form: PostForm) -> str:
    given = form.cleaned_data

    def do() -> str:
        told = {"text": given["text"], "uploads": given["uploads"], "seen": given["seen"] or 0}
        quote_requests.answer(asked, **told, by=request.user)
        messages.success(request, _("回答し、お客様へメールでお知らせしました。"))
        return _address(asked)

    body = {"path": request.path, **form.facts()}
    return idempotency.once(given["key"], body, do, by=request.user, store_id=asked.store_id)


@access.needs(Right.PREPARE_QUOTES)
@require_POST
def close(request: DeskRequest, store_id: int, number: str) -> HttpResponse:
    """End it without a quotation."""
    asked = _request(request, store_id, number)

    def do() -> str:
        quote_requests.close(asked, by=request.user)
        messages.success(request, _("見積依頼を終了しました。"))
        return _address(asked)

    try:
        body = {"path": request.path}
        idempotency.once(request.POST.get("key", ""), body, do, by=request.user, store_id=store_id)
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect(_address(asked))


@access.needs(Right.VIEW_SALES)
@require_safe
def file(request: DeskRequest, store_id: int, number: str, file_id: int) -> HttpResponseBase:
    """A file that came with a post, as a download."""
    rows = RequestFile.objects.visible_to(request.user).select_related("file")
    kept = get_object_or_404(rows, store_id=store_id, pk=file_id, post__request__number=number).file
    content = files.opened(kept)
    return files.harmless(FileResponse(content, as_attachment=True, filename=kept.name, content_type=kept.content_type))


def _request(request: DeskRequest, store_id: int, number: str) -> QuoteRequest:
    rows = QuoteRequest.objects.visible_to(request.user).select_related("store", "company", "member", "quote")
    return get_object_or_404(rows, store_id=store_id, number=number)


def _page(request: DeskRequest, asked: QuoteRequest, form: PostForm) -> HttpResponse:
    posts = quote_requests.thread(asked)
    context = {
        **site.each_context(request),
        "title": _("見積依頼 %(number)s") % {"number": asked.number},
        "asked": asked,
        "lines": asked.lines.select_related("sku__product").order_by("pk"),
        "posts": posts,
        "seen": posts[-1].pk,
        "form": form,
        "may": rights.allowed(request.user, Right.PREPARE_QUOTES),
        "key": uuid.uuid4(),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "backoffice/quote_request.html", context, status=status)


def _address(asked: QuoteRequest) -> str:
    return reverse("backoffice:request", args=[asked.store_id, asked.number])
