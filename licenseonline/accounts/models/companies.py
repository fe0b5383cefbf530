"""The organisations that members buy for."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from licenseonline.kit.names import Folded, Pairs
from licenseonline.kit.states import state_check
from licenseonline.kit.tenancy import StoreModel, StoreOneToOneField, StoreQuerySet


class Address(models.Model):
    """A place in Japan, in the parts that forms ask for."""

    postal_code = models.CharField(max_length=8)
    prefecture = models.CharField(max_length=10)
    city = models.CharField(max_length=60)
    street = models.CharField(max_length=200)
    building = models.CharField(max_length=100, blank=True)

    class Meta:
        abstract = True

    @property
    def address(self) -> str:
        """In one line, without the postal code."""
        return f"{self.prefecture}{self.city}{self.street} {self.building}".strip()


class CompanyState(models.TextChoices):
    """Whether it may order. A store may have its desk approve each new company."""

    ACTIVE = "active", _("有効")
    AWAITING_APPROVAL = "awaiting_approval", _("承認待ち")
    REFUSED = "refused", _("お取引不可")
    MERGED = "merged", _("統合済み")


class Company(Address, StoreModel):
    """The organisation that a member buys for, at one store."""

    company_path = "pk"

    State = CompanyState
    MOVES: ClassVar[dict[str, set[str]]] = {
        State.ACTIVE: {State.MERGED},
        State.AWAITING_APPROVAL: {State.ACTIVE, State.REFUSED, State.MERGED},
        State.REFUSED: {State.ACTIVE, State.MERGED},
        State.MERGED: {State.ACTIVE, State.AWAITING_APPROVAL, State.REFUSED},  # back to what it was, by undoing
    }

    class Kind(models.TextChoices):
        CORPORATE = "corporate", _("一般企業")
        ACADEMIC = "academic", _("教育機関")
        GOVERNMENT = "government", _("官公庁・自治体")

    state = models.CharField(max_length=20, choices=State.choices, default=State.ACTIVE)
    name = models.CharField(max_length=120)
    kana = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.CORPORATE)
    corporate_number = models.CharField(max_length=13, blank=True)
    phone = models.CharField(max_length=20)
    fax = models.CharField(max_length=20, blank=True)

    objects = StoreQuerySet["Company"].as_manager()

    class Meta:
        constraints = [
            state_check(CompanyState, "company_state"),
            models.CheckConstraint(
                condition=models.Q(corporate_number="") | models.Q(corporate_number__regex=r"^[0-9]{13}$"),
                name="company_corporate_number",
            ),
        ]
        indexes = [
            models.Index(fields=["kana", "id"], name="companies_by_kana"),
            models.Index(fields=["id"], condition=models.Q(state="awaiting_approval"), name="companies_to_look_at"),
            GinIndex(Pairs("name", "kana"), name="companies_by_part_of_name"),
            models.Index(Folded("name"), name="companies_by_folded_name"),
            models.Index(
                fields=["corporate_number"], condition=~models.Q(corporate_number=""), name="companies_by_number"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class BillingContact(Address, StoreModel):
    """請求先: whom to bill for bank transfers. A company without one is billed under its own name and address."""

    company_path = "company"

    company = StoreOneToOneField(Company, related_name="billing_contact")
    name = models.CharField(max_length=120)
    department = models.CharField(max_length=80, blank=True)
    person = models.CharField(max_length=60)
    phone = models.CharField(max_length=20)
    email = models.EmailField(max_length=254)

    company_id: int
    objects = StoreQuerySet["BillingContact"].as_manager()

    def __str__(self) -> str:
        return self.name
