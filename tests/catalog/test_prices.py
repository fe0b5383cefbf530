"""The only pricing rule: list price of the day, the store's selling rule, rounded down; cost and tax of the day."""

from datetime import date

import pytest

from licenseonline.catalog import prices
from licenseonline.catalog.models import Cost, Price, PriceList, Product, SellingRule, Sku, StoreListing
from licenseonline.kit import scope
from licenseonline.kit.errors import Refused
from licenseonline.stores import stores
from licenseonline.stores.models import Commission, Store
from tests.world import World

TODAY = date(2026, 6, 1)
LATER = date(2026, 10, 1)


def new_list(sku: Sku, list_yen: int, cost_yen: int | None = None) -> None:
    """The vendor's prices from LATER on."""
    later, _ = PriceList.objects.get_or_create(vendor=sku.product.vendor, from_day=LATER, defaults={"name": "改定"})
    price = Price.objects.create(price_list=later, sku=sku, list_yen=list_yen)
    if cost_yen is not None:
        Cost.objects.create(price=price, cost_yen=cost_yen)


def offer(store: Store, model_number: str, day: date = TODAY) -> prices.Offer:
    skus = Sku.objects.public(store.pk).filter(model_number=model_number)
    [found] = prices.offers(skus, store=store, day=day)
    return found


def test_a_new_price_list_holds_from_its_day_for_what_it_names(world: World) -> None:
    new_list(world.sku("VBBSS-1Y-005"), 6000)
    days = (date(2026, 9, 30), LATER)
    assert [offer(world.elsat, "VBBSS-1Y-005", day).unit_yen for day in days] == [4680, 5400]
    assert [offer(world.elsat, "VBBSS-1Y-025", day).unit_yen for day in days] == [4320, 4320]


def test_before_the_first_price_list_there_is_no_price(world: World) -> None:
    assert offer(world.elsat, "VBBSS-1Y-005", date(2026, 3, 31)).unit_yen is None


def test_a_vendors_own_rule_comes_before_the_general_one(world: World) -> None:
    vendor = world.sku("VBBSS-1Y-005").product.vendor
    SellingRule.objects.create(store=world.elsat, vendor=vendor, per_mille=950, round_to_yen=1)
    assert offer(world.elsat, "VBBSS-1Y-005").unit_yen == 4940
    assert offer(world.elsat, "ADOBE-CC").unit_yen == 88200
    assert offer(world.minato, "VBBSS-1Y-005").unit_yen == 4160


@pytest.mark.parametrize(
    ("list_yen", "per_mille", "step", "unit"),
    [(5200, 900, 10, 4680), (5205, 900, 10, 4680), (5211, 900, 10, 4680), (5212, 900, 10, 4690), (999, 333, 1, 332),
     (9, 900, 10, 0), (5200, 1100, 100, 5700)],
)  # fmt: skip
def test_prices_are_rounded_down_to_the_stores_step(list_yen: int, per_mille: int, step: int, unit: int) -> None:
    assert prices.sell(list_yen, per_mille, step) == unit


@pytest.mark.parametrize(
    ("day", "percent"),
    [(date(2014, 3, 31), 5), (date(2014, 4, 1), 8), (date(2019, 9, 30), 8), (date(2019, 10, 1), 10), (TODAY, 10)],
)
def test_tax_is_that_of_the_day(world: World, day: date, percent: int) -> None:
    assert offer(world.elsat, "VBBSS-1Y-005", day).tax_percent == percent


def test_an_offer_says_its_price_with_tax(world: World) -> None:
    assert offer(world.elsat, "VBBSS-1Y-005").with_tax_yen == 5148


def test_what_a_store_sells_on_request_has_no_price_and_is_refused_with_whom_to_ask(world: World) -> None:
    StoreListing.objects.create(
        store=world.elsat, product=world.sku("VBBSS-1Y-005").product, offer=StoreListing.Offer.ON_REQUEST
    )
    for model_number in ("VBBSS-1Y-005", "ON-REQUEST"):
        found = offer(world.elsat, model_number)
        assert (found.unit_yen, found.with_tax_yen) == (None, None)
        with pytest.raises(Refused, match="窓口までお問い合わせください") as refused:
            prices.priced(found)
        assert refused.value.code == "on_request"
    assert offer(world.minato, "VBBSS-1Y-005").unit_yen == 4160


@pytest.mark.parametrize("day", [date(2026, 3, 31), TODAY, LATER])
def test_the_lowest_price_of_a_product_is_the_least_of_its_offers(world: World, day: date) -> None:
    new_list(world.sku("TREND-ACA"), 9000)
    for store in (world.elsat, world.minato):
        offers = prices.offers(Sku.objects.public(store.pk), store=store, day=day)
        lowest = prices.lowest(Product.objects.values_list("pk", flat=True), store=store, day=day)
        assert set(lowest) == {one.sku.product_id for one in offers}
        for product_id, found in lowest.items():
            mine = [one for one in offers if one.sku.product_id == product_id]
            units = [one.unit_yen for one in mine if one.unit_yen is not None]
            assert (found.unit_yen, found.skus) == (min(units, default=None), len(mine))


def test_cost_is_that_of_the_day_and_unknown_where_none_is_known(world: World) -> None:
    sku, without = world.sku("VBBSS-1Y-005"), world.sku("ON-REQUEST")
    new_list(sku, 6000, cost_yen=4000)
    both = {sku.pk: 1, without.pk: 1}
    assert prices.costs(both, day=TODAY) == {sku.pk: 3640}
    assert prices.costs(both, day=LATER) == {sku.pk: 4000}
    with scope.stores([world.elsat.pk]):
        assert prices.costs(both, day=TODAY) == {sku.pk: 3640}


def test_commission_is_that_of_the_day(world: World) -> None:
    Commission.objects.create(store=world.elsat, from_day=LATER, per_mille=70)
    days = (date(2026, 3, 31), TODAY, LATER)
    assert [stores.commission_per_mille(world.elsat, day) for day in days] == [0, 50, 70]
    assert stores.commission_per_mille(world.minato, LATER) == 50
