"""Search finds a product and a model number however they are typed, and only what the store sells."""

import pytest

from licenseonline.catalog import search
from licenseonline.catalog.models import EVER_SINCE, Sku
from tests.world import World

NAMES = [
    "ウイルスバスター", "ウィルスバスター", "ウイルスバスタ", "ういるすばすたー", "ｳｲﾙｽﾊﾞｽﾀｰ", "ｳｨﾙｽﾊﾞｽﾀｰ", "virus buster",
    "ＶＩＲＵＳ　ＢＵＳＴＥＲ", "トレンドマイクロ ビジネスセキュリティ", "ビジネス・セキュリティ",
]  # fmt: skip
MODELS = [
    "VBBSS-1Y-005", "vbbss-1y-005", "VBBSS1Y005", "ＶＢＢＳＳ－１Ｙ－００５", "ｖｂｂｓｓ１ｙ００５", "VBBSS‐1Y‐005",
    "VBBSS−1Y−005", "VBBSSー1Yー005", "VBBSS 1Y 005", " vbbss_1y_005 ", "VBBSS/1Y.005", "V-B-B-S-S-1-Y-0-0-5",
]  # fmt: skip


@pytest.mark.parametrize("query", NAMES)
def test_any_spelling_of_a_name_finds_it(world: World, query: str) -> None:
    assert [product.code for product in search.products(query, store_id=87465).products] == ["vbbss"]


@pytest.mark.parametrize("query", MODELS)
def test_any_spelling_of_a_model_number_finds_its_sku(world: World, query: str) -> None:
    found = search.products(query, store_id=87465)
    assert [product.code for product in found.exact] == ["vbbss"]
    [sku] = search.matching_skus(query, found.exact, store_id=87465).values()
    assert sku.model_number == "VBBSS-1Y-005"


@pytest.mark.parametrize("query", ["VBBSS-1Y", "vbbss1", "ＶＢＢＳＳ"])
def test_the_beginning_of_a_model_number_is_enough(world: World, query: str) -> None:
    found = search.products(query, store_id=87465)
    assert ([product.code for product in found.products], found.exact) == (["vbbss"], [])


@pytest.mark.parametrize("query", ["VBBSS-1Y-999", "1Y-005-VBBSS", "ウイルスバスター Creative", "バスターウイルス"])
def test_what_has_not_all_of_it_is_not_found(world: World, query: str) -> None:
    assert search.products(query, store_id=87465).products == []


@pytest.mark.parametrize(("query", "at_elsat", "at_minato"), [("HIDDEN-1", [], []), ("ADOBE-CC", ["creative"], [])])
def test_only_what_the_store_sells_is_found(
    world: World, query: str, at_elsat: list[str], at_minato: list[str]
) -> None:
    for store_id, expected in ((87465, at_elsat), (193808, at_minato)):
        assert [product.code for product in search.products(query, store_id=store_id).products] == expected


def test_a_model_number_that_is_no_longer_on_sale_is_not_the_exact_one(world: World) -> None:
    Sku.objects.filter(model_number="VBBSS-R1").update(sale_to=EVER_SINCE)
    found = search.products("VBBSS-R1", store_id=87465)
    assert found.exact == []
    assert search.matching_skus("VBBSS-R1", found.products, store_id=87465) == {}
