"""新規会員登録 by its real pages and mails."""

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core import mail as outbox
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from licenseonline.accounts.consents import PLATFORM_TERMS
from licenseonline.accounts.models import CompanyState, Consent, Member, Registration
from licenseonline.kit import clock
from licenseonline.records.models import IdempotencyKey
from licenseonline.sales import carts, orders, quotes
from tests.jobs import run_jobs
from tests.world import World

REGISTER = "/87465/register/"
SENT = "/87465/register/sent"
PASSWORD = "three quiet rivers run"
TYPED = {
    "company_name": "株式会社　さくら", "company_kana": "かぶしきがいしゃ さくら", "kind": "academic",
    "corporate_number": "７０００-０１２０-５０００２", "postal_code": "１００ー０００１", "prefecture": "東京都",
    "city": "千代田区", "street": "千代田１－１", "building": "", "phone": "０３ー２２２２ー３３３３", "fax": "",
    "name": "𠮷田 葛󠄀子", "kana": "ﾖｼﾀﾞ ｶﾂﾞｺ", "department": "", "title": "", "email": "Yoshida＠Sakura.Example",
    "password": PASSWORD, "terms": "on", "antisocial": "on", "terms_version": "2026-04-01",
}  # fmt: skip


def typed(**changes: str) -> dict[str, str]:
    return TYPED | {"corporate_number": "", "key": str(uuid4())} | changes


def mailed_link() -> str:
    run_jobs()
    found = re.search(r"http://shop\.example(/87465/register/confirm/\S+)", str(outbox.outbox[-1].body))
    assert found
    return found[1]


def test_from_the_form_to_signing_in(world: World, client: Client) -> None:
    page = client.get(REGISTER).content.decode()
    for words in (
        "日本国内の法人・団体の方に限ります",
        "ストアIDは 87465",
        "販売条件（2026-04-01 版）",
        "反社会的勢力",
    ):
        assert words in page
    response = client.post(REGISTER, typed())
    assert (response.status_code, response.headers["Location"]) == (302, SENT)
    page = client.get(SENT).content.decode()
    for words in ("まだ登録は完了していません", "24時間以内", "迷惑メールフォルダ等に入っていないか"):
        assert words in page
    link = mailed_link()
    body = str(outbox.outbox[-1].body)
    for words in ("𠮷田 葛󠄀子 様", "ライセンス窓口", "平日10:00-17:00", "有効期限は24時間"):
        assert words in body
    assert outbox.outbox[-1].from_email.startswith('"エルサットストア"') or "エルサット" in outbox.outbox[-1].from_email
    browser = Client()  # the mail may be opened elsewhere
    page = browser.get(link).content.decode()
    assert "登録を完了する" in page
    assert not Member.objects.filter(email="yoshida@sakura.example").exists()
    response = browser.post(link, {"password": "another person's guess"})
    assert (response.status_code, "パスワードが違います" in response.content.decode()) == (422, True)
    response = browser.post(link, {"password": PASSWORD})
    assert response.headers["Location"] == "/87465/login/"
    assert "会員登録が完了しました" in browser.get("/87465/login/").content.decode()
    assert browser.post("/87465/login/", {"email": "yoshida@sakura.example", "password": PASSWORD}).status_code == 302
    member = Member.objects.select_related("company").get(email="yoshida@sakura.example")
    company = member.company
    assert (member.name, member.kana) == ("𠮷田 葛󠄀子", "ヨシダ カヅコ")
    assert (company.name, company.kana) == ("株式会社 さくら", "カブシキガイシャ サクラ")
    assert (company.postal_code, company.phone, company.kind) == ("100-0001", "03-2222-3333", "academic")
    assert not Consent.objects.filter(member=member, kind="newsletter").exists()


def test_the_page_is_the_same_for_known_and_unknown_addresses(world: World, client: Client) -> None:
    client.post(REGISTER, typed(email="warm@up.example"))
    answers = []
    for email in ("hanako@aozora.example", "nobody@aozora.example"):
        with CaptureQueriesContext(connection) as queries:
            response = client.post(REGISTER, typed(email=email))
        answers.append((response.status_code, response.headers["Location"], response.content, len(queries)))
    assert answers[0] == answers[1]
    run_jobs()
    subjects = {message.to[0]: message.subject for message in outbox.outbox}
    assert "すでに会員登録がお済みです" in subjects["hanako@aozora.example"]
    assert "会員登録の確認" in subjects["nobody@aozora.example"]


def test_sent_twice_it_happens_once(world: World, client: Client) -> None:
    form = typed()
    for _ in range(2):
        assert client.post(REGISTER, form).headers["Location"] == SENT
    assert Registration.objects.count() == 1
    assert IdempotencyKey.objects.get().actor_kind == "visitor"
    assert client.post(REGISTER, form | {"name": "別の名前"}).status_code == 422


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("company_name", " ", "会社名・団体名を入力してください"),
        ("company_kana", "株式会社", "カタカナで入力してください"),
        ("kind", "", "区分を選択してください"),
        ("corporate_number", "1234567890123", "法人番号に誤りがあります"),
        ("postal_code", "100", "郵便番号は7桁の数字"),
        ("prefecture", "カリフォルニア州", "都道府県を選択してください"),
        ("phone", "12", "例：03-1234-5678"),
        ("kana", "Yoshida", "カタカナで入力してください"),
        ("email", "yoshida", "例：hanako@example.co.jp"),
        ("password", "short", "15文字以上"),
        ("password", "", "パスワードを入力してください"),
        ("terms", "", "ご登録には同意が必要です"),
        ("antisocial", "", "チェックを入れてください"),
        ("terms_version", "2025-01-01", "ご利用条件が改定されました"),
        ("name", "あ" * 61, "60文字以内"),
        ("key", "", "もう一度操作してください"),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_the_rest_stays(
    world: World, client: Client, field: str, value: str, words: str
) -> None:
    response = client.post(REGISTER, typed(**{field: value}))
    page = response.content.decode()
    assert response.status_code == 422
    assert words in page
    assert "data-focus" in page
    assert "パスワードはもう一度入力してください" in page or field == "password"
    assert PASSWORD not in page
    for kept in ("株式会社　さくら", "千代田１－１", "Yoshida＠Sakura.Example"):
        assert kept in page or field in {"company_name", "email"}
    assert 'value="academic"' in page
    assert ("checked" in page) or field == "kind"
    assert not Registration.objects.exists()


def test_a_corporate_number_is_kept_as_digits(world: World, client: Client) -> None:
    assert client.post(REGISTER, typed(corporate_number="７０００-０１２０-５０００２")).status_code == 302
    client.post(mailed_link(), {"password": PASSWORD})
    member = Member.objects.select_related("company").get(email="yoshida@sakura.example")
    assert member.company.corporate_number == "7000012050002"


def test_without_a_script_a_button_fills_in_the_address(world: World, client: Client) -> None:
    form = typed(find_address="1", prefecture="", city="", street="", name="")
    response = client.post(REGISTER, form)
    page = response.content.decode()
    assert response.status_code == 200
    assert '<option value="東京都" selected' in page
    assert 'value="千代田区"' in page
    assert "住所を入力しました" in page
    assert "入力内容をご確認ください" not in page
    assert PASSWORD not in page
    page = client.post(REGISTER, form | {"postal_code": "999-9999"}).content.decode()
    assert "住所が見つかりません" in page
    assert not Registration.objects.exists()


def test_the_script_asks_for_the_address(world: World, client: Client) -> None:
    for code in ("100-0001", "1000001", "１００ー０００１"):
        response = client.get(f"/87465/postal-codes/{code}")
        assert response.json() == {"prefecture": "東京都", "city": "千代田区", "street": "千代田"}
    for code in ("999-9999", "x", "0" * 500):
        assert client.get(f"/87465/postal-codes/{code}").status_code == 404


def test_a_link_says_what_became_of_it(world: World, client: Client) -> None:
    client.post(REGISTER, typed())
    link = mailed_link()
    begun = clock.now()
    other_store = link.replace("87465", "193808")
    for wrong in (other_store, link[:-1], f"{link}0"):
        response = client.get(wrong)
        assert response.status_code == 404
        assert "このURLは正しくありません" in response.content.decode()
        assert client.post(wrong).status_code == 404
    with time_machine.travel(begun + timedelta(hours=25), tick=False):
        response = client.get(link)
        assert response.status_code == 410
        assert "新しいメールを送る" in response.content.decode()
        assert client.post(link, {"password": PASSWORD}).status_code == 410
        assert client.post(f"{link}/again").headers["Location"] == SENT
        fresh = mailed_link()
        assert fresh != link
        assert "新しいメールが届いている場合" in client.get(link).content.decode()
        assert client.post(fresh, {"password": PASSWORD}).headers["Location"] == "/87465/login/"
        page = client.get(fresh).content.decode()
        assert "すでに完了しています" in page
        assert "/87465/login/" in page
        Member.objects.filter(email="yoshida@sakura.example").update(is_active=False, withdrawn_at=clock.now())
        assert (
            client.post(fresh, {"password": PASSWORD}).status_code == 410
        )  # opened after withdrawal: it makes nobody anew
    assert Member.objects.filter(email="yoshida@sakura.example").count() == 1


def test_forms_carry_their_token(world: World) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.get(REGISTER)
    assert browser.post(REGISTER, typed()).status_code == 403
    page = browser.get(REGISTER).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token
    assert browser.post(REGISTER, typed(csrfmiddlewaretoken=token[1])).status_code == 302


def test_too_many_mails_are_refused_with_when_to_try_again(world: World, client: Client) -> None:
    for _ in range(5):
        client.post(REGISTER, typed())
    response = client.post(REGISTER, typed())
    assert response.status_code == 429
    assert "1時間ほど" in response.content.decode()


def test_who_is_signed_in_needs_no_registration(world: World, client_of: Callable[[Member], Client]) -> None:
    assert client_of(world.hanako).get(REGISTER).headers["Location"] == "/87465/member/profile/"


def test_the_platforms_terms_have_the_date_that_consents_keep(world: World, client: Client) -> None:
    day = clock.today().fromisoformat(PLATFORM_TERMS)
    assert f"{day.year}年{day.month}月{day.day}日" in client.get("/contents/static/topterm.html").content.decode()


def test_until_the_desk_approves_one_quotes_and_reads_why_one_cannot_order(
    world: World, client_of: Callable[[Member], Client]
) -> None:
    hanako = world.hanako
    type(hanako.company).objects.filter(pk=hanako.company_id).update(state=CompanyState.AWAITING_APPROVAL)
    hanako.company.refresh_from_db()
    sku = world.sku("VBBSS-1Y-005")
    carts.put(sku, quantity=5, by=hanako)
    quote = quotes.issue(carts.form_of(sku), by=hanako)
    browser = client_of(hanako)
    page = browser.get(f"/87465/member/quotes/{quote.number}").content.decode()
    assert "窓口で会社情報を確認しています" in page
    assert "この見積で注文する" not in page
    address = f"/87465/member/quotes/{quote.number}/order"
    assert "注文を確定する" not in browser.get(address).content.decode()
    response = browser.post(address, {"terms": "on", "key": str(uuid4())})
    assert response.status_code == 422
    assert "窓口で会社情報を確認しています" in response.content.decode()
    with pytest.raises(Exception, match="窓口で会社情報を確認"):
        orders.place(quote, accepted_terms=quote.snapshot["terms_version"], by=hanako)
