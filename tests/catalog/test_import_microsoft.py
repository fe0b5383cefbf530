"""Microsoft's product list, as published: 569 products, whose names do not tell them apart."""

import csv
import io
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from licenseonline.catalog import prices, search
from licenseonline.catalog.imports import microsoft
from licenseonline.catalog.models import Product, Sku, StoreListing, Vendor
from licenseonline.kit import clock
from licenseonline.kit.errors import Refused
from tests.world import World

REAL = Path(__file__).parent / "data" / "microsoft-products.csv"
HEAD = "product_name,string_id,guid,included_services\r\n"
ONE = "AI Builder,CDSAI,d2dea78b-507c-4e56-b400-39447f4738f8,Exchange Foundation\r\n"
OTHER = "App Connect IW,SPZA_IW,8f0c5670-4e56-4892-b06d-91c085d7004f,APP CONNECT\r\n"


def run(content: str | bytes) -> microsoft.Report:
    return microsoft.import_products(io.BytesIO(content.encode() if isinstance(content, str) else content))


def products() -> int:
    return Product.objects.filter(vendor__code=microsoft.VENDOR).count()


def sell(world: World) -> None:
    vendor = Vendor.objects.get(code=microsoft.VENDOR)
    StoreListing.objects.create(store=world.elsat, vendor=vendor, offer=StoreListing.Offer.PRICED)


def test_the_real_list_comes_in_whole_and_once(world: World) -> None:
    assert run(REAL.read_bytes()) == microsoft.Report(created=569)
    names = Counter(Product.objects.filter(vendor__code=microsoft.VENDOR).values_list("name", flat=True))
    assert sum(count == 2 for count in names.values()) == 14
    assert Sku.objects.filter(product__vendor__code=microsoft.VENDOR).count() == 569
    assert run(REAL.read_bytes()) == microsoft.Report(unchanged=569)


def test_products_are_told_apart_by_their_guid(world: World) -> None:
    run(REAL.read_bytes())
    with REAL.open(encoding="utf-8", newline="") as file:
        guids = {row["guid"].strip().lower() for row in csv.DictReader(file)}
    assert set(Product.objects.filter(vendor__code=microsoft.VENDOR).values_list("code", flat=True)) == guids


def test_a_store_that_sells_the_vendor_sells_them_on_request_only(world: World) -> None:
    run(REAL.read_bytes())
    sell(world)
    sold = Sku.objects.public(world.elsat.pk).filter(model_number="SPZA_IW")
    [offer] = prices.offers(sold, store=world.elsat, day=clock.today())
    assert offer.unit_yen is None
    with pytest.raises(Refused) as refusal:
        prices.priced(offer)
    assert refusal.value.code == "on_request"


@pytest.mark.parametrize("query", ["visio plan 2", "ＶＩＳＩＯ　Plan２", "マイクロソフト visio plan 2"])
def test_search_finds_them(world: World, query: str) -> None:
    run(REAL.read_bytes())
    sell(world)
    found = search.products(query, store_id=world.elsat.pk).products
    assert [product.name for product in found[:2]] == ["Visio Plan 2", "Visio Plan 2"]


def test_search_finds_one_by_its_string_id_first(world: World) -> None:
    run(REAL.read_bytes())
    sell(world)
    assert search.products("spza-iw", store_id=world.elsat.pk).products[0].name == "App Connect IW"


def test_search_finds_them_by_an_included_service(world: World) -> None:
    run(HEAD + ONE)
    sell(world)
    assert search.products("exchange foundation", store_id=world.elsat.pk).products[0].name == "AI Builder"
    assert "Exchange Foundation" in Product.objects.get(name="AI Builder").description


def test_a_string_id_of_two_products_gives_two_model_numbers(world: World) -> None:
    run(REAL.read_bytes())
    assert set(
        Sku.objects.filter(product__name__contains="PSTN", model_number__startswith="MCOPSTN5-").values_list(
            "model_number", flat=True
        )
    ) == {
        "MCOPSTN5-d43177b5",
        "MCOPSTN5-54a152dc",
    }


def test_a_string_id_that_another_vendor_uses_as_model_number_gets_the_guid(world: World) -> None:
    run(HEAD + ONE.replace("CDSAI", "ADOBE_CC"))
    assert Sku.objects.get(product__name="AI Builder").model_number == "ADOBE_CC-d2dea78b"


def test_a_long_string_id_fits(world: World) -> None:
    run(HEAD + ONE.replace("CDSAI", "X" * 103))
    assert Sku.objects.get(product__name="AI Builder").model_number == "X" * 71 + "-d2dea78b"


def test_a_model_number_stays_when_a_second_product_gets_the_same_string_id(world: World) -> None:
    run(HEAD + ONE)
    assert run(HEAD + ONE + OTHER.replace("SPZA_IW", "CDSAI")) == microsoft.Report(created=1, unchanged=1)
    assert Sku.objects.get(product__name="AI Builder").model_number == "CDSAI"
    assert Sku.objects.get(product__name="App Connect IW").model_number == "CDSAI-8f0c5670"


def test_a_renamed_product_is_the_same_product(world: World) -> None:
    run(HEAD + ONE + OTHER)
    before = Product.objects.get(name="AI Builder").pk
    assert run(HEAD + ONE.replace("AI Builder", "AI Builder 2") + OTHER) == microsoft.Report(updated=1, unchanged=1)
    assert Product.objects.get(name="AI Builder 2").pk == before
    sell(world)
    assert search.products("AI Builder 2", store_id=world.elsat.pk).products[0].pk == before


def test_a_string_id_may_move_to_a_new_product(world: World) -> None:
    run(HEAD + ONE)
    report = run(HEAD + ONE.replace("CDSAI", "NEW") + OTHER.replace("SPZA_IW", "CDSAI"))
    assert report == microsoft.Report(created=1, updated=1)
    assert Sku.objects.get(product__name="App Connect IW").model_number == "CDSAI"


def test_products_that_a_later_file_leaves_out_stay(world: World) -> None:
    run(HEAD + ONE + OTHER)
    assert run(HEAD + OTHER) == microsoft.Report(unchanged=1)
    assert products() == 2


def test_white_space_and_case_of_a_guid_do_not_make_another_product(world: World) -> None:
    run(HEAD + ONE)
    guid = "d2dea78b-507c-4e56-b400-39447f4738f8"
    assert run(HEAD + ONE.replace(guid, f"{guid.upper()}\u00a0")) == microsoft.Report(unchanged=1)


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        ("product_name,string_id,included_services\r\n", 1, "guid"),
        ("", 1, "列がありません"),
        (HEAD + ONE + OTHER.replace("8f0c5670", "8f0c567"), 3, "guid の形式"),
        (HEAD + ONE + ONE, 3, "2 行目と同じ"),
        (HEAD + ONE + "App Connect IW,SPZA_IW\r\n", 3, "列の数"),
        (HEAD + ONE + OTHER.replace("\r\n", ",more\r\n"), 3, "列の数"),
        (HEAD + ONE + OTHER.replace("App Connect IW", ""), 3, "product_name"),
        (HEAD + ONE + OTHER.replace("App Connect IW", "x" * 201), 3, "product_name"),
        (HEAD + ONE + OTHER.replace("SPZA_IW", " "), 3, "string_id"),
        (HEAD + ONE + OTHER.replace("App Connect IW", '"App'), 3, "CSV"),
        ((HEAD + ONE).encode() + "製品".encode("cp932") + b",A,B,C\r\n", 3, "UTF-8"),
        ((HEAD + ONE).encode("utf-16"), 1, "UTF-8"),
    ],
)  # fmt: skip
def test_a_broken_file_changes_nothing_and_says_where(
    world: World, content: str | bytes, line: int, reason: str
) -> None:
    report = run(content)
    assert [fault.line for fault in report.refused] == [line]
    assert reason in report.refused[0].reason
    assert (report.created, report.updated, report.unchanged, products()) == (0, 0, 0, 0)


def test_every_fault_of_a_file_is_told(world: World) -> None:
    report = run(HEAD + ONE.replace("d2dea78b", "x") + OTHER.replace("App Connect IW", ""))
    assert [fault.line for fault in report.refused] == [2, 3]


def test_the_command_says_what_it_did(world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("import_microsoft", str(REAL))
    assert "新規 569 件、更新 0 件、変更なし 0 件" in capsys.readouterr().out


@pytest.mark.parametrize("make", [Path.exists, lambda path: path.write_text(HEAD + ONE + "x,y,z,w\r\n")])
def test_the_command_fails_for_a_broken_or_missing_file(
    world: World, tmp_path: Path, make: Callable[[Path], object]
) -> None:
    path = tmp_path / "products.csv"
    make(path)
    with pytest.raises(CommandError, match=r"開けません|3 行目"):
        call_command("import_microsoft", str(path))
    assert products() == 0
