"""What every app writes: outgoing mail, history, idempotency keys, files, number series."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from licenseonline.kit.states import state_check
from licenseonline.kit.tenancy import StoreForeignKey, StoreModel, StoreOneToOneField, StoreQuerySet


class NumberSeries(StoreModel):
    """The last number given out in one series of one store; counted under a row lock, so without gaps."""

    kind = models.CharField(max_length=20)
    period = models.CharField(max_length=6)
    last = models.BigIntegerField(default=0)

    objects = StoreQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "kind", "period"], name="one_series")]


class StoredFile(StoreModel):
    """Bytes that are kept as they were: a document made, a certificate handed over. Never changed, only added."""

    company_path = "company_id"

    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=200, unique=True)
    company_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()

    objects = StoreQuerySet["StoredFile"].as_manager()

    def __str__(self) -> str:
        return self.name


class MessageState(models.TextChoices):
    """How far it is."""

    QUEUED = "queued", _("送信待ち")
    SENDING = "sending", _("送信中")
    SENT = "sent", _("送信済み")
    FAILED = "failed", _("送信できませんでした")
    BOUNCED = "bounced", _("届きませんでした")


class Message(models.Model):
    """One outgoing mail, written with the fact it tells of. Without a store it is the platform's own.

    Where a mail holds secrets, its subject, text and html show ■, and `secrets` has the readable parts (JSON, encrypted with
    DATA_KEY) until they have left. `renewal` names the task that writes a new mail with new secrets; it is null for a mail
    that never had any.
    """

    State = MessageState
    MOVES: ClassVar[dict[str, set[str]]] = {
        State.QUEUED: {State.SENDING},
        State.SENDING: {State.SENT, State.FAILED, State.QUEUED},
        State.FAILED: {State.QUEUED},
        State.SENT: {State.BOUNCED},
    }

    store = models.ForeignKey("stores.Store", on_delete=models.PROTECT, null=True, related_name="+")
    store_id: int | None
    kind = models.CharField(max_length=60)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    sender = models.CharField(max_length=320)
    reply_to = models.CharField(max_length=254)
    recipient = models.CharField(max_length=254)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    html = models.TextField()
    secrets = models.TextField(blank=True)
    renewal = models.JSONField(null=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    objects = StoreQuerySet["Message"].as_manager()

    class Meta:
        constraints = [state_check(MessageState, "message_state")]
        indexes = [
            models.Index(fields=["store", "-id"]),
            models.Index(fields=["created_at"], condition=~models.Q(secrets=""), name="message_with_secrets"),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def mail_id(self) -> str:
        """Its Message-ID, the same however often it is sent."""
        return f"<{self.pk}.{int(self.created_at.timestamp())}@licenseonline>"


class MessageAttachment(StoreModel):
    """A stored file that goes with a mail."""

    message = StoreForeignKey(Message, on_delete=models.CASCADE, related_name="attachments")
    file = StoreForeignKey(StoredFile, related_name="+")


class HistoryEntry(StoreModel):
    """One fact that happened, append-only: ids and figures, no personal text, so that anonymising never breaks it."""

    subject_type = models.CharField(max_length=30)
    subject_id = models.BigIntegerField()
    event = models.CharField(max_length=60)
    actor_kind = models.CharField(max_length=10, blank=True)
    actor_id = models.BigIntegerField(null=True)
    facts = models.JSONField(default=dict)
    at = models.DateTimeField()

    objects = StoreQuerySet["HistoryEntry"].as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["store", "subject_type", "subject_id", "id"]),
            # How long the desk took: few entries of many, hence an index of these only.
            models.Index(
                fields=["at"],
                condition=models.Q(event__in=["company.approved", "company.refused"]),
                name="company_decisions_by_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.subject_type} {self.subject_id}"


class PlatformEntry(models.Model):
    """One fact about what belongs to no store's tables: staff, partners, stores. Append-only, read and written as the platform.

    Facts of settings are `{"name": [old, new]}`: what staff typed about a store, never a secret.
    """

    subject_type = models.CharField(max_length=30)
    subject_id = models.BigIntegerField()
    event = models.CharField(max_length=60)
    actor_kind = models.CharField(max_length=10, blank=True)
    actor_id = models.BigIntegerField(null=True)
    facts = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["subject_type", "subject_id", "id"], name="platform_entry_subject")]

    def __str__(self) -> str:
        return f"{self.event} {self.subject_type} {self.subject_id}"


class HistorySeal(StoreModel):
    """Chains a store's entries: each digest covers the entry and the digest before it."""

    entry = StoreOneToOneField(HistoryEntry, related_name="seal")
    position = models.BigIntegerField()
    digest = models.CharField(max_length=64)

    objects = StoreQuerySet["HistorySeal"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["store", "position"], name="one_seal_per_position")]


class IdempotencyKey(StoreModel):
    """The outcome of one form or API write, so that sending it again gives the same and does nothing twice."""

    actor_kind = models.CharField(max_length=10)
    actor_id = models.BigIntegerField()
    key = models.UUIDField()
    body_hash = models.CharField(max_length=64)
    result = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()

    objects = StoreQuerySet["IdempotencyKey"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "actor_kind", "actor_id", "key"], name="one_use_per_key")
        ]
