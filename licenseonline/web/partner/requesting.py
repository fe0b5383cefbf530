"""見積依頼 on the console: what members ask, and the store's answers."""

from http import HTTPStatus
from uuid import uuid4

from django.contrib import messages
from django.db.models import Q
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from licenseonline.kit import rights
from licenseonline.kit.errors import Refused
from licenseonline.kit.rights import Right
from licenseonline.records import files, idempotency
from licenseonline.sales import quote_requests
from licenseonline.sales.models import QuoteRequest, RequestFile
from licenseonline.sales.request_forms import PostForm
from licenseonline.web.access import partner_needs
from licenseonline.web.partner import lists
from licenseonline.web.requests import StaffRequest


@partner_needs(Right.VIEW_SALES)
@require_safe
def index(request: StaffRequest) -> HttpResponse:
    """Requests to the own stores, newest first."""
    tabs = {"": (_("すべて"), Q())} | {str(state): (state.label, Q(state=state)) for state in QuoteRequest.State}
    rows = QuoteRequest.objects.visible_to(request.user).select_related("company", "member", "store", "quote")
    return render(request, "web/partner/requests.html", lists.narrowed(request, rows.defer("quote__snapshot"), tabs))


@partner_needs(Right.VIEW_SALES)
@require_safe
def show(request: StaffRequest, store_id: int, number: str) -> HttpResponse:
    """One with all that was written."""
    return _page(request, _request(request, store_id, number), PostForm())


@partner_needs(Right.PREPARE_QUOTES)
@require_POST
def answer(request: StaffRequest, store_id: int, number: str) -> HttpResponse:
    """Answer what was read."""
    asked, form = _request(request, store_id, number), PostForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            return redirect(_answer(request, asked, form))
        except Refused as refusal:
            form.refuse(refusal)
    return _page(request, _request(request, store_id, number), form)


def _answer(request: StaffRequest, asked: QuoteRequest, form: PostForm) -> str:
    given = form.cleaned_data

    def do() -> str:
        told = {"text": given["text"], "uploads": given["uploads"], "seen": given["seen"] or 0}
        quote_requests.answer(asked, **told, by=request.user)
        messages.success(request, _("回答し、お客様へメールでお知らせしました。"))
        return _address(asked)

    body = {"path": request.path, **form.facts()}
    return idempotency.once(given["key"], body, do, by=request.user, store_id=asked.store_id)


@partner_needs(Right.PREPARE_QUOTES)
@require_POST
def close(request: StaffRequest, store_id: int, number: str) -> HttpResponse:
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


@partner_needs(Right.VIEW_SALES)
@require_safe
def file(request: StaffRequest, store_id: int, number: str, file_id: int) -> HttpResponseBase:
    """A file that came with a post, as a download."""
    rows = RequestFile.objects.visible_to(request.user).select_related("file")
    kept = get_object_or_404(rows, store_id=store_id, pk=file_id, post__request__number=number).file
    content = files.opened(kept)
    return files.harmless(FileResponse(content, as_attachment=True, filename=kept.name, content_type=kept.content_type))


def _request(request: StaffRequest, store_id: int, number: str) -> QuoteRequest:
    rows = QuoteRequest.objects.visible_to(request.user).select_related("store", "company", "member", "quote")
    return get_object_or_404(rows, store_id=store_id, number=number)


def _page(request: StaffRequest, asked: QuoteRequest, form: PostForm) -> HttpResponse:
    posts = quote_requests.thread(asked)
    context = {
        "asked": asked,
        "lines": asked.lines.select_related("sku__product").order_by("pk"),
        "posts": posts,
        "seen": posts[-1].pk,
        "form": form,
        "may": rights.allowed(request.user, Right.PREPARE_QUOTES),
        "key": uuid4(),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "web/partner/request.html", context, status=status)


def _address(asked: QuoteRequest) -> str:
    return reverse("partner:request", args=[asked.store_id, asked.number])
