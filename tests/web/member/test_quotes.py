"""Quotations as members see them."""

from datetime import timedelta

import pytest
import time_machine

from licenseonline.accounts.models import Company
from licenseonline.kit import clock
from licenseonline.sales import carts
from licenseonline.sales.models import Order, Quote
from tests.jobs import run_jobs
from tests.web.member.helpers import ClientOf, at, content, new_key, queries, status, text_of
from tests.world import World


@pytest.fixture
def filled(world: World) -> World:
    carts.put(world.sku("VBBSS-1Y-005"), quantity=10, by=world.hanako)
    return world


def test_preview_shows_what_will_be_printed_and_writes_nothing(filled: World, client_of: ClientOf) -> None:
    page = text_of(client_of(filled.hanako), f"{at('quote_new')}?form=term")
    for text in ("株式会社青空製作所", "青空 花子 様", "VBBSS-1Y-005", "46,800円", "51,480円", "消費税 10%"):
        assert text in page
    assert not Quote.objects.exists()


def test_issuing_leads_to_the_quotation(filled: World, client_of: ClientOf) -> None:
    client = client_of(filled.hanako)
    asked = {"form": "term", "subject": "  本社ＰＣ　入替 ", "key": new_key()}
    response = client.post(at("quote_new"), asked, follow=True)
    quote = Quote.objects.get()
    assert response.redirect_chain == [(at("quote", quote.number), 302)]
    assert quote.subject == "本社ＰＣ 入替"
    assert quote.total_yen == 51480
    assert "見積を作成しました" in response.content.decode()


def test_same_form_sent_twice_makes_one_quotation(filled: World, client_of: ClientOf) -> None:
    client, asked = client_of(filled.hanako), {"form": "term", "subject": "", "key": new_key()}
    first, second = (client.post(at("quote_new"), asked) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert Quote.objects.count() == 1


def test_same_key_with_another_subject_is_refused(filled: World, client_of: ClientOf) -> None:
    client, key = client_of(filled.hanako), new_key()
    client.post(at("quote_new"), {"form": "term", "subject": "A", "key": key})
    carts.put(filled.sku("VBBSS-1Y-025"), quantity=30, by=filled.hanako)
    response = client.post(at("quote_new"), {"form": "term", "subject": "B", "key": key})
    assert response.status_code == 422
    assert "内容が変わったため" in response.content.decode()
    assert Quote.objects.count() == 1


@pytest.mark.parametrize("key", ["", "no-uuid"])
def test_form_without_a_key_is_refused(filled: World, client_of: ClientOf, key: str) -> None:
    response = client_of(filled.hanako).post(at("quote_new"), {"form": "term", "subject": "件名です", "key": key})
    assert response.status_code == 422
    assert 'value="件名です"' in response.content.decode()
    assert not Quote.objects.exists()


def test_too_long_subject_is_refused_and_kept(filled: World, client_of: ClientOf) -> None:
    response = client_of(filled.hanako).post(at("quote_new"), {"form": "term", "subject": "あ" * 101, "key": new_key()})
    page = response.content.decode()
    assert response.status_code == 422
    assert "件名は100文字以内" in page
    assert "あ" * 101 in page


@pytest.mark.parametrize("form", ["term", "monthly", "nonsense", ""])
def test_empty_cart_leads_back_to_the_cart(world: World, client_of: ClientOf, form: str) -> None:
    response = client_of(world.hanako).get(f"{at('quote_new')}?form={form}", follow=True)
    assert response.redirect_chain == [(at("cart"), 302)]
    assert "カートに製品がありません" in response.content.decode()


def test_history_shows_the_companys_quotations_and_who_made_them(world: World, client_of: ClientOf) -> None:
    quote = world.quote()
    for member in (world.hanako, world.ichiro):
        page = text_of(client_of(member), at("quotes"))
        assert quote.number in page
        assert "青空 花子" in page
    assert "見積はまだありません" in text_of(client_of(world.taro), at("quotes"))


def test_others_find_nothing(world: World, client_of: ClientOf) -> None:
    quote = world.quote()
    run_jobs()
    quote.refresh_from_db()
    for route in ("quote", "quote_pdf", "quote_order"):
        assert status(client_of(world.ichiro), at(route, quote.number)) == 200
        assert status(client_of(world.taro), at(route, quote.number)) == 404
        assert status(client_of(world.hanako_at_minato), at(route, quote.number, store=193808)) == 404
    assert client_of(world.taro).post(at("quote_order", quote.number), {"terms": "on"}).status_code == 404


def test_pdf_comes_when_it_is_ready(world: World, client_of: ClientOf) -> None:
    quote, client = world.quote(), client_of(world.hanako)
    waiting = text_of(client, at("quote", quote.number))
    assert "PDFを作成しています" in waiting
    assert 'hx-trigger="every 2s"' in waiting
    early = client.get(at("quote_pdf", quote.number), follow=True)
    assert "しばらくしてからもう一度" in early.content.decode()
    run_jobs()
    part = client.get(at("quote", quote.number), headers={"HX-Request": "true"}).content.decode()
    assert "見積書（PDF）" in part
    assert "<html" not in part
    assert "hx-trigger" not in part
    response = client.get(at("quote_pdf", quote.number))
    assert content(response).startswith(b"%PDF-")
    disposition = response["Content-Disposition"]
    assert disposition.startswith("attachment; filename*=utf-8''%E8%A6%8B%E7%A9%8D%E6%9B%B8_Q")


def test_late_pdf_is_no_longer_polled_for(world: World, client_of: ClientOf) -> None:
    quote = world.quote()
    with time_machine.travel(clock.now() + timedelta(minutes=6), tick=False):
        page = text_of(client_of(world.hanako), at("quote", quote.number))
    assert "時間がかかっています" in page
    assert "every 2s" not in page


def test_confirmation_shows_what_law_and_custom_want(world: World, client_of: ClientOf) -> None:
    page = text_of(client_of(world.hanako), at("quote_order", world.quote().number))
    for text in (
        "VBBSS-1Y-005", "46,800円", "消費税 10%", "51,480円", "銀行振込（前払い）", "みらい銀行 虎ノ門支店 普通 1234567",
        "お支払い期限", "納期", "キャンセル・返品", "エルサットストア販売株式会社", "お見積の有効期限内にご注文ください。",
        "2026-04-01 版", "株式会社青空製作所", "お申し込みの期限", "注文を確定する",
    ):  # fmt: skip
        assert text in page


def test_order_needs_the_tick(world: World, client_of: ClientOf) -> None:
    quote, client = world.quote(), client_of(world.hanako)
    response = client.post(at("quote_order", quote.number), {"key": new_key()})
    assert response.status_code == 422
    assert "同意が必要です" in response.content.decode()
    assert not Order.objects.exists()


def test_order_sent_twice_is_one_order(world: World, client_of: ClientOf) -> None:
    quote, client = world.quote(), client_of(world.hanako)
    agreed = {"terms": "on", "key": new_key()}
    first, second = (client.post(at("quote_order", quote.number), agreed) for _ in range(2))
    order = Order.objects.get()
    assert first["Location"] == second["Location"] == at("order", order.number)


def test_second_tab_is_told_of_the_order(world: World, client_of: ClientOf) -> None:
    quote = world.quote()
    client_of(world.hanako).post(at("quote_order", quote.number), {"terms": "on", "key": new_key()})
    response = client_of(world.ichiro).post(at("quote_order", quote.number), {"terms": "on", "key": new_key()})
    page = response.content.decode()
    assert response.status_code == 422
    assert "すでにご注文いただいています" in page
    assert at("order", Order.objects.get().number) in page


def test_expired_quotation_is_refused_with_what_to_do(world: World, client_of: ClientOf) -> None:
    quote = world.quote()
    last_moment = clock.end_of_day(quote.valid_until) - timedelta(seconds=1)
    with time_machine.travel(last_moment, tick=False):
        client = client_of(world.hanako)
        assert "注文を確定する" in text_of(client, at("quote_order", quote.number))
    with time_machine.travel(last_moment + timedelta(seconds=1), tick=False):
        client = client_of(world.hanako)
        page = text_of(client, at("quote_order", quote.number))
        assert "注文を確定する" not in page
        assert "見積を作成し直してください" in page
        assert "ご注文は行われませんでした" not in page  # nothing was sent
        assert "有効期限切れ" in text_of(client, at("quotes"))
        response = client.post(at("quote_order", quote.number), {"terms": "on", "key": new_key()})
        assert response.status_code == 422
        assert "有効期限が切れています" in response.content.decode()
        assert "ご注文は行われませんでした" in response.content.decode()
    assert not Order.objects.exists()


def test_names_and_subjects_are_text_not_markup(world: World, client_of: ClientOf) -> None:
    evil = "<script>alert(1)</script>"
    Company.objects.filter(pk=world.hanako.company_id).update(name=evil)
    carts.put(world.sku("VBBSS-1Y-005"), quantity=10, by=world.hanako)
    client = client_of(world.hanako)
    response = client.post(at("quote_new"), {"form": "term", "subject": evil, "key": new_key()})
    for path in (response["Location"], at("quotes"), f"{response['Location']}/order", at("profile")):
        page = text_of(client, path)
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page


def test_history_is_paged_by_key(world: World, client_of: ClientOf) -> None:
    made = [world.quote().number for _ in range(21)]
    client = client_of(world.hanako)
    first = text_of(client, at("quotes"))
    oldest_shown = Quote.objects.get(number=made[1])
    assert made[1] in first
    assert made[0] not in first
    second = text_of(client, f"{at('quotes')}?before={oldest_shown.pk}")
    assert made[0] in second
    assert made[1] not in second
    back = text_of(client, f"{at('quotes')}?after={Quote.objects.get(number=made[0]).pk}")
    assert made[20] in back
    assert made[0] not in back
    for nonsense in ("x", "9" * 40, "-1"):
        assert made[20] in text_of(client, f"{at('quotes')}?before={nonsense}")


def test_pages_need_as_many_queries_for_three_as_for_one(world: World, client_of: ClientOf) -> None:
    client, quote = client_of(world.hanako), world.quote()
    one = queries(client, at("quotes"))
    for _ in range(2):
        world.order()
    assert queries(client, at("quotes")) == one
    wide = at("quote", quote.number)
    small = queries(client, wide)
    carts.put(world.sku("VBBSS-1Y-005"), quantity=10, by=world.hanako)
    carts.put(world.sku("VBBSS-1Y-025"), quantity=30, by=world.hanako)
    three = world.quote(model_number="ADOBE-CC", quantity=5)
    assert len(three.snapshot["lines"]) == 3
    assert queries(client, at("quote", three.number)) == small


def test_a_subject_that_grows_when_it_is_composed_is_measured_afterwards(filled: World, client_of: ClientOf) -> None:
    client, subject = client_of(filled.hanako), "\u0958" * 60  # NFC makes two characters of each
    data = {"form": "term", "subject": subject, "key": new_key()}
    assert client.post(at("quote_new"), data).status_code == 422
    assert not Quote.objects.exists()
