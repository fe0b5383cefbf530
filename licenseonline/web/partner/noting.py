"""Notes and telephone calls of the partner's staff about a company or member; neither the desk nor the customer reads them."""

from http import HTTPStatus
from typing import Any, Final
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from licenseonline.accounts import notes
from licenseonline.accounts.models import Company, CompanyState, Member, Note, Side, SubjectKind, User
from licenseonline.kit.errors import Refused
from licenseonline.kit.forms import show_refusal
from licenseonline.kit.rights import Right
from licenseonline.records import idempotency
from licenseonline.web.access import partner_needs
from licenseonline.web.requests import StaffRequest

RECENT: Final = 10


class NoteForm(forms.Form):
    """What was said or is to be known."""

    kind = forms.ChoiceField(label=gettext_lazy("種類"), choices=Note.Kind.choices)
    text = forms.CharField(
        label=gettext_lazy("内容"), required=False, strip=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="id_note_%s")


def beside(subject: Company | Member, by: User) -> dict[str, Any]:
    """What a company's or member's page shows of it: the latest notes, and the form for who may write."""
    found = notes.of(subject, side=Side.PARTNER)
    return {
        "notes": found[:RECENT],
        "more_notes": len(found) > RECENT,
        "note_form": NoteForm() if by.may(Right.WRITE_NOTES) else None,
        "note_key": uuid4(),
        "noted": subject,
        "noted_kind": subject._meta.model_name,
    }


@partner_needs(Right.VIEW_CUSTOMERS)
@require_safe
def show(request: StaffRequest, kind: str, store_id: int, subject_id: int) -> HttpResponse:
    """All notes about it."""
    return _page(request, _subject(request, kind, store_id, subject_id))


@partner_needs(Right.WRITE_NOTES)
@require_POST
def add(request: StaffRequest, kind: str, store_id: int, subject_id: int) -> HttpResponse:
    """Write one down; lead back to the page, or show the filled form."""
    subject, form = _subject(request, kind, store_id, subject_id), NoteForm(request.POST)
    try:
        if form.is_valid():
            _once(request, subject, form)
            messages.success(request, _("メモを保存しました。"))
            return redirect(_home(subject))
    except Refused as refusal:
        show_refusal(form, refusal)
    return _page(request, subject, form)


def _once(request: StaffRequest, subject: Company | Member, form: NoteForm) -> None:
    kind, text = form.cleaned_data["kind"], form.cleaned_data["text"]

    def do() -> str:
        notes.add(subject, kind=Note.Kind(kind), text=text, by=request.user)
        return request.path

    body = {"path": request.path, "kind": kind, "text": text}
    idempotency.once(form.cleaned_data["key"], body, do, by=request.user, store_id=subject.store_id)


def _subject(request: StaffRequest, kind: str, store_id: int, subject_id: int) -> Company | Member:
    if kind == SubjectKind.COMPANY:
        companies = Company.objects.visible_to(request.user).exclude(state=CompanyState.MERGED)
        return get_object_or_404(companies, store_id=store_id, pk=subject_id)
    if kind == SubjectKind.MEMBER:
        return get_object_or_404(Member.objects.visible_to(request.user), store_id=store_id, pk=subject_id)
    raise Http404


def _home(subject: Company | Member) -> str:
    return reverse(f"partner:{subject._meta.model_name}", args=[subject.store_id, subject.pk])


def _page(request: StaffRequest, subject: Company | Member, form: NoteForm | None = None) -> HttpResponse:
    context = beside(subject, request.user)
    context |= {"notes": notes.of(subject, side=Side.PARTNER), "more_notes": False, "home": _home(subject)}
    if form is not None:
        context |= {"note_form": form, "form": form}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form else HTTPStatus.OK
    return render(request, "web/partner/notes.html", context, status=status)
