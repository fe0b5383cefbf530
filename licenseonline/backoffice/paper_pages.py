"""One paper on the desk: what was handed in beside the order's data, the ways to decide, and the next one up."""

import uuid
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from licenseonline.backoffice import access, paper_steps, steps
from licenseonline.backoffice.order_forms import StepForm
from licenseonline.backoffice.paper_forms import AcceptForm, FileForm, ReturnForm, SentForm, WaiveForm
from licenseonline.backoffice.requests import DeskRequest
from licenseonline.backoffice.site import site
from licenseonline.kit import rights
from licenseonline.kit.rights import Right
from licenseonline.records import file_kinds, files, previews
from licenseonline.sales import submissions
from licenseonline.sales.models import DocumentRequest, PaperState, Submission, SubmissionPage


@access.needs(Right.VIEW_SALES)
@require_safe
def show(request: DeskRequest, store_id: int, request_id: int) -> HttpResponse:
    """The paper."""
    return _page(request, _asked(request, store_id, request_id))


@access.needs(Right.REVIEW_PAPERS)
@require_POST
def accept(request: DeskRequest, store_id: int, request_id: int) -> HttpResponse:
    """It is as it should be."""
    asked = _asked(request, store_id, request_id)
    form = AcceptForm(asked, request.POST)
    done = _("「%(paper)s」を受理しました。")
    return _step(request, asked, form, lambda: submissions.accept(asked, **form.decision, by=request.user), done)


@access.needs(Right.REVIEW_PAPERS)
@require_POST
def send_back(request: DeskRequest, store_id: int, request_id: int) -> HttpResponse:
    """It is not; the member reads why."""
    asked = _asked(request, store_id, request_id)
    form = ReturnForm(asked, request.POST)
    done = _("「%(paper)s」を差し戻し、お客様へメールでお知らせしました。")
    return _step(request, asked, form, lambda: submissions.send_back(asked, **form.decision, by=request.user), done)


@access.needs(Right.REVIEW_PAPERS)
@require_POST
def waive(request: DeskRequest, store_id: int, request_id: int) -> HttpResponse:
    """The desk does without it."""
    asked = _asked(request, store_id, request_id)
    done = _("「%(paper)s」を不要にしました。")
    return _step(request, asked, WaiveForm(request.POST), lambda: submissions.not_needed(asked, by=request.user), done)


@access.needs(Right.REVIEW_PAPERS)
@require_POST
def sent(request: DeskRequest, store_id: int, request_id: int) -> HttpResponse:
    """It went to the vendor."""
    asked = _asked(request, store_id, request_id)
    done = _("「%(paper)s」をメーカー提出済みにしました。")
    return _step(request, asked, SentForm(request.POST), lambda: submissions.mark_sent(asked, by=request.user), done)


@access.needs(Right.REVIEW_PAPERS)
@require_POST
def file(request: DeskRequest, store_id: int, request_id: int) -> HttpResponse:
    """What came by FAX, mail or post is filed; it is looked at like any other."""
    asked = _asked(request, store_id, request_id)
    form = FileForm(request.POST, request.FILES)

    def do() -> object:
        given = form.cleaned_data
        return submissions.file_for(asked, given["uploads"], source=given["source"], by=request.user)

    if _taken(request, asked, form, do, _("「%(paper)s」を登録しました。")):
        return redirect(_address(asked))
    return _page(request, _asked(request, store_id, request_id), form)


@access.needs(Right.REVIEW_PAPERS)
@require_safe
def original(request: DeskRequest, store_id: int, submission_id: int) -> HttpResponseBase:
    """The bytes that were handed in, as a download and never in the page."""
    rows = Submission.objects.visible_to(request.user).select_related("file")
    kept = get_object_or_404(rows, store_id=store_id, pk=submission_id).file
    content = files.opened(kept)
    return files.harmless(FileResponse(content, as_attachment=True, filename=kept.name, content_type=kept.content_type))


@access.needs(Right.REVIEW_PAPERS)
@require_safe
def picture(request: DeskRequest, store_id: int, page_id: int) -> HttpResponseBase:
    """A page as we drew it."""
    rows = SubmissionPage.objects.visible_to(request.user).select_related("file")
    kept = get_object_or_404(rows, store_id=store_id, pk=page_id).file
    response = FileResponse(files.opened(kept), content_type=previews.WEBP)
    response["Cache-Control"] = "private, max-age=3600"
    return files.harmless(response)


def _asked(request: DeskRequest, store_id: int, request_id: int) -> DocumentRequest:
    found = DocumentRequest.objects.visible_to(request.user)
    found = found.select_related("store", "order__company", "order__member", "line__sku__product__vendor", "proof")
    return get_object_or_404(found, store_id=store_id, pk=request_id)


def _taken(request: DeskRequest, asked: DocumentRequest, form: StepForm, do: Callable[[], object], done: str) -> bool:
    return steps.taken(request, form, do, done % {"paper": asked.get_paper_display()}, store_id=asked.store_id)


def _step(
    request: DeskRequest, asked: DocumentRequest, form: StepForm, do: Callable[[], object], done: str
) -> HttpResponse:
    """Do it once and go on to the next paper, or show the filled form with what is wrong."""
    if _taken(request, asked, form, do, done):
        return redirect(_next(request, asked))
    return _page(request, _asked(request, asked.store_id, asked.pk), form)


def _address(asked: DocumentRequest) -> str:
    return reverse("backoffice:paper", args=[asked.store_id, asked.pk])


def _next(request: DeskRequest, asked: DocumentRequest) -> str:
    """The paper that waits longest, else the next task of any kind."""
    waiting = DocumentRequest.objects.visible_to(request.user).filter(state=PaperState.HANDED_IN).exclude(pk=asked.pk)
    first = waiting.order_by("handed_in_at", "id").first()
    return _address(first) if first else f"{reverse('backoffice:next')}?after={_address(asked)}"


def _submissions(asked: DocumentRequest) -> QuerySet[Submission]:
    pages = Prefetch("previews", SubmissionPage.objects.order_by("number"))
    rows = asked.submissions.select_related("file", "member", "filed_by").prefetch_related(pages)
    return rows.order_by("id")


def _page(request: DeskRequest, asked: DocumentRequest, failed: StepForm | None = None) -> HttpResponse:
    handed_in = list(_submissions(asked))
    counting = [one for one in handed_in if one.replaced_at is None]
    line = next(line for line in asked.order.snapshot["lines"] if line["no"] == asked.line.position)
    may = rights.allowed(request.user, Right.REVIEW_PAPERS)
    context: dict[str, Any] = {
        **site.each_context(request),
        "title": _("%(paper)s（注文 %(number)s）") % {"paper": asked.get_paper_display(), "number": asked.order.number},
        "paper": asked,
        "order": asked.order,
        "line": line,
        "counting": [(one, _inside(one)) for one in counting] if may else [],
        "former": [one for one in reversed(handed_in) if one.replaced_at is not None] if may else [],
        "steps": paper_steps.of(asked, counting, failed) if may else [],
        "failed": failed,
        "key": uuid.uuid4(),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if failed else HTTPStatus.OK
    return render(request, "backoffice/paper.html", context, status=status)


def _inside(submission: Submission) -> list[tuple[str, int]]:
    """What lies in a ZIP; other files have pages, or nothing to show."""
    if submission.file.content_type != file_kinds.ZIP.content_type:
        return []
    with files.opened(submission.file) as content:
        return file_kinds.listing(content)
