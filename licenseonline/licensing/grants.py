"""What a delivery grants: a new contract, units under a running one, or the term that follows an old one, by purchase type."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db import transaction

from licenseonline.accounts.models import Company
from licenseonline.catalog import vendor_rules, vendor_terms
from licenseonline.catalog.models import PurchaseType, Sku
from licenseonline.kit import clock, rights
from licenseonline.kit.actors import Actor
from licenseonline.kit.rights import Right
from licenseonline.licensing import contracts
from licenseonline.licensing.models import Contract, Entitlement
from licenseonline.records import history

# What takes the place of the contract that it follows.
_REPLACES: Final = {
    PurchaseType.RENEWAL,
    PurchaseType.UPGRADE,
    PurchaseType.CROSSGRADE,
    PurchaseType.COMPETITIVE,
}
_AFTER: Final = _REPLACES - {PurchaseType.COMPETITIVE}


@dataclass(frozen=True, slots=True)
class Grant:
    """What was delivered of a SKU: units, the name that was promised, the first day if nothing else decides it.

    `rest_until` is the last day of what was bought elsewhere and is now renewed or replaced (None: nothing, or not known).
    """

    sku: Sku
    quantity: int
    name: str
    starts_on: date
    order_number: str
    vendor_contract_number: str = ""
    rest_until: date | None = None


def term(
    sku: Sku, *, follows: Contract | None, starts_on: date, rest_until: date | None = None
) -> tuple[date, date | None]:
    """First and last day (None: perpetual) of a SKU with its product, delivered to begin on `starts_on`.

    What renews or replaces a contract, or what was bought elsewhere until `rest_until`, begins the day after its end, so
    that renewing early loses no day; what is added ends with the contract it is added to, unless the vendor's rule says
    otherwise. Of a competitor's product the vendor may grant the rest on top.
    """
    kind, old_end = sku.purchase_type, follows.ends_on if follows else rest_until
    if kind == PurchaseType.NEW or (follows is None and old_end is None):
        return starts_on, contracts.last_day(starts_on, sku.term_months)
    first = old_end + timedelta(days=1) if old_end and kind in _AFTER else starts_on
    rule = vendor_rules.of(sku, day=clock.today())
    if rule is None:
        return first, old_end if kind == PurchaseType.ADDITIONAL else contracts.last_day(first, sku.term_months)
    if kind == PurchaseType.COMPETITIVE:
        ends = [end for end in (old_end, rest_until) if end]  # nothing gets more than its own rest
        free = vendor_rules.free_months(rule, day=first, rest_until=min(ends), is_cloud=sku.is_cloud) if ends else 0
        bought = vendor_terms.Purchase(kind, sku.term_months, free_months=free)
    else:
        units = 0  # does not matter for days
        held = vendor_terms.Held(units, follows.starts_on if follows else first, old_end)
        bought = vendor_terms.Purchase(kind, sku.term_months, held)
    return first, vendor_terms.new_end(rule, bought, starts=first, day=clock.today())


@rights.needs(Right.DELIVER)
@transaction.atomic
def give(company: Company, grant: Grant, *, follows: Contract | None, by: Actor) -> tuple[Entitlement, bool]:
    """Grant it to the company, and say whether that opened a contract (else it is under the one that it follows)."""
    first, last = term(grant.sku, follows=follows, starts_on=grant.starts_on, rest_until=grant.rest_until)
    is_added = grant.sku.purchase_type == PurchaseType.ADDITIONAL
    if follows is not None and is_added and last == follows.ends_on:
        return _add(follows, grant, by=by), False
    entitlement = contracts.open_contract(
        company,
        sku=grant.sku,
        quantity=grant.quantity,
        name=grant.name,
        starts_on=first,
        order_number=grant.order_number,
        vendor_contract_number=grant.vendor_contract_number,
        by=by,
    )
    contract = entitlement.contract
    renews = follows if grant.sku.purchase_type in _REPLACES else None
    if contract.ends_on != last or renews is not None:
        contract.ends_on, contract.renews = last, renews
        contract.save(update_fields=["ends_on", "renews"])
    if renews is not None:
        history.record(renews, "contract.renewed", by=by, contract_id=contract.pk)
    return entitlement, True


def _add(contract: Contract, grant: Grant, *, by: Actor) -> Entitlement:
    entitlement = Entitlement.objects.create(
        store_id=contract.store_id,
        contract=contract,
        sku=grant.sku,
        name=grant.name,
        model_number=grant.sku.model_number,
        quantity=grant.quantity,
        unit=grant.sku.unit_label,
    )
    history.record(contract, "contract.added", by=by, entitlement_id=entitlement.pk, quantity=grant.quantity)
    return entitlement
