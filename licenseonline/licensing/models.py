"""What companies hold: contracts with a term, licences (entitlements) under them, and the keys or certificates that prove them."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from licenseonline.accounts.models import Company, User
from licenseonline.catalog.models import Product, Sku, Vendor
from licenseonline.kit import clock
from licenseonline.kit.tenancy import StoreForeignKey, StoreModel, StoreQuerySet
from licenseonline.records.models import StoredFile


class Phase(models.TextChoices):
    """Where a contract stands on a day."""

    UPCOMING = "upcoming", _("開始前")
    CURRENT = "current", _("契約中")
    OVER = "over", _("終了")


class Contract(StoreModel):
    """A term with a vendor for a company. Without an end it is perpetual. Both days belong to the term."""

    company_path = "company"

    number = models.CharField(max_length=20)
    company = StoreForeignKey(Company, related_name="contracts")
    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, related_name="+")
    product_name = models.CharField(max_length=200)
    order_number = models.CharField(max_length=20)
    vendor_contract_number = models.CharField(max_length=80, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    renews = StoreForeignKey("licensing.Contract", related_name="renewed_by", null=True)  # or replaces

    company_id: int
    objects = StoreQuerySet["Contract"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "number"], name="one_contract_per_number"),
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("starts_on")),
                name="contract_ends_after_start",
            ),
        ]
        indexes = [
            models.Index(fields=["store", "company", "-id"], name="contracts_of_company"),
            models.Index(fields=["number"], name="contracts_by_number"),
            models.Index(Upper("vendor_contract_number"), name="contracts_by_vendors_number"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def phase(self) -> Phase:
        """Where it stands today in Japan; both its days count."""
        today = clock.today()
        if today < self.starts_on:
            return Phase.UPCOMING
        return Phase.OVER if self.ends_on and self.ends_on < today else Phase.CURRENT


class Entitlement(StoreModel):
    """The right to use n units of a SKU under a contract (ライセンス)."""

    company_path = "contract__company"

    contract = StoreForeignKey(Contract, related_name="entitlements")
    sku = models.ForeignKey(Sku, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    model_number = models.CharField(max_length=80)
    quantity = models.PositiveIntegerField()
    unit = models.CharField(max_length=20)

    contract_id: int
    objects = StoreQuerySet["Entitlement"].as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(quantity__gte=1), name="entitlement_quantity")]
        indexes = [models.Index(fields=["store", "contract"], name="entitlements_of_contract")]


class Holding(StoreModel):
    """What a company holds that was not bought at this store: entered by the desk, or from an accepted proof.

    Of this store's own deliveries the entitlements count. A competitor's product has a vendor's name in words only.
    """

    company_path = "company"

    company = StoreForeignKey(Company, related_name="holdings")
    vendor = models.ForeignKey(Vendor, on_delete=models.PROTECT, null=True, related_name="+")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=200)
    quantity = models.PositiveIntegerField()
    ends_on = models.DateField(null=True)  # its last day; without it is perpetual
    vendor_contract_number = models.CharField(max_length=80, blank=True)
    proof = StoreForeignKey(StoredFile, related_name="+", null=True)
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)  # it was entered by mistake

    company_id: int
    objects = StoreQuerySet["Holding"].as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(quantity__gte=1), name="holding_quantity")]
        indexes = [models.Index(fields=["store", "company", "-id"], name="holdings_of_company")]

    def __str__(self) -> str:
        return self.name


class Key(StoreModel):
    """A licence key (encrypted; found by its HMAC or its last five characters) or a certificate file."""

    company_path = "entitlement__contract__company"

    class Kind(models.TextChoices):
        KEY = "key", _("ライセンスキー")
        CERTIFICATE = "certificate", _("証書")

    entitlement = StoreForeignKey(Entitlement, related_name="keys")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    ciphertext = models.TextField(blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    last_five = models.CharField(max_length=5, blank=True)
    file = StoreForeignKey(StoredFile, related_name="+", null=True)
    delivered_at = models.DateTimeField()

    entitlement_id: int
    objects = StoreQuerySet["Key"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(models.Q(kind="key", file=None) & ~models.Q(ciphertext=""))
                | models.Q(kind="certificate", ciphertext="", file__isnull=False),
                name="key_or_certificate",
            )
        ]
        indexes = [
            models.Index(fields=["store", "fingerprint"], name="key_fingerprint"),
            models.Index(fields=["store", "entitlement"], name="keys_of_entitlement"),
        ]

    @property
    def masked(self) -> str:
        """What is shown before it is revealed: only the last five characters."""
        return f"•••••{self.last_five}" if self.last_five else "•••••"
