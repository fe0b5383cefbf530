"""Documents of an order: what we make (注文請書, 検収書, 受領書), and the customer's own 注文書. What was made is never made again."""

from datetime import datetime
from pathlib import Path
from typing import Final

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from procrastinate.contrib.django import app

from licenseonline.accounts import members
from licenseonline.accounts.models import Member, User
from licenseonline.kit import clock, pdf, rights, scope, states
from licenseonline.kit.errors import NotVisible, Refused
from licenseonline.kit.prepared import Given, Prepared
from licenseonline.kit.rights import Right
from licenseonline.records import files, history, messages
from licenseonline.records.models import Message
from licenseonline.records.uploads import Received
from licenseonline.sales.models import Order, OrderFile, OrderFileKind, Source

MOST_OWN: Final = 10  # files of the customer's own, for one order
_TEMPLATE: Final = Path(__file__).parent / "order_document.typ"
# What each says above its table, and whether the buyer says it to the seller.
_SAYS: Final[dict[str, tuple[Promise, bool]]] = {
    OrderFileKind.ACKNOWLEDGEMENT: (gettext_lazy("下記のとおりご注文をお請けいたします。"), False),
    OrderFileKind.INSPECTION: (gettext_lazy("下記の納品物を検収いたしました。"), True),
    OrderFileKind.RECEIPT: (gettext_lazy("下記の納品物を受領いたしました。"), True),
}


@app.task(name="sales.order_documents.acknowledge", retry=5)
def acknowledge(order_id: int, store_id: int, message_id: int) -> None:
    """Make the order's 注文請書, keep it, and let the mail go that waits for it; doing it again changes nothing."""
    with scope.stores([store_id]):
        order = _locked(order_id)
        if order.files.filter(kind=OrderFileKind.ACKNOWLEDGEMENT).exists():
            return
        made = _keep(order, OrderFileKind.ACKNOWLEDGEMENT, at=order.placed_at)
        messages.release(Message.objects.get(pk=message_id), attachments=[made.file])


@app.task(name="sales.order_documents.make", retry=5)
def make(order_id: int, store_id: int, kind: str) -> None:
    """Make a 検収書 or 受領書 and keep it; doing it again changes nothing."""
    with scope.stores([store_id]):
        order = _locked(order_id)
        if not order.files.filter(kind=kind).exists():
            _keep(order, kind, at=clock.now())


@transaction.atomic
def attach(order: Order, received: Received, *, by: Member) -> OrderFile:
    """A member of the order's company hands in their own 注文書. The order does not wait for it.

    Refused: as members.check_may_quote, `state` (cancelled), `upload` (too many); NotVisible for others' orders.
    """
    if (order.store_id, order.company_id) != (by.store_id, by.company_id):
        raise NotVisible
    members.check_may_quote(by)
    made = _attach(order, received, source=Source.WEB)
    history.record(order, "order.document_attached", by=by, file_id=made.pk)
    return made


@rights.needs(Right.CHANGE_ORDERS)
@transaction.atomic
def attach_for(order: Order, received: Received, *, source: str, by: User) -> OrderFile:
    """The desk files a 注文書 that came by FAX, mail or post. Refused: `source`, and as `attach`."""
    if source not in {Source.FAX, Source.MAIL, Source.POST}:
        raise Refused(_("受け取った方法を選択してください。"), code="source", field="source")
    made = _attach(order, received, source=source)
    history.record(order, "order.document_filed", by=by, file_id=made.pk, source=source)
    return made


def of(order: Order) -> list[OrderFile]:
    """The order's documents, oldest first."""
    return _files.rows(store_id=order.store_id, order_id=order.pk)


_files = Prepared(
    lambda: (
        OrderFile.objects.filter(store_id=Given("store_id"), order_id=Given("order_id"))
        .select_related("file")
        .order_by("id")
    )
)


def content(order: Order, kind: str, *, at: datetime) -> bytes:
    """The document, A4, PDF/A-3b, from what the order froze. Seal and logo are the store's when it is made."""
    frozen, (says, is_buyers) = order.snapshot, _SAYS[kind]
    images = {} if is_buyers or not order.store.seal_png else {"seal": bytes(order.store.seal_png)}
    data = {
        **{name: frozen[name] for name in ("lines", "net", "taxes", "tax", "total", "delivery", "payment", "seller")},
        "title": str(OrderFileKind(kind).label),
        "number": order.number,
        "quote": frozen["number"],
        "subject": frozen["subject"],
        "po_number": order.po_number,
        "says": str(says),
        "is_buyers": is_buyers,
        "buyer": frozen["buyer"],
        "placed_on": clock.jst_date(order.placed_at).isoformat(),
        "delivered_on": clock.jst_date(order.delivered_at).isoformat() if order.delivered_at else "",
        "received_on": clock.jst_date(at).isoformat() if kind == OrderFileKind.RECEIPT else "",
        "due_on": order.receivable.due_on.isoformat(),
        "terms": frozen["terms"] if kind == OrderFileKind.ACKNOWLEDGEMENT else [],
        "terms_version": order.terms_version,
    }
    return pdf.render(_TEMPLATE, data, images=images, timestamp=at)


def _locked(order_id: int) -> Order:
    rows = Order.objects.select_for_update(of=("self",)).select_related("store", "receivable")
    return rows.get(pk=order_id)


def _keep(order: Order, kind: str, *, at: datetime) -> OrderFile:
    name = _("%(title)s_%(number)s.pdf") % {"title": OrderFileKind(kind).label, "number": order.number}
    file = files.keep(
        content(order, kind, at=at),
        name=name,
        content_type="application/pdf",
        store_id=order.store_id,
        company_id=order.company_id,
    )
    return OrderFile.objects.create(store_id=order.store_id, order=order, kind=kind, file=file, at=clock.now())


def _attach(order: Order, received: Received, *, source: str) -> OrderFile:
    states.lock(order)
    if order.state == Order.State.CANCELLED:
        raise Refused(_("キャンセルされたご注文には、注文書を添付できません。"), code="state")
    if order.files.filter(kind=OrderFileKind.PURCHASE_ORDER).count() >= MOST_OWN:
        message = _("注文書は%(most)s件まで添付できます。") % {"most": MOST_OWN}
        raise Refused(message, code="upload", field="file")
    file = files.keep_received(received, store_id=order.store_id, company_id=order.company_id)
    return OrderFile.objects.create(
        store_id=order.store_id,
        order=order,
        kind=OrderFileKind.PURCHASE_ORDER,
        file=file,
        source=source,
        at=clock.now(),
    )
