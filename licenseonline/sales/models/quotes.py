"""Quotations (見積): offers frozen in their snapshot, their earlier revisions, what staff alone see of them."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from licenseonline.accounts.models import Company, Member, User
from licenseonline.kit import clock
from licenseonline.kit.actors import Actor
from licenseonline.kit.states import state_check
from licenseonline.kit.tenancy import StoreForeignKey, StoreModel, StoreOneToOneField, StoreQuerySet
from licenseonline.records.models import StoredFile


class QuoteState(models.TextChoices):
    """How far it is."""

    DRAFT = "draft", _("作成中")  # staff prepare it; no member sees it
    AWAITING_HEAD = "awaiting_head", _("責任者の承認待ち")  # below the store's margin
    ISSUED = "issued", _("発行済み")
    ORDERED = "ordered", _("注文済み")
    EXPIRED = "expired", _("有効期限切れ")
    WITHDRAWN = "withdrawn", _("取り下げ")


class QuoteQuerySet(StoreQuerySet["Quote"]):
    """Reads that start from the actor."""

    def visible_to(self, actor: Actor) -> Self:
        """As every store's row; what staff still prepare is not a member's."""
        rows = super().visible_to(actor)
        if actor.visible_company is None:
            return rows
        return rows.exclude(state__in=[QuoteState.DRAFT, QuoteState.AWAITING_HEAD])


class Quote(StoreModel):
    """An offer (見積), frozen in its snapshot and valid to the end of its last day in Japan.

    One with neither company nor member was offered to a mail address without an account; it is theirs once they register.
    The row shows its latest revision; earlier ones are `QuoteRevision`s.
    """

    company_path = "company"

    State = QuoteState
    MOVES: ClassVar[dict[str, set[str]]] = {
        State.DRAFT: {State.AWAITING_HEAD, State.ISSUED, State.WITHDRAWN},
        State.AWAITING_HEAD: {State.DRAFT, State.ISSUED, State.WITHDRAWN},
        State.ISSUED: {State.ORDERED, State.EXPIRED, State.WITHDRAWN},
        State.EXPIRED: {State.ISSUED},  # by a revision
    }

    number = models.CharField(max_length=20)
    revision = models.PositiveSmallIntegerField(default=1)
    # Quotations made by one act share a set's number; a single one has none.
    set_number = models.CharField(max_length=20, blank=True)
    company = StoreForeignKey(Company, related_name="quotes", null=True)
    member = StoreForeignKey(Member, related_name="+", null=True)
    offered_to = models.EmailField(max_length=254, blank=True)
    prepared_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=16, choices=State.choices, default=State.ISSUED)
    issued_at = models.DateTimeField()
    valid_until = models.DateField()
    subject = models.CharField(max_length=100, blank=True)
    po_number = models.CharField(max_length=40, blank=True)  # the customer's own
    total_yen = models.BigIntegerField()
    title = models.CharField(max_length=260)  # what a list shows of the snapshot, which is long
    snapshot = models.JSONField()
    pdf = StoreForeignKey(StoredFile, related_name="+", null=True)
    again_of = StoreForeignKey("self", related_name="made_again", null=True)  # 再見積: what it was made from
    reminded_at = models.DateTimeField(null=True)

    company_id: int | None
    member_id: int | None
    prepared_by_id: int | None
    pdf_id: int | None
    again_of_id: int | None
    objects = QuoteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "number"], name="one_quote_per_number"),
            state_check(QuoteState, "quote_state"),
            models.CheckConstraint(
                condition=models.Q(company__isnull=False, member__isnull=False)
                | (models.Q(company=None, member=None) & ~models.Q(offered_to="") & ~models.Q(state="ordered")),
                name="quote_has_addressee",
            ),
            models.CheckConstraint(condition=models.Q(revision__gte=1), name="quote_revision"),
        ]
        indexes = [
            models.Index(fields=["store", "company", "-id"], name="quotes_of_company"),
            models.Index(fields=["store", "-id"], name="quotes_of_store"),
            models.Index(fields=["number"], name="quotes_by_number"),
            models.Index(
                fields=["valid_until"],
                include=["store", "issued_at", "total_yen"],
                condition=models.Q(state="issued"),
                name="quotes_that_are_valid",
            ),
            # Few among many: what staff still prepare, for the work list and the console.
            models.Index(
                fields=["store", "-id"],
                condition=models.Q(state__in=["draft", "awaiting_head"]),
                name="quotes_not_sent",
            ),
            models.Index(
                fields=["issued_at"], include=["id", "store", "state", "valid_until"], name="quotes_by_day_of_issue"
            ),
            models.Index(fields=["store", "offered_to"], condition=~models.Q(offered_to=""), name="quotes_offered"),
            models.Index(fields=["store", "set_number"], condition=~models.Q(set_number=""), name="quotes_of_set"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def customer(self) -> str:
        """Whose it is, for lists: the company, else the address that it is offered to."""
        return self.company.name if self.company else self.offered_to

    @property
    def person(self) -> str | None:
        """The company's person whose it is; None while it is only offered."""
        return self.member.name if self.member else None

    @property
    def is_expired(self) -> bool:
        """Past the end of its last valid day in Japan, whether or not the nightly job has said so."""
        return self.state == self.State.EXPIRED or clock.today() > self.valid_until

    @property
    def can_be_ordered(self) -> bool:
        """Issued and still valid."""
        return self.state == self.State.ISSUED and not self.is_expired


class QuoteRevision(StoreModel):
    """An earlier revision as it was, still readable."""

    company_path = "quote__company"

    quote = StoreForeignKey(Quote, related_name="revisions")
    revision = models.PositiveSmallIntegerField()
    issued_at = models.DateTimeField()
    valid_until = models.DateField()
    total_yen = models.BigIntegerField()
    snapshot = models.JSONField()
    pdf = StoreForeignKey(StoredFile, related_name="+", null=True)

    quote_id: int
    objects = StoreQuerySet["QuoteRevision"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "quote", "revision"], name="one_row_per_revision"),
        ]


class QuotePricing(StoreModel):
    """Why staff quoted own prices, and who of the heads allowed a margin below the store's. No member sees it.

    `today_yen` is by line position what each unit would have cost at the rules' price.
    """

    quote = StoreOneToOneField(Quote, related_name="pricing")
    reason = models.CharField(max_length=400)
    today_yen = models.JSONField(default=dict)
    is_below_margin = models.BooleanField(default=False)
    allowed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    allowed_at = models.DateTimeField(null=True)

    objects = StoreQuerySet["QuotePricing"].as_manager()
