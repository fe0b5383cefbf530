"""What staff write down beside a customer's things: notes, telephone calls, files. Each side reads its own, no member any."""

from typing import Final, TypeVar

from django.db import models, transaction
from django.utils.translation import gettext as _

from licenseonline.accounts.assignments import about
from licenseonline.accounts.models import Member, Note, Side, SubjectFile, SubjectKind, User
from licenseonline.kit import rights
from licenseonline.kit.errors import Refused
from licenseonline.kit.rights import Right
from licenseonline.kit.tenancy import StoreModel
from licenseonline.kit.text import squash
from licenseonline.records import files
from licenseonline.records.uploads import Upload

M = TypeVar("M", bound=models.Model)
MOST: Final = 4000  # characters of a note
SHOWN: Final = 200  # the newest, on a page


@rights.needs(Right.WRITE_NOTES)
def add(subject: StoreModel, *, kind: Note.Kind, text: str, by: User) -> Note:
    """A note or a call about a company, member, quotation or order, for the acting person's own side.

    Refused, field `text`: `required` (nothing in it), `long` (more than MOST characters); as `about`.
    """
    facts = about(subject, by=by)
    text = cleaned(text)
    if not text:
        raise Refused(_("メモの内容を入力してください。"), code="required", field="text")
    if len(text) > MOST:
        raise Refused(_("メモは%(most)s文字以内で入力してください。") % {"most": MOST}, code="long", field="text")
    return Note.objects.create(**facts, kind=Note.Kind(kind), text=text)


@rights.needs(Right.HELP_MEMBERS)
@transaction.atomic
def attach(subject: StoreModel, *, upload: Upload, by: User) -> SubjectFile:
    """Keep a file beside it, for the acting person's own side. Refused: as `about`."""
    facts = about(subject, by=by)
    # The file is no company's: whatever a member may read of their company's files, this is none.
    kept = files.keep(
        upload.content,
        name=f"{SubjectFile._meta.model_name}.{upload.name.rpartition('.')[2]}",
        content_type=upload.content_type,
        store_id=subject.store_id,
        company_id=None,
    )
    return SubjectFile.objects.create(**facts, file=kept, name=upload.name)


def of(subject: StoreModel, *, side: Side) -> list[Note]:
    """This side's notes, newest first; a company's are also those about its members, quotations and orders."""
    return list(_beside(Note.objects.select_related("by"), subject, side)[:SHOWN])


def files_of(subject: StoreModel, *, side: Side) -> list[SubjectFile]:
    """This side's files, newest first, as `of`."""
    return list(_beside(SubjectFile.objects.select_related("by", "file"), subject, side)[:SHOWN])


def forget(member: Member) -> None:
    """What either side wrote down about a member who is being anonymised goes, with the files' names and content."""
    of_member = {"store_id": member.store_id, "subject_type": SubjectKind.MEMBER, "subject_id": member.pk}
    Note.objects.filter(**of_member).delete()
    kept = [row.file for row in SubjectFile.objects.filter(**of_member).select_related("file")]
    SubjectFile.objects.filter(**of_member).delete()
    for file in kept:
        files.forget(file)


def cleaned(text: str) -> str:
    """The text by lines, each without invisible characters; no empty ones around it."""
    return "\n".join(squash(line) for line in text.splitlines()).strip()


def _beside(rows: models.QuerySet[M], subject: StoreModel, side: Side) -> models.QuerySet[M]:
    kind = str(subject._meta.model_name)
    own = rows.filter(store_id=subject.store_id, side=side).order_by("-id")
    # By the company's column, which merging two companies moves, and undoing it moves back.
    if kind == SubjectKind.COMPANY:
        return own.filter(company=subject.pk)
    return own.filter(subject_type=kind, subject_id=subject.pk)
