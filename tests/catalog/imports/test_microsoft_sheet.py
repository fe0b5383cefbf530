"""Microsoft Partner Center's licence price sheet, with the columns as published."""

from typing import Any

from licenseonline.catalog.models import Cost, Price
from tests.catalog.imports import files
from tests.catalog.imports.importing import applied, checked, list_yen, outcomes, reasons, undo
from tests.world import World

HEAD = (
    "ProductTitle", "ProductId", "SkuId", "SkuTitle", "Publisher", "SkuDescription", "UnitOfMeasure", "TermDuration",
    "BillingPlan", "Market", "Currency", "UnitPrice", "PricingTierRangeMin", "PricingTierRangeMax", "EffectiveStartDate",
    "EffectiveEndDate", "Tags", "ERP Price", "Segment",
)  # fmt: skip
PLAIN = {
    "ProductTitle": "Microsoft 365 Business Premium", "ProductId": "CFQ7TTC0LCHC", "SkuId": "0002",
    "SkuTitle": "Microsoft 365 Business Premium", "Publisher": "Microsoft Corporation", "SkuDescription": "For business.",
    "UnitOfMeasure": "1 user", "TermDuration": "P1Y", "BillingPlan": "Annual", "Market": "JP", "Currency": "JPY",
    "UnitPrice": "31660.8", "PricingTierRangeMin": "", "PricingTierRangeMax": "",
    "EffectiveStartDate": "11/1/2026 12:00:00 AM", "EffectiveEndDate": "12/31/9999 11:59:59 PM", "Tags": "",
    "ERP Price": "39576.0", "Segment": "Commercial",
}  # fmt: skip
MODEL = "CFQ7TTC0LCHC:0002:P1Y:Annual:Commercial"


def sheet(*rows: dict[str, Any]) -> str:
    return files.table(*([{**PLAIN, **row}[name] for name in HEAD] for row in rows), head=HEAD)


def said(**changed: Any) -> dict[str, Any]:
    return changed


def test_a_sheet_as_published(world: World) -> None:
    made = applied(
        world, sheet({}, said(TermDuration="P1M", BillingPlan="Monthly"), said(Segment="Education", Tags="A;B"))
    )
    assert (made.format, made.state, made.counts) == ("microsoft", "applied", {"new": 3})
    sku = world.sku(MODEL)
    assert sku.product.code == "CFQ7TTC0LCHC:0002"
    assert (sku.product.name, sku.unit, sku.term_months, sku.billing) == (
        "Microsoft 365 Business Premium",
        "user",
        12,
        "yearly",
    )
    assert (sku.program, sku.delivery, sku.is_cloud, sku.papers) == ("corporate", "portal", True, [])
    assert list_yen(MODEL) == 39576
    assert Cost.objects.get(price__sku=sku).cost_yen == 31661, "a cost is rounded up to whole yen"
    monthly, school = (
        world.sku("CFQ7TTC0LCHC:0002:P1M:Monthly:Commercial"),
        world.sku("CFQ7TTC0LCHC:0002:P1Y:Annual:Education"),
    )
    assert (monthly.term_months, monthly.billing, monthly.product_id) == (1, "monthly", sku.product_id)
    assert (school.program, school.papers) == ("academic", ["academic_proof"])


def test_charity_and_government_and_three_years(world: World) -> None:
    applied(
        world, sheet(said(Segment="Charity"), said(Segment="Government", TermDuration="P3Y", BillingPlan="Triennial"))
    )
    charity, government = world.sku(f"{MODEL[:-10]}Charity"), world.sku("CFQ7TTC0LCHC:0002:P3Y:Triennial:Government")
    assert (charity.program, charity.papers) == ("corporate", ["application_form"])
    assert (government.program, government.term_months, government.billing) == ("government", 36, "once")


def test_tiers_are_bands(world: World) -> None:
    tiers = [
        said(PricingTierRangeMin="1", PricingTierRangeMax="299"),
        said(**{"PricingTierRangeMin": "300", "PricingTierRangeMax": "", "ERP Price": "35000"}),
    ]
    applied(world, sheet(*tiers))
    assert list(Price.objects.filter(sku=world.sku(MODEL)).order_by("band_from").values_list("band_from", "list_yen")) == [
        (1, 39576), (300, 35000),
    ]  # fmt: skip
    broken = checked(world, sheet(tiers[0], {**tiers[1], "PricingTierRangeMin": "400"}))
    assert "数量帯がつながっていません" in reasons(broken)[3]


def test_other_markets_are_skipped_and_counted(world: World) -> None:
    made = checked(world, sheet({}, said(Market="US", Currency="USD"), said(Market="JP", Currency="USD")))
    assert made.counts == {"new": 1, "other_market": 2}
    assert made.problem == "日本（JP・JPY）以外の 2行は読み飛ばしました。"
    none = checked(world, sheet(said(Market="US", Currency="USD")))
    assert (none.state, "取り込む行がありません" in none.problem) == ("broken", True)


def test_of_several_prices_the_one_that_holds_on_the_first_day_counts(world: World) -> None:
    early = said(**{"EffectiveStartDate": "1/1/2026", "EffectiveEndDate": "10/31/2026", "ERP Price": "1"})
    late = said(**{"EffectiveStartDate": "1/1/2099", "ERP Price": "2"})
    made = checked(world, sheet(early, {}, late))
    assert (outcomes(made), made.counts) == ([(3, MODEL, "new")], {"new": 1, "other_days": 2})
    assert made.rows.get().list_yen == 39576


def test_rows_that_cannot_be_taken(world: World) -> None:
    made = checked(
        world,
        sheet(
            said(ProductId=""), said(Segment="Moon"), said(TermDuration="P9D"), said(BillingPlan=""), said(EffectiveStartDate="soon"),
            {**PLAIN, "ERP Price": "39576.5", "SkuId": "3"}, {**PLAIN, "ERP Price": "", "SkuId": "4"}, {**PLAIN, "UnitPrice": "-1", "SkuId": "5"},
        ),
    )  # fmt: skip
    assert made.counts == {"refused": 8}
    found = list(reasons(made).values())
    assert "ProductId または SkuId がありません" in found[0]
    assert "Segment の値を取り込めません：Moon" in found[1]
    assert "TermDuration の値を取り込めません：P9D" in found[2]
    assert "BillingPlan の値を取り込めません：（空）" in found[3]
    assert "日付として読めません：soon" in found[4]
    assert "1円未満の端数" in found[5]
    assert "定価がありません" in found[6]
    assert "仕切価格がマイナス" in found[7]


def test_next_months_sheet_changes_prices_and_can_be_undone(world: World) -> None:
    applied(world, sheet({}))
    made = applied(world, sheet({**PLAIN, "ERP Price": "42000"}), is_complete=False)
    assert made.counts == {"changed": 1}
    assert list_yen(MODEL) == 42000
    undo(world, made)
    assert list_yen(MODEL) == 39576
