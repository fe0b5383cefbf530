"""追加, 更新 and the like: what the company holds, and what the vendor's rule says of it."""

from collections.abc import Iterator
from datetime import date

import pytest
import time_machine
from django.core.files.base import ContentFile

from licenseonline.accounts.models import Company, Member
from licenseonline.catalog.models import PurchaseType, Sku, SkuRelation, Vendor, VendorRule
from licenseonline.kit.errors import NotVisible, Refused
from licenseonline.licensing.holding_entries import Entry
from licenseonline.licensing.models import Contract, Entitlement, Holding
from licenseonline.records.uploads import receive
from licenseonline.sales import carts, holding_uses, orders, quotes, submissions, wishes
from licenseonline.sales.models import CartLine, CompanyProof, HoldingUse, Order, OrderLine
from tests.world import World, _sku

START, END = date(2026, 4, 1), date(2027, 3, 31)
pytestmark = pytest.mark.usefixtures("_in_november")


@pytest.fixture
def _in_november() -> Iterator[None]:
    with time_machine.travel("2026-11-23T10:00:00+09:00", tick=False):
        yield


def holds(
    world: World, units: int, *, number: str = "C2604-00001", ends: date | None = END, company: Company | None = None
) -> Contract:
    company, sku = company or world.hanako.company, world.sku("VBBSS-1Y-005")
    contract = Contract.objects.create(
        store_id=company.store_id, number=number, company=company, vendor=sku.product.vendor,
        product_name=sku.product.name, order_number="P1", starts_on=START, ends_on=ends,
    )  # fmt: skip
    Entitlement.objects.create(
        store_id=company.store_id, contract=contract, sku=sku, name=sku.name, model_number=sku.model_number, quantity=units, unit="ライセンス",
    )  # fmt: skip
    return contract


def enters(world: World, units: int, **named: object) -> Holding:
    return Holding.objects.create(
        store=world.elsat, company=world.hanako.company, quantity=units, name="保有", entered_by=world.operator,
        entered_at=world.hanako.created_at, **named,
    )  # fmt: skip


def rule(world: World, purchase_type: str = "renewal", **fields: object) -> VendorRule:
    vendor = Vendor.objects.get(code="trend")
    return VendorRule.objects.create(
        vendor=vendor, purchase_type=purchase_type, from_day=date(2020, 4, 1), source="規定", **fields
    )


def line(world: World) -> carts.Line:
    [group] = carts.groups(world.hanako)
    [found] = group.lines
    return found


def proof(world: World) -> str:
    following = line(world).following
    assert following
    return following.proof


def additional(world: World) -> list[Sku]:
    product = world.sku("VBBSS-R1").product
    kind = {"purchase_type": PurchaseType.ADDITIONAL, "papers": []}
    return [
        _sku(product, "ADD-010", 6000, band_from=1, band_to=24, **kind),
        _sku(product, "ADD-025", 4800, band_from=25, band_to=None, **kind),
    ]


def test_a_renewal_is_capped_by_what_is_held_and_without_anything_needs_a_proof(world: World) -> None:
    renewal = world.sku("VBBSS-R1")
    carts.put(renewal, quantity=50, by=world.hanako)
    assert line(world).following is not None
    assert quotes.preview(carts.TERM, by=world.hanako)["lines"][0]["papers"] == ["holding_proof"]
    holds(world, 10)
    holds(world, 99, number="C9", company=world.taro.company)
    assert "お持ちの数（10ライセンス）まで" in line(world).problem
    with pytest.raises(Refused, match="まで") as refused:
        carts.put(renewal, quantity=11, by=world.hanako)
    assert (refused.value.code, refused.value.field) == ("cap", "quantity")
    carts.put(renewal, quantity=10, by=world.hanako)
    frozen = quotes.issue(carts.TERM, by=world.hanako).snapshot["lines"][0]
    assert (frozen["follows"], frozen["papers"]) == ("C2604-00001", [])
    assert "対象のご契約：C2604-00001" in frozen["note"]


def test_what_was_renewed_already_is_not_renewed_again(world: World) -> None:
    contract, order = holds(world, 10), world.order()
    renewal = world.sku("VBBSS-R1")
    OrderLine.objects.create(
        store=world.elsat, order=order, position=2, sku=renewal, quantity=7, unit_yen=1, follows=contract
    )
    with pytest.raises(Refused, match="3ライセンス"):
        carts.put(renewal, quantity=4, by=world.hanako)
    Order.objects.filter(pk=order.pk).update(state=Order.State.CANCELLED)
    carts.put(renewal, quantity=10, by=world.hanako)


def test_of_several_contracts_one_is_chosen_and_only_an_own_one(world: World) -> None:
    first, second = holds(world, 10), holds(world, 20, number="C2604-00002")
    strange = holds(world, 20, number="C2604-00003", company=world.taro.company)
    carts.put(world.sku("VBBSS-R1"), quantity=15, by=world.hanako)
    assert "対象となるご契約をお選びください" in line(world).problem
    with pytest.raises(NotVisible):
        carts.follow(world.sku("VBBSS-R1").pk, contract=strange, by=world.hanako)
    carts.follow(world.sku("VBBSS-R1").pk, contract=first, by=world.hanako)
    assert "お持ちの数（10ライセンス）" in line(world).problem
    carts.follow(world.sku("VBBSS-R1").pk, contract=second, by=world.hanako)
    assert line(world).problem == ""
    assert CartLine.objects.get().follows == second


def test_the_vendors_cap_and_window_are_named(world: World) -> None:
    made = rule(world, cap_per_mille=2000, opens_before="90d", closes_after="30d")
    holds(world, 10, ends=date(2027, 2, 21))  # ninety days later
    carts.put(world.sku("VBBSS-R1"), quantity=20, by=world.hanako)
    with pytest.raises(Refused, match=r"トレンドマイクロ の規定により.*20 まで"):
        carts.put(world.sku("VBBSS-R1"), quantity=21, by=world.hanako)
    Contract.objects.update(ends_on=date(2027, 2, 22))
    assert "11月24日 から承ります" in line(world).problem
    Contract.objects.update(ends_on=date(2026, 10, 23))
    assert "11月22日 までです" in line(world).problem
    made.delete()
    assert "お持ちの数（10ライセンス）" in line(world).problem


def test_an_upgrade_follows_what_the_catalogue_relates(world: World) -> None:
    product = world.sku("VBBSS-R1").product
    upgrade = _sku(product, "UP-1", 3000, purchase_type=PurchaseType.UPGRADE, papers=[])
    SkuRelation.objects.create(held=world.sku("M365-MONTH"), following=upgrade, kind="upgrade")
    holds(world, 10)
    carts.put(upgrade, quantity=50, by=world.hanako)
    assert proof(world) == "holding_proof"
    enters(world, 5, product=world.sku("M365-MONTH").product, vendor=world.sku("M365-MONTH").product.vendor)
    assert "5ライセンス" in line(world).problem


def test_a_competitors_product_counts_once_it_is_proved(world: World) -> None:
    cross = _sku(world.sku("VBBSS-R1").product, "COMP-1", 3000, purchase_type=PurchaseType.COMPETITIVE, papers=[])
    holds(world, 10)  # our own vendor's product is no competitor's
    carts.put(cross, quantity=8, by=world.hanako)
    assert proof(world) == "competitor_proof"
    entered = enters(world, 6)
    assert "6ライセンス" in line(world).problem
    rule(world, "competitive", package_cap_per_mille=2000)
    assert line(world).problem == ""
    entered.withdrawn_at = entered.entered_at
    entered.save()
    assert proof(world)


def test_an_addition_takes_the_band_of_held_and_added_and_ends_with_the_contract(world: World) -> None:
    few, many = additional(world)
    rule(world, "additional", band_by="held_plus_added", co_term="contract_end", proration="months")
    contract = holds(world, 20)
    carts.put(few, quantity=4, by=world.hanako)
    shown = line(world)
    assert (shown.problem, shown.ends_on) == ("", END)
    assert shown.offer.unit_yen == 5400 * 5 // 12  # November to March, of twelve months
    with pytest.raises(Refused, match="追加分の合計が 25ライセンス"):
        carts.put(few, quantity=5, by=world.hanako)
    carts.remove(few.pk, by=world.hanako)
    carts.put(many, quantity=5, by=world.hanako)
    frozen = quotes.issue(carts.TERM, by=world.hanako).snapshot["lines"][0]
    assert (frozen["ends_on"], frozen["unit_price"], frozen["quantity"]) == ("2027-03-31", 4320 * 5 // 12, 5)
    assert frozen["follows_id"] == contract.pk
    Contract.objects.update(ends_on=date(2026, 11, 22))
    carts.put(few, quantity=5, by=world.hanako)
    assert proof(world) == "holding_proof"


def test_the_order_keeps_what_it_follows(world: World) -> None:
    contract = holds(world, 10)
    carts.put(world.sku("VBBSS-R1"), quantity=10, by=world.hanako)
    quote = quotes.issue(carts.TERM, by=world.hanako)
    order = orders.place(quote, accepted_terms=quote.snapshot["terms_version"], by=world.hanako)
    assert order.lines.get().follows_id == contract.pk


def test_a_promise_is_no_longer_ordered_when_the_contract_was_renewed_meanwhile(world: World) -> None:
    holds(world, 10)
    carts.put(world.sku("VBBSS-R1"), quantity=10, by=world.hanako)
    carts.put(world.sku("VBBSS-R1"), quantity=10, by=world.ichiro)
    first, second = (quotes.issue(carts.TERM, by=member) for member in (world.hanako, world.ichiro))
    orders.place(first, accepted_terms=first.snapshot["terms_version"], by=world.hanako)
    with pytest.raises(Refused, match="すでに更新されたか"):
        orders.place(second, accepted_terms=second.snapshot["terms_version"], by=world.ichiro)


def renewal_order(world: World, quantity: int = 10, member: Member | None = None) -> Order:
    """Ordered from a fresh quotation; what is refused is refused by the order, or by the cart before."""
    quote = world.quote(member or world.hanako, "VBBSS-R1", quantity)
    return orders.place(quote, accepted_terms=quote.snapshot["terms_version"], by=quote.member)


def test_what_the_desk_entered_is_renewed_once(world: World) -> None:
    enters(world, 50, product=world.sku("VBBSS-R1").product)
    late = [world.quote(member, "VBBSS-R1", 30) for member in (world.hanako, world.ichiro)]
    first = renewal_order(world, 20)
    orders.place(late[0], accepted_terms=late[0].snapshot["terms_version"], by=world.hanako)
    with pytest.raises(Refused, match="お持ちの数（0ライセンス）まで") as refused:
        orders.place(late[1], accepted_terms=late[1].snapshot["terms_version"], by=world.ichiro)
    assert refused.value.code == "cap"
    with pytest.raises(Refused, match="お持ちの数（0ライセンス）まで"):  # nor by a paper that nobody asks for twice
        carts.put(world.sku("VBBSS-R1"), quantity=1, by=world.hanako)
    wishes.ask(first, kind="cancel", text="", by=world.hanako)
    assert first.state == "cancelled"
    with pytest.raises(Refused, match="20ライセンス"):
        carts.put(world.sku("VBBSS-R1"), quantity=21, by=world.hanako)
    renewal_order(world, 20)


def test_of_a_contract_and_what_was_entered_the_contract_goes_first(world: World) -> None:
    contract, holding = holds(world, 10), enters(world, 5, product=world.sku("VBBSS-R1").product)
    rule(world, cap_per_mille=1000)
    line_ = renewal_order(world, 12).lines.get()
    assert (line_.follows, [(use.holding, use.units) for use in line_.holding_uses.all()]) == (contract, [(holding, 2)])
    with pytest.raises(Refused, match="3 まで"):
        carts.put(world.sku("VBBSS-R1"), quantity=4, by=world.hanako)
    assert renewal_order(world, 3).lines.get().follows is None


@pytest.mark.parametrize(("per_mille", "first", "left"), [(2000, 12, 8), (500, 3, 2)])
def test_contracts_and_what_was_entered_count_the_units_behind_what_was_bought(
    world: World, per_mille: int, first: int, left: int
) -> None:
    """Of ten, held by a contract or entered: the vendor allows twice or half as many, also in two orders."""
    rule(world, cap_per_mille=per_mille)
    contract = holds(world, 10)
    for _kind in ("contract", "entered"):
        renewal_order(world, first)
        with pytest.raises(Refused, match=f"{left} まで"):
            carts.put(world.sku("VBBSS-R1"), quantity=left + 1, by=world.hanako)
        renewal_order(world, left)
        with pytest.raises(Refused, match="まで"):
            carts.put(world.sku("VBBSS-R1"), quantity=1, by=world.hanako)
        enters(world, 10, product=world.sku("VBBSS-R1").product)
    assert {line_.follows for line_ in OrderLine.objects.order_by("id")[:2]} == {contract}


def test_two_lines_of_one_order_do_not_count_on_the_same_units(world: World) -> None:
    product = world.sku("VBBSS-R1").product
    _sku(product, "VBBSS-R3", 3000, purchase_type=PurchaseType.RENEWAL, papers=[])
    enters(world, 10, product=product)
    for model in ("VBBSS-R1", "VBBSS-R3"):
        carts.put(world.sku(model), quantity=6, by=world.hanako)
    quote = quotes.issue(carts.TERM, by=world.hanako)
    with pytest.raises(Refused, match="お持ちの数（4ライセンス）まで"):
        orders.place(quote, accepted_terms=quote.snapshot["terms_version"], by=world.hanako)


def test_what_is_entered_later_goes_to_the_order_that_waited_for_it(world: World) -> None:
    order = renewal_order(world, 30)  # with nothing on record: it asks for a proof
    entry = Entry(quantity=50, product=world.sku("VBBSS-R1").product)
    entered = holding_uses.enter(world.hanako.company, entry, by=world.operator)
    assert [(use.line.order, use.units) for use in HoldingUse.objects.all()] == [(order, 30)]
    with pytest.raises(Refused, match="20ライセンス"):
        carts.put(world.sku("VBBSS-R1"), quantity=21, by=world.hanako)
    with pytest.raises(Refused, match=order.number):
        holding_uses.withdraw(entered, by=world.operator)
    wishes.ask(order, kind="cancel", text="", by=world.hanako)
    holding_uses.withdraw(entered, by=world.operator)


def test_the_proof_of_a_delivered_order_is_not_used_again(world: World) -> None:
    order = renewal_order(world, 30)
    request = order.document_requests.get(paper="holding_proof")
    submissions.hand_in(request, [receive(ContentFile(b"%PDF-1.7\n%%EOF", "proof.pdf"))], by=world.hanako)
    submissions.accept(request, seen=request.submissions.get().pk, remember=True, by=world.operator)
    Order.objects.filter(pk=order.pk).update(state=Order.State.DELIVERED)
    product, proof = world.sku("VBBSS-R1").product, CompanyProof.objects.get()
    holding_uses.enter(world.hanako.company, Entry(quantity=5, product=product), by=world.operator)
    assert not HoldingUse.objects.exists()
    holding_uses.enter(world.hanako.company, Entry(quantity=30, product=product, proof=proof.file), by=world.operator)
    assert HoldingUse.objects.get().units == 30
