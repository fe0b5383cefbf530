"""What staff write down beside a customer's things: notes, telephone calls, files, who looks after it. No member sees it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from licenseonline.accounts.models.companies import Company
from licenseonline.accounts.models.members import Member
from licenseonline.accounts.models.staff import User
from licenseonline.kit import states
from licenseonline.kit.tenancy import StoreForeignKey, StoreModel, StoreQuerySet
from licenseonline.records.models import StoredFile


class Side(models.TextChoices):
    """Whose staff wrote it: neither side reads the other's."""

    DESK = "desk", _("運営")
    PARTNER = "partner", _("セールスパートナー")


class SubjectKind(models.TextChoices):
    """What it is about: the model's name, as the history has it."""

    COMPANY = "company", _("会社")
    MEMBER = "member", _("会員")
    QUOTE = "quote", _("見積")
    ORDER = "order", _("注文")


class AboutSubject(StoreModel):
    """A row of one side's staff about a company or something of it."""

    side = models.CharField(max_length=8, choices=Side.choices)
    company = StoreForeignKey(Company, related_name="+")
    subject_type = models.CharField(max_length=10, choices=SubjectKind.choices)
    subject_id = models.BigIntegerField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    company_id: int
    by_id: int

    class Meta:
        abstract = True


class Note(AboutSubject):
    """A note (メモ), or what was said on the telephone. Never changed: a correction is another note."""

    class Kind(models.TextChoices):
        NOTE = "note", _("メモ")
        CALL_IN = "call_in", _("電話（着信）")
        CALL_OUT = "call_out", _("電話（発信）")

    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.NOTE)
    text = models.TextField(max_length=4000)

    objects = StoreQuerySet["Note"].as_manager()

    class Meta:
        constraints = [
            states.choice_check("side", Side, "note_side"),
            states.choice_check("subject_type", SubjectKind, "note_subject"),
            models.CheckConstraint(condition=models.Q(kind__in=["note", "call_in", "call_out"]), name="note_kind"),
        ]
        indexes = [models.Index(fields=["store", "subject_type", "subject_id", "-id"], name="notes_of_subject")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class SubjectFile(AboutSubject):
    """A file that staff put beside it. Its name stands here, for a stored file's can never be taken away."""

    file = StoreForeignKey(StoredFile, related_name="+")
    name = models.CharField(max_length=200)

    objects = StoreQuerySet["SubjectFile"].as_manager()

    class Meta:
        constraints = [
            states.choice_check("side", Side, "subject_file_side"),
            states.choice_check("subject_type", SubjectKind, "subject_file_subject"),
        ]
        indexes = [models.Index(fields=["store", "subject_type", "subject_id", "-id"], name="files_of_subject")]


class Assignment(AboutSubject):
    """Who of the side's staff looks after it (担当); `by` assigned it."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="assignments")

    user_id: int
    objects = StoreQuerySet["Assignment"].as_manager()

    class Meta:
        constraints = [
            states.choice_check("side", Side, "assignment_side"),
            states.choice_check("subject_type", SubjectKind, "assignment_subject"),
            models.UniqueConstraint(
                fields=["store", "side", "subject_type", "subject_id"], name="one_assignment_per_side_and_subject"
            ),
        ]
        indexes = [models.Index(fields=["user", "subject_type"], name="assignments_of_user")]


class ActingTicket(StoreModel):
    """Leave to act for a member (代理操作): taken with a reason, used once within minutes, for one session of an hour."""

    member = StoreForeignKey(Member, related_name="+")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200)
    secret_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    member_id: int
    user_id: int
    objects = StoreQuerySet["ActingTicket"].as_manager()

    class Meta:
        indexes = [models.Index(fields=["store", "member", "-id"], name="acting_for_member")]


class SavedFilter(models.Model):
    """A list as one of the staff wants to see it again: the page's route name and its query."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved_filters")
    page = models.CharField(max_length=60)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=2000)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "page", "name"], name="one_filter_per_name")]

    def __str__(self) -> str:
        return self.name
