"""Members, what they agreed to, and their ways in besides the password."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from licenseonline.accounts.models.companies import Company, CompanyState
from licenseonline.kit.actors import ActorKind
from licenseonline.kit.names import Pairs
from licenseonline.kit.tenancy import StoreForeignKey, StoreModel, StoreQuerySet
from licenseonline.kit.text import normalize_email

if TYPE_CHECKING:
    from licenseonline.accounts.models.desk import ActingTicket
    from licenseonline.accounts.models.staff import User


class Role(models.TextChoices):
    """What a member may do for the company."""

    ADMIN = "admin", _("管理者")
    BUYER = "buyer", _("購買担当")
    VIEWER = "viewer", _("閲覧")


class Member(AbstractBaseUser, StoreModel):
    """A company's person at one store. The same mail address at two stores is two strangers."""

    company_path = "company"

    Role = Role

    email = models.EmailField(max_length=254)
    company = StoreForeignKey(Company, related_name="members")
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.BUYER)
    name = models.CharField(max_length=60)
    kana = models.CharField(max_length=60)
    department = models.CharField(max_length=80, blank=True)
    title = models.CharField(max_length=60, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    newsletter = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    email_verified_at = models.DateTimeField(null=True)
    password_changed_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    # Encrypted with DATA_KEY; empty without a second factor. The last time step used, so that a code works once.
    totp_secret = models.CharField(max_length=200, blank=True)
    totp_step = models.BigIntegerField(default=0)

    company_id: int
    # Of the staff, who acts for the member in this request, and by which leave (accounts/acting.py).
    acting: User | None = None
    acting_ticket: ActingTicket | None = None
    objects = StoreQuerySet["Member"].as_manager()

    USERNAME_FIELD = "email"
    actor_kind = ActorKind.MEMBER

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["store", "email"],
                condition=models.Q(withdrawn_at=None),
                name="one_member_per_address_and_store",
            ),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="member_role"),
            models.CheckConstraint(
                condition=models.Q(withdrawn_at=None) | models.Q(is_active=False), name="withdrawn_member_is_not_active"
            ),
        ]
        indexes = [
            models.Index(fields=["kana", "id"], name="members_by_kana"),
            models.Index(fields=["email"], name="members_by_address"),
            GinIndex(Pairs("name", "kana"), name="members_by_part_of_name"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the address in its compared form: one spelling, one member."""
        self.email = normalize_email(self.email)
        super().save(*args, **kwargs)

    @property
    def visible_stores(self) -> tuple[int, ...]:
        """The member's own store."""
        return (self.store_id,)

    @property
    def visible_company(self) -> int:
        """The member's own company."""
        return self.company_id

    @property
    def is_admin(self) -> bool:
        """Whether this person looks after the company's data and colleagues."""
        return self.role == Role.ADMIN

    @property
    def is_verified(self) -> bool:
        """Whether the mail address is authenticated (本登録)."""
        return self.email_verified_at is not None

    @property
    def has_second_factor(self) -> bool:
        """Whether a code is asked for after the password."""
        return bool(self.totp_secret)

    @property
    def can_reveal(self) -> bool:
        """Licence keys and certificates: everybody but who only looks at histories, and nobody for another."""
        return self.role != Role.VIEWER and self.acting is None

    @property
    def can_quote(self) -> bool:
        """Carts and quotations: everybody but who only looks, and whose company the desk turned away."""
        return self.role != Role.VIEWER and self.company.state != CompanyState.REFUSED

    @property
    def can_order(self) -> bool:
        """Who may quote, at an authenticated address, for a company that is not waiting for the desk."""
        return self.can_quote and self.is_verified and self.company.state == CompanyState.ACTIVE


class RecoveryCode(StoreModel):
    """One of the codes that stand in for a lost second factor; only its keyed hash is kept, and it works once."""

    company_path = "member__company"

    member = StoreForeignKey(Member, related_name="recovery_codes")
    fingerprint = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    objects = StoreQuerySet["RecoveryCode"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "fingerprint"], name="one_recovery_code")]


class TemporaryPassword(StoreModel):
    """仮パスワード, as its keyed hash: it is long and random, so nothing slower is needed. Works once, for a day."""

    company_path = "member__company"

    member = StoreForeignKey(Member, related_name="temporary_passwords")
    fingerprint = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    objects = StoreQuerySet["TemporaryPassword"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "fingerprint"], name="one_temporary_password")]


class Consent(StoreModel):
    """Proof of what a member agreed to or took back: to which words, when and where from. Never changed, only added."""

    company_path = "member__company"

    class Kind(models.TextChoices):
        TERMS = "terms", _("ご利用条件への同意")
        ANTISOCIAL = "antisocial", _("反社会的勢力ではないことの表明")
        NEWSLETTER = "newsletter", _("メールマガジンの配信")

    member = StoreForeignKey(Member, related_name="consents")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    given = models.BooleanField()
    version = models.CharField(max_length=20, blank=True)
    at = models.DateTimeField()
    source = models.CharField(max_length=60)
    # A keyed hash: the same network is recognised, its address is not kept.
    network = models.CharField(max_length=64, blank=True)

    objects = StoreQuerySet["Consent"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["terms", "antisocial", "newsletter"]), name="consent_kind"
            )
        ]
        indexes = [models.Index(fields=["store", "member", "kind", "-id"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.given}"
