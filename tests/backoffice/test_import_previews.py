"""What the desk sees of a price list before it is applied: its rows by what they would do, and whom they touch."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from licenseonline.accounts.models import User
from licenseonline.catalog.models import ImportRow, SellingRule, Sku, StoreListing, Vendor
from licenseonline.kit import scope
from tests.backoffice.importing import HEAD, PAGE, ROWS, do, said, uploaded
from tests.world import World


@pytest.fixture
def desk(world: World, client_of: Callable[[User], Client]) -> Client:
    return client_of(world.operator)


def test_a_price_change_names_its_stores_and_open_quotations(world: World, desk: Client) -> None:
    quote, other = world.quote(), world.quote(model_number="VBBSS-1Y-025", quantity=30)
    page = said(desk, uploaded(desk))
    assert f"/backoffice/sales/quote/{quote.pk}/change/" in page
    assert quote.number in page
    assert other.number not in page
    assert "有効期限まで" in page
    assert "エルサットストア" in page
    assert "みなとライセンスストア" in page
    of_other = Vendor.objects.get(code="other").pk
    changed = said(desk, uploaded(desk, HEAD + "ADOBE-CC,creative,あ,99000,70000\n", vendor=of_other))
    assert "エルサットストア" in changed
    assert "みなとライセンスストア" not in changed  # does not sell it
    assert "有効期限内の見積はありません" in changed


def test_stores_whose_price_does_not_follow_the_list_are_not_named(world: World, desk: Client) -> None:
    sku = world.sku("VBBSS-1Y-005")
    SellingRule.objects.create(store=world.elsat, sku=sku, kind="fixed", per_mille=None, fixed_yen=5000)
    StoreListing.objects.create(store=world.minato, sku=sku, offer=StoreListing.Offer.ON_REQUEST)
    page = said(desk, uploaded(desk))
    assert "販売しているストアはありません" in page


def test_expired_and_ordered_quotations_are_not_touched(world: World, desk: Client) -> None:
    order = world.order()
    expired = world.quote()
    type(expired).objects.filter(pk=expired.pk).update(valid_until=date(2026, 1, 1))
    page = said(desk, uploaded(desk))
    assert order.quote.number not in page
    assert expired.number not in page


def test_a_complete_list_ends_what_it_does_not_name(desk: Client) -> None:
    page = uploaded(desk, is_complete="on")
    assert "販売終了 2件" in said(desk, page)
    ended = said(desk, page, outcome="ended")
    assert "VBBSS-R1" in ended
    assert "TREND-ACA" in ended
    do(desk, page, "apply")
    assert "販売終了にした型番 2件の販売を再開します" in said(desk, f"{page}undo")


def test_new_products_and_names_are_shown(desk: Client) -> None:
    head = "型番,製品コード,製品名,型番名,定価\n"
    rows = "VB-X-1,vb-new,まったく新しい製品,新しい型番,6000\nVBBSS-1Y-005,vbbss,,新しい名前,5500\n"
    page = uploaded(desk, head + rows)
    new = said(desk, page, outcome="new")
    assert "まったく新しい製品" in new
    assert "新しい製品</span>" in new
    assert "名称を変更：新しい名前" in said(desk, page, outcome="changed")


def test_refused_rows_can_be_kept_as_csv(desk: Client) -> None:
    page = uploaded(desk, HEAD + '"=cmd|1",vbbss,ウイルスバスター,abc,1\n' + ROWS)
    assert f'href="{page}refused.csv"' in said(desk, page, outcome="refused")
    answer = desk.get(f"{page}refused.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer["Content-Disposition"]
    with scope.stores([]):  # the answer is read when the request's scope is over
        text = b"".join(answer).decode("utf-8-sig")
    assert "VBBSS-BAD-1" in text
    assert "\n=cmd" not in text
    assert ",=cmd" not in text


def test_rows_are_paged_by_line(desk: Client) -> None:
    text = HEAD + "".join(f"VB-{number:03},vbbss,ウイルスバスター,{number}00,\n" for number in range(1, 121))
    page = uploaded(desk, text)
    first = said(desk, page, outcome="new")
    assert "VB-050" in first
    assert "VB-051" not in first
    line = ImportRow.objects.get(model_number="VB-050").line
    assert f"?outcome=new&amp;after={line}#rows" in first
    second = said(desk, page, outcome="new", after=str(line))
    assert "VB-051" in second
    assert "最初へ" in second
    assert "VB-050" not in second


@pytest.mark.parametrize("rows", [1, 3])
def test_the_number_of_queries_does_not_grow(
    desk: Client, rows: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    text = HEAD + "".join(f"VB-{number},vbbss,ウイルスバスター,{number}00,\n" for number in range(rows))
    for _ in range(rows):
        page = uploaded(desk, text)
    with django_assert_max_num_queries(14):
        said(desk, page)
    with django_assert_max_num_queries(10):
        said(desk, PAGE)


def test_a_list_that_changes_only_names_and_days_of_sale_can_be_applied(world: World, desk: Client) -> None:
    head = "型番,型番名,定価,販売終了日\n"
    page = uploaded(desk, head + "VBBSS-1Y-005,新しい名前,5200,\nVBBSS-1Y-025,,4800,2027/3/31\n")
    shown = said(desk, page)
    assert "名称・販売日の変更 2件" in shown
    assert "名称を変更：新しい名前" in shown
    assert "販売終了日：2027年3月31日" in shown
    assert "名称・販売日の変更 2件を、この型番を扱うすべてのストアに反映します" in said(desk, f"{page}apply")
    do(desk, page, "apply")
    assert world.sku("VBBSS-1Y-005").name == "新しい名前"
    assert Sku.objects.get(model_number="VBBSS-1Y-025").sale_to == date(2027, 3, 31)


def test_a_list_that_changes_nothing_cannot_be_applied(desk: Client) -> None:
    page = uploaded(desk, "型番,定価\nVBBSS-1Y-005,5200\n")
    assert "反映するものはありません" in said(desk, page)
    assert f"{page}apply" not in said(desk, page)
    assert "この取り込みは反映できません" in desk.get(f"{page}apply", follow=True).content.decode()
