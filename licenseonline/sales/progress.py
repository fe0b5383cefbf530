"""How far an order is (注文の状態): one state that follows from papers, payment and delivery, which move independently."""

from licenseonline.billing.models import Receivable
from licenseonline.catalog.models import PaymentMethod
from licenseonline.kit import clock, states
from licenseonline.sales.models import DocumentRequest, Order, OrderState, PaperState

_MISSING = {PaperState.NEEDED, PaperState.RETURNED}


def state_of(order: Order) -> OrderState:
    """The state that follows from what is on record now.

    Delivered when every line is; before that, what the customer must do comes first: papers, then the desk's look at
    them, then the money (of who pays before delivery). Cancelled and completed stay.
    """
    if order.state in {Order.State.CANCELLED, Order.State.COMPLETED}:
        return Order.State(order.state)
    if not order.lines.filter(delivered_at=None).exists():
        return Order.State.DELIVERED
    papers = set(DocumentRequest.objects.filter(order=order).values_list("state", flat=True))
    if papers & _MISSING:
        return Order.State.AWAITING_PAPERS
    if PaperState.HANDED_IN in papers:
        return Order.State.IN_REVIEW
    pays_first = order.payment_method != PaymentMethod.DEFERRED
    if pays_first and order.receivable.state != Receivable.State.PAID:
        return Order.State.AWAITING_PAYMENT
    return Order.State.ARRANGING


def settle(order: Order) -> Order:
    """Move the order to the state that follows; the caller holds its lock (`states.lock`) and has changed something."""
    to = state_of(order)
    if order.state == to:
        return order
    return states.move(order, to, **({"delivered_at": clock.now()} if to == Order.State.DELIVERED else {}))
