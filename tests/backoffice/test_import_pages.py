"""The desk's pages of 価格表の取込: upload, mapping, preview, apply, undo, and what they say when it is not the time."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from licenseonline.accounts.models import User
from licenseonline.catalog.models import (
    ImportRow,
    Price,
    PriceImport,
    PriceList,
    SellingRule,
    Sku,
    StoreListing,
    Vendor,
)
from licenseonline.kit import clock, scope
from tests.catalog.imports import files
from tests.jobs import run_jobs, waiting
from tests.world import World

PAGE = "/backoffice/imports/"
HEAD = "型番,製品コード,製品名,定価,仕切価格\n"
ROWS = (
    "VBBSS-1Y-005,vbbss,ウイルスバスター,5500,3850\n"  # 5,200 → 5,500
    "VBBSS-1Y-025,vbbss,ウイルスバスター,4800,3360\n"  # as it is
    "VBBSS-NEW-9,vbbss,ウイルスバスター,6000,4200\n"
    "VBBSS-BAD-1,vbbss,ウイルスバスター,お問い合わせ,100\n"
)


@pytest.fixture
def desk(world: World, client_of: Callable[[User], Client]) -> Client:
    return client_of(world.operator)


def form(text: str = HEAD + ROWS, *, encoding: str = "cp932", **changes: Any) -> dict[str, object]:
    return {
        "vendor": Vendor.objects.get(code="trend").pk,
        "format": "table",
        "from_day": clock.today().isoformat(),
        "file": SimpleUploadedFile("価格表.csv", text.encode(encoding), "text/csv"),
        "key": str(uuid4()),
        **changes,
    }


def uploaded(desk: Client, text: str = HEAD + ROWS, **changes: Any) -> str:
    """The page of an import whose jobs have run."""
    answer = desk.post(f"{PAGE}new", form(text, **changes))
    assert answer.status_code == 302, answer.content.decode()
    run_jobs()
    return str(answer["Location"])


def said(desk: Client, path: str, **query: str) -> str:
    answer = desk.get(path, query)
    assert answer.status_code == 200
    return answer.content.decode()


def do(desk: Client, page: str, step: str, key: str = "") -> str:
    """Post a step, run its jobs, and read the page it leads to."""
    answer = desk.post(f"{page}{step}", {"key": key or str(uuid4())})
    assert (answer.status_code, answer["Location"]) == (302, page)
    before = desk.get(page).content.decode()
    run_jobs()
    return before


def applied(desk: Client, text: str = HEAD + ROWS, **changes: Any) -> str:
    page = uploaded(desk, text, **changes)
    do(desk, page, "apply")
    assert PriceImport.objects.latest("id").state == "applied"
    return page


def test_the_empty_list_says_what_to_do(desk: Client) -> None:
    page = said(desk, PAGE)
    assert "取り込んだ価格表はまだありません" in page
    assert f'href="{PAGE}new"' in page
    assert f'href="{PAGE}"' in said(desk, "/backoffice/")  # the side bar


def test_a_file_is_uploaded_read_and_previewed(desk: Client) -> None:
    answer = desk.post(f"{PAGE}new", form())
    page = str(answer["Location"])
    reading = said(desk, page)
    assert "<progress" in reading
    assert "閉じても処理は続き" in reading
    assert f'hx-get="{page}"' in reading
    assert '<noscript><meta http-equiv="refresh"' in reading
    run_jobs()
    checked = said(desk, page)
    assert "<progress" not in checked
    assert "確認が終わりました" in checked
    assert "新規 1件、価格変更 1件" in checked
    assert "5,200円" in checked
    assert "5,500円" in checked
    assert "+300円（+5.8％）" in checked
    assert "3,640円" in checked  # cost
    assert "VBBSS-NEW-9" in said(desk, page, outcome="new")
    refused = said(desk, page, outcome="refused")
    assert "VBBSS-BAD-1" in refused
    assert ImportRow.objects.get(outcome="refused").reason in refused
    assert Price.objects.filter(sku__model_number="VBBSS-1Y-005").count() == 1  # nothing is in force yet
    listed = said(desk, PAGE)
    assert "価格表.csv" in listed
    assert "取り込めない行 1件" in listed


@pytest.mark.parametrize("encoding", ["cp932", "utf-8", "utf-8-sig", "utf-16"])
def test_files_of_every_encoding_are_taken(desk: Client, encoding: str) -> None:
    assert "新規 1件、価格変更 1件" in said(desk, uploaded(desk, encoding=encoding))


def test_excel_is_taken_as_well(desk: Client) -> None:
    rows: list[list[object]] = [["型番", "製品コード", "定価"], ["VBBSS-1Y-005", "vbbss", 5500]]
    book = SimpleUploadedFile("価格表.xlsx", files.xlsx([("価格", rows)]))
    assert "価格変更 1件" in said(desk, uploaded(desk, file=book))


def test_a_microsoft_sheet_is_taken_and_says_what_it_left_out(desk: Client) -> None:
    head = (
        "ProductTitle,ProductId,SkuId,SkuTitle,Publisher,SkuDescription,UnitOfMeasure,TermDuration,BillingPlan,Market,"
        "Currency,UnitPrice,PricingTierRangeMin,PricingTierRangeMax,EffectiveStartDate,EffectiveEndDate,Tags,ERP Price,"
        "Segment\n"
    )
    row = (
        "Microsoft 365 E3,CFQ7TTC0LFLX,0001,Microsoft 365 E3,Microsoft,E3,,P1Y,Annual,{market},{currency},51000,,,"
        "2026-01-01T00:00:00Z,9999-12-31T00:00:00Z,,61000,Commercial\n"
    )
    text = head + row.format(market="JP", currency="JPY") + row.format(market="US", currency="USD")
    page = said(desk, uploaded(desk, text, encoding="utf-8", format="microsoft"), outcome="new")
    assert "新規 1件" in page
    assert "61,000円" in page
    assert "51,000円" in page
    assert PriceImport.objects.get().problem in page
    assert "列の対応を変更" not in page


def test_the_form_says_what_is_wrong_and_stays_filled(desk: Client) -> None:
    yesterday = (clock.today() - timedelta(days=1)).isoformat()
    answer = desk.post(f"{PAGE}new", form(from_day=yesterday, vendor="", is_complete="on"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "メーカーを選択してください" in page
    assert "本日以降の日付" in page
    assert f'value="{yesterday}"' in page
    assert "checked" in page
    assert "もう一度選択してください" in page  # the file
    without = desk.post(f"{PAGE}new", {"vendor": "1", "key": str(uuid4())})
    assert without.status_code == 422
    assert "ファイルを選択してください" in without.content.decode()
    assert not PriceImport.objects.exists()


def test_the_first_day_is_today_unless_said_otherwise(desk: Client) -> None:
    assert f'value="{clock.today().isoformat()}"' in said(desk, f"{PAGE}new")


def test_the_same_form_sent_twice_makes_one_import(desk: Client) -> None:
    key = str(uuid4())
    answers = [desk.post(f"{PAGE}new", form(key=key)) for _ in range(2)]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert PriceImport.objects.count() == 1
    other = desk.post(f"{PAGE}new", form(HEAD + "A-1,a,あ,1,1\n", key=key))
    assert other.status_code == 422
    assert "内容が変わったため" in other.content.decode()


def test_what_applying_will_do_is_said_in_a_sentence_and_done_once(world: World, desk: Client) -> None:
    page = uploaded(desk)
    confirm = said(desk, f"{page}apply")
    assert "いますぐ、新規 1件、価格変更 1件を、この型番を扱うすべてのストアに反映します。" in confirm
    assert "取り込めない 1行は反映されません" in confirm
    assert Price.objects.filter(sku__model_number="VBBSS-1Y-005").count() == 1
    key = str(uuid4())
    assert "<progress" in do(desk, page, "apply", key)
    again = desk.post(f"{page}apply", {"key": key}, follow=True).content.decode()
    assert "反映を始めました" in again  # the same click
    done = said(desk, page)
    assert "反映済み" in done
    made = PriceList.objects.latest("id")
    assert f"/backoffice/catalog/pricelist/{made.pk}/change/" in done
    assert Price.objects.get(price_list=made, sku=world.sku("VBBSS-1Y-005")).list_yen == 5500
    assert "状態が変わったため" in desk.post(f"{page}apply", {"key": str(uuid4())}, follow=True).content.decode()
    assert "この取り込みは反映できません" in desk.get(f"{page}apply", follow=True).content.decode()
    assert PriceList.objects.count() == 3


def test_a_day_to_come_is_on_the_button_and_in_the_sentence(desk: Client) -> None:
    day = clock.today() + timedelta(days=40)
    page = uploaded(desk, from_day=day.isoformat())
    words = f"{day.year}年{day.month}月{day.day}日から"
    assert f"{words}反映する" in said(desk, page)
    assert f"{words}、新規 1件" in said(desk, f"{page}apply")
    do(desk, page, "apply")
    assert PriceList.objects.latest("id").from_day == day


def test_undo_is_confirmed_and_gives_the_old_prices_back(client: Client, desk: Client) -> None:
    page = applied(desk)
    confirm = said(desk, f"{page}undo")
    assert "取り込む前の価格に戻し、新規の型番 1件の販売を止めます。" in confirm
    product = "/87465/products/vbbss"
    assert "VBBSS-NEW-9" in client.get(product).content.decode()
    do(desk, page, "undo")
    assert "取り消し済み" in said(desk, page)
    assert "VBBSS-NEW-9" not in client.get(product).content.decode()
    assert "この取り込みは取り消せません" in desk.get(f"{page}undo", follow=True).content.decode()
    assert "状態が変わったため" in desk.post(f"{page}undo", {"key": str(uuid4())}, follow=True).content.decode()


def test_undo_after_a_later_import_is_refused_in_words(desk: Client) -> None:
    first = applied(desk)
    applied(desk, HEAD + "VBBSS-1Y-005,vbbss,ウイルスバスター,5800,3900\n")
    answer = desk.post(f"{first}undo", {"key": str(uuid4())}, follow=True)
    assert answer.status_code == 200
    assert "取り込みを取り消しました" not in answer.content.decode()
    assert PriceImport.objects.earliest("id").state == "applied"


def test_discarding_changes_nothing(desk: Client) -> None:
    page = uploaded(desk)
    assert "今のまま変わりません" in said(desk, f"{page}discard")
    before = Price.objects.count()
    do(desk, page, "discard")
    assert "破棄" in said(desk, page)
    assert Price.objects.count() == before
    assert "この取り込みは破棄できません" in desk.get(f"{page}discard", follow=True).content.decode()
    assert "この取り込みは反映できません" in desk.get(f"{page}apply", follow=True).content.decode()
    assert "いまは列の対応を変更できません" in desk.get(f"{page}columns", follow=True).content.decode()
    assert desk.get(f"{page}refused.csv").status_code == 404


def test_a_broken_file_says_why_and_what_to_do(desk: Client) -> None:
    page = uploaded(desk, "これは価格表ではありません\n")
    broken = said(desk, page)
    assert PriceImport.objects.get().state == "broken"
    assert "取り込めませんでした。価格も品ぞろえも変わっていません" in broken
    assert PriceImport.objects.get().problem in broken
    again = f"{PAGE}new?again={PriceImport.objects.get().pk}"
    assert f'href="{again}"' in broken
    vendor = Vendor.objects.get(code="trend")
    assert f'<option value="{vendor.pk}" selected>' in said(desk, again)


def test_unknown_columns_are_chosen_and_kept_for_the_vendor(desk: Client) -> None:
    text = "記号,わが社の値段,買値\nVBBSS-1Y-005,5500,3850\n"
    page = uploaded(desk, text)
    assert PriceImport.objects.get().state == "broken"
    assert f'href="{page}columns"' in said(desk, page)
    mapping = said(desk, f"{page}columns")
    assert '<option value="わが社の値段">' in mapping
    assert mapping.count("必須") == 2
    failed = desk.post(f"{page}columns", {"model_number": "記号", "key": str(uuid4())})
    assert failed.status_code == 422
    assert "列を選択してください" in failed.content.decode()
    assert '<option value="記号" selected>' in failed.content.decode()
    twice = {"model_number": "記号", "list_yen": "記号", "key": str(uuid4())}
    assert "と同じ列が選択されています" in desk.post(f"{page}columns", twice).content.decode()
    chosen = {"model_number": "記号", "list_yen": "わが社の値段", "cost_yen": "買値", "key": str(uuid4())}
    assert desk.post(f"{page}columns", chosen)["Location"] == page
    run_jobs()
    assert "価格変更 1件" in said(desk, page)
    assert "列の対応を変更" in said(desk, page)
    assert '<option value="買値" selected>' in said(desk, f"{page}columns")
    assert "価格変更 1件" in said(desk, uploaded(desk, text))  # the vendor's next list needs no choosing


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


def test_odd_addresses_are_answered(desk: Client) -> None:
    page = uploaded(desk)
    for query in ({"outcome": "x"}, {"after": "9" * 30}, {"after": "-1"}, {"outcome": "same"}):
        assert desk.get(page, query).status_code == 200
    for query in ({"before": "9" * 5000}, {"before": "x"}, {"before": "1"}):
        assert desk.get(PAGE, query).status_code == 200
    assert desk.get(f"{PAGE}new", {"again": "9" * 30}).status_code == 200
    for step in ("", "apply", "undo", "discard", "columns", "refused.csv"):
        for number in ("0", "999999", "9" * 25):
            assert desk.get(f"{PAGE}{number}/{step}").status_code == 404
    for step in ("apply", "undo", "discard"):
        assert desk.post(f"{page}{step}", {"key": "no key"}).status_code == 302
    assert PriceImport.objects.get().state == "checked"
    assert not waiting()


def test_an_applied_list_stands_among_the_price_lists(desk: Client) -> None:
    applied(desk)
    lists = said(desk, "/backoffice/catalog/pricelist/")
    assert "2026年度価格表" in lists
    made = PriceImport.objects.get()
    assert f'href="{PAGE}{made.pk}/"' in lists
    detail = said(desk, f"/backoffice/catalog/pricelist/{made.price_list_id}/change/")
    assert "価格表.csv" in detail
    assert Sku.objects.filter(model_number="VBBSS-NEW-9").exists()
