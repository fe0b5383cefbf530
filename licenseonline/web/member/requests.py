"""見積依頼: the company's requests for quotations, and what was written about each."""

from http import HTTPStatus
from uuid import uuid4

from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from licenseonline.kit import paging
from licenseonline.kit.errors import Refused
from licenseonline.records import files, idempotency
from licenseonline.sales import quote_requests
from licenseonline.sales.models import QuoteRequest, RequestFile
from licenseonline.sales.request_forms import AskForm, PostForm
from licenseonline.web.access import member_required
from licenseonline.web.requests import MemberRequest


@member_required
@require_safe
def index(request: MemberRequest, store_id: int) -> HttpResponse:
    """All of the company's, newest first."""
    rows = QuoteRequest.objects.visible_to(request.member).select_related("member", "quote")
    page = paging.page(rows.defer("quote__snapshot"), request.GET)
    return render(request, "web/member/requests.html", {"page": page})


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: MemberRequest, store_id: int) -> HttpResponse:
    """Ask; `model` in the address is the model number that the visitor came from."""
    posted = request.method == "POST"
    initial = {"lines": request.GET.get("model", "")[:80]}
    form = AskForm(request.member, request.POST if posted else None, request.FILES if posted else None, initial=initial)
    if form.is_valid():
        try:
            return redirect(_ask(request, form))
        except Refused as refusal:
            form.refuse(refusal)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "web/member/request_new.html", {"form": form, "key": uuid4()}, status=status)


def _ask(request: MemberRequest, form: AskForm) -> str:
    given = form.cleaned_data

    def do() -> str:
        told = {name: given[name] for name in ("subject", "text", "lines", "uploads")}
        made = quote_requests.ask(**told, by=request.member)
        messages.success(request, _("見積依頼を受け付けました。窓口からの回答をメールでお知らせします。"))
        return _address(made)

    body = {"do": "requests.ask", **form.facts()}
    return idempotency.once(given["key"], body, do, by=request.member, store_id=request.store.pk)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: MemberRequest, store_id: int, number: str) -> HttpResponse:
    """The request with all that was written; POST writes more."""
    asked, posted = _request(request, number), request.method == "POST"
    form = PostForm(request.POST if posted else None, request.FILES if posted else None)
    if form.is_valid():
        try:
            return redirect(_reply(request, asked, form))
        except Refused as refusal:
            form.refuse(refusal)
            asked = _request(request, number)  # as it is stored
    context = {
        "asked": asked,
        "lines": asked.lines.select_related("sku__product").order_by("pk"),
        "posts": quote_requests.thread(asked),
        "form": form,
        "key": uuid4(),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "web/member/request.html", context, status=status)


def _reply(request: MemberRequest, asked: QuoteRequest, form: PostForm) -> str:
    given = form.cleaned_data

    def do() -> str:
        quote_requests.reply(asked, text=given["text"], uploads=given["uploads"], by=request.member)
        messages.success(request, _("送信しました。"))
        return _address(asked)

    body = {"path": request.path, **form.facts()}
    return idempotency.once(given["key"], body, do, by=request.member, store_id=request.store.pk)


@member_required
@require_POST
def end(request: MemberRequest, store_id: int, number: str) -> HttpResponse:
    """No answer is needed any more."""
    asked = _request(request, number)

    def do() -> str:
        quote_requests.end(asked, by=request.member)
        messages.success(request, _("見積依頼を終了しました。"))
        return _address(asked)

    try:
        body = {"path": request.path}
        idempotency.once(request.POST.get("key", ""), body, do, by=request.member, store_id=store_id)
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect(_address(asked))


@member_required
@require_safe
def file(request: MemberRequest, store_id: int, number: str, file_id: int) -> HttpResponseBase:
    """A file that came with a post, as a download."""
    rows = RequestFile.objects.visible_to(request.member).select_related("file")
    kept = get_object_or_404(rows, pk=file_id, post__request__number=number).file
    return files.harmless(
        FileResponse(files.opened(kept), as_attachment=True, filename=kept.name, content_type=kept.content_type)
    )


def _request(request: MemberRequest, number: str) -> QuoteRequest:
    rows = QuoteRequest.objects.visible_to(request.member).select_related("member", "company", "quote")
    asked = get_object_or_404(rows, number=number)
    asked.store = request.store
    return asked


def _address(asked: QuoteRequest) -> str:
    return reverse("store:request", args=[asked.store_id, asked.number])
