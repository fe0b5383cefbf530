"""Who is signed in where, and who failed to."""

from __future__ import annotations

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from licenseonline.kit import crypto


class Session(AbstractBaseSession):
    """A signed-in browser. `area` says where it counts (`store-87465`, `partner`, `backoffice`); elsewhere it is nobody.

    The other columns are for its owner's list of sessions; what they say is in `session_data` or was seen at sign-in.
    """

    area = models.CharField(max_length=30)
    # No constraint: the row counts only where row-level security shows its member.
    member = models.ForeignKey("Member", on_delete=models.DO_NOTHING, null=True, db_constraint=False, related_name="+")
    user_id = models.BigIntegerField(null=True, db_index=True)
    device = models.CharField(max_length=60, blank=True)
    network = models.CharField(max_length=16, blank=True)  # of a keyed hash, not of the address
    created_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)

    member_id: int | None

    class Meta(AbstractBaseSession.Meta):
        abstract = False

    @property
    def reference(self) -> str:
        """How a page names it: whoever knew the key would be signed in."""
        return crypto.fingerprint(f"session:{self.session_key}")[:16]


class SignInFailure(models.Model):
    """One failed sign-in, counted per account and per network to slow guessing. Subjects are keyed hashes, not addresses."""

    subject = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["subject", "at"])]
