"""Settings that staff edit: what is refused at the form, and what is kept of each change."""

from collections.abc import Callable

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from licenseonline.accounts.models import User
from licenseonline.catalog.models import SkuRelation, VendorRule
from tests.world import World

ADD = "/backoffice/catalog/vendorrule/add/"


@pytest.fixture
def desk(world: World, client_of: Callable[[User], Client]) -> Client:
    return client_of(world.operator)


def written(world: World, **changed: object) -> dict[str, object]:
    """What the form of a vendor's rule sends."""
    return {
        "vendor": world.sku("VBBSS-R1").product.vendor_id, "product": "", "purchase_type": "renewal", "program": "",
        "from_day": "2026-04-01", "opens_before": "５０日", "recommended_before": "1 ヶ月", "closes_after": "",
        "cap_per_mille": "１００", "co_term": "contract_end", "starts": "delivery", "proration": "months", "band_by": "held_plus_added",
        "most_months": "60", "notice_days": "３１、30,0、－30", "never_starts_on": "1", "source": "メーカー資料",
        **changed,
    }  # fmt: skip


def test_a_setting_is_written_changed_and_taken_away_and_each_step_is_kept(world: World, desk: Client) -> None:
    assert desk.get(ADD).status_code == 200
    assert desk.post(ADD, written(world)).status_code == 302
    rule = VendorRule.objects.get()
    assert (rule.opens_before, rule.recommended_before) == ("50d", "1m")
    assert (rule.cap_per_mille, rule.notice_days, rule.never_starts_on) == (1000, [31, 30, 0, -30], [1])
    path = reverse("admin:catalog_vendorrule_change", args=[rule.pk])
    page = desk.get(path).content.decode()
    assert 'value="31、30、0、-30"' in page
    assert 'value="100"' in page
    assert 'value="50日"' in page
    changed = written(world, cap_per_mille="92.5", product=world.sku("VBBSS-R1").product_id, notice_days="31")
    assert desk.post(path, changed).status_code == 302
    history = desk.get(reverse("admin:catalog_vendorrule_history", args=[rule.pk])).content.decode()
    assert "運営 太郎" in history
    assert "購入数の上限（%）: 100% → 92.5%" in history
    assert "製品: （なし） → ウイルスバスター ビジネスセキュリティサービス" in history
    assert "お知らせの日: 31、30、0、-30 → 31" in history
    assert "購入形態: 更新" in history
    assert "メーカー資料 →" not in history
    delete = reverse("admin:catalog_vendorrule_delete", args=[rule.pk])
    assert desk.get(delete).status_code == 200
    assert desk.post(delete, {"post": "yes"}).status_code == 302
    gone = LogEntry.objects.get(action_flag=3)
    assert (gone.user, gone.object_id) == (world.operator, str(rule.pk))
    assert "適用開始日: 2026年4月1日" in gone.change_message
    listed = desk.get("/backoffice/admin/logentry/").content.decode()
    assert "メーカーの規定" in listed
    assert "購入数の上限" in listed


def test_saving_without_a_change_leaves_no_trace(world: World, desk: Client) -> None:
    desk.post(ADD, written(world))
    assert LogEntry.objects.count() == 1
    path = reverse("admin:catalog_vendorrule_change", args=[VendorRule.objects.get().pk])
    assert desk.post(path, written(world)).status_code == 302
    assert LogEntry.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"opens_before": "30"}, "「30日」「4か月」のように"),
        ({"opens_before": "1000日"}, "「30日」「4か月」のように"),
        ({"cap_per_mille": "十割"}, "小数第1位までの数字で"),
        ({"cap_per_mille": "-1"}, "小数第1位までの数字で"),
        ({"cap_per_mille": "1e99999999"}, "小数第1位までの数字で"),
        ({"cap_per_mille": "92.55"}, "小数第1位までの数字で"),
        ({"notice_days": "31、x"}, "整数を入力してください"),
        ({"notice_days": "99999"}, "32767 以下"),
        ({"from_day": "0001-01-01"}, "日付をご確認ください。"),
        ({"vendor": "99999999999999999999"}, "候補にありません"),
        ({"source": "\0"}, "何か文字を入力してください"),
    ],
)
def test_what_cannot_be_is_said_at_the_form(world: World, desk: Client, changed: dict[str, str], said: str) -> None:
    answer = desk.post(ADD, written(world, **changed))
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert not VendorRule.objects.exists()


def test_a_second_rule_of_the_day_is_refused_in_words(world: World, desk: Client) -> None:
    desk.post(ADD, written(world))
    answer = desk.post(ADD, written(world))
    assert "同じ対象の規定が、同じ適用開始日で登録されています。" in answer.content.decode()
    assert VendorRule.objects.count() == 1


def test_skus_are_looked_up_by_how_their_number_begins(world: World, desk: Client) -> None:
    asked = {"app_label": "catalog", "model_name": "skurelation", "field_name": "held"}
    path = "/backoffice/autocomplete/"
    found = desk.get(path, {**asked, "term": "ｖｂｂｓｓ 1y"}).json()["results"]
    assert [row["text"].split()[0] for row in found] == ["VBBSS-1Y-005", "VBBSS-1Y-025"]
    assert desk.get(path, {**asked, "term": ""}).json()["results"] == []
    assert desk.get(path, {**asked, "term": "a\0"}).status_code == 400
    assert desk.get(path, {**asked, "field_name": "held__name"}).status_code == 403
    page = desk.get("/backoffice/catalog/skurelation/add/").content.decode()
    assert "VBBSS-1Y-005" not in page  # not a list of all SKUs


def test_relations_are_written_once(world: World, desk: Client) -> None:
    path = "/backoffice/catalog/skurelation/add/"
    data = {"held": world.sku("VBBSS-1Y-005").pk, "following": world.sku("VBBSS-R1").pk, "kind": "renewal"}
    assert desk.post(path, data).status_code == 302
    assert "この関係はすでに登録されています。" in desk.post(path, data).content.decode()
    assert SkuRelation.objects.count() == 1
