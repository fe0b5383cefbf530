"""Licence keys and certificates: stored encrypted, shown masked, every reveal in the history."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q

from licenseonline.accounts import members
from licenseonline.accounts.models import Member, User
from licenseonline.kit import clock, crypto, rights
from licenseonline.kit.actors import Actor
from licenseonline.kit.rights import Right
from licenseonline.licensing.models import Entitlement, Key
from licenseonline.records import history
from licenseonline.records.models import HistoryEntry, StoredFile

LONG = 15  # characters: of a shorter key the last five would give too much away
LAST = 5
LONGEST = 2000
FOUND = 10


@rights.needs(Right.DELIVER)
def add_key(entitlement: Entitlement, *, secret: str, by: Actor) -> Key:
    """Keep a licence key for the entitlement, encrypted, findable by the whole key or its last five characters."""
    key = Key.objects.create(
        store_id=entitlement.store_id,
        entitlement=entitlement,
        kind=Key.Kind.KEY,
        ciphertext=crypto.encrypt(secret),
        fingerprint=crypto.fingerprint(secret),
        last_five=last_of(secret),
        delivered_at=clock.now(),
    )
    history.record(key, "key.added", by=by)
    return key


@rights.needs(Right.DELIVER)
def add_certificate(entitlement: Entitlement, *, file: StoredFile, by: Actor) -> Key:
    """Keep a certificate file for the entitlement."""
    key = Key.objects.create(
        store_id=entitlement.store_id,
        entitlement=entitlement,
        kind=Key.Kind.CERTIFICATE,
        file=file,
        delivered_at=clock.now(),
    )
    history.record(key, "certificate.added", by=by, file_id=file.pk)
    return key


def last_of(secret: str) -> str:
    """The LAST characters of a key, by which it is told apart and found; nothing of one shorter than LONG."""
    return secret[-LAST:] if len(secret) >= LONG else ""


@rights.in_person
@transaction.atomic
def reveal(key: Key, *, by: Actor) -> str:
    """The key in clear, for one who may see it (`Key.objects.visible_to`); each reveal is in the history.

    Refused: as members.check_may_reveal.
    """
    if isinstance(by, Member):
        members.check_may_reveal(by)
    history.record(key, "key.revealed", by=by)
    return crypto.decrypt(key.ciphertext)


def last_reveals(keys: Iterable[Key], *, store_id: int) -> dict[int, HistoryEntry]:
    """Who saw each of these keys last and when, by the key's id; for keys that came from `Key.objects.visible_to`."""
    entries = HistoryEntry.objects.filter(
        store_id=store_id, subject_type="key", subject_id__in=[key.pk for key in keys], event="key.revealed"
    )
    return {entry.subject_id: entry for entry in entries.order_by("subject_id", "-id").distinct("subject_id")}


@rights.needs(Right.VIEW_SALES)
@transaction.atomic
def look_up(secret: str, *, by: User) -> list[Key]:
    """Keys with this whole text, or whose last five characters it is, newest first, at most FOUND; each find is in its history.

    The text itself is kept nowhere.
    """
    asked = secret.strip()
    if not 0 < len(asked) <= LONGEST:
        return []
    is_it = Q(fingerprint=crypto.fingerprint(asked))
    if len(asked) == LAST:
        is_it |= Q(last_five=asked)
    rows = Key.objects.visible_to(by).filter(is_it, kind=Key.Kind.KEY)
    found = list(rows.select_related("entitlement__contract__company", "store").order_by("-id")[:FOUND])
    for key in found:
        history.record(key, "key.looked_up", by=by)
    return found
