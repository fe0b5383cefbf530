"""Steps beside a company, member, quotation or order: write a note, keep a file, say who looks after it, send a mail again."""

from collections.abc import Callable
from typing import Final

from django.contrib import messages as flash
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from licenseonline.accounts import assignments, mailings, notes
from licenseonline.accounts.models import Note, SubjectFile, SubjectKind
from licenseonline.backoffice import access, company_pages, member_file_pages, order_pages, quote_pages, steps, subjects
from licenseonline.backoffice.order_forms import StepForm
from licenseonline.backoffice.requests import DeskRequest
from licenseonline.backoffice.subjects import AssignForm, FileForm, NoteForm, Subject
from licenseonline.kit.errors import Refused
from licenseonline.kit.rights import Right
from licenseonline.records import files

_PAGES: Final[dict[str, Callable[..., HttpResponse]]] = {
    SubjectKind.COMPANY: company_pages.page,
    SubjectKind.MEMBER: member_file_pages.page,
    SubjectKind.QUOTE: quote_pages.page,
    SubjectKind.ORDER: order_pages.page,
}


@access.needs(Right.VIEW_CUSTOMERS)
@require_safe
def show(request: DeskRequest, kind: str, store_id: int, subject_id: int) -> HttpResponse:
    """On to its page."""
    return redirect(subjects.url(_subject(request, kind, store_id, subject_id)))


@access.needs(Right.WRITE_NOTES)
@require_POST
def add_note(request: DeskRequest, kind: str, store_id: int, subject_id: int) -> HttpResponse:
    """Write a note or a call down."""
    subject = _subject(request, kind, store_id, subject_id)
    form = NoteForm(request.POST)

    def do() -> None:
        given = form.cleaned_data
        notes.add(subject, kind=Note.Kind(given["kind"]), text=given["text"], by=request.user)

    return _step(request, subject, form, do, _("メモを保存しました。"))


@access.needs(Right.HELP_MEMBERS)
@require_POST
def add_file(request: DeskRequest, kind: str, store_id: int, subject_id: int) -> HttpResponse:
    """Keep a file."""
    subject = _subject(request, kind, store_id, subject_id)
    form = FileForm(request.POST, request.FILES)

    def do() -> None:
        notes.attach(subject, upload=form.cleaned_data["file"], by=request.user)

    return _step(request, subject, form, do, _("ファイルを保存しました。"))


@access.needs(Right.HELP_MEMBERS)
@require_POST
def assign(request: DeskRequest, kind: str, store_id: int, subject_id: int) -> HttpResponse:
    """Say who of the desk looks after it."""
    subject = _subject(request, kind, store_id, subject_id)
    form = AssignForm(request.user, request.POST)

    def do() -> None:
        assignments.assign(subject, user=form.cleaned_data["user"], by=request.user)

    return _step(request, subject, form, do, _("担当者を保存しました。"))


@access.needs(Right.VIEW_CUSTOMERS)
@require_safe
def file(request: DeskRequest, store_id: int, file_id: int) -> HttpResponse:
    """A kept file as a download; opened by itself it may do nothing."""
    rows = SubjectFile.objects.visible_to(request.user).filter(side=assignments.side_of(request.user))
    kept = get_object_or_404(rows.select_related("file"), store_id=store_id, pk=file_id)
    with files.opened(kept.file) as content:
        response = HttpResponse(content.read(), content_type=kept.file.content_type)
    response["Content-Disposition"] = content_disposition_header(True, kept.name) or "attachment"
    return files.harmless(response)


@access.needs(Right.VIEW_RECORDS)
@require_POST
def resend(request: DeskRequest, kind: str, store_id: int, subject_id: int, message_id: int) -> HttpResponse:
    """Send a mail of this customer again that failed. The mail's own state makes a second click harmless."""
    subject = _subject(request, kind, store_id, subject_id)
    message = get_object_or_404(subjects.mails(subject), pk=message_id)
    try:
        mailings.resend(message, about=subject, by=request.user)
    except Refused as refusal:
        flash.error(request, refusal.message)
    else:
        flash.success(request, _("%(to)s へもう一度送信します。") % {"to": message.recipient})
    return redirect(subjects.url(subject))


def _subject(request: DeskRequest, kind: str, store_id: int, subject_id: int) -> Subject:
    found: Subject = get_object_or_404(subjects.rows(kind, request.user), store_id=store_id, pk=subject_id)
    return found


def _step(request: DeskRequest, subject: Subject, form: StepForm, do: Callable[[], None], done: str) -> HttpResponse:
    """Do it once and lead back to the page, or show it with the filled form and what is wrong."""
    if steps.taken(request, form, do, done, store_id=subject.store_id):
        return redirect(subjects.url(subject))
    return _PAGES[str(subject._meta.model_name)](request, subject, form)
