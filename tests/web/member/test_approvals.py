"""社内承認 as people use it: an administrator sets it up, a buyer asks, an approver answers without an account."""

import re

import pytest
from django.core import mail as sent
from django.test import Client

from licenseonline.sales import approvals, quote_links
from licenseonline.sales.models import ApprovalPolicy, Approver, Order, QuoteDecision, QuoteLink
from tests.jobs import run_jobs
from tests.web.member.helpers import ClientOf, at, new_key, text_of
from tests.world import World

SCRIPT = "<script>alert(1)</script>"
APPROVER = {"name": "部長 一郎", "email": "bucho@aozora.example", "limit_yen": "１，０００，０００円"}


def set_up(client: Client) -> None:
    """As the administrator does it, by the two forms."""
    assert client.post(at("approver_name"), APPROVER).status_code == 302
    answer = client.post(at("profile_approvals"), {"is_on": "on", "buyer_limit_yen": "0", "admin_limit_yen": "0"})
    assert answer.status_code == 302


def ask(client: Client, number: str, **data: object) -> None:
    answer = client.post(at("quote_links", number), {"key": new_key(), **data})
    assert answer["Location"] == at("quote", number) + "#approval"


def mailed() -> str:
    run_jobs()
    [body] = [str(one.body) for one in sent.outbox if "ご承認のお願い" in one.subject]
    [path] = re.findall(r"http://shop\.example(/87465/quotations/\S+)", body)
    return str(path)


def test_from_the_setting_to_the_order(world: World, client_of: ClientOf) -> None:
    client, quote = client_of(world.hanako), world.quote()
    set_up(client)
    assert "1,000,000円" in text_of(client, at("profile_approvals"))
    page = text_of(client, at("quote", quote.number))
    assert "承認者の方の承認が必要です" in page
    assert "この見積で注文する" not in page
    order = {"terms": "on", "key": new_key()}
    assert client.post(at("quote_order", quote.number), order).status_code == 422
    ask(client, quote.number, approver=Approver.objects.get().pk)
    visitor, path = Client(), mailed()
    assert "部長 一郎 様として回答します" in text_of(visitor, path)
    said = {"decision": "approved", "comment": "", "revision": "1"}
    assert visitor.post(path, said).status_code == 302
    assert visitor.post(path, said).status_code == 302  # the second click
    assert QuoteDecision.objects.count() == 1
    assert "部長 一郎 様：承認" in text_of(client, at("quote", quote.number))
    assert client.post(at("quote_order", quote.number), order).status_code == 302
    assert Order.objects.count() == 1
    assert "すでにご注文いただいています" in text_of(visitor, path, status=410)
    run_jobs()
    assert any("承認されました" in one.subject for one in sent.outbox)


def test_two_clicks_make_one_link_which_can_be_taken_back(world: World, client_of: ClientOf) -> None:
    client, quote, key = client_of(world.hanako), world.quote(), new_key()
    for _click in range(2):
        client.post(at("quote_links", quote.number), {"key": key, "label": SCRIPT})
    link = QuoteLink.objects.get()
    page = text_of(client, at("quote", quote.number))
    assert SCRIPT not in page
    assert quote_links.url_of(link) in page
    read = Client().get(at("quote_link", quote_links.secret_of(link)))
    assert "承認する" not in read.content.decode()
    assert (read["Referrer-Policy"], read["X-Robots-Tag"]) == ("same-origin", "noindex, nofollow")
    assert "no-store" in read["Cache-Control"]
    run_jobs()
    pdf = Client().get(at("quote_link_pdf", quote_links.secret_of(link)))
    assert b"".join(pdf).startswith(b"%PDF")
    client.post(at("quote_link_withdraw", link.pk))
    text_of(Client(), at("quote_link", quote_links.secret_of(link)), status=410)
    text_of(Client(), at("quote_link", quote_links.secret_of(link), store=193808), status=404)
    text_of(Client(), at("quote_link", "0" * 40), status=404)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"decision": "returned", "comment": ""}, "差戻しの理由を入力してください"),
        ({"decision": "", "comment": "よい"}, "承認または差戻しを選択してください"),
        ({"decision": "approved", "comment": "あ" * 1001}, "1000文字以内"),
        ({"decision": "approved", "comment": "", "revision": "2"}, "改訂されました（第1版）"),
    ],
)
def test_an_answer_that_fails_says_why_and_keeps_what_was_typed(world: World, said: dict[str, str], words: str) -> None:
    approver = approvals.name_approver(
        world.hanako.company, name=SCRIPT, email="b@aozora.example", limit_yen=None, by=world.hanako
    )
    link = quote_links.create(world.quote(), approver=approver, by=world.hanako)
    answer = Client().post(at("quote_link", quote_links.secret_of(link)), {"revision": "1", **said})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert said["comment"] in page
    assert SCRIPT not in page
    assert not QuoteDecision.objects.exists()


def test_a_setting_that_fails_says_why(world: World, client_of: ClientOf) -> None:
    client = client_of(world.hanako)
    answer = client.post(at("profile_approvals"), {"is_on": "on", "buyer_limit_yen": "たくさん"})
    assert "金額は円単位の整数" in answer.content.decode()
    assert 'value="たくさん"' in answer.content.decode()
    answer = client.post(at("profile_approvals"), {"is_on": "on", "buyer_limit_yen": "0"})
    assert "先に承認者を1名以上登録してください" in answer.content.decode()
    answer = client.post(at("approver_name"), {"name": "", "email": "だめ", "limit_yen": "-1"})
    assert answer.status_code == 422
    assert not ApprovalPolicy.objects.exists()
    set_up(client)
    answer = client.post(at("approver_remove", Approver.objects.get().pk), follow=True)
    assert "最後の承認者を外せません" in answer.content.decode()
