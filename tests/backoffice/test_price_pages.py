"""この価格の理由: the price of a SKU for a store, company, number and day, and each step to it with its figures."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from licenseonline.accounts.models import Company, User
from licenseonline.catalog.models import (
    Campaign,
    CampaignItem,
    CompanyPrice,
    Price,
    PriceList,
    SellingRule,
    StoreListing,
    VendorRule,
)
from tests.world import World

PATH = "/backoffice/prices/"
ASKED = {"store": "87465", "model": "VBBSS-1Y-005", "company": "", "quantity": "10", "held": "", "day": "2026-06-01"}


@pytest.fixture
def desk(world: World, client_of: Callable[[User], Client]) -> Client:
    return client_of(world.operator)


def said(desk: Client, status: int = 200, **changed: str) -> str:
    answer = desk.get(PATH, {**ASKED, **changed})
    assert answer.status_code == status
    return answer.content.decode()


def test_without_a_question_the_page_says_what_to_do(desk: Client) -> None:
    page = desk.get(PATH).content.decode()
    assert "ストアと型番を選ぶと" in page
    assert "価格の決まり方" not in page


def test_each_step_is_told_with_its_figures(world: World, desk: Client) -> None:
    page = said(desk)
    for words in (
        "「2026年度価格表」（2026年4月1日～）の定価を使います。",
        "数量 10。この価格表の定価は数量によって変わりません。",
        "ストア全体の設定：定価 5,200円 の 90% で 4,680円。",
        "4,680円 を 10円単位で切り捨てて 4,680円。",
        "単価 4,680円 に 10% の消費税を加えて 5,148円（参考価格）。",
        "10ライセンス 46,800円",
        "一般のお客様",
    ):
        assert words in page


def test_margin_company_and_campaign_are_told(world: World, desk: Client) -> None:
    sku, aozora = world.sku("VBBSS-1Y-005"), world.hanako.company
    SellingRule.objects.create(store=world.elsat, sku=sku, kind="margin", per_mille=150, round_to_yen=10, rounding="up")
    CompanyPrice.objects.create(
        store=world.elsat, company=aozora, product=sku.product, per_mille_off=50, from_day=date(2026, 4, 1), reason="年間契約"
    )  # fmt: skip
    days = {"from_day": date(2026, 6, 1), "to_day": date(2026, 6, 30)}
    run = Campaign.objects.create(store=world.elsat, code="c", title="初夏の割引", is_published=True, **days)
    CampaignItem.objects.create(store=world.elsat, campaign=run, sku=sku, fixed_yen=4000)
    page = said(desk, company="青空")
    for words in (
        "型番「VBBSS-1Y-005」の設定：粗利率 15%。原価 3,640円 ÷ 85% で 約4,282.35円。",
        "約4,282.35円 を 10円単位で切り上げて 4,290円。",
        "株式会社青空製作所 の製品「ウイルスバスター ビジネスセキュリティサービス」の価格（2026年4月1日～、理由：年間契約）：",
        "ストアの販売価格 4,290円 から 5% 引きで 4,075.5円。",
        "4,075.5円 を 10円単位で切り上げて 4,080円。",
        "「初夏の割引」（2026年6月1日～2026年6月30日）の型番「VBBSS-1Y-005」の価格：固定価格 4,000円。",
        "単価 4,000円",
        "不採用",
    ):
        assert words in page
    CampaignItem.objects.update(fixed_yen=4100)
    page = said(desk, company=str(aozora.pk))
    assert "4,080円 より安くならないため、キャンペーンの価格は使いません。" in page
    assert "単価 4,080円" in page
    assert "キャンペーンはありません" in said(desk, day="2026-07-01")


def test_held_units_decide_the_band_where_the_vendor_says_so(world: World, desk: Client) -> None:
    sku = world.sku("VBBSS-1Y-005")
    later = PriceList.objects.create(vendor=sku.product.vendor, name="数量帯つき", from_day=date(2026, 5, 1))
    for band, yen in ((50, 4600), (100, 4200), (250, 3900)):
        Price.objects.create(price_list=later, sku=sku, band_from=band, list_yen=yen)
    SellingRule.objects.filter(store=world.elsat).update(per_mille=1000)
    assert "数量 10 はいちばん下の数量帯（50以上）より少ないため" in said(desk, held="90")
    assert "このメーカーの規定では数量だけで数量帯が決まるため、保有数 90 は数えません。" in said(desk, held="90")
    VendorRule.objects.create(
        vendor=sku.product.vendor, from_day=date(2026, 4, 1), band_by=VendorRule.BandBy.HELD_PLUS_ADDED, source="規定"
    )
    page = said(desk, held="90")
    assert "保有数 90 と数量 10 の合計 100 が数量帯を決めます。請求は数量 10 分です。" in page
    assert "数量 100 は数量帯「100～249」にあたります。" in page
    assert "10ライセンス 42,000円" in page
    assert "数量 300 は数量帯「250以上」にあたります。" in said(desk, quantity="300")


def test_why_there_is_no_price_is_told(world: World, desk: Client) -> None:
    assert "2026年3月1日 に有効な価格表に VBBSS-1Y-005 の定価はありません。" in said(desk, day="2026-03-01")
    assert "定価の 90%。定価がないため計算できません。" in said(desk, day="2026-03-01")
    assert "取り扱っていません" in said(desk, model="HIDDEN-1")
    sku = world.sku("VBBSS-1Y-005")
    StoreListing.objects.create(store=world.elsat, sku=sku, offer="on_request")
    assert "見積依頼で販売しているため" in said(desk)
    sku.sale_to = date(2026, 5, 31)
    sku.save()
    assert "販売期間は ～2026年5月31日 です。" in said(desk)
    SellingRule.objects.filter(store=world.elsat).delete()
    assert "あてはまる販売価格の設定がありません" in said(desk)
    SellingRule.objects.create(store=world.elsat, kind="margin", per_mille=150)
    assert "原価が登録されていないため計算できません。" in said(desk, model="ON-REQUEST")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"store": ""}, "このフィールドは必須です。"),
        ({"model": "NONE-1"}, "この型番は登録されていません。"),
        ({"quantity": "0"}, "1 以上"),
        ({"quantity": "x"}, "整数を入力"),
        ({"day": "2026-13-01"}, "日付"),
        ({"company": "みどり商事"}, "このストアに該当する会社がありません。"),
        ({"company": "99999999999999999"}, "このストアに該当する会社がありません。"),
    ],
)
def test_what_is_wrong_is_told_at_the_field(desk: Client, changed: dict[str, str], words: str) -> None:
    page = said(desk, 422, **changed)
    assert words in page
    assert "desk-field-invalid" in page
    assert "価格の決まり方" not in page


def test_companies_of_the_same_name_are_told_apart_and_those_of_other_stores_are_not_found(
    world: World, desk: Client
) -> None:
    mine = world.hanako.company
    copy = Company.objects.get(pk=mine.pk)
    copy.pk = None
    copy.save()
    assert f"（ID {copy.pk}）" in said(desk, 422, company="青空")
    assert "該当する会社がありません" in said(desk, 422, company=str(world.hanako_at_minato.company_id))
    assert mine.name in said(desk, company=str(mine.pk))


def test_any_spelling_of_the_model_number_will_do_and_its_page_leads_here(world: World, desk: Client) -> None:
    assert "4,680円" in said(desk, model="ｖｂｂｓｓ１ｙ００５")
    sku = world.sku("VBBSS-1Y-005")
    page = desk.get(f"/backoffice/catalog/sku/{sku.pk}/change/").content.decode()
    assert f"{PATH}?model=VBBSS-1Y-005" in page
    assert 'value="VBBSS-1Y-005"' in desk.get(PATH, {"model": sku.model_number}).content.decode()
    assert desk.get(PATH, {"model": "\0", "day": "\0"}).status_code == 422
