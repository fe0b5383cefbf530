"""Money owed and money received, in whole yen."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from licenseonline.accounts.models import Company, User
from licenseonline.kit.states import state_check
from licenseonline.kit.tenancy import StoreForeignKey, StoreModel, StoreOneToOneField, StoreQuerySet


class ReceivableState(models.TextChoices):
    """How far it is."""

    OPEN = "open", _("入金待ち")
    PAID = "paid", _("入金済み")
    REFUND_DUE = "refund_due", _("返金待ち")  # the order was cancelled after money had come
    CANCELLED = "cancelled", _("取り消し")


class Receivable(StoreModel):
    """What a company owes for one order (ご請求額), tax included."""

    company_path = "company"

    State = ReceivableState
    MOVES: ClassVar[dict[str, set[str]]] = {
        State.OPEN: {State.PAID, State.REFUND_DUE, State.CANCELLED},
        State.PAID: {State.REFUND_DUE, State.CANCELLED},  # of an order without a price nothing is given back
        State.REFUND_DUE: {State.CANCELLED},
    }

    company = StoreForeignKey(Company, related_name="+")
    reference = models.CharField(max_length=20)
    amount_yen = models.BigIntegerField()
    due_on = models.DateField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)

    objects = StoreQuerySet["Receivable"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "reference"], name="one_receivable_per_reference"),
            models.CheckConstraint(condition=models.Q(amount_yen__gte=0), name="receivable_not_negative"),
            state_check(ReceivableState, "receivable_state"),
        ]
        indexes = [models.Index(fields=["id"], condition=models.Q(state="refund_due"), name="money_to_give_back")]

    def __str__(self) -> str:
        return self.reference


class Payment(StoreModel):
    """Money received for a receivable, as the desk recorded it."""

    company_path = "receivable__company"

    receivable = StoreForeignKey(Receivable, related_name="payments")
    amount_yen = models.BigIntegerField()
    received_on = models.DateField()
    payer_name = models.CharField(max_length=120, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    objects = StoreQuerySet["Payment"].as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(amount_yen__gt=0), name="payment_positive")]
        indexes = [models.Index(fields=["store", "receivable"], name="payments_of_receivable")]


class Refund(StoreModel):
    """Money given back for a cancelled order, all that had come, as the desk recorded it."""

    company_path = "receivable__company"

    receivable = StoreOneToOneField(Receivable, related_name="refund")
    amount_yen = models.BigIntegerField()
    paid_on = models.DateField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    objects = StoreQuerySet["Refund"].as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(amount_yen__gt=0), name="refund_positive")]
