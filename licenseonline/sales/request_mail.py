"""Mails about a request for a quotation (見積依頼); what was written is read on the page, not in the mail."""

from django.conf import settings
from django.urls import reverse

from licenseonline.records import messages
from licenseonline.sales.models import QuoteRequest
from licenseonline.stores import stores


def to_store(request: QuoteRequest) -> None:
    """見積依頼が届きました, to the store's desk, with the way to its page."""
    link = f"{settings.SITE_URL}{reverse('partner:request', args=[request.store_id, request.number])}"
    _send("sales/request_asked", request, to=request.store.desk_email, reply_to=request.member.email, link=link)


def to_member(request: QuoteRequest) -> None:
    """見積依頼への回答, to who asked."""
    path = reverse("store:request", args=[request.store_id, request.number])
    link = stores.url(request.store, path)
    _send("sales/request_answered", request, to=request.member.email, reply_to=request.store.desk_email, link=link)


def _send(kind: str, request: QuoteRequest, *, to: str, reply_to: str, link: str) -> None:
    messages.queue(
        kind,
        to=to,
        sender_name=request.store.name,
        reply_to=reply_to,
        context={"request": request, "member": request.member, "store": request.store, "link": link},
        store_id=request.store_id,
    )
