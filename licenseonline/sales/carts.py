"""The cart: what a member has put aside, grouped by what can be quoted together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from licenseonline.accounts import members
from licenseonline.accounts.models import Member
from licenseonline.catalog import eligibility, prices, quantities
from licenseonline.catalog.models import Paper, PaymentMethod, Sku
from licenseonline.kit import clock, money, sql, states
from licenseonline.kit.errors import NotVisible, Refused
from licenseonline.licensing.models import Contract
from licenseonline.sales import followings, separations
from licenseonline.sales.models import CartLine
from licenseonline.stores import stores

MOST_LINES = 200

_PROOFS: Final = {Paper.HOLDING_PROOF, Paper.COMPETITOR_PROOF}

MONTHLY, TERM = separations.MONTHLY, separations.TERM
form_of = separations.form_of


@dataclass(frozen=True, slots=True)
class Line:
    """A cart line with today's offer; `problem` says in words why it cannot be quoted as it is.

    `instead` is the quantity that would do where that is what is wrong.
    """

    sku: Sku
    quantity: int
    offer: prices.Offer
    problem: str
    following: followings.Following | None = None
    instead: int | None = None

    @property
    def amount_yen(self) -> int:
        """Tax excluded; 0 when it has no price."""
        return self.quantity * (self.offer.unit_yen or 0)

    @property
    def can_be_put(self) -> bool:
        """Into the cart, where a contract may still be chosen."""
        return not self.problem or (self.following is not None and self.following.needs_choice and self.instead is None)

    @property
    def ends_on(self) -> date | None:
        """The last day of what is added to a contract."""
        return followings.ends_with(self.following, self.sku, day=clock.today()) if self.following else None

    def papers(self, asked: Iterable[str]) -> list[str]:
        """What its SKU asks for (papers.codes), but a proof only of what is not on record, and of that always."""
        if self.following is None:
            return [*asked]
        proof = self.following.proof
        others = [paper for paper in asked if paper not in _PROOFS]
        return [*others, proof] if proof else others


@dataclass(frozen=True, slots=True)
class Group:
    """Lines that make one quotation, their sums, and the ways to pay that they have in common."""

    lane: separations.Lane
    lines: list[Line]
    totals: money.Totals
    ways: list[str]

    @property
    def form(self) -> str:
        """As addresses name it."""
        return self.lane.key

    @property
    def label(self) -> str:
        """What keeps it apart, in words."""
        return self.lane.label

    @property
    def can_be_quoted(self) -> bool:
        """No line has a problem."""
        return not any(line.problem for line in self.lines)


def put(sku: Sku, *, quantity: int, by: Member) -> None:
    """Put `quantity` of a SKU that came from `Sku.objects.public(store)` into the member's cart, in place of what was there.

    Refused: as members.check_may_quote, `quantity` (minimum, step, band), `program` (not for this kind of company), `full`,
    and as followings.check, except that a contract may still be chosen in the cart.
    """
    put_all({sku: quantity}, by=by)


@transaction.atomic
def put_all(wanted: Mapping[Sku, int], *, by: Member) -> None:
    """Put all of them into the cart, or none; refused as `put`."""
    members.check_may_quote(by)
    rules = eligibility.of(wanted)
    followed = followings.of(wanted, company=by.company, day=clock.today())
    for sku, quantity in wanted.items():
        quantities.check(sku, quantity)
        eligibility.check(sku, by.company, rules)
        following = followed.get(sku.pk)
        if following and not following.needs_choice:
            followings.check(following, sku, quantity, day=clock.today())
    mine = CartLine.objects.filter(store_id=by.store_id, member=by)
    if mine.exclude(sku__in=wanted).count() + len(wanted) > MOST_LINES:
        raise Refused(
            _("カートに入れられるのは %(most)s 行までです。先に見積を作成してください。") % {"most": MOST_LINES},
            code="full",
        )
    now = clock.now()
    CartLine.objects.bulk_create(
        [
            CartLine(store_id=by.store_id, member=by, sku=sku, quantity=quantity, added_at=now)
            for sku, quantity in wanted.items()
        ],
        update_conflicts=True,
        unique_fields=["store", "member", "sku"],
        update_fields=["quantity", "added_at"],
    )


@transaction.atomic
def switch(sku: Sku, *, to: Sku, quantity: int | None = None, by: Member) -> None:
    """Put another SKU of the same product (another term or band) in the place of one, as many of it or `quantity`.

    Both came from `Sku.objects.public(store)`. NotVisible for what is not in the cart, without a quantity, and for
    another product's; refused as `put`.
    """
    line = CartLine.objects.select_for_update().filter(store_id=by.store_id, member=by, sku=sku).first()
    wanted = quantity or (line.quantity if line else 0)
    if not wanted or to.product_id != sku.product_id:
        raise NotVisible
    put(to, quantity=wanted, by=by)
    if line and to != sku:
        CartLine.objects.filter(store_id=by.store_id, member=by, sku=to).update(follows=line.follows_id)
        line.delete()


def follow(sku_id: int, *, contract: Contract, by: Member) -> None:
    """Say which contract a line of the cart renews, adds to or replaces. NotVisible for another company's.

    Whether it can be followed is the line's own question (followings.check); refused as members.check_may_quote.
    """
    members.check_may_quote(by)
    if (contract.store_id, contract.company_id) != (by.store_id, by.company_id):
        raise NotVisible
    CartLine.objects.filter(store_id=by.store_id, member=by, sku_id=sku_id).update(follows=contract)


def remove(sku_id: int, *, by: Member) -> None:
    """Take a SKU out of the member's cart; taking it out twice is the same as once."""
    CartLine.objects.filter(store_id=by.store_id, member=by, sku_id=sku_id).delete()


_CART: Final = """
SELECT sku_id, quantity, follows_id FROM sales_cartline WHERE store_id = %(store)s AND member_id = %(member)s ORDER BY id
"""
_CART_LOCKED: Final = """
SELECT line.sku_id, line.quantity, line.follows_id
FROM sales_cartline line JOIN accounts_member member ON member.id = line.member_id
WHERE line.store_id = %(store)s AND line.member_id = %(member)s AND member.is_active
ORDER BY line.id FOR UPDATE OF line FOR SHARE OF member
"""


def groups(member: Member, *, lock: bool = False) -> list[Group]:
    """The member's cart by what can be quoted together, with today's prices and what is wrong with each line.

    With `lock` its lines are locked until the transaction ends, and the member may not leave; who has left has none.
    """
    rows = sql.rows(_CART_LOCKED if lock else _CART, store=member.store_id, member=member.pk)
    lines = lines_of(
        {sku_id: quantity for sku_id, quantity, _follows in rows},
        member=member,
        chosen={sku_id: follows for sku_id, _quantity, follows in rows},
    )
    of_store = stores.pays_by(member.store)
    lanes = separations.lanes((line.sku for line in lines), of_store=of_store)
    found: dict[separations.Lane, list[Line]] = {}
    for line in lines:
        found.setdefault(lanes[line.sku.pk], []).append(line)
    return [_group(lane, found[lane], member, of_store) for lane in sorted(found, key=lambda lane: lane.place)]


def lines_of(
    wanted: Mapping[int, int], *, member: Member, chosen: Mapping[int, int | None] | None = None
) -> list[Line]:
    """Those of these SKUs (quantity by id) that the store sells, as lines of the member's cart would be."""
    today, company = clock.today(), member.company
    found = prices.offers_of(wanted, store=member.store, day=today, company=company)
    skus = [offer.sku for offer in found.values()]
    followed = followings.of(skus, company=company, day=today, chosen=chosen)
    units = {pk: following.units(wanted[pk]) for pk, following in followed.items()}
    if any(wanted[pk] != number for pk, number in units.items()):
        found |= prices.offers_of(units, store=member.store, day=today, company=company)
    rules = eligibility.of(skus)
    return [
        _line(found[pk], quantity, member, rules, followed.get(pk)) for pk, quantity in wanted.items() if pk in found
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


def _line(
    offer: prices.Offer,
    quantity: int,
    member: Member,
    rules: eligibility.Rules,
    following: followings.Following | None,
) -> Line:
    sku, today = offer.sku, clock.today()
    try:
        quantities.check(sku, quantity)
        eligibility.check(sku, member.company, rules)
        _check_ways(sku, member)
        prices.priced(offer)
        if following:
            followings.check(following, sku, quantity, day=today)
            offer = followings.offered(following, offer, day=today)
    except Refused as refusal:
        instead = quantities.nearest(sku, quantity) if refusal.code == "quantity" else None
        return Line(sku, quantity, offer, refusal.message, following, instead)
    return Line(sku, quantity, offer, "", following)


def _check_ways(sku: Sku, member: Member) -> None:
    """Refuse (`payment`) what can only be paid in ways that the store does not offer."""
    if sku.payment_methods and not separations.ways(sku, stores.pays_by(member.store)):
        named = _("・").join(states.label(PaymentMethod, way) for way in sku.payment_methods)
        message = _(
            "%(model)s のお支払方法（%(ways)s）は、当ストアではご利用いただけません。窓口までお問い合わせください。"
        )
        raise Refused(message % {"model": sku.model_number, "ways": named}, code="payment")


def _group(lane: separations.Lane, lines: list[Line], member: Member, of_store: tuple[str, ...]) -> Group:
    amounts = [(line.amount_yen, line.offer.tax_percent) for line in lines]
    ways = [
        way
        for way in of_store
        if all(not line.sku.payment_methods or way in line.sku.payment_methods for line in lines)
    ]
    return Group(lane, lines, money.totals(amounts, money.Rounding(member.store.rounding)), ways)
