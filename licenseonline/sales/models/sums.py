"""What orders and quotations of a month come to, so that no page has to add up all of them.

Triggers write these rows in the transaction of what they count (migration 0009): a new order or quotation adds a row, a move of
an order takes its part from one state and adds it to another. Nothing is changed in place, so that two orders of a month
neither wait for each other nor lose a sum; `sums.gather` makes one row of many. A sum is always over all rows that fit.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from licenseonline.catalog.models import Vendor
from licenseonline.kit.tenancy import StoreModel, StoreQuerySet


class _OfMonth(StoreModel):
    """Of a store or, without one, of all stores together: only the platform sees those rows."""

    store = models.ForeignKey(  # type: ignore[assignment]  # every other row has a store
        "stores.Store", on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    month = models.DateField()  # its first day; months are Japan's

    store_id: int | None  # type: ignore[assignment]  # every other row has a store

    class Meta:
        abstract = True


class OrderSum(_OfMonth):
    """Orders by the month in which they were placed and by their present state; yen as frozen at order.

    `margin_yen` leaves out lines whose cost was unknown: `unknown` says how many.
    """

    KEYS: ClassVar = ("store", "month", "state")

    state = models.CharField(max_length=20)
    orders = models.BigIntegerField()
    total_yen = models.BigIntegerField()  # with tax
    net_yen = models.BigIntegerField()  # without tax, as the two below
    margin_yen = models.BigIntegerField()
    commission_yen = models.BigIntegerField()
    unknown = models.BigIntegerField()

    objects = StoreQuerySet["OrderSum"].as_manager()

    class Meta:
        indexes = [models.Index(fields=["store", "month"], name="order_sums")]


class VendorSum(_OfMonth):
    """Orders that were not cancelled by vendor, as OrderSum; an order of two vendors counts for each."""

    KEYS: ClassVar = ("store", "month", "vendor")

    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, db_index=False, related_name="+")
    orders = models.BigIntegerField()
    net_yen = models.BigIntegerField()
    margin_yen = models.BigIntegerField()
    unknown = models.BigIntegerField()

    objects = StoreQuerySet["VendorSum"].as_manager()

    class Meta:
        indexes = [models.Index(fields=["store", "month"], name="vendor_sums")]


class QuoteSum(_OfMonth):
    """Quotations by the month of their issue, without those taken back; `ordered` until their last day."""

    KEYS: ClassVar = ("store", "month")

    issued = models.BigIntegerField()
    ordered = models.BigIntegerField()

    objects = StoreQuerySet["QuoteSum"].as_manager()

    class Meta:
        indexes = [models.Index(fields=["store", "month"], name="quote_sums")]
