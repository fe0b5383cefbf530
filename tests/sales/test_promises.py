"""What was promised holds: the price until the last day in Japan, the sums with tax once per rate, the margin for ever."""

from datetime import date

import pytest
import time_machine

from licenseonline.catalog.models import Cost, Price, PriceList, SellingRule
from licenseonline.kit import clock
from licenseonline.kit.errors import Refused
from licenseonline.sales import carts, orders, quotes
from licenseonline.sales.models import LineMargin, Order, Quote
from licenseonline.stores.models import Commission, Store
from tests.world import World


def place(quote: Quote, world: World) -> Order:
    return orders.place(quote, accepted_terms=quote.snapshot["terms_version"], by=world.hanako)


def dearer_from_today(world: World) -> None:
    """The vendor raises the price, the operator pays more, the store asks for more and its partner earns more."""
    sku, today = world.sku("VBBSS-1Y-005"), clock.today()
    later = PriceList.objects.create(vendor=sku.product.vendor, from_day=today, name="改定価格表")
    price = Price.objects.create(price_list=later, sku=sku, list_yen=8000)
    Cost.objects.create(price=price, cost_yen=7000)
    SellingRule.objects.filter(store=world.elsat).update(per_mille=1000)
    Commission.objects.create(store=world.elsat, from_day=today, per_mille=90)


def test_a_new_price_list_changes_the_next_quotation_but_not_the_one_made(world: World) -> None:
    with time_machine.travel("2026-06-01T10:00:00+09:00", tick=False):
        made = world.quote()
    with time_machine.travel("2026-06-03T10:00:00+09:00", tick=False):
        dearer_from_today(world)
        assert world.quote().snapshot["lines"][0]["unit_price"] == 8000
        order = place(made, world)
    assert order.total_yen == 10 * 4680 * 110 // 100
    assert order.lines.get().unit_yen == 4680
    # Cost and commission are those of the day of the order, because that is when the desk buys.
    margin = LineMargin.objects.get(line__order=order)
    assert (margin.cost_yen, margin.margin_yen, margin.commission_per_mille) == (70000, 46800 - 70000, 90)


def test_cost_margin_and_commission_of_an_order_stay(world: World) -> None:
    with time_machine.travel("2026-06-01T10:00:00+09:00", tick=False):
        order = world.order()
    before = LineMargin.objects.values().get(line__order=order)
    with time_machine.travel("2026-06-03T10:00:00+09:00", tick=False):
        dearer_from_today(world)
        Cost.objects.filter(price__list_yen=5200).update(cost_yen=1)
        Commission.objects.filter(store=world.elsat).update(per_mille=0)
    assert LineMargin.objects.values().get(line__order=order) == before
    assert (before["cost_yen"], before["margin_yen"], before["commission_yen"]) == (36400, 10400, 2340)


def test_tax_is_computed_once_per_rate(world: World) -> None:
    SellingRule.objects.filter(store=world.elsat).update(round_to_yen=1)
    Price.objects.filter(sku__model_number__startswith="VBBSS").update(list_yen=117)  # sold at 105: 10.5 yen of tax
    for model_number, quantity in (("VBBSS-1Y-005", 5), ("VBBSS-1Y-025", 25), ("VBBSS-R1", 1)):
        carts.put(world.sku(model_number), quantity=quantity, by=world.hanako)
    frozen = quotes.issue(carts.TERM, by=world.hanako).snapshot
    assert [line["amount"] for line in frozen["lines"]] == [525, 2625, 105]  # 52.5, 262.5 and 10.5: 324 line by line
    assert frozen["taxes"] == [{"rate": 10, "base": 3255, "tax": 325}]
    assert frozen["total"] == 3580


@pytest.mark.parametrize("issued", ["2026-06-01T00:00:00+09:00", "2026-06-01T23:59:59+09:00"])
@pytest.mark.parametrize(("days", "last"), [(7, 8), (14, 15)])
def test_a_quotation_holds_to_the_end_of_its_last_day_in_japan(world: World, issued: str, days: int, last: int) -> None:
    Store.objects.filter(pk=87465).update(quote_days=days)
    with time_machine.travel(issued, tick=False):
        quote = world.quote()
    assert quote.valid_until == date(2026, 6, last)
    with time_machine.travel(f"2026-06-{last + 1:02}T00:00:00+09:00", tick=False):
        with pytest.raises(Refused, match="見積を作成し直してください") as refused:
            place(quote, world)
        assert refused.value.code == "expired"
    assert not Order.objects.exists()
    with time_machine.travel(f"2026-06-{last:02}T23:59:59+09:00", tick=False):
        assert place(quote, world).quote_id == quote.pk


def test_an_ordered_quotation_is_refused_with_where_to_look(world: World) -> None:
    quote = world.quote()
    place(quote, world)
    with pytest.raises(Refused, match="注文履歴からご確認ください") as refused:
        place(quote, world)
    assert refused.value.code == "ordered"
    assert Order.objects.count() == 1
