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
from licenseonline.licensing import grants, keys
from licenseonline.licensing.grants import Grant
from licenseonline.records import files, history
from licenseonline.sales import holding_uses, mail, progress
from licenseonline.sales.models import Order, OrderLine


@dataclass(frozen=True, slots=True)
class Certificate:
    """A checked upload: its bytes, the name a reader sees, and the type found in its content."""

    content: bytes
    name: str
    content_type: str


@dataclass(frozen=True, slots=True)
class Item:
    """What is delivered for one line: a key, a certificate, or both; some vendors give several keys."""

    starts_on: date
    key: str = ""
    certificate: Certificate | None = None
    vendor_contract_number: str = ""
    more_keys: tuple[str, ...] = ()


@rights.needs(Right.DELIVER)
@transaction.atomic
def deliver(order: Order, *, items: Mapping[int, Item], by: User) -> Order:
    """Deliver some or all lines of an order that is メーカー手配中; `items` by the line's position.

    Grants the licence of each line as its purchase type says (licensing.grants) and mails the member what came, what is
    still to come, and where to find it (never the key itself). The order is 納品済 when all lines are.
    Refused: `state` (of the order, or a line that is not at its vendor), `items` (none, one without key or certificate,
    one for no line or for a delivered one).
    """
    states.lock(order)
    if order.state != Order.State.ARRANGING:
        raise Refused(_("納品できるのはメーカー手配中の注文だけです。"), code="state")
    related = ("sku__product__vendor", "vendor_order", "follows")
    waiting = {line.position: line for line in order.lines.filter(delivered_at=None).select_related(*related)}
    _check(waiting, items)
    for position in sorted(items):
        _deliver_line(order, waiting[position], items[position], by)
    progress.settle(order)
    event = "order.delivered" if order.is_delivered else "order.partly_delivered"
    history.record(order, event, by=by, lines=len(items))
    mail.delivered(order, came=set(items), waiting=set(waiting) - set(items))
    return order


def _check(waiting: Mapping[int, OrderLine], items: Mapping[int, Item]) -> None:
    if not items:
        raise Refused(_("納品する明細のライセンスキーまたは証書を入力してください。"), code="items")
    if set(items) - set(waiting):
        raise Refused(_("納品済みの明細が含まれています。画面を更新してご確認ください。"), code="items")
    for position, item in items.items():
        vendor_order = waiting[position].vendor_order
        if vendor_order is None or not vendor_order.is_sent:
            raise Refused(_("メーカーへ発注していない明細があります。先に発注を記録してください。"), code="state")
        if not item.key and not item.certificate:
            message = _("明細 %(no)s のライセンスキーまたは証書を入力してください。") % {"no": position}
            raise Refused(message, code="items", field=f"key_{position}")


def _deliver_line(order: Order, line: OrderLine, item: Item, by: User) -> None:
    grant = Grant(
        sku=line.sku,
        quantity=line.quantity,
        name=order.snapshot["lines"][line.position - 1]["name"],
        starts_on=item.starts_on,
        order_number=order.number,
        vendor_contract_number=item.vendor_contract_number,
        rest_until=holding_uses.rest_until(line),
    )
    entitlement, is_new = grants.give(order.company, grant, follows=line.follows, by=by)
    line.contract = entitlement.contract if is_new else None
    line.delivered_at = clock.now()
    line.save(update_fields=["contract", "delivered_at"])
    for secret in filter(None, (item.key, *item.more_keys)):
        keys.add_key(entitlement, secret=secret, by=by)
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
