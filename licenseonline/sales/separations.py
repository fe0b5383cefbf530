"""What keeps lines out of one quotation: the contract form, the way to pay, and a vendor's programs.

Nothing of it is an error: lines that cannot be bought together make several quotations of one set. A line goes to the first
way to pay, in the store's order, that its SKU allows, so that the lines of a quotation have one in common. Academic and
government SKUs are apart only from other SKUs of the same vendor, whose contract is for one program.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from licenseonline.catalog.models import Billing, PaymentMethod, Program, Sku
from licenseonline.kit import states

# 契約形態: what is charged every month cannot share a quotation with what is charged once or yearly.
MONTHLY, TERM = "monthly", "term"
FORM_LABELS: Final = {MONTHLY: gettext_lazy("月額のご契約"), TERM: gettext_lazy("一括・年額のご契約")}
_FORMS: Final = list(FORM_LABELS)
_PAYS: Final = PaymentMethod.values
_PROGRAMS: Final = Program.values


@dataclass(frozen=True, slots=True)
class Lane:
    """Lines of the same lane share a quotation. `program` is empty unless it is what keeps it apart."""

    form: str
    pay: str = PaymentMethod.TRANSFER
    program: str = ""

    @property
    def key(self) -> str:
        """As addresses name it: term, monthly-card, term-academic."""
        pay = "" if self.pay == PaymentMethod.TRANSFER else self.pay
        return "-".join(part for part in (self.form, pay, self.program) if part)

    @property
    def label(self) -> str:
        """In words."""
        parts = [str(FORM_LABELS[self.form])]
        if self.pay != PaymentMethod.TRANSFER:
            parts.append(_("お支払方法：%(way)s") % {"way": states.label(PaymentMethod, self.pay)})
        if self.program:
            parts.append(states.label(Program, self.program))
        return _("・").join(parts)

    @property
    def place(self) -> tuple[int, int, int]:
        """Where it stands among the others."""
        program = _PROGRAMS.index(self.program) if self.program else -1
        return _FORMS.index(self.form), _PAYS.index(self.pay), program


def form_of(sku: Sku) -> str:
    """The contract form (契約形態) of a SKU."""
    return MONTHLY if sku.billing == Billing.MONTHLY else TERM


def ways(sku: Sku, of_store: Sequence[str]) -> list[str]:
    """The store's ways to pay that the SKU allows, in the store's order."""
    return [way for way in of_store if not sku.payment_methods or way in sku.payment_methods]


def lanes(skus: Iterable[Sku], *, of_store: Sequence[str]) -> dict[int, Lane]:
    """The lane of each SKU (with its product), by SKU."""
    all_of_them = list(skus)
    found = {sku.pk: Lane(form_of(sku), next(iter(ways(sku, of_store)), PaymentMethod.TRANSFER)) for sku in all_of_them}
    first: dict[tuple[Lane, int], str] = {}
    for sku in sorted(all_of_them, key=lambda one: _PROGRAMS.index(one.program)):
        lane = found[sku.pk]
        if first.setdefault((lane, sku.product.vendor_id), sku.program) != sku.program:
            found[sku.pk] = Lane(lane.form, lane.pay, sku.program)
    return found


def reasons(found: Iterable[Lane]) -> list[str]:
    """Why there are several lanes, in sentences; none for a single one."""
    several = set(found)
    said = []
    if len({lane.form for lane in several}) > 1:
        said.append(_("月額の製品と一括・年額の製品は、ご契約の形が異なるため、見積を分けて作成します。"))
    if len({lane.pay for lane in several}) > 1:
        said.append(_("お支払方法が異なる製品は、一緒にお支払いいただけないため、見積を分けて作成します。"))
    if any(lane.program for lane in several):
        said.append(
            _(
                "同じメーカーでも、お客様区分（コーポレート・アカデミックなど）が異なる製品は、メーカーとの契約が別になるため、見積を分けて作成します。"
            )
        )
    return said
