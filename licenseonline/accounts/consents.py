"""Proof of what members agreed to: which words, when, and where from."""

from datetime import datetime
from typing import Final

from licenseonline.accounts.models import Consent, Member
from licenseonline.kit import clock, crypto

PLATFORM_TERMS: Final = "2024-05-10"  # as dated on the platform's page


def record(  # noqa: PLR0913  (a proof has that many parts, all named)
    member: Member,
    kind: str,
    *,
    given: bool,
    source: str,
    network: str,
    version: str = "",
    at: datetime | None = None,
) -> Consent:
    """Add one statement: given or taken back, to `version` of the words, on the page `source` (its route's name).

    `network` is the client's, as for throttling; only its keyed hash is kept. `at` is when it was said, if not now.
    """
    return Consent.objects.create(
        store_id=member.store_id,
        member=member,
        kind=Consent.Kind(kind),
        given=given,
        version=version,
        at=at or clock.now(),
        source=source,
        network=crypto.fingerprint(f"network:{network}") if network else "",
    )


def latest(member: Member, kind: str) -> Consent | None:
    """What holds: the last statement of this kind."""
    return Consent.objects.filter(store_id=member.store_id, member=member, kind=kind).order_by("-id").first()
