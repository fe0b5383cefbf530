"""The rule of prices by examples: lists and bands, kinds of store rules, companies' prices, campaigns, and who may know costs."""

from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from licenseonline.accounts.models import Company
from licenseonline.catalog import price_steps, prices, vendor_rules
from licenseonline.catalog.models import (
    Campaign,
    CampaignItem,
    CompanyPrice,
    Cost,
    Price,
    PriceList,
    SellingRule,
    Sku,
    TaxRate,
    VendorRule,
)
from licenseonline.catalog.price_rules import By
from licenseonline.kit import clock, scope
from tests.world import World

APRIL, TODAY, LATER = date(2026, 4, 1), date(2026, 6, 1), date(2026, 10, 1)


def a_list(sku: Sku, from_day: date, *bands: tuple[int, int], **fields: object) -> PriceList:
    """Another list of the vendor that has the SKU: (from units, yen)."""
    made = PriceList.objects.create(vendor=sku.product.vendor, name="改定", from_day=from_day, **fields)
    Price.objects.bulk_create(Price(price_list=made, sku=sku, band_from=of, list_yen=yen) for of, yen in bands)
    return made


def a_rule(world: World, **fields: object) -> SellingRule:
    return SellingRule.objects.create(store=world.elsat, **fields)


def a_company_price(world: World, **fields: Any) -> CompanyPrice:
    return CompanyPrice.objects.create(store=world.elsat, company=world.hanako.company, reason="年間契約", **fields)


def a_campaign(world: World, item: dict[str, Any], **fields: Any) -> Campaign:
    given = {"is_published": True, "from_day": TODAY, "to_day": date(2026, 6, 30), **fields}
    run = Campaign.objects.create(store=world.elsat, code=f"c{Campaign.objects.count()}", title="割引", **given)
    CampaignItem.objects.create(store=world.elsat, campaign=run, **item)
    return run


def yen(world: World, sku: Sku, day: date = TODAY, units: int = 1, company: Company | None = None) -> int | None:
    """What both tellings of the rule say."""
    made = prices.price(sku, store=world.elsat, day=day, units=units, company=company)
    listed = prices.offers_of({sku.pk: units}, store=world.elsat, day=day, company=company)
    assert listed[sku.pk].unit_yen == made.unit_yen
    return made.unit_yen


def test_a_list_is_prepared_ahead_ends_and_can_be_withdrawn(world: World) -> None:
    sku = world.sku("VBBSS-1Y-005")
    summer = a_list(sku, TODAY, (1, 6000), to_day=date(2026, 6, 30))
    assert [yen(world, sku, day) for day in (date(2026, 5, 31), TODAY, date(2026, 6, 30), date(2026, 7, 1))] == [
        4680, 5400, 5400, 4680,
    ]  # fmt: skip
    same_day = a_list(sku, TODAY, (1, 7000))
    assert yen(world, sku) == 6300  # of one day the one made later
    for one in (same_day, summer):
        one.withdrawn_at = clock.now()
        one.save()
    assert yen(world, sku) == 4680


def test_a_later_list_without_the_sku_leaves_its_price(world: World) -> None:
    sku = world.sku("VBBSS-1Y-005")
    a_list(world.sku("VBBSS-1Y-025"), TODAY, (1, 6000))
    assert yen(world, sku) == 4680


def test_the_number_of_units_decides_the_band(world: World) -> None:
    sku = world.sku("VBBSS-1Y-005")
    a_list(sku, TODAY, (10, 5000), (50, 4600), (100, 4200), (250, 3900))
    SellingRule.objects.filter(store=world.elsat).update(per_mille=1000)
    by_units = {units: yen(world, sku, units=units) for units in (1, 10, 49, 50, 99, 100, 249, 250, 99_999)}
    assert by_units == {
        1: 5000, 10: 5000, 49: 5000, 50: 4600, 99: 4600, 100: 4200, 249: 4200, 250: 3900, 99_999: 3900,
    }  # fmt: skip


def test_90_held_and_10_added_are_priced_as_100_and_only_10_are_charged(world: World) -> None:
    sku = world.sku("VBBSS-1Y-005")
    a_list(sku, TODAY, (50, 4600), (100, 4200), (250, 3900))
    SellingRule.objects.filter(store=world.elsat).update(per_mille=1000)
    VendorRule.objects.create(
        vendor=sku.product.vendor, from_day=APRIL, band_by=VendorRule.BandBy.HELD_PLUS_ADDED, source="規定"
    )
    units = vendor_rules.units(vendor_rules.of(sku, day=TODAY), 10, held=90)
    unit_yen = yen(world, sku, units=units)
    assert (units, unit_yen) == (100, 4200)
    assert 10 * (unit_yen or 0) == 42_000


def test_breaks_begin_at_the_fewest_units_that_can_be_ordered(world: World) -> None:
    sku = world.sku("VBBSS-1Y-025")  # from 25
    a_list(sku, TODAY, (1, 5000), (20, 4800), (50, 4600), (100, 4600), (250, 3900))
    Sku.objects.filter(product=sku.product).exclude(pk=sku.pk).update(sale_to=APRIL)
    [offer] = prices.offers(Sku.objects.public(87465, day=TODAY).filter(pk=sku.pk), store=world.elsat, day=TODAY)
    found = prices.breaks([offer.sku], store=world.elsat, day=TODAY)[sku.pk]
    assert [(one.from_units, one.unit_yen, one.with_tax_yen) for one in found] == [
        (25, 4320, 4752), (50, 4140, 4554), (250, 3510, 3861),
    ]  # fmt: skip
    assert offer.unit_yen == 4320
    assert prices.lowest([sku.product_id], store=world.elsat, day=TODAY)[sku.product_id].unit_yen == 4320


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"per_mille": 905, "round_to_yen": 100, "rounding": "down"}, 4700),  # 4,706
        ({"per_mille": 905, "round_to_yen": 100, "rounding": "up"}, 4800),
        ({"per_mille": 905, "round_to_yen": 100, "rounding": "nearest"}, 4700),
        ({"per_mille": 125, "round_to_yen": 100, "rounding": "nearest"}, 700),  # 650: a half goes up
        ({"per_mille": 1, "round_to_yen": 1, "rounding": "up"}, 6),  # 5.2
        ({"kind": "margin", "per_mille": 150, "round_to_yen": 10, "rounding": "up"}, 4290),  # 3,640 / 0.85 = 4,282.35
        ({"kind": "margin", "per_mille": 150, "round_to_yen": 1, "rounding": "nearest"}, 4282),
        ({"kind": "margin", "per_mille": 0}, 3640),
        ({"kind": "margin", "per_mille": 999, "round_to_yen": 1000, "rounding": "down"}, 3_640_000),
        ({"kind": "fixed", "fixed_yen": 4321, "round_to_yen": 10}, 4321),
        ({"kind": "fixed", "fixed_yen": 0}, 0),
    ],
)
def test_each_kind_of_rule_and_rounding(world: World, fields: dict[str, Any], expected: int) -> None:
    sku = world.sku("VBBSS-1Y-005")
    a_rule(world, sku=sku, **fields)
    assert yen(world, sku) == expected


def test_the_most_particular_rule_counts(world: World) -> None:
    sku, sister = world.sku("VBBSS-1Y-005"), world.sku("VBBSS-R1")
    a_rule(world, vendor=sku.product.vendor, per_mille=950)
    assert (yen(world, sku), yen(world, sister)) == (4940, 3800)
    a_rule(world, product=sku.product, per_mille=500)
    assert (yen(world, sku), yen(world, sister)) == (2600, 2000)
    a_rule(world, sku=sku, per_mille=1000)
    assert (yen(world, sku), yen(world, sister)) == (5200, 2000)
    assert yen(world, world.sku("ADOBE-CC")) == 88_200


def test_without_list_price_cost_or_rule_it_is_on_request(world: World) -> None:
    sku, unlisted = world.sku("VBBSS-1Y-005"), world.sku("ON-REQUEST")
    rule = a_rule(world, vendor=unlisted.product.vendor, kind="margin", per_mille=100)
    assert yen(world, unlisted) is None
    a_rule(world, sku=unlisted, kind="fixed", fixed_yen=9800)
    assert yen(world, unlisted) == 9800
    Cost.objects.filter(price__sku=sku).delete()
    rule.vendor = sku.product.vendor
    rule.save()
    assert yen(world, sku) is None
    a_company_price(world, sku=sku, fixed_yen=100)
    a_campaign(world, {"sku": sku, "fixed_yen": 100})
    assert yen(world, sku, company=world.hanako.company) is None
    SellingRule.objects.filter(store=world.elsat).delete()
    assert yen(world, sku) is None


def test_a_companys_price_takes_the_stores_place_for_that_company_while_it_runs(world: World) -> None:
    sku, aozora = world.sku("VBBSS-1Y-005"), world.hanako.company
    a_company_price(world, vendor=sku.product.vendor, per_mille_off=55, from_day=TODAY, to_day=date(2026, 6, 30))
    days = (date(2026, 5, 31), TODAY, date(2026, 6, 30), date(2026, 7, 1))
    assert [yen(world, sku, day, company=aozora) for day in days] == [4680, 4420, 4420, 4680]  # 4,422.6 by tens
    assert yen(world, sku) == yen(world, sku, company=world.taro.company) == 4680
    a_company_price(world, product=sku.product, per_mille_off=100, from_day=APRIL)
    assert yen(world, sku, company=aozora) == 4210
    a_company_price(world, product=sku.product, per_mille_off=200, from_day=TODAY)
    assert yen(world, sku, company=aozora) == 3740  # of two for the same the one that began last
    a_company_price(world, sku=sku, fixed_yen=5000)
    assert yen(world, sku, company=aozora) == 5000  # the most particular, though it is more
    assert prices.price(sku, store=world.elsat, day=TODAY, company=aozora).by == By.COMPANY


def test_the_lowest_campaign_counts_when_it_is_lower(world: World) -> None:
    sku, aozora = world.sku("VBBSS-1Y-005"), world.hanako.company
    a_campaign(world, {"vendor": sku.product.vendor, "per_mille_off": 100})
    assert [yen(world, sku, day) for day in (date(2026, 5, 31), TODAY, date(2026, 6, 30), date(2026, 7, 1))] == [
        4680, 4210, 4210, 4680,
    ]  # fmt: skip
    a_campaign(world, {"sku": sku, "fixed_yen": 4500})
    a_campaign(world, {"sku": sku, "per_mille_off": 900}, is_published=False)
    a_campaign(world, {"product": sku.product})  # only shown
    assert yen(world, sku) == 4210
    a_company_price(world, sku=sku, fixed_yen=4200)
    assert yen(world, sku, company=aozora) == 4200
    a_campaign(world, {"product": sku.product, "per_mille_off": 200})
    assert yen(world, sku, company=aozora) == 3740  # off the store's price, not off the company's
    assert prices.price(sku, store=world.elsat, day=TODAY, company=aozora).by == By.CAMPAIGN


def test_another_stores_rules_and_campaigns_do_not_count(world: World) -> None:
    sku = world.sku("VBBSS-1Y-005")
    SellingRule.objects.create(store=world.minato, sku=sku, per_mille=1)
    run = Campaign.objects.create(
        store=world.minato, code="c", title="割引", is_published=True, from_day=TODAY, to_day=TODAY
    )
    CampaignItem.objects.create(store=world.minato, campaign=run, sku=sku, fixed_yen=1)
    assert yen(world, sku) == 4680


def test_no_tax_and_a_temporary_rate(world: World) -> None:
    TaxRate.objects.bulk_create(TaxRate(from_day=date(2026, 6, n), percent=of) for n, of in ((1, 5), (2, 8), (3, 0)))
    sku = world.sku("VBBSS-1Y-005")
    days = [date(2026, 5, 31), *(date(2026, 6, n) for n in (1, 2, 3))]
    made = [prices.price(sku, store=world.elsat, day=day) for day in days]
    assert [(one.tax_percent, one.with_tax_yen) for one in made] == [(10, 5148), (5, 4914), (8, 5054), (0, 4680)]
    assert prices.price(sku, store=world.elsat, day=date(1989, 3, 31)).tax_percent == 0


def test_the_steps_say_all_that_led_to_it(world: World) -> None:
    sku = world.sku("VBBSS-1Y-005")
    made = prices.price(sku, store=world.elsat, day=TODAY, units=100, company=world.hanako.company)
    titles = ["価格表", "数量帯", "ストアの販売価格", "端数", "会社別価格", "キャンペーン", "税込"]
    steps = price_steps.steps(made)
    assert [step.title for step in steps] == titles
    assert [step.yen for step in steps] == [5200, 5200, None, 4680, None, None, 5148]


def test_the_serving_role_gets_a_margins_price_and_never_the_cost(world: World) -> None:
    sku = world.sku("VBBSS-1Y-005")
    theirs = SellingRule.objects.create(store=world.minato, sku=sku, kind="margin", per_mille=150)
    mine = a_rule(world, sku=sku, kind="margin", per_mille=150, round_to_yen=10, rounding="up")
    price = Price.objects.get(sku=sku)
    with scope.stores([world.elsat.pk]):
        assert yen(world, sku) == 4290
        assert [margin_yen(rule, price) for rule in (mine, theirs)] == [4290, None]
        for statement in ("SELECT * FROM catalog_cost", "UPDATE catalog_sellingrule SET per_mille = 0"):
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                run(statement)
    assert margin_yen(theirs, price) == 4282  # the platform sees all stores


def test_the_function_that_reads_costs_is_for_two_roles_and_finds_its_tables_alone(world: World) -> None:
    [(owner, definer, settings, grants)] = run(
        """SELECT proowner::regrole::text, prosecdef, proconfig, array_agg(DISTINCT grantee::regrole::text)
           FROM pg_proc, aclexplode(proacl) WHERE proname = 'catalog_margin_yen' GROUP BY 1, 2, 3"""
    )
    assert (owner, definer, settings) == ("app_owner", True, ["search_path=pg_catalog, pg_temp"])
    assert sorted(grants) == ["app_owner", "app_platform", "app_rw"]


def margin_yen(rule: SellingRule, price: Price) -> object:
    [(found,)] = run(f"SELECT catalog_margin_yen({rule.pk}, {price.pk})")
    return found


def run(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall()) if cursor.description else []
