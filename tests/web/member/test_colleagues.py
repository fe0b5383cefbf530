"""会員情報 > 担当者の管理, and the page of a mailed invitation, as people use them."""

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core import mail as sent
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from licenseonline.accounts import colleagues
from licenseonline.accounts.models import MailLink, Member, Session, User
from licenseonline.kit import clock
from tests.jobs import run_jobs
from tests.world import World

ClientOf = Callable[[Member | User], Client]
PASSWORD = "しずかな 湖畔の 森の影から 聞こえる"
PAGE = "/87465/member/colleagues/"
FILLED = {
    "name": "𠮷野 二郎", "kana": "ﾖｼﾉ じろう", "department": "購買部", "phone": "０３－１１１１－２２２２", "password": PASSWORD,
    "terms": "on", "antisocial": "on", "newsletter": "on", "terms_version": "2026-04-01",
}  # fmt: skip


def invite(client: Client, email: str = "jiro@aozora.example", role: str = "buyer") -> str:
    """The link that the mail brings."""
    answer = client.post(PAGE, {"email": email, "role": role, "key": str(uuid4())})
    assert answer.status_code == 302, answer.content.decode()
    run_jobs()
    [link] = re.findall(r"http://shop\.example(/87465/invitation/\S+)", str(sent.outbox[-1].body))
    return str(link)


def test_the_mailed_page_makes_a_colleague_who_signs_in(world: World, client_of: ClientOf) -> None:
    link = invite(client_of(world.hanako))
    visitor = Client()
    page = visitor.get(link).content.decode()
    for words in ("株式会社青空製作所の青空 花子様からのご招待です", "jiro@aozora.example", "購買担当"):
        assert words in page
    assert not Member.objects.filter(email="jiro@aozora.example").exists()
    answer = visitor.post(link, FILLED, follow=True)
    assert "会員登録が完了しました" in answer.content.decode()
    jiro = Member.objects.get(email="jiro@aozora.example")
    assert (jiro.name, jiro.kana, jiro.phone) == ("𠮷野 二郎", "ヨシノ ジロウ", "03-1111-2222")
    answer = visitor.post("/87465/login/", {"email": "jiro@aozora.example", "password": PASSWORD}, follow=True)
    assert "𠮷野 二郎 様" in answer.content.decode()
    listed = client_of(world.hanako).get(PAGE).content.decode()
    assert "𠮷野 二郎" in listed
    assert "招待中の方" not in listed


def test_a_form_that_fails_comes_back_filled_but_for_the_password(world: World, client_of: ClientOf) -> None:
    link = invite(client_of(world.hanako))
    answer = Client().post(link, {**FILLED, "kana": "漢字", "antisocial": ""})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="𠮷野 二郎"' in page
    assert PASSWORD not in page
    assert "data-focus" in page
    answer = Client().post(link, {**FILLED, "password": "みじかい"})
    assert answer.status_code == 422
    assert "15文字以上" in answer.content.decode()
    assert not Member.objects.filter(email="jiro@aozora.example").exists()


def test_a_link_that_does_nothing_explains_and_says_who_helps(world: World, client_of: ClientOf) -> None:
    link = invite(client_of(world.hanako))
    other_store = Client().get(link.replace("87465", "193808"))
    assert other_store.status_code == 404
    assert "ストアが異なる場合も" in other_store.content.decode()
    assert Client().get(link[:-1]).status_code == 404
    with time_machine.travel(clock.now() + timedelta(days=8), tick=False):
        late = Client().get(link)
        assert late.status_code == 410
        assert "招待のメールをもう一度" in late.content.decode()
        assert Client().post(link, FILLED).status_code == 410
    assert Client().post(link, FILLED).status_code == 302
    again = Client().post(link, FILLED)
    assert again.status_code == 410
    assert "すでに完了しています" in again.content.decode()
    assert Member.objects.filter(email="jiro@aozora.example").count() == 1


def test_the_page_answers_alike_for_known_and_unknown_addresses(world: World, client_of: ClientOf) -> None:
    client, seen = client_of(world.hanako), []
    client.get(PAGE)
    for email in ("jiro@aozora.example", "taro@midori.example"):
        key = str(uuid4())
        with CaptureQueriesContext(
            connection,
        ) as queries:
            answer = client.post(PAGE, {"email": email, "role": "buyer", "key": key})
        page = client.get(PAGE).content.decode()
        seen.append((answer.status_code, answer["Location"], answer.content, len(queries)))
        assert email in page
        link = MailLink.objects.latest("pk")
        client.post(reverse("store:invitation_withdraw", args=[87465, link.pk]))
    assert seen[0] == seen[1]


def test_the_same_form_sent_twice_invites_once(world: World, client_of: ClientOf) -> None:
    client, form = client_of(world.hanako), {"email": "jiro@aozora.example", "role": "viewer", "key": str(uuid4())}
    for _ in range(2):
        assert client.post(PAGE, form).status_code == 302
    assert MailLink.objects.filter(purpose="invite").count() == 1


def test_a_wrong_address_is_named_at_its_field(world: World, client_of: ClientOf) -> None:
    answer = client_of(world.hanako).post(PAGE, {"email": "jiro＠", "role": "buyer", "key": str(uuid4())})
    assert answer.status_code == 422
    assert "メールアドレスの形式をご確認ください" in answer.content.decode()
    answer = client_of(world.hanako).post(
        PAGE, {"email": "ichiro@aozora.example", "role": "buyer", "key": str(uuid4())}
    )
    assert answer.status_code == 422
    assert "すでに担当者として登録されています" in answer.content.decode()


def test_invitations_are_sent_again_and_taken_back(world: World, client_of: ClientOf) -> None:
    client = client_of(world.hanako)
    first = invite(client)
    link = MailLink.objects.latest("pk")
    client.post(reverse("store:invitation_again", args=[87465, link.pk]))
    run_jobs()
    assert Client().get(first).status_code == 410
    link = MailLink.objects.latest("pk")
    page = client.post(reverse("store:invitation_withdraw", args=[87465, link.pk]), follow=True).content.decode()
    assert "招待を取り消しました" in page
    assert "招待中の方" not in page


def test_an_administrator_changes_a_role_and_removes_a_colleague(world: World, client_of: ClientOf) -> None:
    client, ichiro = client_of(world.hanako), client_of(world.ichiro)
    order = world.order(world.ichiro)
    page = client.post(f"{PAGE}{world.ichiro.pk}/role", {"role": "viewer"}, follow=True).content.decode()
    assert "青空 一郎 様の権限を「閲覧」に変更しました" in page
    remove = f"{PAGE}{world.ichiro.pk}/remove"
    assert "青空 一郎 様の登録を解除します" in client.get(remove).content.decode()
    assert ichiro.get(PAGE).status_code == 200
    assert "登録を解除しました" in client.post(remove, follow=True).content.decode()
    assert ichiro.get(PAGE).status_code == 302
    assert not Session.objects.filter(member=world.ichiro).exists()
    assert client.post(remove).status_code == 404
    run_jobs()
    told = {mail.subject for mail in sent.outbox if mail.to == ["ichiro@aozora.example"]}
    assert told >= {"【エルサットストア】権限が変更されました", "【エルサットストア】会員登録が解除されました"}
    assert "青空 一郎" in client.get(f"/87465/member/orders/{order.number}").content.decode()
    assert "青空 一郎" in client.get("/87465/member/orders/").content.decode()


def test_the_last_administrator_stays(world: World, client_of: ClientOf) -> None:
    answer = client_of(world.hanako).post(f"{PAGE}{world.hanako.pk}/role", {"role": "buyer"})
    assert answer.status_code == 422
    assert "最後の管理者の方です" in answer.content.decode()


def test_colleagues_see_the_list_without_the_means(world: World, client_of: ClientOf) -> None:
    page = client_of(world.ichiro).get(PAGE).content.decode()
    assert "青空 花子" in page
    assert "管理者の方が行えます" in page
    assert "招待メールを送る" not in page
    assert "登録を解除" not in page.replace("登録の解除", "")
    answer = client_of(world.ichiro).post(PAGE, {"email": "jiro@aozora.example", "role": "buyer", "key": str(uuid4())})
    assert answer.status_code == 422
    assert MailLink.objects.filter(purpose="invite").count() == 0


def test_the_list_takes_the_same_number_of_queries_for_many(world: World, client_of: ClientOf) -> None:
    client = client_of(world.hanako)
    client.get(PAGE)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(PAGE)
        return len(captured)

    invite(client)
    before = queries()
    for number in range(3):
        invite(client, f"no{number}@aozora.example")
        Member.objects.create(
            store=world.elsat, company=world.hanako.company, email=f"m{number}@aozora.example", name="人", kana="ヒト",
            created_at=clock.now(),
        )  # fmt: skip
    assert queries() == before
    assert colleagues.of(world.hanako).count() == 5


@pytest.mark.parametrize("text", ["", "0", "999999999999999999"])
def test_a_role_that_does_not_exist_is_refused(world: World, client_of: ClientOf, text: str) -> None:
    answer = client_of(world.hanako).post(f"{PAGE}{world.ichiro.pk}/role", {"role": text})
    assert answer.status_code == 422
    assert "権限を選択してください" in answer.content.decode()
