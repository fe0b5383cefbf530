"""What stands beside a company, member, quotation or order on its desk page: notes, files, who looks after it, history, mails."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import SELECT_CLASSES, TEXTAREA_CLASSES

from licenseonline.accounts import assignments, notes
from licenseonline.accounts.models import Company, Member, Note, SubjectKind, User
from licenseonline.backoffice import history_words
from licenseonline.backoffice.fields import CertificateField, PickField
from licenseonline.backoffice.order_forms import StepForm
from licenseonline.kit import rights
from licenseonline.kit.errors import Refused
from licenseonline.kit.forms import choose_from
from licenseonline.kit.rights import Right
from licenseonline.records import uploads
from licenseonline.records.models import Message, MessageState
from licenseonline.sales.models import Order, Quote

Subject = Company | Member | Quote | Order
MAILS = 50  # the newest

_MODELS: dict[str, type[Subject]] = {
    SubjectKind.COMPANY: Company,
    SubjectKind.MEMBER: Member,
    SubjectKind.QUOTE: Quote,
    SubjectKind.ORDER: Order,
}


class NoteForm(StepForm):
    """A note or what was said on the telephone."""

    step = "note"

    kind = PickField(label=gettext_lazy("種類"), choices=Note.Kind.choices)
    text = forms.CharField(
        label=gettext_lazy("内容"),
        required=False,  # the verb says so in its own words
        strip=False,
        widget=forms.Textarea(attrs={"class": " ".join(TEXTAREA_CLASSES), "rows": 4}),
    )


class FileForm(StepForm):
    """A file to keep beside it."""

    step = "file"

    file = CertificateField(
        label=gettext_lazy("ファイル"),
        help_text=gettext_lazy("PDF・PNG・JPEG、10MBまで。お客様には表示されません。"),
        error_messages={"required": gettext_lazy("ファイルを選択してください。")},
    )

    @property
    def had_files(self) -> bool:
        """Whether a file was chosen that must be chosen again."""
        return any(self.files.values())

    def clean_file(self) -> uploads.Upload:
        """Look into the upload."""
        try:
            return uploads.check(self.cleaned_data["file"])
        except Refused as refusal:
            raise forms.ValidationError(refusal.message) from None

    def facts(self) -> dict[str, object]:
        """A second click keeps no second file: the same key is the same file."""
        return {"step": self.step}


class AssignForm(StepForm):
    """Who looks after it; nobody when left empty."""

    step = "assign"

    user = forms.ModelChoiceField(
        label=gettext_lazy("担当者"),
        queryset=User.objects.none(),
        required=False,
        empty_label=gettext_lazy("（担当なし）"),
        widget=forms.Select(attrs={"class": " ".join(SELECT_CLASSES)}),
    )

    def __init__(self, by: User, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        choose_from(self, "user", assignments.candidates(by))


def rows(kind: str, by: User) -> QuerySet[Any]:
    """What of this kind somebody may see; none of a kind that there is not."""
    model = _MODELS.get(kind)
    return Company.objects.none() if model is None else model.objects.visible_to(by)


def url(subject: Subject) -> str:
    """Its page on the desk."""
    if isinstance(subject, Quote | Order):
        return reverse(f"backoffice:{subject._meta.model_name}", args=[subject.store_id, subject.number])
    return reverse(f"backoffice:{subject._meta.model_name}", args=[subject.store_id, subject.pk])


def context(subject: Subject, failed: StepForm | None, *, by: User) -> dict[str, Any]:
    """Everything the partial shows; of the forms, the one that failed keeps what was typed."""
    side = assignments.side_of(by)
    assigned = assignments.of(subject, side=side)
    has_company = assignments.company_id_of(subject) is not None
    sees_mails = rights.allowed(by, Right.VIEW_RECORDS)
    beside: dict[str, Any] = {
        "subject": subject,
        "kind": subject._meta.model_name,
        "notes": notes.of(subject, side=side),
        "files": notes.files_of(subject, side=side),
        "assigned": assigned,
        "events": history_words.of(subject),
        "sees_mails": sees_mails,
        "mails": list(mails(subject)[:MAILS]) if sees_mails else [],
        "failed_mail": MessageState.FAILED,
    }
    if has_company and rights.allowed(by, Right.WRITE_NOTES):
        beside["note_form"] = failed if isinstance(failed, NoteForm) else NoteForm()
    if has_company and rights.allowed(by, Right.HELP_MEMBERS):
        beside["file_form"] = failed if isinstance(failed, FileForm) else FileForm()
        chosen = {"user": assigned.user_id if assigned else None}
        beside["assign_form"] = failed if isinstance(failed, AssignForm) else AssignForm(by, initial=chosen)
    return {"beside": beside}


def mails(subject: Subject) -> QuerySet[Message]:
    """Mails to this customer about it, newest first: all of a member's, and of an order's or quotation's those that name it."""
    sent = Message.objects.filter(store_id=subject.store_id).defer("html", "text").order_by("-id")
    if isinstance(subject, Company):
        return sent.filter(recipient__in=Member.objects.filter(company=subject).values("email"))
    if isinstance(subject, Member):
        return sent.filter(recipient=subject.email, created_at__gte=subject.created_at)
    quote = subject.quote if isinstance(subject, Order) else subject
    named = Q()
    for number in {quote.number, subject.number}:
        named |= Q(subject__contains=number) | Q(text__contains=number)
    recipient = quote.member.email if quote.member else quote.offered_to
    return sent.filter(named, recipient=recipient, created_at__gte=quote.issued_at)


def heading(subject: Subject) -> str:
    """What a page about it is called."""
    words = {
        SubjectKind.COMPANY: _("会社：%(name)s"),
        SubjectKind.MEMBER: _("会員：%(name)s"),
        SubjectKind.QUOTE: _("見積 %(name)s"),
        SubjectKind.ORDER: _("注文 %(name)s"),
    }
    return words[SubjectKind(str(subject._meta.model_name))] % {"name": subject}
