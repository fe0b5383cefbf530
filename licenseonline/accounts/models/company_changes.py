"""What the desk decides about companies: changed names, and two companies that are one."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from licenseonline.accounts.models.companies import Company, CompanyState
from licenseonline.accounts.models.members import Member
from licenseonline.accounts.models.staff import User
from licenseonline.kit.states import state_check
from licenseonline.kit.tenancy import StoreForeignKey, StoreModel, StoreQuerySet
from licenseonline.records.models import StoredFile


class ChangeState(models.TextChoices):
    """How far a request is."""

    REQUESTED = "requested", _("確認中")
    ACCEPTED = "accepted", _("反映済み")
    RETURNED = "returned", _("差し戻し")


class CompanyChange(StoreModel):
    """A member asks for another company name or corporate number; the desk looks at the paper and decides."""

    company_path = "company"

    State = ChangeState
    MOVES: ClassVar[dict[str, set[str]]] = {State.REQUESTED: {State.ACCEPTED, State.RETURNED}}

    company = StoreForeignKey(Company, related_name="changes")
    member = StoreForeignKey(Member, related_name="+")
    name = models.CharField(max_length=120)
    kana = models.CharField(max_length=120)
    corporate_number = models.CharField(max_length=13, blank=True)
    paper = StoreForeignKey(StoredFile, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.REQUESTED)
    reason = models.TextField(blank=True)
    created_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    company_id: int
    member_id: int
    objects = StoreQuerySet["CompanyChange"].as_manager()

    class Meta:
        constraints = [
            state_check(ChangeState, "company_change_state"),
            models.UniqueConstraint(
                fields=["company"], condition=models.Q(state="requested"), name="one_open_change_per_company"
            ),
        ]
        indexes = [models.Index(fields=["state", "-id"])]

    def __str__(self) -> str:
        return self.name


class CompanyMerge(StoreModel):
    """Two companies of a store that the desk made one; `moved` (model → ids) and `merged_state` are how it is undone.

    `newest` (model → id) is the last row of each table at that time: what is newer may have been made by or of what moved.
    """

    company_path = "kept"

    kept = StoreForeignKey(Company, related_name="+")
    merged = StoreForeignKey(Company, related_name="+")
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    moved = models.JSONField(default=dict)
    newest = models.JSONField(default=dict)
    merged_state = models.CharField(max_length=20, choices=CompanyState.choices, default=CompanyState.ACTIVE)
    made_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    kept_id: int
    merged_id: int
    objects = StoreQuerySet["CompanyMerge"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(kept=models.F("merged")), name="a_company_merges_with_another"),
            models.UniqueConstraint(
                fields=["merged"], condition=models.Q(undone_at=None), name="a_company_is_merged_once"
            ),
        ]
