"""Model numbers in bulk, what is said beside a quantity, and old papers again."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from xlsxwriter import Workbook

from licenseonline.catalog.models import EVER_SINCE, Sku
from licenseonline.kit.errors import Refused
from licenseonline.sales import carts, quick_entry
from licenseonline.sales.models import CartLine, Quote
from licenseonline.sales.quick_entry import Wanted
from tests.web.member.helpers import ClientOf, at, delivered, new_key, queries, text_of
from tests.world import World

PASTED = "型番\t数量\nVBBSS-1Y-005\t１０\nvbbss‐1y‐025, 30ライセンス\n\nＭ３６５－ＭＯＮＴＨ　3\n5 ADOBE-CC\nVBBSS-1Y-005 2\n"


def cart_of(world: World) -> dict[str, int]:
    return dict(CartLine.objects.filter(member=world.hanako).values_list("sku__model_number", "quantity"))


def test_any_width_and_separator_is_read_and_duplicates_add_up() -> None:
    assert [(one.model, one.quantity) for one in quick_entry.read(PASTED)] == [
        ("VBBSS-1Y-005", 12), ("vbbss‐1y‐025", 30), ("M365-MONTH", 3), ("ADOBE-CC", 5),
    ]  # fmt: skip
    assert quick_entry.read("ABC-1") == [Wanted("ABC-1", 1)]
    assert quick_entry.read("ABC-1\t1,000") == [Wanted("ABC-1", 1000)]
    assert quick_entry.read("ABC-1 たくさん") == [Wanted("ABC-1", None, "たくさん")]
    for text, code in (("  \n、\n", "empty"), ("\n".join(f"A{n} 1" for n in range(201)), "most")):
        with pytest.raises(Refused) as refused:
            quick_entry.read(text)
        assert refused.value.code == code


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp932", "utf-16"])
def test_files_are_read_in_the_encodings_of_the_trade(encoding: str) -> None:
    file = io.BytesIO("型番,数量\nVBBSS-1Y-005,10\nＡＤＯＢＥ-CC,5\n".encode(encoding))
    assert [one.quantity for one in quick_entry.read_file(file, "a.csv")] == [10, 5]


def test_sheets_are_read_and_what_is_none_is_refused() -> None:
    file = io.BytesIO()
    with Workbook(file) as book:
        sheet = book.add_worksheet()
        for at_row, row in enumerate((["型番", "製品名", "数量"], ["VBBSS-1Y-005", "ウイルスバスター 2026", 10])):
            sheet.write_row(at_row, 0, row)
    assert quick_entry.read_file(file, "a.xlsx") == [Wanted("VBBSS-1Y-005", 10)]
    for content, name in (
        (b"", "a.csv"),
        (b"%PDF-1.7", "a.pdf"),
        (b"a" * (1024 * 1024 + 1), "a.csv"),
        (b"PK\x03\x04x", "a.xlsx"),
    ):
        with pytest.raises(Refused):
            quick_entry.read_file(io.BytesIO(content), name)


def test_pasted_lines_are_shown_with_prices_and_then_put_once(world: World, client_of: ClientOf) -> None:
    client = client_of(world.hanako)
    text = PASTED + "VBBSS-1Y-00\t5\n<script>alert(1)</script>\t2\nTREND-ACA 1\nVBBSS-R1\t0\n"
    page = client.post(at("quick_entry"), {"text": text}).content.decode()
    for words in (
        "VBBSS-1Y-005",
        "56,160円",
        "4件をカートに入れる",
        "教育機関のお客様のみ",
        "近い型番：",
        "数量は1以上で",
    ):
        assert words in page
    assert "<script>alert" not in page
    assert cart_of(world) == {}
    good = "VBBSS-1Y-005\t12\nVBBSS-1Y-025\t30\nM365-MONTH\t3\nADOBE-CC\t5"
    asked = {"text": good, "key": new_key()}
    for _ in range(2):
        assert client.post(at("quick_entry_put"), asked)["Location"] == at("cart")
    assert cart_of(world) == {"VBBSS-1Y-005": 12, "VBBSS-1Y-025": 30, "M365-MONTH": 3, "ADOBE-CC": 5}
    cart = text_of(client, at("cart"))
    assert "見積を2つに分けて作成します" in cart
    assert "すべての見積を作成" in cart
    asked = {"form": "all", "subject": "一括", "key": new_key(), "po_number": "PO-1"}
    assert "2つの見積に分け" in text_of(client, f"{at('quote_new')}?form=all")
    first, second = (client.post(at("quote_new"), asked)["Location"] for _ in range(2))
    assert first == second == at("quotes")
    assert Quote.objects.count() == 2
    assert text_of(client, at("quotes")).count(Quote.objects.all()[0].set_number) >= 2


def test_what_cannot_be_read_or_put_is_said_and_kept(world: World, client_of: ClientOf) -> None:
    client = client_of(world.hanako)
    for data in ({"text": ""}, {"file": SimpleUploadedFile("a.pdf", b"%PDF-1.7")}, {"text": "あ" * 20_001}):
        response = client.post(at("quick_entry"), data)
        assert response.status_code == 422
    for text, key in (
        ("VBBSS-1Y-005\t3", new_key()),
        ("NO-SUCH\t3", new_key()),
        ("VBBSS-1Y-005\t5", "no-uuid"),
        ("", new_key()),
    ):
        assert client.post(at("quick_entry_put"), {"text": text, "key": key}).status_code == 422
    assert cart_of(world) == {}


def test_preview_needs_as_many_queries_for_three_lines_as_for_one(world: World, client_of: ClientOf) -> None:
    client, quote = client_of(world.hanako), world.quote()
    one = queries(client, at("order_again", "quote", quote.number))
    for model, number in (("VBBSS-1Y-005", 10), ("VBBSS-1Y-025", 30), ("ADOBE-CC", 5)):
        carts.put(world.sku(model), quantity=number, by=world.hanako)
    three = world.quote()
    assert queries(client, at("order_again", "quote", three.number)) == one


def test_old_papers_are_quoted_again_and_what_ended_names_its_successor(world: World, client_of: ClientOf) -> None:
    order = delivered(world)
    client, contract = client_of(world.hanako), order.lines.get().contract
    old = world.sku("VBBSS-1Y-005")
    for kind, number in (("quote", order.quote.number), ("order", order.number), ("contract", contract.number)):
        page = text_of(client, at("order_again", kind, number))
        assert "VBBSS-1Y-005\t10" in page
        assert client_of(world.taro).get(at("order_again", kind, number)).status_code == 404
    assert client.get(at("order_again", "basket", order.number)).status_code == 404
    Sku.objects.filter(pk=old.pk).update(sale_to="2026-06-01", successor=world.sku("VBBSS-1Y-025"))
    page = text_of(client, at("order_again", "order", order.number))
    assert "販売を終了した型番です" in page
    assert "?model=VBBSS-1Y-025" in page
    Sku.objects.filter(pk=old.pk).update(sale_from=EVER_SINCE)


def test_beside_a_quantity_stands_its_price_or_what_would_do(world: World, client_of: ClientOf) -> None:
    client, band = client_of(world.hanako), world.sku("VBBSS-1Y-025")
    few, steps = world.sku("VBBSS-1Y-005"), world.sku("ADOBE-CC")

    def said(sku: Sku, quantity: str) -> str:
        return text_of(client, f"{at('cart_check', sku.pk)}?quantity={quantity}")

    assert "単価 4,680円・金額 46,800円" in said(few, "１０")
    assert 'name="instead" value="10"' in said(steps, "7")
    over, under = said(few, "40"), said(band, "10")
    assert f'name="fit" value="{band.pk}"' in over
    assert "単価 4,320円" in over
    assert f'name="fit" value="{few.pk}"' in under
    assert 'name="instead" value="25"' in under
    assert "24ライセンスまで" in said(few, "9" * 20)
    assert "一度にご注文いただけるのは" in said(band, "9" * 20)
    assert "数量は半角の整数" in said(few, "%3Cb%3E")
    put = {"sku_id": str(few.pk), "quantity": "40", "fit": str(band.pk)}
    assert client.post(at("cart_put"), put).status_code == 302
    page = client.post(at("cart_put"), {"sku_id": str(steps.pk), "quantity": "7"}).content.decode()
    assert "10ライセンスにする" in page
    client.post(at("cart_put"), {"sku_id": str(steps.pk), "quantity": "7", "instead": "10"})
    assert cart_of(world) == {"VBBSS-1Y-025": 40, "ADOBE-CC": 10}
    assert client.post(at("cart_switch", band.pk), {"to": str(few.pk), "form": "term"})["Location"].endswith(
        "?form=term"
    )
    assert client.post(at("cart_switch", few.pk), {"to": str(few.pk)}).status_code == 302
    assert client.post(at("cart_follow", band.pk), {"contract": "C9"}).status_code == 404
    assert cart_of(world)["VBBSS-1Y-025"] == 40


def test_what_is_wished_is_asked_checked_and_shown(world: World, client_of: ClientOf) -> None:
    carts.put(world.sku("VBBSS-1Y-005"), quantity=10, by=world.hanako)
    client = client_of(world.hanako)
    page = text_of(client, f"{at('quote_new')}?form=term")
    assert 'value="株式会社青空製作所"' in page
    evil = "<script>alert(1)</script>"
    wrong = {"form": "term", "key": new_key(), "wished_on": "2020-01-01", "user_person": "利用", "note": "あ" * 401}
    page = client.post(at("quote_new"), wrong).content.decode()
    for words in ("本日以降の日付", "会社名・団体名を入力", "備考は400文字以内"):
        assert words in page
    good = {
        "form": "term", "key": new_key(), "wished_on": "2099-04-01", "po_number": evil, "note": f"{evil}\n二行目",
        "to_company": "みどり市", "to_person": "", "user_company": evil, "user_email": "a@b.example", "blank_date": "on",
    }  # fmt: skip
    page = text_of(client, client.post(at("quote_new"), good)["Location"])
    for words in ("2099年4月1日", "&lt;script&gt;", "二行目", "みどり市", "発行日を空欄"):
        assert words in page
    assert "<script>alert" not in page
    again = client.post(at("quote_new"), {**good, "po_number": "other"})
    assert again.status_code == 302  # an empty cart
