"""Contracts (契約) and the licences granted under them."""

from datetime import date

from django.db import transaction

from licenseonline.accounts.models import Company
from licenseonline.catalog.models import Sku
from licenseonline.kit import rights, terms
from licenseonline.kit.actors import Actor
from licenseonline.kit.rights import Right
from licenseonline.licensing.models import Contract, Entitlement
from licenseonline.records import history, numbers


def last_day(starts_on: date, term_months: int | None) -> date | None:
    """The last day of a term (kit.terms.last_day); None when perpetual."""
    return None if term_months is None else terms.last_day(starts_on, term_months)


@rights.needs(Right.DELIVER)
@transaction.atomic
def open_contract(  # noqa: PLR0913  (what a contract is made of, all named)
    company: Company,
    *,
    sku: Sku,
    quantity: int,
    name: str,
    starts_on: date,
    order_number: str,
    vendor_contract_number: str,
    by: Actor,
) -> Entitlement:
    """Open the company's contract for a delivered SKU and grant the licence for `quantity` units under it."""
    contract = Contract.objects.create(
        store_id=company.store_id,
        number=numbers.next_number("C", store_id=company.store_id),
        company=company,
        vendor=sku.product.vendor,
        product_name=sku.product.name,
        order_number=order_number,
        vendor_contract_number=vendor_contract_number,
        starts_on=starts_on,
        ends_on=last_day(starts_on, sku.term_months),
    )
    entitlement = Entitlement.objects.create(
        store_id=company.store_id,
        contract=contract,
        sku=sku,
        name=name,
        model_number=sku.model_number,
        quantity=quantity,
        unit=sku.unit_label,
    )
    history.record(contract, "contract.opened", by=by, entitlement_id=entitlement.pk, quantity=quantity)
    return entitlement
