"""Orders: what was accepted, where they stand, what vendors are asked for."""

from collections import defaultdict
from typing import Final

from licenseonline.billing.models import Receivable
from licenseonline.catalog.models import PaymentMethod
from licenseonline.sales.models import (
    DocumentRequest,
    Order,
    OrderLine,
    PaperState,
    Quote,
    VendorOrder,
    VendorOrderLine,
)
from tests.sales.invariants.found import Found

_OPEN_PAPERS: Final = {PaperState.NEEDED, PaperState.HANDED_IN, PaperState.RETURNED}


def orders_are_what_was_accepted() -> Found:
    """One order per quotation, of its last revision, line by line; all rows are of the same company."""
    orders = Order.objects.select_related("quote", "receivable", "member").prefetch_related("lines__margin")
    for order in orders:
        name, quote = f"{order.store_id}/{order.number}", order.quote
        if (quote.state, quote.revision) != (Quote.State.ORDERED, order.quote_revision):
            yield f"{name} is of revision {order.quote_revision}, its quotation is {quote.state} {quote.revision}"
        if order.snapshot != quote.snapshot or order.total_yen != quote.total_yen:
            yield f"{name} is not what was quoted"
        if len({order.company_id, quote.company_id, order.receivable.company_id, order.member.company_id}) > 1:
            yield f"{name} is of several companies"
        lines = sorted(order.lines.all(), key=lambda line: line.position)
        promised = [(one["no"], one["sku_id"], one["quantity"], one["unit_price"]) for one in order.snapshot["lines"]]
        if [(line.position, line.sku_id, line.quantity, line.unit_yen) for line in lines] != promised:
            yield f"{name} has other lines than its snapshot"
        for margin in (line.margin for line in lines):
            amount = margin.line.amount_yen
            left = None if margin.cost_yen is None else amount - margin.cost_yen
            if (margin.margin_yen, margin.commission_yen) != (left, amount * margin.commission_per_mille // 1000):
                yield f"{name} line {margin.line.position} has a wrong margin"
    ordered = Quote.objects.filter(state=Quote.State.ORDERED, order=None)
    yield from (f"{quote.store_id}/{quote.number} is ordered without an order" for quote in ordered)


def orders_stand_where_papers_money_and_delivery_put_them() -> Found:
    papers: dict[int, set[str]] = defaultdict(set)
    for order_id, state in DocumentRequest.objects.values_list("order_id", "state"):
        papers[order_id].add(state)
    for order in Order.objects.select_related("receivable").prefetch_related("lines"):
        name, lines = f"{order.store_id}/{order.number}", list(order.lines.all())
        is_delivered = all(line.delivered_at for line in lines)
        if (order.delivered_at is not None) != is_delivered:
            yield f"{name} says {order.delivered_at} of its delivery"
        if order.state == Order.State.CANCELLED:
            if papers[order.pk] & _OPEN_PAPERS or any(line.vendor_order_id or line.delivered_at for line in lines):
                yield f"{name} is cancelled, but papers are open or a vendor has it"
        elif order.state not in _expected(order, papers[order.pk], is_delivered=is_delivered):
            yield f"{name} is {order.state} with papers {papers[order.pk]} and money {order.receivable.state}"


def _expected(order: Order, papers: set[str], *, is_delivered: bool) -> set[str]:
    if is_delivered:
        return {Order.State.DELIVERED, Order.State.COMPLETED}
    if papers & {PaperState.NEEDED, PaperState.RETURNED}:
        return {Order.State.AWAITING_PAPERS}
    if PaperState.HANDED_IN in papers:
        return {Order.State.IN_REVIEW}
    is_due = order.payment_method != PaymentMethod.DEFERRED and order.receivable.state != Receivable.State.PAID
    return {Order.State.AWAITING_PAYMENT if is_due else Order.State.ARRANGING}


def vendors_are_asked_for_what_stands_in_their_orders() -> Found:
    asked = dict(VendorOrderLine.objects.values_list("line_id", "vendor_order_id"))
    said = dict(VendorOrderLine.objects.values_list("line_id", "expected_on"))
    lines = OrderLine.objects.select_related("order", "vendor_order", "sku__product")
    for line in lines:
        name, vendor_order = f"{line.store_id}/{line.order.number} line {line.position}", line.vendor_order
        if line.vendor_order_id != asked.pop(line.pk, None):
            yield f"{name} stands in another vendor order than it says"
        if line.expected_on != said.get(line.pk):
            yield f"{name} is promised for another day than its vendor said"
        if line.delivered_at and vendor_order is None:
            yield f"{name} was delivered and never ordered"
        if vendor_order and vendor_order.vendor_id != line.sku.product.vendor_id:
            yield f"{name} is ordered from another vendor"
        if vendor_order and vendor_order.state == VendorOrder.State.CANCELLED:
            yield f"{name} stands in a vendor order that was taken back"


def no_paper_stands_on_a_proof_that_was_taken_back() -> Found:
    """Unless its line, or the paper itself, has gone to the vendor, or its order is over."""
    accepted = DocumentRequest.objects.filter(state=PaperState.ACCEPTED).exclude(proof__withdrawn_at=None)
    over = {Order.State.CANCELLED, Order.State.DELIVERED, Order.State.COMPLETED}
    for paper in accepted.exclude(order__state__in=over).select_related("order", "line__vendor_order"):
        if paper.line.vendor_order is None or not paper.line.vendor_order.is_sent:
            yield f"{paper.store_id}/{paper.order.number} has {paper.paper} of a proof that was taken back"
