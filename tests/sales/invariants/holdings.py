"""Money and licences."""

from collections import Counter

from django.db.models import Sum

from licenseonline.billing.models import Receivable
from licenseonline.catalog.models import PurchaseType
from licenseonline.licensing.models import Entitlement, Holding
from licenseonline.sales.models import HoldingUse, Order, OrderLine
from tests.sales.invariants.found import Found


def money_adds_up() -> Found:
    """A receivable is the order's total; never more comes than is owed; what is given back is what came."""
    state = Receivable.State
    for one in Receivable.objects.select_related("order", "refund").annotate(came=Sum("payments__amount_yen")):
        name, came, refund = f"{one.store_id}/{one.reference}", one.came or 0, getattr(one, "refund", None)
        if (one.amount_yen, one.reference) != (one.order.total_yen, one.order.number):
            yield f"{name} is not its order's total"
        if came > one.amount_yen:
            yield f"{name}: {came} came for {one.amount_yen}"
        fits = {
            state.OPEN: came < one.amount_yen,
            state.PAID: came == one.amount_yen,
            state.REFUND_DUE: came > 0 and refund is None,
            state.CANCELLED: came == (refund.amount_yen if refund else 0),
        }
        if not fits[state(one.state)]:
            yield f"{name} is {one.state}, {came} of {one.amount_yen} came"
        if (one.state in {state.REFUND_DUE, state.CANCELLED}) != (one.order.state == Order.State.CANCELLED):
            yield f"{name} is {one.state}, its order {one.order.state}"


def holdings_are_what_was_delivered() -> Found:
    """Licences are granted for each delivered line and for nothing else, with its units, under its company's contract."""
    granted = Counter(Entitlement.objects.values_list("contract__company_id", "sku_id", "quantity"))
    delivered: Counter[tuple[int, int, int]] = Counter()
    for line in OrderLine.objects.select_related("order", "contract", "sku"):
        name, contract = f"{line.store_id}/{line.order.number} line {line.position}", line.contract
        if line.delivered_at:
            delivered[line.order.company_id, line.sku_id, line.quantity] += 1
        is_under_another = line.follows_id and line.sku.purchase_type == PurchaseType.ADDITIONAL
        if (contract is None) != (line.delivered_at is None) and not is_under_another:
            yield f"{name} is delivered without a contract, or the other way round"
        if contract and (contract.company_id, contract.order_number) != (line.order.company_id, line.order.number):
            yield f"{name}: contract {contract.number} is somebody else's"
    for key in granted | delivered:
        if granted[key] != delivered[key]:
            yield f"of company, SKU and units {key} {granted[key]} were granted, {delivered[key]} delivered"


def nothing_is_followed_above_what_is_held() -> Found:
    """Renewed or replaced are no more units than the contract or the entered holding has, whoever ordered them."""
    units = Counter(dict(Entitlement.objects.values_list("contract_id").annotate(sum=Sum("quantity"))))
    lines = OrderLine.objects.exclude(follows=None).exclude(order__state=Order.State.CANCELLED)
    lines = lines.exclude(sku__purchase_type=PurchaseType.ADDITIONAL)
    used = HoldingUse.objects.exclude(line__order__state=Order.State.CANCELLED).select_related("holding", "line__order")
    for use in used:
        if use.holding.withdrawn_at or use.holding.company_id != use.line.order.company_id:
            yield f"line {use.line_id} uses holding {use.holding_id}, which does not count"
    followed = Counter(dict(lines.values_list("follows_id").annotate(sum=Sum("quantity"))))
    for use in used:
        followed[use.line.follows_id] -= use.units
    for contract, quantity in followed.items():
        if contract and quantity > units[contract]:
            yield f"contract {contract} of {units[contract]} units is followed by {quantity}"
    of_holdings = Counter(dict(used.values_list("holding_id").annotate(sum=Sum("units"))))
    for holding, quantity in Holding.objects.values_list("pk", "quantity"):
        if of_holdings[holding] > quantity:
            yield f"holding {holding} of {quantity} units is used for {of_holdings[holding]}"
