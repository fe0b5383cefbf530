"""Staff: of the operator and of the partners."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from licenseonline.kit import rights
from licenseonline.kit.actors import Actor, ActorKind
from licenseonline.kit.rights import OPERATOR_ROLES, PARTNER_ROLES, Right, StaffRole
from licenseonline.stores.models import Partner, Store, StoreState

_SEEN = {
    "sales": Right.VIEW_SALES,
    "licensing": Right.VIEW_SALES,
    "billing": Right.VIEW_SALES,
    "accounts": Right.VIEW_CUSTOMERS,
    "catalog": Right.VIEW_CATALOGUE,
    "stores": Right.VIEW_STORES,
    "records": Right.VIEW_RECORDS,
    "admin": Right.VIEW_RECORDS,  # the log of settings
    "content": Right.EDIT_CONTENT,
}
_EDITED = {"catalog": Right.EDIT_CATALOGUE, "stores": Right.MANAGE_STORES, "content": Right.EDIT_CONTENT}


class UserManager(BaseUserManager["User"]):
    """Staff are made by `staff.invite`, the operator's first by `staff.appoint`."""

    def visible_to(self, actor: Actor) -> models.QuerySet[User]:
        """The operator's staff see everybody, a partner's their colleagues, members and visitors nobody."""
        if actor.actor_kind == ActorKind.OPERATOR:
            return self.all()
        partner_id = getattr(actor, "partner_id", None)
        return self.filter(partner_id=partner_id) if partner_id else self.none()


class StaffStatus(models.TextChoices):
    """Whether somebody of the staff can sign in."""

    INVITED = "invited", _("開始待ち")
    ACTIVE = "active", _("利用中")
    STOPPED = "stopped", _("停止中")


class User(AbstractBaseUser):
    """Staff: of the operator (no partner) or of one partner. Always signs in with a second factor."""

    email = models.EmailField(max_length=254)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, null=True, blank=True, related_name="staff")
    name = models.CharField(max_length=60)
    role = models.CharField(max_length=12, choices=StaffRole.choices)
    is_active = models.BooleanField(default=True)  # since the start link was used, until stopped
    stopped_at = models.DateTimeField(null=True, blank=True)
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
            models.CheckConstraint(
                condition=models.Q(stopped_at=None) | models.Q(is_active=False), name="user_stopped_is_not_active"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def status(self) -> StaffStatus:
        """As the lists of staff show it."""
        if self.stopped_at is not None:
            return StaffStatus.STOPPED
        return StaffStatus.ACTIVE if self.is_active else StaffStatus.INVITED

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
            # What the desk still prepares is nobody else's yet.
            mine = Store.objects.filter(partner_id=self.partner_id).exclude(state=StoreState.DRAFT)
            self._stores = tuple(mine.values_list("pk", flat=True))
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

    def may(self, right: str) -> bool:
        """Whether the role has this right; for templates."""
        return rights.allowed(self, Right(right))

    def has_perm(self, perm: str, obj: object = None) -> bool:  # noqa: ARG002  (Django's signature)
        """What Django's admin asks for its lists: to see one, the right to see its app; to change it, the right to edit it."""
        app, _dot, action = perm.partition(".")
        needed = (_SEEN if action.startswith("view_") else _EDITED).get(app)
        return self.is_staff and needed is not None and rights.allowed(self, needed)

    def has_module_perms(self, app_label: str) -> bool:
        """Whether any of the app's lists is shown."""
        return self.has_perm(f"{app_label}.view_")


class StaffLink(models.Model):
    """An address in a mail to somebody of the staff that does one thing once. Its secret is kept as a keyed hash only."""

    class Purpose(models.TextChoices):
        START = "start", _("アカウントの利用開始")
        REISSUE = "reissue", _("パスワードの再発行")

    purpose = models.CharField(max_length=12, choices=Purpose.choices)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="links")
    secret_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    user_id: int

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(purpose__in=["start", "reissue"]), name="staff_link_purpose")
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.pk}"
