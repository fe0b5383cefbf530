"""Delivery (納品): one verb opens the contracts, grants the licences and tells the member; nothing half done."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from licenseonline.accounts.models import User
from licenseonline.kit import clock, rights, states
from licenseonline.kit.errors import Refused
from licenseonline.kit.rights import Right
from licenseonline.licensing import contracts, keys
from licenseonline.records import files, history
from licenseonline.sales import mail, progress
from licenseonline.sales.models import Order, OrderLine


@dataclass(frozen=True, slots=True)
class Certificate:
    """A checked upload: its bytes, the name a reader sees, and the type found in its content."""

    content: bytes
    name: str
    content_type: str


@dataclass(frozen=True, slots=True)
class Item:
    """What is delivered for one line: a key, a certificate, or both."""

    starts_on: date
    key: str = ""
    certificate: Certificate | None = None
    vendor_contract_number: str = ""


@rights.needs(Right.DELIVER)
@transaction.atomic
def deliver(order: Order, *, items: Mapping[int, Item], by: User) -> Order:
    """Deliver all lines of an order that is メーカー手配中; `items` by the line's position.

    Opens a contract and grants the licence for each line, and mails the member where to find them (never the key
    itself). Refused: `state`, `items` (a line without key or certificate, or an item for no line).
    """
    states.lock(order)
    if order.state != Order.State.ARRANGING:
        raise Refused(_("納品できるのはメーカー手配中の注文だけです。"), code="state")
    if order.lines.filter(vendor_order=None).exists():
        raise Refused(_("メーカーへ発注していない明細があります。先に発注を記録してください。"), code="state")
    lines = list(order.lines.select_related("sku__product__vendor").order_by("position"))
    if {line.position for line in lines} != set(items):
        raise Refused(_("すべての明細の納品内容を入力してください。"), code="items")
    for line in lines:
        item = items[line.position]
        if not item.key and not item.certificate:
            message = _("明細 %(no)s のライセンスキーまたは証書を入力してください。") % {"no": line.position}
            raise Refused(message, code="items", field=f"key_{line.position}")
        _deliver_line(order, line, item, by)
    progress.settle(order)
    history.record(order, "order.delivered", by=by, lines=len(lines))
    mail.delivered(order)
    return order


def _deliver_line(order: Order, line: OrderLine, item: Item, by: User) -> None:
    entitlement = contracts.open_contract(
        order.company,
        sku=line.sku,
        quantity=line.quantity,
        name=order.snapshot["lines"][line.position - 1]["name"],
        starts_on=item.starts_on,
        order_number=order.number,
        vendor_contract_number=item.vendor_contract_number,
        by=by,
    )
    line.contract = entitlement.contract
    line.delivered_at = clock.now()
    line.save(update_fields=["contract", "delivered_at"])
    if item.key:
        keys.add_key(entitlement, secret=item.key, by=by)
    if item.certificate:
        upload = item.certificate
        file = files.keep(
            upload.content,
            name=upload.name,
            content_type=upload.content_type,
            store_id=order.store_id,
            company_id=order.company_id,
        )
        keys.add_certificate(entitlement, file=file, by=by)
