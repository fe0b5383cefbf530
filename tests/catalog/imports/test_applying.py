"""What an import does to the catalogue, at once or at a date, and that undoing gives it back."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine

from licenseonline.catalog import prices, search
from licenseonline.catalog.imports import applying, new_skus, price_imports
from licenseonline.catalog.models import EVER_SINCE, FOR_EVER, Cost, Price, PriceImport, PriceList, Product, Sku
from licenseonline.kit import clock
from licenseonline.kit.errors import Refused
from tests.catalog.imports import files
from tests.catalog.imports.importing import (
    applied,
    apply,
    catalogue,
    checked,
    list_yen,
    outcomes,
    undo,
)
from tests.jobs import run_jobs
from tests.world import World

CHANGED = ("VBBSS-1Y-005", "", "", "￥5,500", "3,800", "", "")
SAME = ("VBBSS-R1", "", "", "4000", "2800", "", "")
NEW = ("VBBSS-NEW-1", "ウイルスバスター ビジネスセキュリティサービス", "VBBSS 新しい型番", "6000円", "", "追加", "２年")
OTHER = ("XDR-1", "Vision One ①～", "", "12000", "9000", "新規", "永続")
BANDS = ("型番", "製品名", "定価", "仕切", "数量帯", "数量(まで)")


def test_a_list_changes_prices_and_adds_skus(world: World) -> None:
    made = checked(world, files.table(CHANGED, SAME, NEW, OTHER))
    assert (made.state, made.problem) == ("checked", "")
    assert [outcome for _line, _model, outcome in outcomes(made)] == ["changed", "same", "new", "new"]
    assert made.counts == {"changed": 1, "same": 1, "new": 2}
    made = apply(world, made)
    assert (made.state, made.applied_by) == ("applied", world.operator)
    assert (list_yen("VBBSS-1Y-005"), list_yen("VBBSS-NEW-1")) == (5500, 6000)
    sku = world.sku("VBBSS-NEW-1")
    assert (sku.product.code, sku.name, sku.purchase_type, sku.term_months) == ("vbbss", NEW[2], "additional", 24)
    assert world.sku("XDR-1").product.name == "Vision One ①～"
    assert Cost.objects.get(price__price_list=made.price_list, price__sku=world.sku("VBBSS-1Y-005")).cost_yen == 3800


def test_the_preview_has_old_and_new_prices(world: World) -> None:
    row = checked(world, files.table(CHANGED)).rows.get()
    assert (row.old_list_yen, row.list_yen, row.old_cost_yen, row.cost_yen) == (5200, 5500, 3640, 3800)


def test_a_price_that_stays_needs_no_row_in_the_new_list(world: World) -> None:
    made = applied(world, files.table(CHANGED, SAME))
    assert list(Price.objects.filter(price_list=made.price_list).values_list("sku__model_number", flat=True)) == [
        CHANGED[0]
    ]
    assert list_yen("VBBSS-R1") == 4000


def test_the_same_file_again_changes_nothing(world: World) -> None:
    applied(world, files.table(CHANGED, NEW, OTHER))
    assert checked(world, files.table(CHANGED, NEW, OTHER)).counts == {"same": 3}


def test_a_file_without_costs_leaves_them(world: World) -> None:
    made = applied(world, "型番,定価\r\nVBBSS-1Y-005,5500\r\n")
    assert Cost.objects.get(price__price_list=made.price_list).cost_yen == 3640


def test_new_skus_are_found_at_once_and_sold_at_the_stores_price(world: World) -> None:
    applied(world, files.table(OTHER, NEW))
    [product] = search.products("vision one", store_id=world.elsat.pk).products
    assert product.name == "Vision One ①～"
    assert search.products("VBBSSNEW1", store_id=world.elsat.pk).products[0].code == "vbbss"
    offer = prices.offers_of({world.sku("XDR-1").pk: 1}, store=world.elsat, day=clock.today())[world.sku("XDR-1").pk]
    assert offer.unit_yen == 10800


def test_a_product_that_has_a_name_only_is_found_again_by_the_next_file(world: World) -> None:
    applied(world, files.table(OTHER))
    applied(world, files.table(("XDR-2", OTHER[1], "", "1", "", "", "")))
    assert world.sku("XDR-1").product_id == world.sku("XDR-2").product_id
    Product.objects.filter(pk=world.sku("XDR-1").product_id).update(name="トレンドの名前")
    applied(world, files.table(("XDR-3", OTHER[1], "", "1", "", "", "")))
    assert world.sku("XDR-3").product_id == world.sku("XDR-1").product_id


def test_names_that_differ_are_written_and_found(world: World) -> None:
    made = applied(world, files.table(("VBBSS-R1", "", "サブマリン更新", "4000", "2800", "", "")))
    assert made.counts == {"same": 1}
    assert world.sku("VBBSS-R1").name == "サブマリン更新"
    assert search.products("サブマリン", store_id=world.elsat.pk).products[0].code == "vbbss"


def test_a_complete_list_ends_what_it_does_not_name(world: World) -> None:
    before = catalogue()
    made = applied(world, files.table(CHANGED, SAME), is_complete=True)
    assert [(model, outcome) for _line, model, outcome in outcomes(made)][2:] == [
        ("VBBSS-1Y-025", "ended"),
        ("TREND-ACA", "ended"),
    ]
    assert world.sku("TREND-ACA").sale_to == clock.today() - timedelta(days=1)
    assert world.sku("ADOBE-CC").sale_to == FOR_EVER
    undo(world, made)
    assert catalogue()["Sku"] == before["Sku"]


def test_what_is_named_again_is_sold_again(world: World) -> None:
    Sku.objects.filter(model_number="VBBSS-R1").update(sale_from=date(2026, 4, 1), sale_to=date(2026, 4, 2))
    before = catalogue()
    made = applied(world, files.table(SAME))
    assert [outcome for _line, _model, outcome in outcomes(made)] == ["reopened"]
    sku = world.sku("VBBSS-R1")
    assert (sku.sale_from, sku.sale_to) == (clock.today(), FOR_EVER)
    undo(world, made)
    assert catalogue()["Sku"] == before["Sku"]


def test_a_last_day_of_sale_is_written_and_taken_back(world: World) -> None:
    before = catalogue()
    made = applied(world, f"型番,定価,販売終了日\r\nVBBSS-R1,4000,{clock.today() + timedelta(days=9):%Y/%m/%d}\r\n")
    assert world.sku("VBBSS-R1").sale_to == clock.today() + timedelta(days=9)
    undo(world, made)
    assert catalogue()["Sku"] == before["Sku"]


def test_bands(world: World) -> None:
    """One model number with several bands has them in its prices; one with a single band has it of its own."""
    rows = [
        ("B-1", "製品", 100, 50, 1, 9),
        ("B-1", "製品", 90, 40, 10, 49),
        ("B-1", "製品", 80, "", 50, ""),
        ("B-2", "製品", 70, "", 5, 24),
    ]
    made = applied(world, files.table(*rows, head=BANDS))
    assert list(Price.objects.filter(sku__model_number="B-1").order_by("band_from").values_list("band_from", "list_yen")) == [
        (1, 100), (10, 90), (50, 80),
    ]  # fmt: skip
    assert [(sku.band_from, sku.band_to) for sku in (world.sku("B-1"), world.sku("B-2"))] == [(None, None), (5, 24)]
    assert checked(world, files.table(*rows, head=BANDS)).counts == {"same": 4}
    rows[1] = ("B-1", "製品", 91, 40, 10, 49)
    changed = applied(world, files.table(*rows, head=BANDS))
    assert changed.counts == {"same": 3, "changed": 1}
    assert Price.objects.filter(price_list=changed.price_list).count() == 3, "the list that counts has all bands"
    assert applied(world, files.table(*rows[:2], head=BANDS)).counts == {"changed": 2}, "a band less is a change"
    assert made.price_list_id


def test_a_price_of_a_list_that_ends_goes_on_in_the_new_one(world: World) -> None:
    PriceList.objects.update(to_day=clock.today() + timedelta(days=30))
    made = applied(world, files.table(SAME))
    assert made.counts == {"same": 1}
    assert Price.objects.filter(price_list=made.price_list).count() == 1


def test_at_a_date_prices_and_skus_change_on_that_day(world: World) -> None:
    day = clock.today() + timedelta(days=10)
    made = applied(world, files.table(CHANGED, OTHER), from_day=day, is_complete=True)
    sku = world.sku("VBBSS-1Y-005")
    with time_machine.travel(clock.end_of_day(day - timedelta(days=1)) - timedelta(minutes=1), tick=False):
        assert _unit(world, sku) == 4680
        assert not Sku.objects.public(world.elsat.pk).filter(model_number="XDR-1").exists()
        assert Sku.objects.public(world.elsat.pk).filter(model_number="TREND-ACA").exists()
    with time_machine.travel(clock.end_of_day(day - timedelta(days=1)), tick=False):
        assert _unit(world, sku) == 4950
        assert Sku.objects.public(world.elsat.pk).filter(model_number="XDR-1").exists()
        assert not Sku.objects.public(world.elsat.pk).filter(model_number="TREND-ACA").exists()
    undo(world, made)
    with time_machine.travel(clock.end_of_day(day), tick=False):
        assert _unit(world, sku) == 4680


def _unit(world: World, sku: Sku) -> int | None:
    return prices.offers_of({sku.pk: 1}, store=world.elsat, day=clock.today())[sku.pk].unit_yen


def test_a_first_day_that_has_passed_becomes_today(world: World) -> None:
    made = checked(world, files.table(CHANGED))
    with time_machine.travel(clock.now() + timedelta(days=3), tick=False):
        made = apply(world, made)
        assert (made.state, made.from_day) == ("applied", clock.today())


def test_undo_gives_back_all_but_what_it_keeps_closed(world: World) -> None:
    """What stays: the list, withdrawn, with its prices; new products and SKUs, never on sale."""
    before = catalogue()
    rename = ("VBBSS-R1", "", "別の名前", "4100", "2800", "", "")
    made = applied(world, files.table(CHANGED, rename, NEW, OTHER), is_complete=True)
    assert catalogue() != before
    made = PriceImport.objects.get(pk=made.pk)
    undo(world, made)
    after, known = catalogue(), {table: {row.get("id") for row in rows} for table, rows in before.items()}
    left = {
        table: [row for row in rows if table != "Cost" and row["id"] not in known[table]]
        for table, rows in after.items()
    }
    assert {sku["sale_to"] for sku in left["Sku"]} == {EVER_SINCE}
    assert [row["withdrawn_at"] is not None for row in left["PriceList"]] == [True]
    assert {row["price_list_id"] for row in left["Price"]} == {made.price_list_id}
    for table in ("Sku", "PriceList", "Price"):
        assert [row for row in after[table] if row["id"] in known[table]] == before[table]
    searched = {"search_vector", "folded_text"}  # a new SKU of an old product stays findable to the desk
    assert [_without(row, searched) for row in after["Product"] if row["id"] in known["Product"]] == [
        _without(row, searched) for row in before["Product"]
    ]
    assert list_yen("VBBSS-1Y-005") == 5200
    assert not Sku.objects.public(world.elsat.pk).filter(model_number__in=[NEW[0], OTHER[0]]).exists()


def _without(row: dict[str, Any], names: set[str]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in names}


def test_what_was_undone_can_be_imported_again(world: World) -> None:
    made = applied(world, files.table(OTHER))
    undo(world, made)
    again = applied(world, files.table(OTHER))
    assert again.counts == {"reopened": 1}
    assert Sku.objects.public(world.elsat.pk).filter(model_number=OTHER[0]).exists()
    assert list_yen(OTHER[0]) == 12000


def test_undo_leaves_what_was_changed_by_hand_since(world: World) -> None:
    made = applied(world, files.table(("VBBSS-R1", "", "別の名前", "4000", "2800", "", "")))
    Sku.objects.filter(model_number="VBBSS-R1").update(name="窓口の名前")
    undo(world, made)
    assert world.sku("VBBSS-R1").name == "窓口の名前"


def test_imports_are_undone_in_the_reverse_order(world: World) -> None:
    first = applied(world, files.table(CHANGED))
    second = applied(world, files.table(("VBBSS-1Y-005", "", "", "6000", "", "", "")))
    with pytest.raises(Refused, match="新しいものから順に") as refusal:
        price_imports.undo(first, by=world.operator)
    assert refusal.value.code == "later"
    undo(world, second)
    undo(world, first)
    assert list_yen("VBBSS-1Y-005") == 5200


def test_what_changed_since_the_check_is_checked_again(world: World) -> None:
    slow = checked(world, files.table(CHANGED, OTHER))
    applied(world, files.table(("VBBSS-1Y-005", "", "", "9999", "", "", ""), OTHER))
    slow = apply(world, slow)
    assert slow.state == "checked"
    assert "もう一度確認しました" in slow.problem
    assert [outcome for _line, _model, outcome in outcomes(slow)] == ["changed", "same"]
    assert slow.rows.get(line=2).old_list_yen == 9999
    assert apply(world, slow).state == "applied"
    assert list_yen("VBBSS-1Y-005") == 5500


def test_a_sku_registered_since_a_complete_list_was_checked_is_looked_at(world: World) -> None:
    made = checked(world, files.table(SAME), is_complete=True)
    Sku.objects.create(product=world.sku("VBBSS-R1").product, model_number="HAND-1", folded_model="hand1", name="手")
    made = apply(world, made)
    assert made.state == "checked"
    assert ("HAND-1", "ended") in [(model, outcome) for _line, model, outcome in outcomes(made)]


def test_whatever_fails_while_applying_leaves_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    before, made = catalogue(), checked(world, files.table(CHANGED, NEW, OTHER), is_complete=True)

    def fail(products: set[int]) -> None:
        if not products:
            message = "out of order"
            raise RuntimeError(message)

    monkeypatch.setattr(new_skus, "index_products", fail)
    price_imports.apply(made, by=world.operator)
    with pytest.raises(RuntimeError, match="out of order"):
        price_imports.apply_job(made.pk)
    made = PriceImport.objects.get(pk=made.pk)
    assert (made.state, made.price_list) == ("checked", None)
    assert "何も変わっていません" in made.problem
    assert catalogue() == before
    assert applying.LOCK
    run_jobs()
    assert catalogue() == before, "the job that is taken up again finds nothing to do"


def test_a_worker_that_dies_while_undoing_leaves_it_all_and_the_job_is_taken_up_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = applied(world, files.table(CHANGED))
    price_imports.undo(made, by=world.operator)
    with monkeypatch.context() as broken:
        broken.setattr(new_skus, "index_products", _die)
        with pytest.raises(SystemExit):
            price_imports.undo_job(made.pk)
    assert PriceImport.objects.get(pk=made.pk).state == "undoing"
    assert list_yen("VBBSS-1Y-005") == 5500
    run_jobs()
    assert PriceImport.objects.get(pk=made.pk).state == "undone"
    assert list_yen("VBBSS-1Y-005") == 5200


def test_a_later_import_that_comes_between_stops_the_undo(world: World) -> None:
    first, later = (
        applied(world, files.table(CHANGED)),
        checked(world, files.table(("VBBSS-1Y-025", "", "", "6000", "", "", ""))),
    )
    price_imports.undo(first, by=world.operator)
    price_imports.apply(later, by=world.operator)
    price_imports.apply_job(later.pk)
    price_imports.undo_job(first.pk)
    found = PriceImport.objects.get(pk=first.pk)
    assert (found.state, found.undone_by) == ("applied", None)
    assert "新しいものから順に" in found.problem


def _die(_products: object) -> None:
    raise SystemExit
