"""Holdings that the desk enters for a company (保有の登録): what it bought elsewhere, told by a paper or an accepted proof."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from licenseonline.accounts.models import Company, User
from licenseonline.catalog.models import Product
from licenseonline.kit import clock, rights
from licenseonline.kit.errors import Refused
from licenseonline.kit.rights import Right
from licenseonline.licensing.models import Holding
from licenseonline.records import history
from licenseonline.records.models import StoredFile

MOST_UNITS: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Entry:
    """What is held: units of a product of ours, or of another vendor's by its name; without a last day it is perpetual."""

    quantity: int
    product: Product | None = None
    name: str = ""
    ends_on: date | None = None
    vendor_contract_number: str = ""
    proof: StoredFile | None = None


@rights.needs(Right.REVIEW_PAPERS)
@transaction.atomic
def enter(company: Company, entry: Entry, *, by: User) -> Holding:
    """Put it on record: it counts for bands and caps at once. Refused: `name` (neither product nor name), `quantity`, `proof`."""
    name = entry.name.strip() or (entry.product.name if entry.product else "")
    if not name:
        raise Refused(_("型番または製品名を入力してください。"), code="name", field="name")
    if not 1 <= entry.quantity <= MOST_UNITS:
        message = _("数量は1から%(most)sまでで入力してください。") % {"most": f"{MOST_UNITS:,}"}
        raise Refused(message, code="quantity", field="quantity")
    if entry.proof is not None and entry.proof.company_id != company.pk:
        raise Refused(_("この会社の書類ではありません。"), code="proof", field="proof")
    made = Holding.objects.create(
        store_id=company.store_id,
        company=company,
        vendor=entry.product.vendor if entry.product else None,
        product=entry.product,
        name=name[:200],
        quantity=entry.quantity,
        ends_on=entry.ends_on,
        vendor_contract_number=entry.vendor_contract_number[:80],
        proof=entry.proof,
        entered_by=by,
        entered_at=clock.now(),
    )
    history.record(company, "company.holding_entered", by=by, holding_id=made.pk, quantity=made.quantity)
    return made


@rights.needs(Right.REVIEW_PAPERS)
@transaction.atomic
def withdraw(holding: Holding, *, by: User) -> Holding:
    """It was entered by mistake and counts no more; the row stays. Refused: `state` (withdrawn before)."""
    withdrawn = Holding.objects.filter(  # house: the caller has found it among what it may see
        store_id=holding.store_id, pk=holding.pk, withdrawn_at=None
    ).update(withdrawn_at=clock.now())
    if not withdrawn:
        raise Refused(_("この保有はすでに取り消されています。"), code="state")
    holding.refresh_from_db()
    history.record(holding.company, "company.holding_withdrawn", by=by, holding_id=holding.pk)
    return holding
