"""Licence keys and certificates: stored encrypted, shown masked, every reveal in the history."""

from django.db import transaction

from licenseonline.kit import clock, crypto
from licenseonline.kit.actors import Actor
from licenseonline.licensing.models import Entitlement, Key
from licenseonline.records import history
from licenseonline.records.models import StoredFile


def add_key(entitlement: Entitlement, *, secret: str, by: Actor) -> Key:
    """Keep a licence key for the entitlement, encrypted, findable by the whole key or its last five characters."""
    key = Key.objects.create(
        store_id=entitlement.store_id,
        entitlement=entitlement,
        kind=Key.Kind.KEY,
        ciphertext=crypto.encrypt(secret),
        fingerprint=crypto.fingerprint(secret),
        last_five=secret[-5:] if len(secret) > 5 else "",  # noqa: PLR2004  (a short key's tail would be the key)
        delivered_at=clock.now(),
    )
    history.record(key, "key.added", by=by)
    return key


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


@transaction.atomic
def reveal(key: Key, *, by: Actor) -> str:
    """The key in clear, for one who may see it (`Key.objects.visible_to`); each reveal is in the history."""
    history.record(key, "key.revealed", by=by)
    return crypto.decrypt(key.ciphertext)
