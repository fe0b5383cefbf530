"""Partners and their stores: who sells, under which name and colours, and on which terms."""

from __future__ import annotations

import hashlib
from datetime import date
from functools import lru_cache
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from licenseonline.kit import states
from licenseonline.kit.money import Rounding
from licenseonline.kit.names import Pairs
from licenseonline.kit.tenancy import StoreModel, StoreQuerySet

colour = RegexValidator(r"^#[0-9a-f]{6}$", _("色は #1f4e79 のように入力してください。"))


class PaymentMethod(models.TextChoices):
    """Ways to pay."""

    TRANSFER = "transfer", _("銀行振込")
    CARD = "card", _("クレジットカード")
    DEFERRED = "deferred", _("後払い")


class PartnerState(models.TextChoices):
    """Whether a partner sells."""

    ACTIVE = "active", _("取引中")
    STOPPED = "stopped", _("停止中")  # its stores are paused and its staff shut out, until it is resumed
    CLOSED = "closed", _("取引終了")


def paid_by_transfer() -> list[str]:
    """What every store begins with."""
    return [PaymentMethod.TRANSFER.value]


class Partner(models.Model):
    """A sales partner (セールスパートナー): owner of stores, known by its SPID.

    `paused_stores`, `stopped_staff` and `uninvited_staff` are the ids that its stop changed: what its resumption puts back.
    """

    State = PartnerState
    MOVES: ClassVar[dict[str, set[str]]] = {
        State.ACTIVE: {State.STOPPED, State.CLOSED},
        State.STOPPED: {State.ACTIVE, State.CLOSED},
        State.CLOSED: set(),
    }

    spid = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ACTIVE)
    paused_stores = ArrayField(models.BigIntegerField(), default=list, blank=True)
    stopped_staff = ArrayField(models.BigIntegerField(), default=list, blank=True)
    uninvited_staff = ArrayField(models.BigIntegerField(), default=list, blank=True)

    class Meta:
        constraints = [states.state_check(PartnerState, "partner_state")]
        indexes = [GinIndex(Pairs("name"), name="partners_by_part_of_name")]

    def __str__(self) -> str:
        return f"{self.spid} {self.name}"


class StoreState(models.TextChoices):
    """Who sees a store, and what can be done there."""

    DRAFT = "draft", _("公開前")  # the desk alone, by a preview link
    OPEN = "open", _("公開中")
    PAUSED = "paused", _("休止中")  # members read their histories; nothing new is begun
    CLOSED = "closed", _("閉店")  # the same until `readable_until`, then nothing


class Store(models.Model):
    """One white-label shop. Its number is the first part of its URLs and the key of all that belongs to it."""

    State = StoreState
    MOVES: ClassVar[dict[str, set[str]]] = {
        State.DRAFT: {State.OPEN},
        State.OPEN: {State.PAUSED, State.CLOSED},
        State.PAUSED: {State.OPEN, State.CLOSED},
        State.CLOSED: {State.OPEN},
    }

    id = models.BigIntegerField(primary_key=True, validators=[MinValueValidator(1)])
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="stores")
    name = models.CharField(max_length=120)
    tagline = models.CharField(max_length=200, blank=True)
    introduction = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    paused_note = models.CharField(max_length=300, blank=True)  # what a paused or closed store tells its visitors
    readable_until = models.DateField(null=True, blank=True)  # of a closed store: the last day of its histories
    approves_companies = models.BooleanField(default=False)  # new companies order only after the desk said yes
    host = models.CharField(max_length=253, blank=True)

    brand = models.CharField(max_length=7, validators=[colour], default="#1f4e79")
    accent = models.CharField(max_length=7, validators=[colour], default="#0b7a75")
    logo_svg = models.TextField(blank=True)
    seal_png = models.BinaryField(blank=True)

    seller_name = models.CharField(max_length=120)
    seller_postal_code = models.CharField(max_length=8)
    seller_address = models.CharField(max_length=200)
    seller_representative = models.CharField(
        max_length=60, blank=True
    )  # 代表取締役 …; public bodies may want it on papers
    registration_number = models.CharField(max_length=14, blank=True)
    bank_account = models.CharField(max_length=200)
    desk_name = models.CharField(max_length=120)
    desk_email = models.EmailField(max_length=254)
    desk_phone = models.CharField(max_length=20)
    desk_hours = models.CharField(max_length=120)

    quote_days = models.PositiveSmallIntegerField(default=7, validators=[MinValueValidator(1), MaxValueValidator(365)])
    payment_days = models.PositiveSmallIntegerField(default=7, validators=[MinValueValidator(1), MaxValueValidator(90)])
    payment_methods = ArrayField(  # in this order; of which a gateway is there: stores.PAYABLE
        models.CharField(max_length=10, choices=PaymentMethod.choices), default=paid_by_transfer
    )
    orders_from_cart = models.BooleanField(default=False)  # without a quotation first
    least_margin_per_mille = models.PositiveSmallIntegerField(null=True, blank=True)  # below it a head must say yes
    rounding = models.CharField(max_length=10, choices=[(r.value, r.value) for r in Rounding], default=Rounding.FLOOR)
    terms_version = models.CharField(max_length=20)
    terms = models.TextField()

    edition: int  # set by stores.open_store
    is_draft: bool = False  # set by store_drafts.shown

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id__gt=0), name="store_number_positive"),
            models.CheckConstraint(
                condition=models.Q(registration_number="") | models.Q(registration_number__regex=r"^T[0-9]{13}$"),
                name="store_registration_number",
            ),
            models.CheckConstraint(condition=models.Q(quote_days__gte=1, quote_days__lte=365), name="store_quote_days"),
            states.state_check(StoreState, "store_state"),
            models.UniqueConstraint(fields=["host"], condition=~models.Q(host=""), name="one_store_per_host"),
            models.CheckConstraint(
                condition=models.Q(payment_methods__len__gte=1)
                & models.Q(payment_methods__contained_by=PaymentMethod.values),
                name="store_payment_methods",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="closed") | models.Q(readable_until__isnull=False), name="store_closed_until"
            ),
        ]
        indexes = [GinIndex(Pairs("name"), name="stores_by_part_of_name")]

    def __str__(self) -> str:
        return f"{self.id} {self.name}"

    def is_readable(self, day: date) -> bool:
        """Whether its members can sign in on that day and read what is theirs."""
        if self.state == StoreState.CLOSED:
            return self.readable_until is not None and day <= self.readable_until
        return self.state in {StoreState.OPEN, StoreState.PAUSED}

    @property
    def brand_hash(self) -> str:
        """Changes with the colours, so that the stylesheet can be cached for ever."""
        return _digest(f"{self.brand}{self.accent}")

    @property
    def logo_hash(self) -> str:
        """Changes with the logo."""
        return _digest(self.logo_svg)

    @property
    def brand_css_url(self) -> str:
        """Where the store's colours are."""
        return _address("store:brand", self.id, self.brand_hash)

    @property
    def logo_url(self) -> str:
        """Where the store's logo is; empty when it has none."""
        return _address("store:logo", self.id, self.logo_hash) if self.logo_svg else ""


@lru_cache(maxsize=4096)  # every page asks
def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


@lru_cache(maxsize=4096)
def _address(route: str, store_id: int, digest: str) -> str:
    return reverse(route, args=[store_id, digest])


class Edition(models.Model):
    """One row: the edition of all that visitors read. Triggers raise it (kit/edition.py); pages are kept per edition."""

    number = models.BigIntegerField(default=1)


class StoreHoliday(StoreModel):
    """A day on which the store's desk is closed besides weekends and public holidays (弊社指定休業日)."""

    is_public = True

    day = models.DateField()
    name = models.CharField(max_length=60)

    objects = StoreQuerySet["StoreHoliday"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "day"], name="one_holiday_per_day")]


class Commission(StoreModel):
    """What the partner earns on a sale, from a day on, in per mille of the net amount; frozen on each order."""

    from_day = models.DateField()
    per_mille = models.PositiveSmallIntegerField(validators=[MaxValueValidator(1000)])

    objects = StoreQuerySet["Commission"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "from_day"], name="one_commission_per_day"),
            models.CheckConstraint(condition=models.Q(per_mille__lte=1000), name="commission_per_mille"),
        ]


class StoreDraft(StoreModel):
    """Changes of an open store's settings that somebody looks at before they are public: the new values alone.

    `based_on` is the digest of the settings that were changed (store_settings.digest); files are kept as they will be.
    """

    settings = models.JSONField()
    logo_svg = models.TextField(null=True)  # null: not changed
    seal_png = models.BinaryField(null=True)
    based_on = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by = models.BigIntegerField()  # the desk's staff; accounts is above this app

    objects = StoreQuerySet["StoreDraft"].as_manager()

    class Meta:
        indexes = [models.Index(fields=["store", "-id"], name="draft_of_store")]
