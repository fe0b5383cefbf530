"""Selling rules, companies' prices and the assortment are written at the desk: errors stand at their field."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from licenseonline.accounts.models import User
from licenseonline.catalog import prices
from licenseonline.catalog.models import FOR_EVER, CompanyPrice, SellingRule, StoreListing
from tests.world import World

RULE, SPECIAL, LISTING = (
    f"/backoffice/catalog/{name}/add/" for name in ("sellingrule", "companyprice", "storelisting")
)
DAY = date(2026, 6, 1)


@pytest.fixture
def desk(world: World, client_of: Callable[[User], Client]) -> Client:
    return client_of(world.operator)


def rule(**changed: object) -> dict[str, object]:
    return {
        "store": 87465, "vendor": "", "product": "", "sku": "", "kind": "list", "per_mille": "92.5", "fixed_yen": "",
        "round_to_yen": "10", "rounding": "down", **changed,
    }  # fmt: skip


def special(world: World, **changed: object) -> dict[str, object]:
    return {
        "store": 87465, "company": world.hanako.company_id, "vendor": "", "product": "", "sku": "", "per_mille_off": "5",
        "fixed_yen": "", "from_day": "", "to_day": "", "reason": "年間契約", **changed,
    }  # fmt: skip


def test_what_the_desk_writes_is_what_the_shop_asks(world: World, desk: Client) -> None:
    sku = world.sku("VBBSS-1Y-005")
    assert desk.post(RULE, rule(sku=sku.pk)).status_code == 302
    assert prices.price(sku, store=world.elsat, day=DAY).unit_yen == 4810
    assert desk.post(SPECIAL, special(world, sku=sku.pk, per_mille_off="", fixed_yen="４，０００円")).status_code == 302
    made = CompanyPrice.objects.get()
    assert (made.fixed_yen, made.to_day) == (4000, FOR_EVER)
    assert prices.price(sku, store=world.elsat, day=DAY, company=world.hanako.company).unit_yen == 4000
    assert desk.post(LISTING, {"store": 87465, "sku": sku.pk, "offer": "on_request"}).status_code == 302
    assert prices.price(sku, store=world.elsat, day=DAY).unit_yen is None
    lists = [desk.get(path.removesuffix("add/")).content.decode() for path in (RULE, SPECIAL, LISTING)]
    for page, words in zip(lists, ("10円単位で切り捨て", "期限なし", "見積依頼で販売"), strict=True):
        assert "型番「VBBSS-1Y-005」" in page
        assert words in page


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"vendor": "trend", "sku": "sku"}, "のうち1つだけを選んでください。"),
        ({}, "同じ対象の設定がすでに登録されています。"),
        ({"vendor": "trend", "per_mille": ""}, "割合を入力してください。"),
        ({"vendor": "trend", "per_mille": "0"}, "0より大きい割合"),
        ({"vendor": "trend", "kind": "margin", "per_mille": "100"}, "粗利率は100%未満"),
        ({"vendor": "trend", "kind": "fixed", "per_mille": "", "fixed_yen": "1"}, "固定価格は型番を指定して"),
        ({"sku": "sku", "kind": "fixed", "per_mille": ""}, "固定価格を入力してください。"),
        ({"sku": "sku", "kind": "fixed", "fixed_yen": "100"}, "固定価格のときは空欄に"),
        ({"sku": "sku", "fixed_yen": "100"}, "「固定価格」のときだけ"),
        ({"vendor": "trend", "round_to_yen": "0"}, "1以上の数字"),
        ({"vendor": "trend", "store": ""}, "必須"),
    ],
)
def test_a_selling_rule_that_cannot_be_is_refused_at_its_field(
    world: World, desk: Client, changed: dict[str, str], words: str
) -> None:
    assert_refused(world, desk, RULE, rule(**changed), words)
    assert SellingRule.objects.filter(store=world.elsat).count() == 1


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({}, "のうち1つを選んでください。"),
        ({"vendor": "trend", "per_mille_off": ""}, "割引率か固定価格を"),
        ({"vendor": "trend", "per_mille_off": "100.1"}, "100%以下"),
        ({"vendor": "trend", "per_mille_off": "", "fixed_yen": "1"}, "固定価格は型番を指定して"),
        ({"sku": "sku", "fixed_yen": "1"}, "どちらか一方"),
        ({"vendor": "trend", "from_day": "2026-06-02", "to_day": "2026-06-01"}, "適用開始日以降の日付"),
        ({"vendor": "trend", "company": "other"}, "選択したストアのものではありません。"),
        ({"vendor": "trend", "reason": ""}, "必須"),
    ],
)
def test_a_companys_price_that_cannot_be_is_refused_at_its_field(
    world: World, desk: Client, changed: dict[str, str], words: str
) -> None:
    assert_refused(world, desk, SPECIAL, special(world, **changed), words)
    assert not CompanyPrice.objects.exists()


def test_a_thing_is_listed_once(world: World, desk: Client) -> None:
    assert_refused(
        world, desk, LISTING, {"store": 87465, "vendor": "trend", "offer": "priced"}, "すでに登録されています。"
    )
    assert_refused(world, desk, LISTING, {"store": 87465, "offer": "priced"}, "のうち1つを選んでください。")
    existing = StoreListing.objects.get(store=87465, vendor__code="trend")
    path = f"/backoffice/catalog/storelisting/{existing.pk}/change/"
    changed = {"store": 87465, "vendor": existing.vendor_id, "offer": "on_request"}
    assert desk.post(path, changed).status_code == 302  # it does not stand in its own way


def assert_refused(world: World, desk: Client, path: str, sent: dict[str, object], words: str) -> None:
    """Names stand for ids."""
    sku = world.sku("VBBSS-1Y-005")
    ids = {"trend": sku.product.vendor_id, "sku": sku.pk, "other": world.hanako_at_minato.company_id}
    answer = desk.post(path, {name: ids.get(str(value), value) for name, value in sent.items()})
    assert answer.status_code in {200, 422}
    page = answer.content.decode()
    assert words in page
    assert "制約" not in page
