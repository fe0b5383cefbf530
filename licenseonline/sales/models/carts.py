"""What a member has put aside."""

from __future__ import annotations

from django.db import models

from licenseonline.accounts.models import Member
from licenseonline.catalog.models import Sku
from licenseonline.kit.tenancy import StoreForeignKey, StoreModel, StoreQuerySet
from licenseonline.licensing.models import Contract


class CartLine(StoreModel):
    """A SKU that a member has put aside, with the quantity wanted. A colleague has a cart of their own."""

    company_path = "member__company"

    member = StoreForeignKey(Member, on_delete=models.CASCADE, related_name="cart_lines")
    sku = models.ForeignKey(Sku, on_delete=models.CASCADE, related_name="+")
    quantity = models.PositiveIntegerField()
    follows = StoreForeignKey(Contract, related_name="+", null=True)  # the contract it renews, adds to or replaces
    added_at = models.DateTimeField()

    objects = StoreQuerySet["CartLine"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "member", "sku"], name="one_cart_line_per_sku"),
            models.CheckConstraint(condition=models.Q(quantity__gte=1), name="cart_quantity"),
        ]
