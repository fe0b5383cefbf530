"""People: members of stores and their companies, staff of the operator and of the partners."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils.translation import gettext_lazy as _

from licenseonline.kit.actors import ActorKind
from licenseonline.kit.tenancy import StoreForeignKey, StoreModel, StoreQuerySet
from licenseonline.kit.text import normalize_email
from licenseonline.stores.models import Partner, Store


class Company(StoreModel):
    """The organisation that a member buys for, at one store."""

    company_path = "pk"

    class Kind(models.TextChoices):
        CORPORATE = "corporate", _("一般企業")
        ACADEMIC = "academic", _("教育機関")
        GOVERNMENT = "government", _("官公庁・自治体")

    name = models.CharField(max_length=120)
    kana = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.CORPORATE)
    postal_code = models.CharField(max_length=8)
    address = models.CharField(max_length=200)
    phone = models.CharField(max_length=20)

    objects = StoreQuerySet["Company"].as_manager()

    def __str__(self) -> str:
        return self.name


class Member(AbstractBaseUser, StoreModel):
    """A company's buyer at one store. The same mail address at two stores is two strangers."""

    company_path = "company"

    email = models.EmailField(max_length=254)
    company = StoreForeignKey(Company, related_name="members")
    name = models.CharField(max_length=60)
    kana = models.CharField(max_length=60)
    department = models.CharField(max_length=80, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    company_id: int
    objects = StoreQuerySet["Member"].as_manager()

    USERNAME_FIELD = "email"
    actor_kind = ActorKind.MEMBER

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "email"], name="one_member_per_address_and_store")]

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


class UserManager(BaseUserManager["User"]):
    """Django's own, for its commands; staff are made by `staff.appoint`."""


class User(AbstractBaseUser):
    """Staff: of the operator (no partner) or of one partner. Always signs in with a second factor."""

    email = models.EmailField(max_length=254)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, null=True, blank=True, related_name="staff")
    name = models.CharField(max_length=60)
    is_active = models.BooleanField(default=True)
    # Encrypted with DATA_KEY. The last time step used, so that a code works once.
    totp_secret = models.CharField(max_length=200)
    totp_step = models.BigIntegerField(default=0)

    partner_id: int | None
    objects = UserManager()

    USERNAME_FIELD = "id"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partner", "email"], name="one_user_per_address_and_partner"),
            models.UniqueConstraint(
                fields=["email"], condition=models.Q(partner=None), name="one_operator_user_per_address"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def actor_kind(self) -> ActorKind:
        """Partner's staff or the operator's."""
        return ActorKind.PARTNER if self.partner_id else ActorKind.OPERATOR

    @property
    def visible_stores(self) -> tuple[int, ...] | None:
        """The partner's stores; None (all) for the operator."""
        if self.partner_id is None:
            return None
        if not hasattr(self, "_stores"):
            self._stores = tuple(Store.objects.filter(partner_id=self.partner_id).values_list("pk", flat=True))
        return self._stores

    @property
    def visible_company(self) -> None:
        """Staff see every company of their stores."""
        return

    @property
    def is_staff(self) -> bool:
        """What Django's admin asks: the operator's staff only."""
        return self.is_active and self.partner_id is None

    @property
    def is_superuser(self) -> bool:
        """Nobody is: the desk's rights are its own."""
        return False

    def has_perm(self, perm: str, obj: object = None) -> bool:  # noqa: ARG002  (Django's signature)
        """The back office shows its lists to the operator's staff; changes go through verbs."""
        return self.is_staff

    def has_module_perms(self, app_label: str) -> bool:  # noqa: ARG002  (as has_perm's)
        """As has_perm."""
        return self.is_staff


class Session(AbstractBaseSession):
    """A signed-in browser. `area` says where it counts (`store-87465`, `partner`, `backoffice`); elsewhere it is nobody."""

    area = models.CharField(max_length=30)

    class Meta(AbstractBaseSession.Meta):
        abstract = False


class SignInFailure(models.Model):
    """One failed sign-in, counted per account and per network to slow guessing. Subjects are keyed hashes, not addresses."""

    subject = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["subject", "at"])]
