"""Staff: of the operator and of the partners."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from licenseonline.kit import rights
from licenseonline.kit.actors import ActorKind
from licenseonline.kit.rights import OPERATOR_ROLES, PARTNER_ROLES, Right, StaffRole
from licenseonline.stores.models import Partner, Store

_SEEN = {
    "sales": Right.VIEW_SALES,
    "licensing": Right.VIEW_SALES,
    "billing": Right.VIEW_SALES,
    "accounts": Right.VIEW_CUSTOMERS,
    "catalog": Right.VIEW_CATALOGUE,
    "stores": Right.VIEW_STORES,
    "records": Right.VIEW_RECORDS,
    "content": Right.EDIT_CONTENT,
}
_EDITED = {"catalog": Right.EDIT_CATALOGUE, "stores": Right.MANAGE_STORES, "content": Right.EDIT_CONTENT}


class UserManager(BaseUserManager["User"]):
    """Django's own, for its commands; staff are made by `staff.appoint`."""


class User(AbstractBaseUser):
    """Staff: of the operator (no partner) or of one partner. Always signs in with a second factor."""

    email = models.EmailField(max_length=254)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, null=True, blank=True, related_name="staff")
    name = models.CharField(max_length=60)
    role = models.CharField(max_length=12, choices=StaffRole.choices)
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
            models.CheckConstraint(
                condition=models.Q(partner=None, role__in=OPERATOR_ROLES)
                | models.Q(partner__isnull=False, role__in=PARTNER_ROLES),
                name="user_role",
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
        """What Django's admin asks for its lists: to see one, the right to see its app; to change it, the right to edit it."""
        app, _dot, action = perm.partition(".")
        needed = (_SEEN if action.startswith("view_") else _EDITED).get(app)
        return self.is_staff and needed is not None and rights.allowed(self, needed)

    def has_module_perms(self, app_label: str) -> bool:
        """Whether any of the app's lists is shown."""
        return self.has_perm(f"{app_label}.view_")
