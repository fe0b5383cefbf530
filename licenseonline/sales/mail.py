"""One function per mail; each has its template in `jinja2/mail/<kind>.html`."""

from collections.abc import Collection, Iterable, Mapping

from django.urls import reverse

from licenseonline.accounts.models import Member
from licenseonline.records import messages
from licenseonline.records.models import Message, StoredFile
from licenseonline.sales.models import DocumentRequest, Order, OrderWish, Quote, QuoteDecision, QuoteLink
from licenseonline.stores import stores


def quotation(quote: Quote) -> None:
    """お見積書のご送付, with the PDF."""
    context = {"quote": quote, "link": _link(quote.member, "store:quote", quote.number)}
    _send("sales/quotation", quote.member, context, attachments=[quote.pdf] if quote.pdf else [])


def quotation_ends(quote: Quote) -> None:
    """お見積の有効期限が近づいています, with the way to order."""
    link = _link(quote.member, "store:quote", quote.number)
    _send("sales/quotation_ends", quote.member, {"quote": quote, "link": link})


def offer(link: QuoteLink, *, url: str) -> None:
    """当ストアからご案内したお見積, or its revision, to an address without an account, with the PDF and the address that opens it."""
    pdf = link.quote.pdf
    _offer("sales/offer", link, url, attachments=[pdf] if pdf else [])


def offer_ends(link: QuoteLink, *, url: str) -> None:
    """お見積の有効期限が近づいています, to an address without an account."""
    _offer("sales/offer_ends", link, url)


def order_placed(order: Order, *, papers: Iterable[DocumentRequest] = ()) -> Message:
    """ご注文ありがとうございます, with where and until when to pay, and which papers to hand in.

    It waits for its 注文請書 (order_documents.acknowledge).
    """
    missing = [request for request in papers if request.state == request.State.NEEDED]
    context = {
        "order": order, "receivable": order.receivable, "papers": missing,
        "link": _link(order.member, "store:order", order.number),
        "papers_link": _link(order.member, "store:order_papers", order.number) if missing else "",
    }  # fmt: skip
    return _send("sales/order_placed", order.member, context, held=True)


def payment_received(order: Order) -> None:
    """ご入金を確認しました."""
    _send(
        "sales/payment_received",
        order.member,
        {"order": order, "link": _link(order.member, "store:order", order.number)},
    )


def wish_answered(wish: OrderWish) -> None:
    """What became of a cancellation, a change or another wish, to who asked."""
    order = wish.order
    refund_due = order.receivable.state == order.receivable.State.REFUND_DUE
    link = _link(wish.member, "store:order", order.number)
    _send("sales/wish_answered", wish.member, {"wish": wish, "order": order, "refund_due": refund_due, "link": link})


def delivered(order: Order, *, came: Collection[int], waiting: Collection[int] = ()) -> None:
    """ライセンスを納品しました, with the lines (by position) that came and that are still to come. No key is in it, only the way."""
    lines = order.snapshot["lines"]
    context = {
        "order": order,
        "came": [line for line in lines if line["no"] in came],
        "waiting": [line for line in lines if line["no"] in waiting],
        "licences": stores.url(order.store, reverse("store:licences", args=[order.store_id])),
        "contracts": stores.url(order.store, reverse("store:contracts", args=[order.store_id])),
    }
    _send("sales/delivered", order.member, context)


def approval_asked(link: QuoteLink, *, url: str) -> None:
    """ご承認のお願い, to an approver, with the address that opens the quotation. They may have no account."""
    messages.queue(
        "sales/approval_asked",
        to=link.approver.email,
        sender_name=link.store.name,
        reply_to=link.created_by.email,
        context={"quote": link.quote, "approver": link.approver, "asker": link.created_by, "store": link.store},
        store_id=link.store_id,
        secrets={"link": url},
        renew=("sales.quote_links.mail_again", {"link_id": link.pk, "store_id": link.store_id}),
    )


def approval_decided(decision: QuoteDecision, *, to: Member) -> None:
    """承認 or 差戻し, to who asked."""
    link = _link(to, "store:quote", decision.quote.number)
    _send("sales/approval_decided", to, {"decision": decision, "quote": decision.quote, "link": link})


def _offer(kind: str, link: QuoteLink, url: str, *, attachments: Iterable[StoredFile] = ()) -> None:
    messages.queue(
        kind,
        to=link.quote.offered_to,
        sender_name=link.quote.store.name,
        reply_to=link.quote.store.desk_email,
        context={"quote": link.quote, "document": link.quote.snapshot, "store": link.quote.store},
        store_id=link.store_id,
        attachments=attachments,
        secrets={"link": url},
        renew=("sales.quote_links.mail_again", {"link_id": link.pk, "store_id": link.store_id}),
    )


def _link(member: Member, route: str, number: str) -> str:
    return stores.url(member.store, reverse(route, args=[member.store_id, number]))


def _send(
    kind: str,
    member: Member,
    context: Mapping[str, object],
    *,
    attachments: Iterable[StoredFile] = (),
    held: bool = False,
) -> Message:
    return messages.queue(
        kind,
        to=member.email,
        sender_name=member.store.name,
        reply_to=member.store.desk_email,
        context={**context, "member": member, "store": member.store},
        store_id=member.store_id,
        attachments=attachments,
        held=held,
    )
