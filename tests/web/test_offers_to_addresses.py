"""Quotations to an address without an account, on the pages of staff and of whoever got the mail."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core import mail as sent
from django.test import Client
from django.urls import reverse

from licenseonline.accounts.models import Member, User
from licenseonline.kit import clock
from licenseonline.records.models import Message
from licenseonline.sales import offers
from licenseonline.sales.models import Quote
from licenseonline.stores.models import Store
from tests.jobs import run_jobs
from tests.sales.test_prospects import SAKURA, draft, offered, register, secret_in
from tests.web.test_preparing_quotes import SIDES, XSS, ClientOf, Side, typed
from tests.world import World

NEW = {"partner": "/partner/quotes/87465/new", "backoffice": "/backoffice/quotes/87465/new/"}
CHOOSE = {"partner": "/partner/quotes/new", "backoffice": "/backoffice/quotes/new/"}


def addressed(**more: str) -> dict[str, str]:
    said = {"email": "ｓakura@Sakura.example", "company": f"さくら商会{XSS}", "person": "高橋 桜", "department": ""}
    return typed(**{**said, **more})


@pytest.mark.parametrize("name", SIDES)
def test_staff_quote_an_address_and_everything_they_see_copes(world: World, client_of: ClientOf, name: str) -> None:
    side = Side(name, world, client_of)
    assert "会員でない方へ" in side.client.get(CHOOSE[name]).content.decode()
    assert side.client.get(CHOOSE[name] + "?store=87465")["Location"] == NEW[name]
    assert side.client.get(NEW[name]).status_code == 200
    seen = side.client.post(NEW[name], addressed(press="check"))
    assert (seen.status_code, "44,000円" in seen.content.decode(), Quote.objects.exists()) == (200, True, False)
    form = addressed()
    [path] = {side.client.post(NEW[name], form)["Location"] for _ in range(2)}  # twice is once
    quote = Quote.objects.get()
    assert (quote.offered_to, quote.state, path) == (SAKURA, "draft", side.page(quote.number))
    edit = side.client.get(side.page(quote.number, "edit")).content.decode()
    assert "さくら商会&lt;script&gt;" in edit
    assert 'name="email"' not in edit
    changed = addressed(company="株式会社さくら", department="総務部", email="other@sakura.example")
    assert side.client.post(side.page(quote.number, "edit"), changed)["Location"] == path
    side.step(quote.number, "send")
    run_jobs()
    quote.refresh_from_db()
    assert (quote.offered_to, quote.snapshot["buyer"]["company"]) == (SAKURA, "株式会社さくら")
    assert sent.outbox[0].to == [SAKURA]
    page = side.show(quote.number)
    assert SAKURA in page
    assert XSS not in page + Message.objects.get(kind="sales/offer").html
    assert side.client.get(side.page(quote.number, "revisions/1.pdf")).getvalue()[:5] == b"%PDF-"
    for listed in LISTS[name]:
        answer = side.client.get(listed.format(number=quote.number))
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
        assert (answer.status_code, SAKURA in content.decode(errors="replace")) == (200, True), listed


LISTS = {
    "partner": ("/partner/", "/partner/quotes/", "/partner/exports/quotes.csv"),
    "backoffice": (
        "/backoffice/sales/quote/", "/backoffice/sales/quote/?q=sakura%40", "/backoffice/find/?q={number}",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SIDES)
def test_what_is_wrong_is_said_at_the_field_and_a_members_address_leads_to_the_member(
    world: World, client_of: ClientOf, name: str
) -> None:
    side = Side(name, world, client_of)
    for wrong, words in (
        ({"email": "sakura"}, "メールアドレスの形式をご確認ください"),
        ({"email": ""}, "必須"),
        ({"company": ""}, "必須"),
        ({"email": "HANAKO@aozora.example"}, f"/members/87465/{world.hanako.pk}/quotes/new"),
    ):
        for press in ("save", "check"):
            answer = side.client.post(NEW[name], addressed(press=press, **wrong))
            assert (answer.status_code, words in answer.content.decode()) == (422, True), (wrong, press)
            assert "備考&lt;script&gt;" in answer.content.decode()
    assert not Quote.objects.exists()


def test_the_desk_allows_it_from_the_work_list_and_writes_nothing_beside_it(world: World, client_of: ClientOf) -> None:
    Store.objects.filter(pk=87465).update(least_margin_per_mille=999)
    User.objects.filter(pk=world.partner.pk).update(role="sales")
    quote = offers.send(draft(world, by=world.partner), by=User.objects.get(pk=world.partner.pk))
    assert quote.state == "awaiting_head"
    desk = Side("backoffice", world, client_of)
    assert SAKURA in desk.client.get("/backoffice/?kind=quote").content.decode()
    refused = "会社の登録がまだない見積"
    for step, told in (("notes", {"kind": "note", "text": "x"}), ("assign", {"user": str(world.operator.pk)})):
        path = reverse(f"backoffice:subject_{step.removesuffix('s')}", args=["quote", 87465, quote.pk])
        answer = desk.client.post(path, {"key": str(uuid4()), **told}, follow=True)
        assert refused in answer.content.decode(), step
    marked = {"row": f"quote:{quote.pk}", "user": str(world.operator.pk), "key": str(uuid4())}
    assert refused in desk.client.post("/backoffice/bulk/assign", marked, follow=True).content.decode()


def page_of(quote: Quote) -> str:
    return f"/{quote.store_id}/quotations/{secret_in(sent.outbox[-1].body)}"


def test_the_mails_page_shows_it_to_who_is_nobody_and_leads_to_registration(
    world: World, client_of: ClientOf, client: Client
) -> None:
    quote = offered(world)
    page = page_of(quote)
    answer = client.get(page)
    text = answer.content.decode()
    assert (answer.status_code, answer["X-Robots-Tag"]) == (200, "noindex, nofollow")
    assert client.get(f"{page}/pdf").getvalue()[:5] == b"%PDF-"
    assert client.post(page, {"decision": "approved", "revision": "1"}).status_code == 404
    found = re.search(r'href="(/87465/register/\?offer=[0-9a-f]{40})"', text)
    assert found
    form = client.get(found[1]).content.decode()
    for filled in (f'value="{SAKURA}"', 'value="有限会社さくら商会"', 'value="高橋 桜"', quote.number):
        assert filled in form
    for other in ("?offer=", "?offer=" + "0" * 40, "?offer=%00"):
        assert SAKURA not in client.get(f"/87465/register/{other}").content.decode()
    assert client.get(page.replace("87465", "193808")).status_code == 404
    member = register(world)
    # Whoever has the address sees the same page as before; the member is led to the own one.
    assert client.get(page).content.decode() == text
    own = client_of(member).get(page).content.decode()
    assert f"/87465/member/quotes/{quote.number}" in own
    mine = client_of(member).get("/87465/member/quotes/").content.decode()
    assert quote.number in mine
    assert "当ストアからご案内" in client_of(member).get(f"/87465/member/quotes/{quote.number}").content.decode()
    assert client_of(member).get(f"/87465/member/quotes/{quote.number}/pdf").getvalue()[:5] == b"%PDF-"


def test_an_offer_that_is_over_says_what_to_do_and_nothing_of_an_account(world: World, client: Client) -> None:
    quote = offered(world)
    page = page_of(quote)
    with time_machine.travel(clock.now() + timedelta(days=100), tick=False):
        answer = client.get(page)
        assert answer.status_code == 410
        assert "見積を作成し直せます" in answer.content.decode()
        assert "/register/?offer=" in answer.content.decode()
    texts = []
    for state in ("withdrawn", "ordered"):
        member = Member.objects.filter(email="hanako@aozora.example", store=87465).get()
        owner = {"company": member.company, "member": member} if state == "ordered" else {}
        Quote.objects.filter(pk=quote.pk).update(state=state, **owner)
        answer = client.get(page)
        assert answer.status_code == 410
        texts.append(answer.content.decode())
    assert texts[0] == texts[1]
