"""パスワードの変更 and ログイン中の端末, signed in."""

from collections.abc import Callable
from datetime import timedelta

import time_machine
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from licenseonline.accounts.models import Member, Session
from licenseonline.kit import clock
from licenseonline.records import history
from tests.accounts.mails import arrived, only, path_in
from tests.web.storefront.test_sign_in import EMAIL, LOGIN, is_member, sign_in
from tests.world import PASSWORD, World

ClientOf = Callable[[Member], Client]
PAGE, SESSIONS = "/87465/member/password/", "/87465/member/sessions/"
NEW = "three ordinary words"
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36"


def change(client: Client, current: str = PASSWORD, password: str = NEW) -> int:
    return client.post(PAGE, {"current": current, "password": password}).status_code


def test_a_changed_password_counts_at_once_and_signs_the_others_out(world: World, client_of: ClientOf) -> None:
    here, elsewhere = Client(headers={"user-agent": CHROME}), client_of(world.hanako)
    sign_in(here)
    key = here.cookies["session"].value
    response = here.post(PAGE, {"current": PASSWORD, "password": NEW}, follow=True)
    assert "パスワードを変更しました。" in response.content.decode()
    assert is_member(here)
    assert here.cookies["session"].value != key
    assert not is_member(elsewhere)
    assert Session.objects.count() == 1
    assert sign_in(Client()) == 422
    assert sign_in(Client(), password=NEW) == 302
    [(to, subject, text)] = arrived()
    assert (to, subject) == (EMAIL, "【エルサットストア】パスワードを変更しました")
    assert "操作：Chrome / Windows" in text
    assert path_in(text, "stop")
    [entry] = [entry for entry in history.of(world.hanako) if entry.event == "member.password_changed"]
    assert (entry.actor_kind, entry.actor_id, entry.facts) == ("member", world.hanako.pk, {"temporary": False})


def test_the_password_of_now_is_needed_and_guessing_it_is_stopped(world: World, client_of: ClientOf) -> None:
    browser = client_of(world.hanako)
    response = browser.post(PAGE, {"current": "wrong", "password": NEW})
    assert response.status_code == 422
    page = response.content.decode()
    assert "今のパスワードが違います" in page
    assert "data-focus" in page
    assert "wrong" not in page
    assert NEW not in page
    for _ in range(4):
        assert change(browser, current="wrong") == 422
    assert "一時的に停止" in browser.post(PAGE, {"current": PASSWORD, "password": NEW}).content.decode()
    with time_machine.travel(clock.now() + timedelta(minutes=16), tick=False):
        assert change(browser) == 302


def test_what_is_wrong_is_said_at_its_field(world: World, client_of: ClientOf) -> None:
    browser = client_of(world.hanako)
    for password, words in (
        ("", "新しいパスワードを入力してください"), ("short", "15文字以上"), (PASSWORD, "今と違うパスワード"),
        ("hanako@aozora.example", "推測しやすい"), ("1234567890123456", "よく使われている"), ("x" * 201, "200文字以内"),
    ):  # fmt: skip
        response = browser.post(PAGE, {"current": PASSWORD, "password": password})
        assert response.status_code == 422
        assert words in response.content.decode(), password
    assert sign_in(Client()) == 302
    assert mail.outbox == []


def test_an_address_not_yet_authenticated_gets_the_authentication_mail(world: World, client_of: ClientOf) -> None:
    Member.objects.filter(pk=world.hanako.pk).update(email_verified_at=None)
    browser = client_of(world.hanako)
    assert "24時間以内にご対応ください" in browser.get(PAGE).content.decode()
    browser.post(PAGE, {"current": PASSWORD, "password": NEW})
    browser.post(path_in(only(), "verify"))
    page = browser.get("/87465/member/profile/").content.decode()
    assert "本登録が完了しました" in page
    assert "認証メールを再送する" not in page


def test_each_member_may_change_the_own_password_whatever_the_role(world: World, client_of: ClientOf) -> None:
    Member.objects.filter(pk=world.ichiro.pk).update(role="viewer")
    assert change(client_of(world.ichiro)) == 302
    assert sign_in(Client(), email="ichiro@aozora.example", password=NEW) == 302
    assert sign_in(Client()) == 302


def test_the_list_shows_ones_own_devices_and_signs_one_out(world: World, client_of: ClientOf) -> None:
    here, phone = Client(headers={"user-agent": CHROME}), Client(headers={"user-agent": "Firefox/130.0 Android"})
    client_of(world.ichiro)
    sign_in(here)
    sign_in(phone)
    page = here.get(SESSIONS).content.decode()
    for words in ("Chrome / Windows", "Firefox / Android", "この端末", "他の端末をすべてログアウト"):
        assert page.count(words) >= 1, words
    assert page.count('class="product-row"') == 2
    [other] = [one for one in Session.objects.filter(member=world.hanako) if one.device == "Firefox / Android"]
    assert other.session_key not in page
    assert here.post(f"{SESSIONS}{other.reference}/end")["Location"] == SESSIONS
    assert not is_member(phone)
    assert is_member(here)
    assert "Firefox" not in here.get(SESSIONS).content.decode()
    [(_to, subject, _text)] = arrived()
    assert subject == "【エルサットストア】他の端末からログアウトしました"


def test_all_the_others_are_signed_out_at_once(world: World, client_of: ClientOf) -> None:
    here, others, ichiros = Client(), [client_of(world.hanako) for _ in range(3)], client_of(world.ichiro)
    sign_in(here)
    page = here.post(f"{SESSIONS}end", follow=True).content.decode()
    assert "3台の端末からログアウトしました" in page
    assert "他の端末をすべてログアウト" not in page
    assert is_member(here)
    assert is_member(ichiros)
    assert not any(is_member(other) for other in others)
    assert "ほかにログイン中の端末はありません" in here.post(f"{SESSIONS}end", follow=True).content.decode()
    assert len(arrived()) == 1


def test_nobody_ends_anothers_session(world: World, client_of: ClientOf) -> None:
    taro = client_of(world.taro)
    for session in Session.objects.filter(member=world.taro):
        client_of(world.hanako).post(f"{SESSIONS}{session.reference}/end")
    assert is_member(taro)
    assert arrived() == []


def test_the_list_takes_the_same_queries_for_one_and_for_three(world: World, client_of: ClientOf) -> None:
    browser = client_of(world.hanako)
    browser.get(SESSIONS)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            browser.get(SESSIONS)
        counts.append(len(queries))
        for _other in range(2):
            client_of(world.hanako)
    assert counts[0] == counts[1]


def test_pages_lead_to_sign_in_and_back(world: World) -> None:
    response = Client().get(PAGE)
    assert response["Location"].startswith(f"{LOGIN}?next=")
