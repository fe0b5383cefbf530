"""What mailed addresses stand for. The secret in an address is kept as a keyed hash only."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from licenseonline.accounts.models.companies import Company
from licenseonline.accounts.models.members import Member, Role
from licenseonline.accounts.models.staff import User
from licenseonline.kit.tenancy import StoreForeignKey, StoreModel, StoreQuerySet


class MailLink(StoreModel):
    """An address in a mail that does one thing once. `address` and `role` are what a change or an invitation is about."""

    company_path = "company"

    class Purpose(models.TextChoices):
        VERIFY = "verify", _("メールアドレスの認証")
        EMAIL_CHANGE = "email_change", _("メールアドレスの変更")
        INVITE = "invite", _("会員の招待")
        STOP = "stop", _("変更の取りやめ")

    purpose = models.CharField(max_length=12, choices=Purpose.choices)
    member = StoreForeignKey(Member, null=True, related_name="mail_links")
    company = StoreForeignKey(Company, null=True, related_name="mail_links")
    secret_hash = models.CharField(max_length=64, unique=True)
    address = models.TextField(blank=True)  # encrypted with DATA_KEY
    role = models.CharField(max_length=10, choices=Role.choices, blank=True)
    created_by = StoreForeignKey(Member, null=True, related_name="+")
    # Of the partner, who invited; without a company the invited person registers a new one.
    staff = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    member_id: int | None
    company_id: int | None
    staff_id: int | None
    objects = StoreQuerySet["MailLink"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(purpose__in=["verify", "email_change", "invite", "stop"]), name="mail_link_purpose"
            )
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.pk}"

    @property
    def renewal(self) -> tuple[str, dict[str, int]]:
        """What its mail gives as `renew` to messages.queue: sent again, it brings a new address."""
        return "accounts.links.renew", {"link_id": self.pk, "store_id": self.store_id}


class Registration(StoreModel):
    """仮登録: what somebody filled in, until the mailed address is opened. Company and member are made only then.

    `data` is JSON, encrypted with DATA_KEY; it and the password's hash go when the registration is confirmed or too old.
    """

    # A keyed hash of the mail address, to find what the same address began before.
    email_hash = models.CharField(max_length=64)
    data = models.TextField(blank=True)
    password = models.CharField(max_length=128, blank=True)
    secret_hash = models.CharField(max_length=64, unique=True)
    invitation = StoreForeignKey(MailLink, null=True, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    member = StoreForeignKey(Member, null=True, related_name="+")

    member_id: int | None
    objects = StoreQuerySet["Registration"].as_manager()

    class Meta:
        indexes = [models.Index(fields=["store", "email_hash"])]
