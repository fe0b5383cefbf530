"""The desk's pages of 価格表の取込: upload, mapping, apply, undo, and what they say when it is not the time."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from licenseonline.accounts.models import User
from licenseonline.catalog.models import ImportRow, Price, PriceImport, PriceList, Sku, Vendor
from licenseonline.kit import clock
from tests.backoffice.importing import HEAD, PAGE, applied, do, form, said, uploaded
from tests.catalog.imports import files
from tests.jobs import run_jobs, waiting
from tests.world import World


@pytest.fixture
def desk(world: World, client_of: Callable[[User], Client]) -> Client:
    return client_of(world.operator)


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
    new = said(desk, page, outcome="new")
    assert "VBBSS-NEW-9" in new
    assert "ウイルスバスター ビジネスセキュリティサービス" in new  # the product that its code names
    assert "新しい製品" not in new
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
    assert "取り消しを始めました" not in answer.content.decode()
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
