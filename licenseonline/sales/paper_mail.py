"""Mails about an order's papers (ご提出書類); each has its template in `jinja2/mail/sales/`."""

from collections.abc import Iterable

from django.urls import reverse

from licenseonline.records import messages
from licenseonline.sales.models import DocumentRequest, Order
from licenseonline.stores import stores


def asked(request: DocumentRequest) -> None:
    """ご提出書類のお願い: one more paper than the order began with."""
    _send("sales/paper_asked", request.order, [request])


def returned(request: DocumentRequest) -> None:
    """書類の再提出のお願い, with the reason."""
    _send("sales/paper_returned", request.order, [request])


def asked_again(request: DocumentRequest) -> None:
    """受理済みの書類の再度のご提出のお願い: it had been accepted by a proof that was taken back, with the reason."""
    _send("sales/paper_asked_again", request.order, [request])


def all_accepted(order: Order) -> None:
    """書類を受理しました: nothing is left to hand in or to look at."""
    _send("sales/papers_accepted", order, [])


def reminder(order: Order, requests: Iterable[DocumentRequest]) -> None:
    """ご提出書類の期限が近づいています, once for each paper."""
    _send("sales/papers_reminder", order, requests)


def link(order: Order) -> str:
    """The page where the order's papers are handed in."""
    return stores.url(order.store, reverse("store:order_papers", args=[order.store_id, order.number]))


def _send(kind: str, order: Order, requests: Iterable[DocumentRequest]) -> None:
    messages.queue(
        kind,
        to=order.member.email,
        sender_name=order.store.name,
        reply_to=order.store.desk_email,
        context={
            "order": order, "requests": list(requests), "link": link(order), "member": order.member, "store": order.store,
        },
        store_id=order.store_id,
    )  # fmt: skip
