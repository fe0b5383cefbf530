"""The cart: what a member has put aside, grouped by what can be quoted together."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from licenseonline.accounts import members
from licenseonline.accounts.models import Member
from licenseonline.catalog import eligibility, prices, quantities
from licenseonline.catalog.models import Billing, Sku
from licenseonline.kit import clock, money, sql
from licenseonline.kit.errors import Refused
from licenseonline.sales.models import CartLine

MOST_LINES = 200

# 契約形態: what is charged every month cannot share a quotation with what is charged once or yearly.
MONTHLY, TERM = "monthly", "term"
FORM_LABELS = {MONTHLY: gettext_lazy("月額のご契約"), TERM: gettext_lazy("一括・年額のご契約")}


@dataclass(frozen=True, slots=True)
class Line:
    """A cart line with today's offer; `problem` says in words why it cannot be quoted as it is."""

    sku: Sku
    quantity: int
    offer: prices.Offer
    problem: str

    @property
    def amount_yen(self) -> int:
        """Tax excluded; 0 when it has no price."""
        return self.quantity * (self.offer.unit_yen or 0)


@dataclass(frozen=True, slots=True)
class Group:
    """Lines that make one quotation, and their sums."""

    form: str
    lines: list[Line]
    totals: money.Totals

    @property
    def label(self) -> str:
        """The contract form in words."""
        return str(FORM_LABELS[self.form])

    @property
    def can_be_quoted(self) -> bool:
        """No line has a problem."""
        return not any(line.problem for line in self.lines)


def form_of(sku: Sku) -> str:
    """The contract form (契約形態) that decides which lines share a quotation."""
    return MONTHLY if sku.billing == Billing.MONTHLY else TERM


@transaction.atomic
def put(sku: Sku, *, quantity: int, by: Member) -> None:
    """Put `quantity` of a SKU that came from `Sku.objects.public(store)` into the member's cart, in place of what was there.

    Refused: as members.check_may_quote, `quantity` (minimum, step, band), `program` (not for this kind of company), `full`.
    """
    members.check_may_quote(by)
    quantities.check(sku, quantity)
    eligibility.check(sku, by.company, eligibility.of([sku]))
    if CartLine.objects.filter(store_id=by.store_id, member=by).exclude(sku=sku).count() >= MOST_LINES:
        raise Refused(
            _("カートに入れられるのは %(most)s 行までです。先に見積を作成してください。") % {"most": MOST_LINES},
            code="full",
        )
    CartLine.objects.update_or_create(
        store_id=by.store_id, member=by, sku=sku, defaults={"quantity": quantity, "added_at": clock.now()}
    )


def remove(sku_id: int, *, by: Member) -> None:
    """Take a SKU out of the member's cart; taking it out twice is the same as once."""
    CartLine.objects.filter(store_id=by.store_id, member=by, sku_id=sku_id).delete()


_CART: Final = (
    "SELECT sku_id, quantity FROM sales_cartline WHERE store_id = %(store)s AND member_id = %(member)s ORDER BY id"
)
_CART_LOCKED: Final = """
SELECT line.sku_id, line.quantity FROM sales_cartline line JOIN accounts_member member ON member.id = line.member_id
WHERE line.store_id = %(store)s AND line.member_id = %(member)s AND member.is_active
ORDER BY line.id FOR UPDATE OF line FOR SHARE OF member
"""


def groups(member: Member, *, lock: bool = False) -> list[Group]:
    """The member's cart by contract form, with today's prices and what is wrong with each line.

    With `lock` its lines are locked until the transaction ends, and the member may not leave; who has left has none.
    """
    wanted = dict(sql.rows(_CART_LOCKED if lock else _CART, store=member.store_id, member=member.pk))
    found = prices.offers_of(wanted, store=member.store, day=clock.today(), company=member.company)
    rules = eligibility.of(offer.sku for offer in found.values())
    lines = [_line(found[sku_id], quantity, member, rules) for sku_id, quantity in wanted.items() if sku_id in found]
    return [
        _group(form, group, member) for form in FORM_LABELS if (group := [x for x in lines if form_of(x.sku) == form])
    ]


def gone(member: Member) -> list[CartLine]:
    """Cart lines that the store no longer sells."""
    sold = Sku.objects.public(member.store_id)
    lines = CartLine.objects.filter(store_id=member.store_id, member=member).exclude(sku__in=sold)
    return list(lines.select_related("sku__product"))


def empty(skus: Iterable[Sku], *, by: Member) -> None:
    """Take these SKUs out after they were quoted."""
    sql.run(
        "DELETE FROM sales_cartline WHERE store_id = %(store)s AND member_id = %(member)s AND sku_id = ANY(%(skus)s)",
        store=by.store_id,
        member=by.pk,
        skus=[sku.pk for sku in skus],
    )


def _line(offer: prices.Offer, quantity: int, member: Member, rules: eligibility.Rules) -> Line:
    try:
        quantities.check(offer.sku, quantity)
        eligibility.check(offer.sku, member.company, rules)
        prices.priced(offer)
    except Refused as refusal:
        return Line(offer.sku, quantity, offer, refusal.message)
    return Line(offer.sku, quantity, offer, "")


def _group(form: str, lines: list[Line], member: Member) -> Group:
    amounts = [(line.amount_yen, line.offer.tax_percent) for line in lines]
    return Group(form, lines, money.totals(amounts, money.Rounding(member.store.rounding)))
