"""One function per mail of accounts."""

from collections.abc import Sequence

from django.conf import settings
from django.urls import reverse

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
