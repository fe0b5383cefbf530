"""Vendors' rules with their own figures, read from the data that the demo shows (domain.md 2.2)."""

from datetime import date

import pytest

from licenseonline.catalog import bands, prices, vendor_rules
from licenseonline.catalog.models import (
    Price,
    PriceList,
    Product,
    PurchaseType,
    Sku,
    StoreListing,
    Vendor,
    VendorRule,
)
from licenseonline.demo import vendor_rules as demo_rules
from licenseonline.kit.errors import Refused
from tests.world import World

TODAY = date(2026, 11, 23)
END = date(2027, 6, 30)
# ESET's bands of additional licences, with the list price of one: its own example is 4,200 yen at 100-249.
BANDS = [(6, 10, 6400), (11, 25, 5800), (26, 49, 5300), (50, 99, 4700), (100, 249, 4200), (250, 499, 3700)]


@pytest.fixture
def products(world: World) -> dict[str, Product]:
    vendors = {code: Vendor.objects.create(code=code, name=code.upper()) for code in ("eset", "adobe", "microsoft")}
    vendors["trendmicro"] = world.sku("VBBSS-R1").product.vendor
    made = {
        code: Product.objects.create(vendor=vendors[code.partition("-")[0]], code=code, name=code)
        for code in ("eset-client", "eset-server-security", "adobe-cc", "microsoft-365")
    }
    made["trend"] = world.sku("VBBSS-R1").product
    demo_rules.make(vendors, made)
    return made


def rule(product: Product, purchase_type: str = "new", program: str = "corporate", day: date = TODAY) -> VendorRule:
    found = vendor_rules.applying(product_id=product.pk, purchase_type=purchase_type, program=program, day=day)
    assert found is not None
    return found


def additional(product: Product) -> list[Sku]:
    """ESET's bands as SKUs that the store sells at its list price."""
    price_list = PriceList.objects.create(vendor=product.vendor, name="価格表", from_day=date(2026, 4, 1))
    StoreListing.objects.create(store_id=87465, vendor=product.vendor, offer=StoreListing.Offer.PRICED)
    skus = Sku.objects.bulk_create(
        Sku(
            product=product, model_number=f"ENTC12-{first}", folded_model=f"entc12-{first}", name="追加", term_months=12,
            purchase_type=PurchaseType.ADDITIONAL, band_from=first, band_to=last,
        )
        for first, last, _yen in BANDS
    )  # fmt: skip
    Price.objects.bulk_create(
        Price(price_list=price_list, sku=sku, list_yen=band[2]) for sku, band in zip(skus, BANDS, strict=True)
    )
    return skus


def test_eset_prices_the_ten_added_to_ninety_at_the_band_of_a_hundred(
    world: World, products: dict[str, Product]
) -> None:
    skus = additional(products["eset-client"])
    counted = vendor_rules.of(skus[0], day=TODAY)
    units = vendor_rules.units(counted, 10, held=90)
    assert units == 100
    chosen = bands.fitting(skus[0], units, store_id=87465, day=TODAY)
    assert chosen is not None
    assert chosen.band_label == "100～249"
    assert chosen == bands.pick(skus, units)
    decision = prices.price(chosen, store=world.elsat, day=TODAY, units=units)
    assert decision.list_yen is not None
    assert decision.list_yen * 10 == 42_000  # the ten, not the hundred


@pytest.mark.parametrize(
    ("held", "added", "band"), [(0, 6, "6～10"), (90, 9, "50～99"), (90, 10, "100～249"), (240, 9, "100～249"),
                                (240, 10, "250～499")],
)  # fmt: skip
def test_held_and_added_decide_the_band_together(
    products: dict[str, Product], held: int, added: int, band: str
) -> None:
    skus = additional(products["eset-client"])
    chosen = bands.pick(skus, vendor_rules.units(rule(products["eset-client"], "additional"), added, held=held))
    assert chosen is not None
    assert chosen.band_label == band


def test_the_quantity_alone_decides_where_the_vendor_says_nothing_else(products: dict[str, Product]) -> None:
    assert vendor_rules.units(None, 10, held=90) == 10
    assert vendor_rules.units(rule(products["eset-client"], "renewal"), 10, held=90) == 10
    assert bands.pick(additional(products["eset-client"]), 5) is None


def test_the_most_particular_rule_counts_and_of_those_the_latest(products: dict[str, Product]) -> None:
    client, server = products["eset-client"], products["eset-server-security"]
    assert rule(client, "renewal").closes_after == "30d"
    assert rule(client, "renewal", day=date(2024, 3, 31)).closes_after == "3m"
    assert rule(server, "renewal").closes_after == ""
    assert rule(client, "upgrade").purchase_type == ""
    adobe = products["adobe-cc"]
    assert rule(adobe, program="government").most_months == 48
    assert rule(adobe, "renewal").opens_before == "30d"
    VendorRule.objects.create(vendor=adobe.vendor, product=adobe, program="academic", from_day=TODAY, source="製品")
    VendorRule.objects.create(vendor=adobe.vendor, product=adobe, from_day=date(2020, 1, 1), source="製品")
    assert rule(adobe, "renewal", "academic").program == "academic"
    assert (rule(adobe, "renewal").product_id, rule(adobe, "renewal").purchase_type) == (adobe.pk, "")
    assert vendor_rules.applying(product_id=client.pk, purchase_type="new", program="x", day=date(2020, 3, 31)) is None


def test_eset_renews_until_thirty_days_after_the_end(products: dict[str, Product]) -> None:
    renewal = rule(products["eset-client"], "renewal")
    vendor_rules.check_window(renewal, END, day=date(2027, 7, 30))
    with pytest.raises(
        Refused, match=r"ESET の規定により、更新のお申し込みは 2027年7月30日 までです.*新規の型番"
    ) as refusal:
        vendor_rules.check_window(renewal, END, day=date(2027, 7, 31))
    assert refusal.value.code == "too_late"
    old = rule(products["eset-client"], "renewal", day=date(2023, 1, 1))
    assert vendor_rules.closes(old, date(2023, 1, 31)) == date(2023, 4, 30)
    server = rule(products["eset-server-security"], "renewal")
    vendor_rules.check_window(server, END, day=date(2035, 1, 1))


def test_eset_changes_products_from_four_months_before_until_the_end(products: dict[str, Product]) -> None:
    crossgrade = rule(products["eset-client"], "crossgrade")
    assert vendor_rules.opens(crossgrade, END) == date(2027, 2, 28)
    with pytest.raises(Refused, match="切替のお申し込みは 2027年2月28日 から") as refusal:
        vendor_rules.check_window(crossgrade, END, day=date(2027, 2, 27))
    assert refusal.value.code == "too_early"
    vendor_rules.check_window(crossgrade, END, day=date(2027, 2, 28))
    vendor_rules.check_window(crossgrade, END, day=END)
    with pytest.raises(Refused):
        vendor_rules.check_window(crossgrade, END, day=date(2027, 7, 1))


def test_eset_needs_renewal_skus_too_when_a_year_or_more_is_left(products: dict[str, Product]) -> None:
    added = rule(products["eset-client"], "additional")
    assert vendor_rules.needs_renewal_too(added, day=TODAY, end=date(2027, 11, 22))
    assert not vendor_rules.needs_renewal_too(added, day=TODAY, end=date(2027, 11, 21))
    assert not vendor_rules.needs_renewal_too(rule(products["trend"], "renewal"), day=TODAY, end=date(2030, 1, 1))


@pytest.mark.parametrize(
    ("rest", "is_cloud", "months"),
    [("2027-05-22", False, 6), ("2027-05-21", False, 5), ("2029-05-22", False, 12), ("2029-05-22", True, 3),
     ("2026-12-22", True, 1), ("2026-11-23", False, 0), ("2026-11-22", False, 0)],
)  # fmt: skip
def test_eset_grants_a_competitors_rest_up_to_a_year_or_three_months_in_the_cloud(
    products: dict[str, Product], rest: str, is_cloud: bool, months: int
) -> None:
    competitive = rule(products["eset-client"], "competitive")
    until = date.fromisoformat(rest)
    assert vendor_rules.free_months(competitive, day=TODAY, rest_until=until, is_cloud=is_cloud) == months


def test_eset_asks_for_half_of_the_number_in_packages_of_a_competitor(products: dict[str, Product]) -> None:
    competitive = rule(products["eset-client"], "competitive")
    vendor_rules.check_cap(competitive, 20, held=10, of_packages=True)
    with pytest.raises(Refused, match="お持ちの数が 10 のとき、乗換でご購入いただけるのは 20 まで") as refusal:
        vendor_rules.check_cap(competitive, 21, held=10, of_packages=True)
    assert (refusal.value.code, refusal.value.field) == ("cap", "quantity")
    vendor_rules.check_cap(competitive, 500, held=10)


def test_trend_micro_renews_what_is_held_and_asks_to_finish_thirty_days_before(products: dict[str, Product]) -> None:
    renewal = rule(products["trend"], "renewal")
    assert vendor_rules.notices(renewal, END) == [date(2027, 5, 11), date(2027, 5, 31)]
    assert vendor_rules.recommended_until(renewal, END) == date(2027, 5, 31)
    vendor_rules.check_window(renewal, END, day=TODAY)  # it is only asked for
    vendor_rules.check_cap(renewal, 40, held=40)
    with pytest.raises(Refused, match="40 まで"):
        vendor_rules.check_cap(renewal, 41, held=40)


def test_adobe_opens_thirty_days_before_and_takes_what_is_not_renewed_away_thirty_days_after(
    products: dict[str, Product],
) -> None:
    renewal = rule(products["adobe-cc"], "renewal")
    assert (vendor_rules.opens(renewal, END), vendor_rules.closes(renewal, END)) == (
        date(2027, 5, 31),
        date(2027, 7, 30),
    )
    assert vendor_rules.stop_until(renewal, END) == date(2027, 5, 31)
    assert vendor_rules.notices(renewal, END) == [
        date(2027, 5, 30),
        date(2027, 5, 31),
        date(2027, 6, 30),
        date(2027, 7, 30),
    ]


def test_adobe_takes_nothing_back_and_microsoft_for_seven_days(products: dict[str, Product]) -> None:
    adobe, microsoft = rule(products["adobe-cc"]), rule(products["microsoft-365"], "renewal")
    assert not vendor_rules.may_cancel(adobe, bought_on=TODAY, day=TODAY)
    with pytest.raises(Refused, match="ADOBE の規定により、ご契約期間中の解約と数量の削減はできません"):
        vendor_rules.check_cancel(adobe, bought_on=TODAY, day=TODAY)
    assert vendor_rules.may_cancel(microsoft, bought_on=TODAY, day=date(2026, 11, 29))
    vendor_rules.check_cancel(microsoft, bought_on=TODAY, day=date(2026, 11, 29))
    with pytest.raises(Refused, match="購入・更新から7日以内") as refusal:
        vendor_rules.check_cancel(microsoft, bought_on=TODAY, day=date(2026, 11, 30))
    assert refusal.value.code == "no_cancel"
    assert vendor_rules.may_cancel(rule(products["eset-client"]), bought_on=TODAY, day=date(2030, 1, 1))


def test_adobe_needs_ten_business_days_of_the_store(products: dict[str, Product]) -> None:
    added, wished = rule(products["adobe-cc"], "additional"), date(2027, 1, 15)
    # 31 December to 3 January, weekends and Coming of Age Day are closed.
    assert vendor_rules.cut_off(added, wished) == date(2026, 12, 29)
    closed = frozenset({date(2026, 12, 29), date(2026, 12, 30)})
    assert vendor_rules.cut_off(added, wished, closed) == date(2026, 12, 25)
    vendor_rules.check_cut_off(added, wished, day=date(2026, 12, 29))
    with pytest.raises(Refused, match="2027年1月15日 開始のご注文は 2026年12月29日 まで") as refusal:
        vendor_rules.check_cut_off(added, wished, day=date(2026, 12, 30))
    assert refusal.value.code == "cut_off"
    assert vendor_rules.cut_off(rule(products["eset-client"]), wished) is None


def test_a_rule_is_found_in_one_query(
    world: World, products: dict[str, Product], django_assert_num_queries: object
) -> None:
    sku = world.sku("VBBSS-R1")
    with django_assert_num_queries(1):  # type: ignore[operator]  # pytest-django's
        found = vendor_rules.of(sku, day=TODAY)
        assert found is not None
        with pytest.raises(Refused, match="トレンドマイクロ の規定"):
            vendor_rules.check_cap(found, 2, held=1)
