"""Approval inside the customer's company (稟議): who must say yes to what, by a link that opens one quotation."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from licenseonline.accounts.models import Company, Member, Role
from licenseonline.kit.states import choice_check
from licenseonline.kit.tenancy import StoreForeignKey, StoreModel, StoreOneToOneField, StoreQuerySet
from licenseonline.sales.models.quotes import Quote


class ApprovalPolicy(StoreModel):
    """Whether a company's orders need a yes first, and up to which yen (tax included) each role needs none.

    Null is without limit; it stands for everybody who may order.
    """

    company_path = "company"

    company = StoreOneToOneField(Company, related_name="approval_policy")
    is_on = models.BooleanField(default=False)
    buyer_limit_yen = models.BigIntegerField(default=0, null=True)
    admin_limit_yen = models.BigIntegerField(default=None, null=True)

    objects = StoreQuerySet["ApprovalPolicy"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(models.Q(buyer_limit_yen=None) | models.Q(buyer_limit_yen__gte=0))
                & (models.Q(admin_limit_yen=None) | models.Q(admin_limit_yen__gte=0)),
                name="approval_limits",
            )
        ]

    def limit_yen(self, role: str) -> int | None:
        """Up to which amount somebody in this role needs no approval; None: any."""
        return self.admin_limit_yen if role == Role.ADMIN else self.buyer_limit_yen


class Approver(StoreModel):
    """Somebody named in the company who may say yes, up to a limit (yen, tax included; null is without). Needs no account."""

    company_path = "company"

    company = StoreForeignKey(Company, related_name="approvers")
    name = models.CharField(max_length=60)
    email = models.EmailField(max_length=254)
    limit_yen = models.BigIntegerField(null=True)
    is_active = models.BooleanField(default=True)

    objects = StoreQuerySet["Approver"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["store", "company", "email"],
                condition=models.Q(is_active=True),
                name="one_approver_per_address",
            )
        ]

    def __str__(self) -> str:
        return self.name


class QuoteLink(StoreModel):
    """An address that opens one quotation without sign-in, until the quotation ends or the link is withdrawn.

    With an approver it also takes their decision. One that nobody made stands in the mail of a quotation to an address without
    an account. Its secret is kept as a keyed hash only.
    """

    company_path = "quote__company"

    quote = StoreForeignKey(Quote, related_name="links")
    approver = StoreForeignKey(Approver, related_name="links", null=True)
    label = models.CharField(max_length=60, blank=True)  # for whom, in the words of who made it
    secret_hash = models.CharField(max_length=64, unique=True)
    created_by = StoreForeignKey(Member, related_name="+", null=True)
    created_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    quote_id: int
    approver_id: int | None
    created_by_id: int | None
    objects = StoreQuerySet["QuoteLink"].as_manager()

    class Meta:
        indexes = [models.Index(fields=["store", "quote"], name="links_of_quote")]

    @property
    def is_offer(self) -> bool:
        """Whether the store mailed it to somebody without an account (当ストアからご案内したお見積)."""
        return self.created_by_id is None


class Decision(models.TextChoices):
    """What an approver says."""

    APPROVED = "approved", _("承認")
    RETURNED = "returned", _("差戻し")


class QuoteDecision(StoreModel):
    """What an approver decided about one revision of a quotation. Never changed, only added."""

    company_path = "quote__company"

    quote = StoreForeignKey(Quote, related_name="decisions")
    revision = models.PositiveSmallIntegerField()
    approver = StoreForeignKey(Approver, related_name="+")
    link = StoreForeignKey(QuoteLink, related_name="decisions")
    decision = models.CharField(max_length=10, choices=Decision.choices)
    comment = models.CharField(max_length=1000, blank=True)
    at = models.DateTimeField()

    objects = StoreQuerySet["QuoteDecision"].as_manager()

    class Meta:
        constraints = [choice_check("decision", Decision, "quote_decision")]
        indexes = [models.Index(fields=["store", "quote", "-id"], name="decisions_of_quote")]
