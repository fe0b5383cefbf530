"""One function per mail of accounts."""

from collections.abc import Mapping, Sequence

from django.conf import settings
from django.urls import reverse

from licenseonline.accounts.models import Member
from licenseonline.records import messages
from licenseonline.records.models import Message
from licenseonline.stores import stores
from licenseonline.stores.models import Store


def stores_of_address(address: str, registered: Sequence[Store]) -> Message:
    """ご登録ストアのご案内: the platform's own mail, in no store's log."""
    links = [{"store": store, "link": stores.url(store, reverse("store:top", args=[store.pk]))} for store in registered]
    return messages.queue(
        "accounts/stores_of_address",
        to=address,
        sender_name=settings.PLATFORM_NAME,
        reply_to=settings.PLATFORM_EMAIL,
        context={"links": links},
        store_id=None,
    )


def send(  # noqa: PLR0913  (a mail has that many parts, all named)
    kind: str,
    member: Member,
    context: Mapping[str, object],
    *,
    to: str = "",
    secrets: Mapping[str, str] | None = None,
    renew: tuple[str, Mapping[str, int]] | None = None,
) -> Message:
    """A mail of the store to its member, at `to` or else at the member's address; templates get `member` and `store` too."""
    return messages.queue(
        f"accounts/{kind}",
        to=to or member.email,
        sender_name=member.store.name,
        reply_to=member.store.desk_email,
        context={**context, "member": member, "store": member.store},
        store_id=member.store_id,
        secrets=secrets,
        renew=renew,
    )
