"""The cart's pages."""

import pytest

from licenseonline.catalog.models import EVER_SINCE, Paper, PaperRule, Sku
from licenseonline.sales import carts
from licenseonline.sales.models import CartLine
from tests.web.member.helpers import ClientOf, at, new_key, queries, text_of
from tests.world import World


def quantities(world: World) -> dict[str, int]:
    return dict(CartLine.objects.filter(member=world.hanako).values_list("sku__model_number", "quantity"))


def posted(world: World, quantity: str, model: str = "VBBSS-1Y-005") -> dict[str, str]:
    return {"sku_id": str(world.sku(model).pk), "quantity": quantity, "key": new_key()}


def test_empty_cart_leads_to_search(world: World, client_of: ClientOf) -> None:
    page = text_of(client_of(world.hanako), at("cart"))
    assert "カートに製品はありません" in page
    assert at("search") in page


@pytest.mark.parametrize("typed", ["10", "１０", " 10 ", "0010"])
def test_quantity_in_any_width_is_put_once(world: World, client_of: ClientOf, typed: str) -> None:
    client = client_of(world.hanako)
    for _ in range(2):
        assert client.post(at("cart_put"), posted(world, typed)).status_code == 302
    assert quantities(world) == {"VBBSS-1Y-005": 10}
    page = text_of(client, at("cart"))
    assert "46,800円" in page
    assert "51,480円" in page
    assert '<span class="count">' in page


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "数量を入力してください。"),
        ("４", "最小購入数は 5ライセンス"),
        ("-7", "最小購入数は 5ライセンス"),
        ("9" * 400, "24ライセンスまでの型番です"),
        ("100", "24ライセンスまでの型番です"),
        ("1.5", "数量は半角の整数で入力してください"),
        ("<b>たくさん</b>", "数量は半角の整数で入力してください"),
    ],
)
def test_bad_quantity_is_refused_in_words_and_kept(
    world: World, client_of: ClientOf, typed: str, sentence: str
) -> None:
    response = client_of(world.hanako).post(at("cart_put"), posted(world, typed))
    page = response.content.decode()
    assert response.status_code == 422
    assert sentence in page
    assert "<b>たくさん" not in page
    if typed == "４":
        assert 'value="４"' in page
    assert at("product", "vbbss") in page
    assert quantities(world) == {}


def test_bad_change_is_shown_at_the_line_and_changes_nothing(world: World, client_of: ClientOf) -> None:
    carts.put(world.sku("VBBSS-1Y-005"), quantity=10, by=world.hanako)
    response = client_of(world.hanako).post(at("cart_put"), posted(world, "3"))
    page = response.content.decode()
    assert response.status_code == 422
    assert page.count("最小購入数は 5ライセンス") == 2
    assert 'value="3"' in page
    assert "製品ページへ戻る" not in page
    assert quantities(world) == {"VBBSS-1Y-005": 10}


@pytest.mark.parametrize("sku_id", ["", "x", "-1", "0", "999999999", "9" * 30])
def test_unknown_sku_is_not_found(world: World, client_of: ClientOf, sku_id: str) -> None:
    assert client_of(world.hanako).post(at("cart_put"), {"sku_id": sku_id, "quantity": "5"}).status_code == 404


def test_what_the_store_hides_is_not_found(world: World, client_of: ClientOf) -> None:
    assert client_of(world.hanako).post(at("cart_put"), posted(world, "1", "HIDDEN-1")).status_code == 404


def test_academic_price_is_for_schools(world: World, client_of: ClientOf) -> None:
    refused = client_of(world.hanako).post(at("cart_put"), posted(world, "1", "TREND-ACA"))
    assert refused.status_code == 422
    assert "教育機関のお客様のみ" in refused.content.decode()
    assert client_of(world.taro).post(at("cart_put"), posted(world, "1", "TREND-ACA")).status_code == 302


def test_contract_forms_are_quoted_apart(world: World, client_of: ClientOf) -> None:
    carts.put(world.sku("VBBSS-1Y-005"), quantity=10, by=world.hanako)
    carts.put(world.sku("M365-MONTH"), quantity=3, by=world.hanako)
    page = text_of(client_of(world.hanako), at("cart"))
    assert "月額のご契約" in page
    assert "一括・年額のご契約" in page
    assert f"{at('quote_new')}?form=monthly" in page
    assert f"{at('quote_new')}?form=term" in page


def test_line_without_price_says_so_and_stops_the_quotation(world: World, client_of: ClientOf) -> None:
    CartLine.objects.create(
        store=world.elsat,
        member=world.hanako,
        sku=world.sku("ON-REQUEST"),
        quantity=1,
        added_at=world.hanako.created_at,
    )
    page = text_of(client_of(world.hanako), at("cart"))
    assert "お見積依頼にて承る製品です" in page
    assert "?form=term" not in page


def test_line_that_is_no_longer_sold_can_be_removed(world: World, client_of: ClientOf) -> None:
    sku = world.sku("VBBSS-1Y-005")
    carts.put(sku, quantity=10, by=world.hanako)
    Sku.objects.filter(pk=sku.pk).update(sale_to=EVER_SINCE)
    client = client_of(world.hanako)
    page = text_of(client, at("cart"))
    assert "現在お取り扱いのない製品" in page
    assert "見積を作成する" not in page
    for _ in range(2):
        assert client.post(at("cart_remove", sku.pk)).status_code == 302
    assert quantities(world) == {}


def test_a_colleague_and_a_visitor_have_other_carts(world: World, client_of: ClientOf) -> None:
    carts.put(world.sku("VBBSS-1Y-005"), quantity=10, by=world.hanako)
    assert "カートに製品はありません" in text_of(client_of(world.ichiro), at("cart"))
    client_of(world.ichiro).post(at("cart_remove", world.sku("VBBSS-1Y-005").pk))
    assert quantities(world) == {"VBBSS-1Y-005": 10}


def test_cart_needs_as_many_queries_for_three_lines_as_for_one(world: World, client_of: ClientOf) -> None:
    client = client_of(world.hanako)
    carts.put(world.sku("VBBSS-1Y-005"), quantity=10, by=world.hanako)
    one = queries(client, at("cart"))
    carts.put(world.sku("VBBSS-1Y-025"), quantity=30, by=world.hanako)
    carts.put(world.sku("M365-MONTH"), quantity=1, by=world.hanako)
    assert queries(client, at("cart")) == one


def test_a_rule_of_papers_shows_with_the_next_page_and_so_does_its_end(world: World, client_of: ClientOf) -> None:
    client, sku = client_of(world.hanako), world.sku("VBBSS-1Y-005")
    carts.put(sku, quantity=10, by=world.hanako)
    asked = "ご提出書類：メーカー指定の申請書"
    assert asked not in text_of(client, at("cart"))
    rule = PaperRule.objects.create(
        vendor=sku.product.vendor, paper=Paper.APPLICATION_FORM, why="メーカーの決まりです。"
    )
    assert asked in text_of(client, at("cart"))
    rule.delete()
    assert asked not in text_of(client, at("cart"))
