"""Vendors, products and campaigns on the desk: what is written there is found and shown at once, and does no harm."""

import io
from collections.abc import Callable
from datetime import date

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from PIL import Image

from licenseonline.accounts.models import User
from licenseonline.catalog import search
from licenseonline.catalog.models import Campaign, CampaignItem, Product, ProductPicture, Vendor
from tests.world import World

ADD_CAMPAIGN = "/backoffice/catalog/campaign/add/"


@pytest.fixture
def desk(world: World, client_of: Callable[[User], Client]) -> Client:
    return client_of(world.operator)


def found(query: str) -> list[str]:
    return [product.code for product in search.products(query, store_id=87465).products]


def send(desk: Client, of: str = "vbbss", **changed: object) -> HttpResponse:
    """What the form of a product sends."""
    product = Product.objects.get(code=of)
    names = ("name", "kana", "aliases", "category", "summary", "description", "papers_note")
    path = reverse("admin:catalog_product_change", args=[product.pk])
    response = desk.post(path, {**{name: getattr(product, name) for name in names}, **changed})
    assert isinstance(response, HttpResponse)
    return response


def picture(kind: str = "PNG") -> SimpleUploadedFile:
    made = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(made, kind)
    return SimpleUploadedFile("x.svg", made.getvalue(), "text/html")


def test_a_change_of_a_product_is_found_and_shown_at_once(world: World, desk: Client, client: Client) -> None:
    assert "あたらしい" not in client.get("/87465/products/vbbss").content.decode()
    assert send(desk, name="あたらしいソフト", aliases="ニューソフト", description="**太字**の説明").status_code == 302
    assert found("あたらしいソフト") == found("ニューソフト") == ["vbbss"]
    assert found("ウイルスバスター") == ["vbbss"]  # its SKUs are still called so
    page = client.get("/87465/products/vbbss").content.decode()
    assert "あたらしいソフト" in page
    assert "<strong>太字</strong>の説明" in page
    assert (
        "製品名: ウイルスバスター ビジネスセキュリティサービス → あたらしいソフト"
        in LogEntry.objects.get().change_message
    )


def test_a_vendors_new_name_finds_its_products_at_once(world: World, desk: Client) -> None:
    vendor = Vendor.objects.get(code="other")
    path = reverse("admin:catalog_vendor_change", args=[vendor.pk])
    assert desk.post(path, {"name": "アドビ", "kana": "アドビ", "aliases": "Adobe 創作社"}).status_code == 302
    assert found("創作社") == ["creative", "request"]
    assert Vendor.objects.get(code="other").aliases == "Adobe 創作社"


def test_a_new_product_and_a_new_vendor_are_written_and_their_addresses_stay(world: World, desk: Client) -> None:
    assert desk.post("/backoffice/catalog/vendor/add/", {"code": "new-1", "name": "新会社"}).status_code == 302
    vendor = Vendor.objects.get(code="new-1")
    added = desk.post("/backoffice/catalog/product/add/", {"code": "new-2", "vendor": vendor.pk, "name": "新製品"})
    assert added.status_code == 302
    assert Product.objects.get(code="new-2").folded_name
    send(desk, "new-2", code="changed", vendor=Vendor.objects.get(code="trend").pk)
    assert Product.objects.get(code="new-2").vendor == vendor
    for code in ("Big", "a b", "x/y", "-x", "é", "<b>"):
        answer = desk.post("/backoffice/catalog/product/add/", {"code": code, "vendor": vendor.pk, "name": "x"})
        assert "半角の英小文字・数字・ハイフンで入力してください。" in answer.content.decode(), code


def test_a_picture_is_put_shown_and_removed(world: World, desk: Client, client: Client) -> None:
    assert 'class="mark' in client.get("/87465/products/vbbss").content.decode()
    assert send(desk, new_picture=picture()).status_code == 302
    kept = ProductPicture.objects.get()
    page = client.get("/87465/products/vbbss").content.decode()
    assert f'src="/87465/products/vbbss/picture-{kept.digest}.webp" width="40" height="30"' in page
    assert 'alt="ウイルスバスター ビジネスセキュリティサービス の画像"' in page
    assert 'class="mark' not in page
    path = reverse("admin:catalog_product_change", args=[kept.pk])
    assert "data:image/webp;base64," in desk.get(path).content.decode()
    assert send(desk, without_picture="on").status_code == 302
    assert not ProductPicture.objects.exists()
    assert 'class="mark' in client.get("/87465/products/vbbss").content.decode()
    assert [entry.change_message for entry in LogEntry.objects.order_by("id")] == ["画像: 登録", "画像: 削除"]


def test_what_is_no_picture_is_refused_at_the_form(world: World, desk: Client) -> None:
    svg = SimpleUploadedFile("x.png", b"<svg onload=alert(1)>", "image/png")
    answer = send(desk, name="変えない", new_picture=svg)
    assert "画像として読み込めません。" in answer.content.decode()
    assert "登録と削除は同時にできません。" in send(desk, new_picture=picture(), without_picture="on").content.decode()
    assert not ProductPicture.objects.exists()
    assert not Product.objects.filter(name="変えない").exists()


def test_texts_of_the_desk_do_no_harm_on_pages(world: World, desk: Client, client: Client) -> None:
    bad = "<script>alert(1)</script>"
    worse = f"{bad}\n\n[x](javascript:alert(1)) <img src=x onerror=alert(1)>\n\n<a href='javascript:x'>y</a>"
    send(desk, name=bad, kana=bad, category=bad, summary=bad, papers_note=bad, description=worse)
    vendor = Vendor.objects.get(code="trend")
    desk.post(reverse("admin:catalog_vendor_change", args=[vendor.pk]), {"name": f"'\"><img src=x>{bad}"})
    for path in (
        "/87465/products/vbbss",
        "/87465/search",
        "/87465/",
        f"/backoffice/catalog/product/{world.sku('VBBSS-R1').product_id}/change/",
    ):
        page = desk.get(path).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert 'href="javascript:' not in page


def campaign(world: World, **changed: object) -> dict[str, object]:
    """What the form of a campaign with one line sends."""
    return {
        "store": world.elsat.pk, "code": "winter", "title": "冬のキャンペーン", "summary": "", "body": "本文",
        "from_day": "2026-12-01", "to_day": "2026-12-28", "is_published": "on",
        "items-TOTAL_FORMS": "1", "items-INITIAL_FORMS": "0", "items-MIN_NUM_FORMS": "0", "items-MAX_NUM_FORMS": "1000",
        "items-0-product": world.sku("VBBSS-R1").product_id, "items-0-per_mille_off": "10", **changed,
    }  # fmt: skip


def test_a_campaign_with_what_it_is_about_is_written_and_runs(world: World, desk: Client, client: Client) -> None:
    assert desk.get(ADD_CAMPAIGN).status_code == 200
    assert desk.post(ADD_CAMPAIGN, campaign(world)).status_code == 302
    item = CampaignItem.objects.get()
    assert (item.store_id, item.per_mille_off, item.campaign.code) == (87465, 100, "winter")
    with time_machine.travel("2026-12-10T12:00:00+09:00", tick=False):
        page = client.get("/87465/campaigns/winter").content.decode()
        assert "冬のキャンペーン" in page
        assert "2026年12月1日～12月28日" in page
        product = client.get("/87465/products/vbbss").content.decode()
        assert "4,210円" in product
        assert "通常 4,680円" in product


def test_a_campaign_can_be_looked_at_before_it_is_published(world: World, desk: Client, client: Client) -> None:
    desk.post(ADD_CAMPAIGN, campaign(world, is_published=""))
    made = Campaign.objects.get()
    assert client.get("/87465/campaigns/winter").status_code == 404
    page = desk.get(reverse("admin:catalog_campaign_change", args=[made.pk])).content.decode()
    address = page.partition('href="/87465/campaigns/winter?preview=')[2].partition('"')[0]
    assert "冬のキャンペーン" in client.get(f"/87465/campaigns/winter?preview={address}").content.decode()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"to_day": "2026-11-30"}, "終了日は開始日以降の日付にしてください。"),
        ({"items-0-product": ""}, "メーカー、製品、型番のいずれか1つを指定してください。"),
        ({"items-0-fixed_yen": "100"}, "割引率（100まで）か固定価格のどちらか1つを入力してください。"),
        ({"items-0-per_mille_off": "101"}, "割引率（100まで）か固定価格のどちらか1つを入力してください。"),
        ({"code": "a b"}, "ハイフン"),
        ({"title": ""}, "必"),
    ],
)  # fmt: skip
def test_what_no_campaign_can_be_is_refused_in_words(
    world: World, desk: Client, changed: dict[str, object], said: str
) -> None:
    answer = desk.post(ADD_CAMPAIGN, campaign(world, **changed))
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert not Campaign.objects.exists()


def test_the_same_code_twice_at_a_store_is_refused_and_at_another_is_not(world: World, desk: Client) -> None:
    desk.post(ADD_CAMPAIGN, campaign(world))
    assert "同じコードのキャンペーンがすでにあります。" in desk.post(ADD_CAMPAIGN, campaign(world)).content.decode()
    assert desk.post(ADD_CAMPAIGN, campaign(world, store=world.minato.pk)).status_code == 302
    assert Campaign.objects.filter(from_day=date(2026, 12, 1)).count() == 2
