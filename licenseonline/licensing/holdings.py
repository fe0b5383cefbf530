"""What a company holds on record (保有): what this store delivered to it, and what the desk entered from a proof."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from licenseonline.accounts.models import Company
from licenseonline.kit import sql


@dataclass(frozen=True, slots=True)
class Held:
    """Units of one product under one contract, or those of an entered holding (`holding_id`).

    A competitor's product has neither vendor nor product of ours. Without a last day it is perpetual.
    """

    units: int
    vendor_id: int | None
    product_id: int | None
    name: str
    starts_on: date | None = None
    ends_on: date | None = None
    contract_id: int | None = None
    number: str = ""
    holding_id: int | None = None

    def runs_on(self, day: date) -> bool:
        """Whether it has not ended before that day; what begins later counts too."""
        return self.ends_on is None or self.ends_on >= day


_HELD: Final = """
SELECT sum(entitlement.quantity)::int, contract.vendor_id, sku.product_id, contract.product_name,
  contract.starts_on, contract.ends_on, contract.id, contract.number, NULL::bigint
FROM licensing_contract contract
JOIN licensing_entitlement entitlement ON entitlement.store_id = contract.store_id AND entitlement.contract_id = contract.id
JOIN catalog_sku sku ON sku.id = entitlement.sku_id
WHERE contract.store_id = %(store)s AND contract.company_id = %(company)s
  AND (contract.ends_on IS NULL OR contract.ends_on >= %(since)s)
GROUP BY contract.id, sku.product_id
UNION ALL
SELECT quantity, vendor_id, product_id, name, NULL, ends_on, NULL, vendor_contract_number, id
FROM licensing_holding
WHERE store_id = %(store)s AND company_id = %(company)s AND withdrawn_at IS NULL
  AND (ends_on IS NULL OR ends_on >= %(since)s)
ORDER BY 6 NULLS LAST, 7, 9
"""


def held(company: Company, *, since: date) -> list[Held]:
    """All that the company holds and that had not ended before `since`, what ends first in front. One query."""
    return [Held(*row) for row in sql.rows(_HELD, store=company.store_id, company=company.pk, since=since)]
