"""Which orders use what the desk entered of a company's holdings (保有の充当): what one renews or replaces, no other can."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from licenseonline.accounts.models import Company, User
from licenseonline.catalog.models import PurchaseType
from licenseonline.kit import clock, rights
from licenseonline.kit.errors import Refused
from licenseonline.kit.rights import Right
from licenseonline.licensing import holding_entries
from licenseonline.licensing.holding_entries import Entry
from licenseonline.licensing.holdings import Held
from licenseonline.licensing.models import Holding
from licenseonline.records.models import StoredFile
from licenseonline.sales import followings
from licenseonline.sales.models import HoldingUse, Order, OrderLine, PaperState
from licenseonline.sales.papers import UNDER_WAY


def write(lines: Iterable[OrderLine], uses: followings.Uses) -> None:
    """Keep what the lines of a new order use; the company is locked (followings.check_promised)."""
    HoldingUse.objects.bulk_create(
        HoldingUse(store_id=line.store_id, line=line, holding_id=holding, units=units)
        for line in lines
        for holding, units in uses.get(line.sku_id, {}).items()
    )


@rights.needs(Right.REVIEW_PAPERS)
@transaction.atomic
def enter(company: Company, entry: Entry, *, by: User) -> Holding:
    """Put a holding on record and let the orders have it that waited for it; refused as holding_entries.enter.

    These are lines that had nothing on record: of orders under way, and those for which the entry's proof was accepted.
    The oldest come first; what they need more than is entered stays proved by its paper alone.
    """
    followings.lock(company)
    made = holding_entries.enter(company, entry, by=by)
    left = made.quantity
    uses = []
    for line in _uncovered(company, entry.proof):
        rest = Held(left, made.vendor_id, made.product_id, made.name, ends_on=made.ends_on, holding_id=made.pk)
        if left and (units := followings.covering(line.sku, line.quantity, rest, day=clock.today())):
            uses.append(HoldingUse(store_id=line.store_id, line=line, holding=made, units=units))
            left -= units
    HoldingUse.objects.bulk_create(uses)
    return made


@rights.needs(Right.REVIEW_PAPERS)
@transaction.atomic
def withdraw(holding: Holding, *, by: User) -> Holding:
    """Take back what was entered by mistake. Refused: `used` (with the orders that use it), and as holding_entries.withdraw."""
    followings.lock(holding.company)
    used = HoldingUse.objects.filter(store_id=holding.store_id, holding=holding)
    orders = Order.objects.filter(lines__holding_uses__in=used, store_id=holding.store_id)
    numbers = orders.exclude(state=Order.State.CANCELLED).order_by("pk").values_list("number", flat=True).distinct()
    if numbers:
        message = _("この保有は注文（%(numbers)s）に使われているため、取り消せません。先に注文をご確認ください。")
        raise Refused(message % {"numbers": "、".join(numbers)}, code="used")  # house: between numbers
    return holding_entries.withdraw(holding, by=by)


def rest_until(line: OrderLine) -> date | None:
    """The last day of the entered holdings that the line uses; None without any, or where all are perpetual.

    Of several days a 乗換 counts on the first, so that nothing is granted twice; of a renewal none decides, and whoever
    delivers enters when it begins.
    """
    uses = HoldingUse.objects.filter(store_id=line.store_id, line=line).values_list("holding__ends_on", flat=True)
    ends = sorted({day for day in uses if day})
    is_one = len(ends) == 1 or line.sku.purchase_type == PurchaseType.COMPETITIVE
    return ends[0] if ends and is_one else None


def _uncovered(company: Company, proof: StoredFile | None) -> list[OrderLine]:
    """Lines that renew or replace something of which nothing was on record, by the age of their orders."""
    is_waiting = Q(order__state__in=UNDER_WAY)
    if proof is not None:
        accepted = Q(document_requests__state__in=[PaperState.ACCEPTED, PaperState.SENT])
        handed = Q(document_requests__proof__file=proof) | Q(document_requests__submissions__file=proof)
        is_waiting |= accepted & handed
    lines = OrderLine.objects.filter(
        is_waiting, store_id=company.store_id, order__company=company, follows=None, holding_uses=None
    )
    kinds = [PurchaseType.NEW, PurchaseType.ADDITIONAL]
    lines = lines.exclude(order__state=Order.State.CANCELLED).exclude(sku__purchase_type__in=kinds)
    return list(lines.select_related("sku__product").distinct().order_by("order_id", "position"))
