"""見積依頼 as a thread: question, answer and files, until it is a quotation or closed."""

import threading
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.core import mail as sent
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from licenseonline.accounts.models import Member, User
from licenseonline.kit import scope
from licenseonline.kit.errors import NotVisible, Refused
from licenseonline.kit.rights import StaffRole
from licenseonline.records import history
from licenseonline.records.uploads import receive
from licenseonline.sales import offers, quote_requests
from licenseonline.sales.models import Quote, QuoteRequest, RequestFile, RequestPost
from licenseonline.sales.offers import Content, Wanted
from tests.jobs import run_jobs
from tests.sales.test_races import at_once
from tests.world import World

ClientOf = Callable[[Member | User], Client]
XSS = "<script>alert(1)</script>"
ASK = "/87465/member/requests/new"


def post(**more: object) -> dict[str, object]:
    return {"text": f"1行目{XSS}\r\n2行目", "key": str(uuid4()), **more}


def upload() -> SimpleUploadedFile:
    return SimpleUploadedFile("../仕様<b>.pdf", b"%PDF-1.7 spec")


def refused(do: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refusal:
        do()
    return refusal.value.code


def test_the_desks_list_is_narrowed_and_paged(
    world: World, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("licenseonline.kit.paging.SIZE", 2)
    lines = [(world.sku("VBBSS-1Y-005"), 10)]
    people = (world.hanako, world.hanako, world.taro, world.hanako_at_minato)
    asked = [quote_requests.ask(subject="相談", text="x", lines=lines, by=person) for person in people]
    quote_requests.end(asked[0], by=world.hanako)
    desk = client_of(world.operator)

    def shown(query: str) -> list[int]:
        page = desk.get(f"/backoffice/requests/?{query}").content.decode()
        return [at for at, one in enumerate(asked) if f"/requests/{one.store_id}/{one.number}/" in page]

    assert shown("") == [2, 3]
    assert shown(f"before={asked[2].pk}&state=") == [0, 1]
    assert shown(f"after={asked[1].pk}") == [2, 3]
    assert shown("store=193808") == [3]
    assert shown("state=closed") == [0]
    assert shown(f"q={world.taro.company.name[:2]}") == [2]
    assert shown(f"q={asked[1].number.lower()}&store=87465") == [1]
    assert shown("state=x&store=y&before=z") == [2, 3]
    following = desk.get("/backoffice/requests/?store=87465").content.decode()
    assert f"?before={asked[1].pk}&amp;store=87465" in following


@pytest.mark.parametrize("name", ["partner", "backoffice"])
def test_a_request_becomes_a_quotation(world: World, client_of: ClientOf, name: str) -> None:
    member, who = client_of(world.hanako), world.partner if name == "partner" else world.operator
    staff, slash = client_of(who), "" if name == "partner" else "/"
    assert "ON-REQUEST" in member.get(f"{ASK}?model=ON-REQUEST").content.decode()
    product = f"/87465/products/{world.sku('ON-REQUEST').product.code}"
    assert f"{ASK}?model=ON-REQUEST" in member.get(product).content.decode()
    form = post(subject=f"相談{XSS}", lines="ｏｎ-request　12\nVBBSS-1Y-005\t10")
    [path] = {member.post(ASK, {**form, "uploads": [upload()]})["Location"] for _ in range(2)}  # twice is once
    asked = QuoteRequest.objects.get()
    assert path == f"/87465/member/requests/{asked.number}"
    assert [line.quantity for line in asked.lines.order_by("pk")] == [12, 10]
    run_jobs()
    assert [(one.to, XSS in str(one.body)) for one in sent.outbox] == [(["desk@87465.example"], True)]
    assert "&lt;script&gt;" in sent.outbox[0].message().as_bytes().decode()  # in the part that is HTML
    page = f"/{name}/requests/87465/{asked.number}"
    assert asked.number in staff.get(f"/{name}/requests/").content.decode()
    seen = staff.get(page + slash).content.decode()
    assert XSS not in seen
    for words in ("ON-REQUEST", "2行目", ".pdf", "この依頼から見積を作成する"):
        assert words in seen
    kept = RequestFile.objects.get()
    for client, root in ((staff, page), (member, path)):
        answer = client.get(f"{root}/files/{kept.pk}")
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer.getvalue() == b"%PDF-1.7 spec"
    last = RequestPost.objects.get().pk
    assert staff.post(f"{page}/answer", post(seen=last, text="納期はいつですか"))["Location"] == page + slash
    run_jobs()
    assert sent.outbox[-1].to == ["hanako@aozora.example"]
    shown = member.get(path).content.decode()
    assert "納期はいつですか" in shown
    assert "ライセンス窓口" in shown
    assert who.name not in shown
    assert member.post(path, post(text="来月です"))["Location"] == path
    new = f"/{name}/members/87465/{world.hanako.pk}/quotes/new?request={asked.number}"
    assert 'value="ON-REQUEST"' in staff.get(new).content.decode()
    assert [staff.get(new.replace(asked.number, odd)).status_code for odd in ("", "%00", "x%00")] == [200, 200, 404]
    offer = {
        "rows": "6", "model_1": "ON-REQUEST", "quantity_1": "12", "yen_1": "900", "days": "7", "subject": "ご回答",
        "reason": "メーカー見積", "key": str(uuid4()), "save": "1",
    }  # fmt: skip
    assert staff.post(new, offer).status_code == 302
    assert staff.post(new, {**offer, "key": str(uuid4())}).status_code == 422  # there is one already
    quote = Quote.objects.get()
    asked.refresh_from_db()
    assert (asked.state, asked.quote) == ("asked", quote)
    assert quote.number not in member.get(path).content.decode()
    offers.send(quote, by=who)
    asked.refresh_from_db()
    assert asked.state == "quoted"
    assert quote.number in member.get(path).content.decode()
    assert staff.post(f"{page}/close", {"key": str(uuid4())}).status_code == 302
    asked.refresh_from_db()
    assert asked.state == "quoted"
    assert {entry.event for entry in history.of(asked)} == {
        "request.asked", "request.answered", "request.replied", "request.quote_prepared", "request.quoted",
    }  # fmt: skip


def test_what_cannot_be_sent_is_said_and_kept_in_the_form(world: World, client_of: ClientOf) -> None:
    member = client_of(world.hanako)
    for wrong, words in (
        ({"subject": ""}, "件名を入力してください。"),
        ({"text": " \n"}, "内容を入力してください。"),
        ({"text": "あ" * 4001}, "4,000文字以内"),
        ({"lines": "NONE-1\t3"}, "NONE-1"),
        ({"uploads": [SimpleUploadedFile("a.exe", b"MZ")]}, "a.exe"),
    ):
        answer = member.post(ASK, post(**{"subject": f"件名{XSS}", **wrong}))
        page = answer.content.decode()
        assert (answer.status_code, words in page, XSS in page) == (422, True, False), wrong
    assert not QuoteRequest.objects.exists()
    asked = quote_requests.ask(subject="a", text="あ" * 4000, by=world.hanako)
    path = f"/87465/member/requests/{asked.number}"
    assert member.post(f"{path}/end", {"key": str(uuid4())})["Location"] == path
    assert "終了しています" in member.post(path, post()).content.decode()
    assert client_of(world.taro).get(path).status_code == 404
    Member.objects.filter(pk=world.ichiro.pk).update(role="viewer")
    assert "依頼を送信" in member.get(ASK).content.decode()
    assert client_of(world.ichiro).post(ASK, post(subject="x")).status_code == 422


def test_who_may_answer(world: World, client_of: ClientOf) -> None:
    asked = quote_requests.ask(subject="a", text="b", by=world.hanako)
    seen = RequestPost.objects.get().pk
    with pytest.raises(NotVisible):
        quote_requests.answer(asked, text="x", seen=seen, by=world.other_partner)
    with pytest.raises(NotVisible):
        quote_requests.reply(asked, text="x", by=world.taro)
    other = offers.prepare(
        world.taro, Content([Wanted(world.sku("VBBSS-1Y-005"), 10, 5000)], reason="x"), by=world.partner
    )
    with pytest.raises(NotVisible):
        quote_requests.attach(asked, other, by=world.partner)
    User.objects.filter(pk=world.partner.pk).update(role=StaffRole.VIEWER)
    client, page = client_of(world.partner), f"/partner/requests/87465/{asked.number}"
    assert "回答を送る" not in client.get(page).content.decode()
    assert client.post(f"{page}/answer", post(seen=seen)).status_code == 403
    assert asked.number in client_of(world.operator).get("/backoffice/").content.decode()
    quote_requests.answer(asked, text="x", seen=seen, by=world.operator)
    assert refused(lambda: quote_requests.answer(asked, text="y", seen=seen, by=world.operator)) == "seen"
    many = [receive(ContentFile(b"%PDF-", "a.pdf")) for _ in range(11)]
    assert refused(lambda: quote_requests.reply(asked, text="x", uploads=many, by=world.hanako)) == "upload"


def test_the_pages_cost_the_same_for_one_and_three(world: World, client_of: ClientOf) -> None:
    costs = []
    for _ in range(2):
        for _again in range(2):
            file = receive(ContentFile(b"%PDF-", "a.pdf"))
            asked = quote_requests.ask(
                subject="a", text="b", lines=[(world.sku("VBBSS-R1"), 1)], uploads=[file], by=world.hanako
            )
            quote_requests.answer(asked, text="c", seen=10**9, uploads=[file], by=world.partner)
        first = QuoteRequest.objects.order_by("pk").first() or asked
        quote_requests.reply(first, text="d", by=world.hanako)
        counted = []
        for actor, path in (
            (world.hanako, "/87465/member/requests/"),
            (world.hanako, f"/87465/member/requests/{first.number}"),
            (world.partner, "/partner/requests/"),
            (world.partner, f"/partner/requests/87465/{first.number}"),
            (world.operator, "/backoffice/requests/"),
            (world.operator, f"/backoffice/requests/87465/{first.number}/"),
        ):
            client = client_of(actor)
            client.get(path)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(path).status_code == 200
            counted.append(len(queries))
        costs.append(counted)
    assert costs[0] == costs[1]


@pytest.mark.parametrize("act", ["answer", "quote"])
def test_two_of_the_staff_at_once(committed: World, act: str) -> None:
    with scope.platform():
        asked = quote_requests.ask(subject="a", text="b", by=committed.hanako)
        seen, partner, operator = RequestPost.objects.get().pk, committed.partner, committed.operator
        lines = [Wanted(committed.sku("VBBSS-1Y-005"), 10)]
        drafts = {user: offers.prepare(committed.hanako, Content(lines), by=user) for user in (partner, operator)}
    meeting = threading.Barrier(2)

    def do(by: User) -> str:
        with scope.platform():
            mine = QuoteRequest.objects.select_related("store", "member").get(pk=asked.pk)
            meeting.wait(30)
            try:
                if act == "answer":
                    quote_requests.answer(mine, text="x", seen=seen, by=by)
                else:
                    quote_requests.attach(mine, drafts[by], by=by)
            except Refused as refusal:
                return refusal.code
        return "done"

    assert sorted(at_once(lambda: do(partner), lambda: do(operator))) == sorted(
        ["done", "seen" if act == "answer" else "quoted"]
    )
    with scope.platform():
        assert RequestPost.objects.count() == (2 if act == "answer" else 1)
