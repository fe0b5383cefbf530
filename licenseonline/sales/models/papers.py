"""Papers that order lines need (ご提出書類), what was handed in for them, and what a company has proved already."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from licenseonline.accounts.models import Company, Member, User
from licenseonline.catalog.models import Paper, Vendor
from licenseonline.kit.states import choice_check, state_check
from licenseonline.kit.tenancy import StoreForeignKey, StoreModel, StoreQuerySet
from licenseonline.records.models import StoredFile
from licenseonline.sales.models.orders import Order, OrderLine, Source


class PaperState(models.TextChoices):
    """Whose turn it is."""

    NEEDED = "needed", _("ご提出待ち")
    HANDED_IN = "handed_in", _("確認中")
    RETURNED = "returned", _("再提出のお願い")
    ACCEPTED = "accepted", _("受理済み")
    SENT = "sent", _("メーカー提出済み")
    NOT_NEEDED = "not_needed", _("不要")  # the desk said so, or the order was cancelled


class DocumentRequest(StoreModel):
    """One paper that one order line needs."""

    company_path = "order__company"

    State = PaperState
    MOVES: ClassVar[dict[str, set[str]]] = {
        State.NEEDED: {State.HANDED_IN, State.ACCEPTED, State.NOT_NEEDED},
        State.HANDED_IN: {State.RETURNED, State.ACCEPTED, State.NOT_NEEDED},
        State.RETURNED: {State.HANDED_IN, State.ACCEPTED, State.NOT_NEEDED},
        State.ACCEPTED: {State.SENT, State.RETURNED, State.NEEDED, State.HANDED_IN},  # the last two: its proof is gone
    }

    order = StoreForeignKey(Order, related_name="document_requests")
    line = StoreForeignKey(OrderLine, related_name="document_requests")
    paper = models.CharField(max_length=20, choices=Paper.choices)
    why = models.CharField(max_length=300)
    state = models.CharField(max_length=10, choices=State.choices, default=State.NEEDED)
    due_on = models.DateField()
    returned_reason = models.CharField(max_length=400, blank=True)
    reminded_at = models.DateTimeField(null=True)
    handed_in_at = models.DateTimeField(null=True)
    proof = StoreForeignKey("sales.CompanyProof", related_name="document_requests", null=True)

    order_id: int
    line_id: int
    objects = StoreQuerySet["DocumentRequest"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "line", "paper"], name="one_request_per_line_and_paper"),
            state_check(PaperState, "document_request_state"),
            choice_check("paper", Paper, "document_request_paper"),
        ]
        indexes = [
            models.Index(fields=["store", "order"], name="papers_of_order"),
            models.Index(fields=["handed_in_at"], condition=models.Q(state="handed_in"), name="papers_to_review"),
            models.Index(
                fields=["due_on"], condition=models.Q(state__in=["needed", "returned"]), name="papers_missing"
            ),
        ]


class Submission(StoreModel):
    """A file handed in for a document request (提出). The last one counts; earlier ones stay."""

    company_path = "request__order__company"

    request = StoreForeignKey(DocumentRequest, related_name="submissions")
    file = StoreForeignKey(StoredFile, related_name="+")
    member = StoreForeignKey(Member, related_name="+")  # whose it is, also when the desk filed it
    filed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    source = models.CharField(max_length=6, choices=Source.choices, default=Source.WEB)
    at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)
    scan = models.CharField(max_length=10, default="none")  # what ClamAV said: none (not configured), clean
    pages = models.PositiveSmallIntegerField(null=True)  # of the preview; null: not made yet, 0: there is none

    request_id: int
    objects = StoreQuerySet["Submission"].as_manager()

    class Meta:
        constraints = [
            choice_check("source", Source, "submission_source"),
            models.CheckConstraint(
                condition=models.Q(source="web") | models.Q(filed_by__isnull=False), name="submission_filed_by"
            ),
            models.CheckConstraint(condition=models.Q(scan__in=["none", "clean"]), name="submission_scan"),
        ]
        indexes = [models.Index(fields=["store", "request", "-id"], name="submissions_of_request")]


class SubmissionPage(StoreModel):
    """A page of a submission, drawn again as a picture: what the desk looks at."""

    company_path = "submission__request__order__company"

    submission = StoreForeignKey(Submission, related_name="previews")
    number = models.PositiveSmallIntegerField()
    file = StoreForeignKey(StoredFile, related_name="+")

    objects = StoreQuerySet["SubmissionPage"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "submission", "number"], name="one_picture_per_page")]


class ReturnReason(models.Model):
    """A stock sentence (定型文) that the desk chooses when it returns a paper; without a paper it fits every one."""

    paper = models.CharField(max_length=20, choices=Paper.choices, blank=True)
    sentence = models.CharField(max_length=200)
    position = models.PositiveSmallIntegerField(default=100)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["paper", "sentence"],
                name="one_return_reason",
                violation_error_message=_("同じ書類に、同じ定型文が登録されています。"),
            ),
            models.CheckConstraint(
                condition=models.Q(paper="") | models.Q(paper__in=Paper.values), name="return_reason_paper"
            ),
        ]

    def __str__(self) -> str:
        return self.sentence


class CompanyProof(StoreModel):
    """What a company has proved, so that nobody is asked twice. Null vendor: to all; without a last day it holds on.

    Once its paper was found to be wrong it is withdrawn, and proves nothing.
    """

    company_path = "company"

    company = StoreForeignKey(Company, related_name="proofs")
    paper = models.CharField(max_length=20, choices=Paper.choices)
    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, null=True, related_name="+")
    file = StoreForeignKey(StoredFile, related_name="+", null=True)
    accepted_on = models.DateField()
    valid_until = models.DateField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    objects = StoreQuerySet["CompanyProof"].as_manager()

    class Meta:
        constraints = [choice_check("paper", Paper, "company_proof_paper")]
        indexes = [models.Index(fields=["store", "company", "paper"], name="proofs_of_company")]
