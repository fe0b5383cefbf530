"""The ways of a search lead to the same products: by the index, by levels of popularity, or down the popularity."""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction

from licenseonline.catalog import frequencies, known, search, search_words, ways
from licenseonline.catalog.frequencies import LEVELS, Frequencies
from licenseonline.catalog.models import Product, Sku, StoreListing
from licenseonline.catalog.ranking import Narrowed, Place
from licenseonline.kit import sql
from tests import environment
from tests.world import World

RANKED = 30


@pytest.fixture
def many(world: World) -> World:
    """80 products with a word in common, the least popular of them with it in their vendor's other words only."""
    vendor = Product.objects.get(code="vbbss").vendor
    for n in range(80):
        name = f"共通語の製品{n}" if n % 2 else f"製品{n}"
        product = Product.objects.create(
            vendor=vendor, code=f"many-{n}", name=name, aliases="共通語", popularity=(n * 37) % 80
        )
        Sku.objects.create(product=product, model_number=f"MANY-{n}", folded_model=f"many{n}", name="")
    search.index(Product.objects.filter(code__startswith="many-"))
    return world


def statistics(share: float, products: int = 100_000) -> Frequencies:
    """As if so many products had the word, a tenth of them with a popularity of 40 (level 22) or more."""
    levels = [1.0] * 20 + [0.1] * 3 + [0.0] * (LEVELS - 23)
    return Frequencies(products, sorted([("共通", share), ("通語", share)]), {}, levels)


def pages(query: str, store_id: int) -> list[str]:
    found: list[str] = []
    after: Place | None = None
    while True:
        page = search.products(query, store_id=store_id, after=after)
        found += [product.code for product in page.products]
        if not (after := page.last):
            return found


@pytest.mark.parametrize("share", [0.0, 0.05, 1.0])
def test_the_most_popular_are_ranked_by_any_way(many: World, monkeypatch: pytest.MonkeyPatch, share: float) -> None:
    expected = pages("共通語", 87465)
    assert len(expected) == len(set(expected)) == 80
    monkeypatch.setattr(ways, "RANKED", RANKED)
    monkeypatch.setattr(frequencies, "now", lambda: statistics(share))
    asked = search_words.asked("共通語", store_id=87465)
    way = ways.way(asked, "")
    assert (way.is_part, way.walks) == {0.0: (False, False), 0.05: (True, False), 1.0: (False, True)}[share]
    found = pages("共通語", 87465)
    if share == 0.0:
        assert found == expected
    else:
        popular = set(Product.objects.filter(code__startswith="many-").order_by("-popularity")[:RANKED])
        assert set(found) >= {product.code for product in popular}
        assert [code for code in expected if code in found] == found


@pytest.mark.parametrize("sells_little", [False, True])
def test_what_has_it_in_the_name_is_enough_when_there_is_much(
    many: World, monkeypatch: pytest.MonkeyPatch, *, sells_little: bool
) -> None:
    if sells_little:
        StoreListing.objects.filter(store=87465).exclude(vendor__code="trend").delete()
    named = [one.code for one in sorted(_many(), key=lambda one: (-one.popularity, one.pk)) if "共通語" in one.name]
    assert set(pages("通語", 87465)) > set(named)
    monkeypatch.setattr(ways, "RANKED", RANKED)
    monkeypatch.setattr(frequencies, "now", lambda: statistics(0.5, 8000))
    first = next(ways.ways(search_words.asked("通語", store_id=87465), "", names=True))
    assert (first.by_name, first.has_vendors) == (True, sells_little)
    assert pages("通語", 87465) == named[:RANKED]
    longest = Product.objects.get(code=named[0])
    longest.name = "共通語" + "".join(chr(0x4E00 + n) for n in range(197))  # its words are too long for the index
    longest.save()
    search.index([longest])
    assert pages("通語", 87465) == named[:RANKED]


def test_what_few_have_in_the_name_is_found_wherever_it_is(many: World, monkeypatch: pytest.MonkeyPatch) -> None:
    Product.objects.filter(code__startswith="many-").update(aliases="共通語 別格")
    search.index(_many())
    monkeypatch.setattr(frequencies, "now", lambda: replace(statistics(0.5, 8000), words=[("別格", 0.5)]))
    asked = search_words.asked("別格", store_id=87465)
    assert next(ways.ways(asked, "", names=True)).by_name
    assert len(pages("別格", 87465)) == 80
    assert not next(ways.ways(search_words.asked("別格", store_id=87465), "", names=True)).by_name  # it is known now


def _many() -> list[Product]:
    return list(Product.objects.filter(code__startswith="many-"))


def test_what_is_less_frequent_than_expected_is_found_in_full(many: World, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = pages("共通語 many-7", 87465)
    monkeypatch.setattr(frequencies, "now", lambda: statistics(0.5, 1_000_000))
    assert pages("共通語", 87465) == pages("共通語", 87465)
    assert len(pages("共通語", 87465)) == 80  # fewer than ways.RANKED, so that none is left out
    assert pages("共通語 many-7", 87465) == expected != []


def test_a_store_that_sells_little_is_asked_by_its_vendors_and_products(many: World) -> None:
    StoreListing.objects.filter(store=87465).delete()
    assert pages("共通語", 87465) == []
    for n in (3, 4):
        StoreListing.objects.create(store_id=87465, product=Product.objects.get(code=f"many-{n}"), offer="priced")
    assert set(pages("共通語", 87465)) == set(pages("", 87465)) == {"many-3", "many-4"}
    StoreListing.objects.create(store_id=87465, vendor=Product.objects.get(code="creative").vendor, offer="priced")
    assert set(pages("共通語", 87465)) == {"many-3", "many-4"}
    assert {"many-3", "many-4", "creative"} <= set(pages("", 87465))
    assert [product.code for product in search.products("アドビ", store_id=87465).products][:1] == ["creative"]


def test_a_vendor_is_asked_of_the_index(many: World) -> None:
    for query, narrowed in (("", Narrowed(vendor="trend")), ("共通語", Narrowed(vendor="trend"))):
        found = search.products(query, store_id=87465, narrowed=narrowed)
        assert found.total == (81 if not query else 80)
    assert search.products("共通語", store_id=87465, narrowed=Narrowed(vendor="other")).total == 0
    assert search.products("", store_id=87465, narrowed=Narrowed(vendor="nobody")).total == 0


def test_what_is_kept_holds_no_longer_than_the_edition(world: World) -> None:
    listing = StoreListing.objects.get(store=87465, vendor__code="trend")

    def codes() -> list[str]:
        return [product.code for product in search.products("ウイルスバスター", store_id=87465).products]

    assert codes() == ["vbbss"]
    with transaction.atomic():
        listing.delete()
        assert codes() == []
        transaction.set_rollback(True)
    assert codes() == ["vbbss"]  # the edition has its number of before
    with transaction.atomic():
        StoreListing.objects.filter(store=87465, vendor__code="trend").update(offer="priced")
        assert codes() == ["vbbss"]


@pytest.mark.parametrize("popularity", [-5, 0, 1, 2, 3, 4, 7, 8, 100, 1000, 32_767, 2_000_000_000])
def test_levels_of_popularity_are_those_that_are_asked_for(world: World, popularity: int) -> None:
    [(keys,)] = sql.rows(
        "SELECT catalog_search_keys(NULL, 7, %(popularity)s)::text", popularity=popularity
    )  # fmt: skip
    level = 0 if popularity < 1 else min(LEVELS - 1, 1 + math.floor(4 * math.log2(popularity)))
    assert keys.split() == sorted(["'#v7'", *(f"'#p{n:02}'" for n in range(1, level + 1))])


def test_statistics_are_read_as_postgresql_keeps_them(world: World) -> None:
    url = environment.environment_for(connection.settings_dict["NAME"])["MIGRATE_DATABASE_URL"]
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("ANALYZE catalog_product")
    found = frequencies._read()
    assert found.products > 0
    assert found.levels[0] == 1.0
    assert found.levels == sorted(found.levels, reverse=True)
    assert 0 < found.of_part(("アドビ",)) <= 1
    assert found.of_part(("無イ言葉",)) < 0.01
    every = known.of(87465).vendor_ids
    assert found.of_vendors(every, every) == pytest.approx(1.0)


def test_a_page_is_found_by_one_statement(world: World, django_assert_num_queries: Callable[[int], Any]) -> None:
    search.products("アドビ", store_id=87465)
    with django_assert_num_queries(1):
        product = next(one for one in search.products("アドビ", store_id=87465).products if one.code == "creative")
        assert product.vendor.code == "other"
    assert product == Product.objects.get(code="creative")
    assert product.description == Product.objects.get(code="creative").description  # read when it is asked for


@pytest.mark.parametrize(
    ("word", "pairs"),
    [
        ("セキユリテイ", "(('セキ' & 'ユリ' & 'テイ'))"),
        ("管理", "(('管理'))"),
        ("仮想化", "(('仮想' & '想化'))"),
        ("office", "(('office':*))"),
    ],
)
def test_the_index_is_asked_for_no_more_pairs_than_have_all_letters(word: str, pairs: str) -> None:
    assert search_words.literal((word,), fewer=True) == pairs
