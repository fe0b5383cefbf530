"""The search's own SQL: the same assortment as the ORM's rule, bad input, pages, synonyms, corrections, facets."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from licenseonline.catalog import browsing, corrections, ranking, search, search_words, suggestions, synonyms, zero_hits
from licenseonline.catalog.browsing import Sort, Wanted
from licenseonline.catalog.models import EVER_SINCE, FOR_EVER, Product, PurchaseType, Sku, StoreListing
from licenseonline.catalog.ranking import Narrowed
from licenseonline.catalog.search_models import Synonym, ZeroHit
from licenseonline.kit import clock
from licenseonline.kit.errors import NotVisible, Refused
from licenseonline.kit.text import fold_model
from tests.world import World

OFFERS = [None, "priced", "on_request", "hidden"]
ODD = st.text(st.characters(), max_size=400) | st.text(
    "()&|!:*<>'\"\\%_-ー~ 　\0\ud83d\ude00ウイルスvb1年更新", max_size=300
)


def codes(query: str, store: int = 87465, **narrowed: str) -> list[str]:
    found = search.products(query, store_id=store, narrowed=Narrowed(**narrowed))  # type: ignore[arg-type]  # texts only
    return [product.code for product in found.products]


@given(data=st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_sold_is_what_the_rule_says(world: World, data: st.DataObject) -> None:
    StoreListing.objects.filter(store=87465).delete()
    Sku.objects.update(sale_to=FOR_EVER)
    for field, rows in (
        ("vendor", {p.vendor for p in Product.objects.all()}),
        ("product", Product.objects.all()),
        ("sku", Sku.objects.all()),
    ):
        for row in sorted(rows, key=lambda row: row.pk):
            offer = data.draw(st.sampled_from(OFFERS))
            if offer:
                StoreListing.objects.create(store_id=87465, offer=offer, **{field: row})
    off = data.draw(st.sets(st.sampled_from(list(Sku.objects.values_list("pk", flat=True)))))
    Sku.objects.filter(pk__in=off).update(sale_to=EVER_SINCE)
    expected = set(Product.objects.public(87465).values_list("code", flat=True))
    assert set(codes("")) == expected
    assert set(codes("アドビ")) == expected - {"vbbss"}
    sold = Sku.objects.public(87465)
    assert {line.sku_id for line in suggestions.suggest("VBBSS1Y", store_id=87465) if line.sku_id} == set(
        sold.filter(folded_model__startswith="vbbss1y").values_list("pk", flat=True)
    )


@given(query=ODD)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_input_is_answered(world: World, query: str) -> None:
    wanted = Wanted(query.replace("\0", ""))
    browsing.browse(wanted, store=world.elsat, day=clock.today())
    search.products(query, store_id=87465)
    suggestions.suggest(query, store_id=87465)
    corrections.nearest(query, store_id=87465)
    zero_hits.record(query, store_id=87465)


@pytest.mark.parametrize(
    "query", ["ウ" * 10_000, "a " * 5_000, "1年更新" * 2_500, "ms" * 5_000, "🙂" * 10_000, "\ud83d" * 10_000]
)
def test_long_input_is_cut(world: World, query: str) -> None:
    asked = search_words.asked(query, store_id=87465)
    assert len(asked.folded) <= 200
    assert len(asked.tsquery) < 20_000
    search.products(query, store_id=87465)


def test_pages_follow_each_other_without_gaps(world: World) -> None:
    vendor = Product.objects.get(code="vbbss").vendor
    for n in range(45):
        product = Product.objects.create(vendor=vendor, code=f"page-{n}", name=f"追加製品{n}", popularity=n % 3)
        Sku.objects.create(product=product, model_number=f"PAGE-{n}", folded_model=f"page{n}", name="")
    search.index(Product.objects.filter(code__startswith="page-"))
    seen, after = [], None
    while True:
        found = search.products("追加製品", store_id=87465, after=after)
        seen += [product.code for product in found.products]
        if not (after := found.last):
            break
    assert len(seen) == len(set(seen)) == 45
    assert [int(code.removeprefix("page-")) % 3 for code in seen] == [2] * 15 + [1] * 15 + [0] * 15


def test_a_change_is_found_at_once(world: World) -> None:
    Product.objects.filter(code="creative").update(name="まったく新しい製品名")
    search.index(Product.objects.filter(code="creative"))
    assert codes("まったく新しい") == ["creative"]


def test_letters_must_stand_together(world: World) -> None:
    Product.objects.filter(code="creative").update(name="サイバー プロテクト サーバー")
    Product.objects.filter(code="request").update(name="サーバープロテクト")
    search.index(Product.objects.filter(code__in=["creative", "request"]))
    assert codes("サーバプロテクト") == ["request"]


def test_synonyms_hold_at_once_and_at_their_store_only(world: World) -> None:
    assert codes("ぶいびい") == []
    own = synonyms.put("ぶいびい、ウイルスバスター", store=world.minato, by=world.operator)
    assert (codes("ぶいびい"), codes("ぶいびい", 193808)) == ([], ["vbbss"])
    synonyms.remove(own, by=world.operator)
    assert codes("ぶいびい", 193808) == []
    synonyms.put("ブイビイ,ウイルスバスター", store=None, by=world.operator)
    assert codes("ぶいびい") == codes("ぶいびい", 193808) == ["vbbss"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("同じ", "too_few"),
        ("ウイルス、ウィルス", "too_few"),
        ("", "too_few"),
        ("あ、ウイルス", "too_short"),
        ("、".join(map(str, range(10, 40))), "too_many"),
    ],
)
def test_synonyms_that_say_nothing_are_refused(world: World, words: str, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        synonyms.put(words, store=None, by=world.operator)
    assert refusal.value.code == code


def test_only_the_operator_keeps_synonyms(world: World) -> None:
    for actor in (world.partner, world.hanako):
        with pytest.raises(NotVisible):
            synonyms.put("一つ、二つ", store=world.elsat, by=actor)
        with pytest.raises(NotVisible):
            synonyms.remove(Synonym.objects.all()[0], by=actor)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("ウイルスバスラー", "ウイルスバスター"),
        ("uirusubasuta-", "ウイルスバスター"),
        ("Creatve", "Creative"),
        ("torendomaikuro", "トレンドマイクロ"),
        ("ウイルスバスタア ビジネスセキュリティサービス", "ウイルスバスター ビジネスセキュリティサービス"),
    ],
)
def test_typos_and_the_wrong_keyboard_are_corrected(world: World, query: str, expected: str) -> None:
    assert codes(query) == []
    nearest = corrections.nearest(query, store_id=87465)
    assert fold_model(nearest[0]) == fold_model(expected)
    assert codes(nearest[0])


def test_nothing_near_is_no_correction(world: World) -> None:
    assert corrections.nearest("まったく別のもの", store_id=87465) == []
    assert corrections.nearest("アドビ", store_id=193808) == []  # near, but not sold there


def test_words_that_never_meet_are_offered_one_by_one(world: World) -> None:
    assert corrections.nearest("ウイルスバスター クリエイティブクラウド", store_id=87465) == [
        "ウイルスバスタ",
        "クリエイテイブクラウド",
    ]


def test_searches_in_vain_are_counted_without_personal_data(world: World) -> None:
    for query in ("ナイセイヒン", "ないせいひん", "hanako@aozora.example", "03-1234-5678-90", "", "長" * 100):
        zero_hits.record(query, store_id=87465)
    assert list(ZeroHit.objects.values_list("text", "number", "store_id")) == [("ナイセイヒン", 2, 87465)]
    [missed] = zero_hits.most_frequent(by=world.operator)
    assert (missed.text, missed.number, missed.store_name) == ("ナイセイヒン", 2, world.elsat.name)
    zero_hits.forget(missed.text, store_id=87465, by=world.operator)
    assert zero_hits.most_frequent(by=world.operator) == []


def test_searches_in_vain_are_kept_for_400_days(world: World) -> None:
    today = clock.today()
    for days in (0, 400, 401):
        ZeroHit.objects.create(store=world.elsat, text=f"ナイ{days}", day=today - timedelta(days=days))
    zero_hits.clear.func(timestamp=0)
    assert sorted(ZeroHit.objects.values_list("text", flat=True)) == ["ナイ0", "ナイ400"]


def test_results_are_narrowed_down_by_what_is_counted(world: World) -> None:
    day = clock.today()
    made = browsing.browse(Wanted(), store=world.elsat, day=day)
    assert {code: number for code, _name, number in made.facets.vendors} == {"trend": 1, "other": 2}
    assert made.facets.purchase_types == {"new": 3, "renewal": 1}
    assert made.facets.programs == {"corporate": 3, "academic": 1}
    assert made.facets.terms == {12: 2, 1: 1, 0: 1}
    assert made.facets.prices == {(None, 5000): 2}
    for name, value, number in (
        ("purchase_type", PurchaseType.RENEWAL, 1),
        ("program", "academic", 1),
        ("vendor", "other", 2),
    ):
        found = search.products("", store_id=87465, narrowed=Narrowed(**{name: value}))  # type: ignore[arg-type]  # texts
        assert found.total == number
    assert search.products("", store_id=87465, narrowed=Narrowed(term=0)).total == 1


def test_other_orders_and_price_ranges(world: World) -> None:
    def shown(**wanted: object) -> list[str]:
        made = browsing.browse(Wanted(**wanted), store=world.elsat, day=clock.today())  # type: ignore[arg-type]  # its fields
        return [product.code for product in made.found.products]

    assert shown(sort=Sort.PRICE) == ["creative", "vbbss", "request"]
    assert shown(sort=Sort.NAME) == ["creative", "vbbss", "request"]
    assert shown(price_to=2000) == ["creative"]
    assert shown(price_from=2000, price_to=5000) == ["vbbss"]


def test_places_are_ranked_in_tiers(world: World) -> None:
    asked = search_words.asked("VBBSS-1Y-005", store_id=87465)
    assert [place.tier for place in ranking.ranked(asked, Narrowed(), store_id=87465, most=5)] == [ranking.EXACT]
    for query, tier in (
        ("VBBSS1Y", 1),
        ("Creative Cloud グループ版", 2),
        ("creative", 3),
        ("グループ版", 4),
        ("アドビ", 5),
    ):
        asked = search_words.asked(query, store_id=87465)
        assert ranking.ranked(asked, Narrowed(), store_id=87465, most=5)[0].tier == tier, query


def test_suggestions_are_eight_at_most_and_sold(world: World) -> None:
    lines = suggestions.suggest("アド", store_id=87465)
    assert (lines[0].kind, lines[0].code) == ("vendor", "other")
    assert len(suggestions.suggest("v", store_id=87465)) <= suggestions.MOST
    assert suggestions.suggest("HIDDEN", store_id=87465) == []
    assert suggestions.suggest("アドビ", store_id=193808) == []
    assert [line.text for line in suggestions.suggest("vbbss1y", store_id=87465)][:2] == [
        "VBBSS-1Y-005",
        "VBBSS-1Y-025",
    ]
