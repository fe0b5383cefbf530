"""What some orders have and most have not: papers, wishes, vendors' forms. The statement that reads an order tells which.

A page asks for what is there, and for no more.
"""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from licenseonline.catalog.models import VendorRule
from licenseonline.sales.models import DocumentRequest, Order, OrderLine, OrderWish, VendorForm


def annotations() -> dict[str, Exists]:
    """For a queryset of orders, so that `has` can answer for them."""
    of_order = {"store": OuterRef("store"), "order": OuterRef("pk")}
    asking = OrderLine.objects.filter(sku__product__vendor__in=VendorForm.objects.values("vendor"))
    limiting = VendorRule.objects.exclude(cancel_days=None).values("vendor")
    ruling = OrderLine.objects.filter(sku__product__vendor__in=limiting)
    extras: dict[str, QuerySet[Any]] = {
        "papers": DocumentRequest.objects.filter(**of_order),
        "wishes": OrderWish.objects.filter(**of_order),
        "vendor_forms": asking.filter(**of_order),
        "cancel_rules": ruling.filter(**of_order),
        "line_days": OrderLine.objects.filter(**of_order).exclude(expected_on=None, delivered_at=None),
    }
    return {f"has_{name}": Exists(rows) for name, rows in extras.items()}


def has(order: Order, extra: str) -> bool:
    """Whether the order, read with `annotations`, has any.

    `vendor_forms` and `cancel_rules` are of its lines' vendors, `line_days` when lines were delivered or are to come.
    """
    return bool(getattr(order, f"has_{extra}"))
