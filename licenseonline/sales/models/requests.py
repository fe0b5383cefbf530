"""Requests for a quotation (見積依頼): a thread until it is a quotation or closed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from licenseonline.accounts.models import Company, Member, User
from licenseonline.catalog.models import Sku
from licenseonline.kit.states import state_check
from licenseonline.kit.tenancy import StoreForeignKey, StoreModel, StoreQuerySet
from licenseonline.records.models import StoredFile
from licenseonline.sales.models.quotes import Quote


class RequestState(models.TextChoices):
    """Whose turn it is."""

    ASKED = "asked", _("回答待ち")  # the store's turn
    ANSWERED = "answered", _("ご確認待ち")  # the member's turn
    QUOTED = "quoted", _("見積済み")
    CLOSED = "closed", _("終了")


class QuoteRequest(StoreModel):
    """What a member asks a price for: SKUs on request, or anything in words."""

    company_path = "company"

    State = RequestState
    MOVES: ClassVar[dict[str, set[str]]] = {
        State.ASKED: {State.ANSWERED, State.QUOTED, State.CLOSED},
        State.ANSWERED: {State.ASKED, State.QUOTED, State.CLOSED},
        State.QUOTED: {State.ASKED},
    }

    number = models.CharField(max_length=20)
    company = StoreForeignKey(Company, related_name="quote_requests")
    member = StoreForeignKey(Member, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    subject = models.CharField(max_length=100)
    quote = StoreForeignKey(Quote, related_name="requests", null=True)
    asked_at = models.DateTimeField()  # the last time that it became the store's turn

    company_id: int
    member_id: int
    quote_id: int | None
    objects = StoreQuerySet["QuoteRequest"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "number"], name="one_request_per_number"),
            state_check(RequestState, "quote_request_state"),
            models.CheckConstraint(
                condition=~models.Q(state="quoted") | models.Q(quote__isnull=False), name="quoted_request_has_quote"
            ),
        ]
        indexes = [
            models.Index(fields=["store", "company", "-id"], name="requests_of_company"),
            models.Index(fields=["asked_at"], condition=models.Q(state="asked"), name="requests_to_answer"),
        ]

    def __str__(self) -> str:
        return self.number


class RequestLine(StoreModel):
    """A SKU that the request is about."""

    company_path = "request__company"

    request = StoreForeignKey(QuoteRequest, related_name="lines")
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField()

    objects = StoreQuerySet["RequestLine"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "request", "sku"], name="one_request_line_per_sku"),
            models.CheckConstraint(condition=models.Q(quantity__gte=1), name="request_quantity"),
        ]


class RequestPost(StoreModel):
    """One question or answer. Written by a member, or by staff."""

    company_path = "request__company"

    request = StoreForeignKey(QuoteRequest, related_name="posts")
    member = StoreForeignKey(Member, related_name="+", null=True)
    staff = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    text = models.TextField(max_length=4000)
    at = models.DateTimeField()

    objects = StoreQuerySet["RequestPost"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(member__isnull=False, staff=None) | models.Q(member=None, staff__isnull=False),
                name="post_has_one_author",
            )
        ]


class RequestFile(StoreModel):
    """A file that came with a post."""

    company_path = "post__request__company"

    post = StoreForeignKey(RequestPost, related_name="files")
    file = StoreForeignKey(StoredFile, related_name="+")

    objects = StoreQuerySet["RequestFile"].as_manager()
