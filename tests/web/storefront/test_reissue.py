"""パスワードの再発行, as the renewal notice tells it, by the pages and the mails."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth import hashers
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from licenseonline.accounts import reissues, sign_in
from licenseonline.accounts.models import Member, Session, TemporaryPassword
from licenseonline.kit import clock
from licenseonline.kit.errors import Refused
from licenseonline.records import history, messages
from licenseonline.records.models import Message
from tests.accounts.mails import arrived, only, path_in, temporary_in
from tests.jobs import run_jobs, waiting
from tests.web.storefront.test_sign_in import EMAIL, LOGIN, is_member
from tests.world import PASSWORD, World

REISSUE, CHANGE = "/87465/password/reissue/", "/87465/password/change"
NEW = "あたらしい 合言葉を 三つつなげる"
NOBODY = "nobody@aozora.example"


def ask(client: Client, email: str = EMAIL, path: str = REISSUE) -> str:
    response = client.post(path, {"email": email})
    assert response.status_code == 302
    return str(response["Location"])


def temporary(client: Client, email: str = EMAIL) -> str:
    ask(client, email)
    return temporary_in(only())


def enter(client: Client, password: str, email: str = EMAIL, login: str = LOGIN) -> str:
    response = client.post(login, {"email": email, "password": password})
    if response.status_code == 302:
        return str(response["Location"])
    return response.content.decode()


def test_the_page_has_the_words_of_the_notice(world: World, client: Client) -> None:
    page = client.get(REISSUE).content.decode()
    for words in (
        "パスワードの再発行", "ご登録メールアドレス", "パスワード再発行</button>",
        "現在ご登録いただいているメールアドレスを入力し、パスワード再発行ボタンをクリックして下さい。仮パスワードをお送りします。",
        "メールが届きましたら、仮パスワードでログイン後、パスワードを変更してください。",
        "ページTOPの[会員メニュー] &gt; [会員情報] &gt; [パスワードの変更]より変更いただけます。",
        "※メールが届かない場合は、迷惑メールフォルダ等に入っていないかをご確認ください。",
        "※メールが届かない場合は、会員登録がなされていない可能性があります。", "よりご登録へお進みください。",
    ):  # fmt: skip
        assert words in page.replace("> [", "&gt; ["), words
    sent = client.get(ask(client)).content.decode()
    assert "※メールが届かない場合は、迷惑メールフォルダ等に入っていないかをご確認ください。" in sent
    assert "仮パスワードをご案内するメールを配信します" in sent


def test_the_mailed_password_leads_to_a_new_one_and_signs_in(world: World, client: Client) -> None:
    ask(client)
    [(to, subject, text)] = arrived()
    assert (to, subject) == (EMAIL, "【エルサットストア】仮パスワードのお知らせ")
    for line in ("株式会社青空製作所", "青空 花子 様", "窓口：ライセンス窓口", "営業時間：平日10:00-17:00"):
        assert line in text.splitlines()
    assert path_in(text, "login") == LOGIN
    assert "24時間、1回限り" in text
    assert enter(client, temporary_in(text)) == CHANGE
    assert "青空 花子 様" in client.get(CHANGE).content.decode()
    response = client.post(CHANGE, {"password": NEW})
    assert response["Location"] == "/87465/"
    assert is_member(client)
    assert sign_in.enter(world.elsat, email=EMAIL, password=NEW, network="n").member == world.hanako
    with pytest.raises(Refused):
        sign_in.enter(world.elsat, email=EMAIL, password=PASSWORD, network="n")
    [(_to, subject, _text)] = arrived()
    assert subject == "【エルサットストア】パスワードを変更しました"
    events = [entry.event for entry in history.of(world.hanako)]
    assert events == ["member.temporary_password_sent", "member.temporary_password_used", "member.password_changed"]


def test_until_it_is_used_the_old_password_works(world: World, client: Client) -> None:
    temporary(client)
    assert enter(client, PASSWORD) == "/87465/"


def test_the_password_before_works_until_a_new_one_is_set(world: World, client: Client) -> None:
    assert enter(client, temporary(client)) == CHANGE
    assert enter(Client(), PASSWORD) == "/87465/"


def test_it_leads_nowhere_else(world: World, client: Client) -> None:
    enter(client, temporary(client))
    assert not is_member(client)
    assert Session.objects.get().member_id is None
    for path in ("member/quotes/", "member/profile/", "member/password/", "cart/", "quotes/new"):
        assert client.get(f"/87465/{path}")["Location"].startswith(LOGIN), path
    other = Client()
    other.cookies["session"] = client.cookies["session"].value
    assert "仮パスワードでログインした後に" in other.get("/193808/password/change").content.decode()


def test_it_works_once(world: World, client: Client) -> None:
    password = temporary(client)
    enter(client, password)
    page = enter(Client(), password)
    assert "すでに使われたか、有効期限（24時間）が過ぎています" in page
    assert REISSUE in page


def test_it_lasts_a_day(world: World, client: Client) -> None:
    password = temporary(client)
    with time_machine.travel(clock.now() + timedelta(hours=24, seconds=1), tick=False):
        assert "有効期限（24時間）が過ぎています" in enter(client, password)


def test_the_page_for_the_new_password_lasts_half_an_hour(world: World, client: Client) -> None:
    enter(client, temporary(client))
    with time_machine.travel(clock.now() + timedelta(minutes=31), tick=False):
        page = client.post(CHANGE, {"password": NEW}).content.decode()
    assert "30分" in page
    assert REISSUE in page
    assert enter(client, PASSWORD) == "/87465/"


def test_it_is_another_stores_or_anothers_password_nowhere(world: World, client: Client) -> None:
    password = temporary(client)
    assert "違います" in enter(client, password, login="/193808/login/")
    assert "違います" in enter(client, password, email="ichiro@aozora.example")
    assert enter(client, password) == CHANGE


def test_it_may_be_typed_in_any_width_and_case(world: World, client: Client) -> None:
    password = temporary(client)
    wide = password.upper().translate({ord(sign): ord(sign) + 0xFEE0 for sign in password.upper()})
    assert enter(client, f" {wide} ") == CHANGE


def test_one_asked_for_by_a_stranger_does_not_end_the_owners(world: World, client: Client) -> None:
    password = temporary(client)
    temporary(Client())
    assert enter(client, password) == CHANGE


def test_a_new_password_ends_the_others_and_other_half_open_doors(world: World, client: Client) -> None:
    first, second, third = (temporary(client) for _ in range(3))
    waiting_one = Client()
    enter(waiting_one, second)
    enter(client, first)
    client.post(CHANGE, {"password": NEW})
    assert "すでに使われたか" in enter(Client(), third)
    assert "仮パスワードでログインした後に" in waiting_one.get(CHANGE).content.decode()
    assert waiting_one.post(CHANGE, {"password": "another password altogether"}).status_code == 200
    assert enter(Client(), NEW) == "/87465/"


def test_a_new_password_ends_other_sessions(
    world: World, client: Client, client_of: Callable[[Member], Client]
) -> None:
    elsewhere = client_of(world.hanako)
    enter(client, temporary(client))
    client.post(CHANGE, {"password": NEW})
    assert not is_member(elsewhere)
    assert is_member(client)


def test_a_bad_new_password_is_explained_and_can_be_typed_again(world: World, client: Client) -> None:
    enter(client, temporary(client))
    for bad, words in (
        ("short", "15文字以上"),
        ("", "新しいパスワードを入力してください"),
        ("a" * 20, "よく使われている"),
    ):
        response = client.post(CHANGE, {"password": bad})
        assert response.status_code == 422
        assert words in response.content.decode()
        assert not bad or f'value="{bad}"' not in response.content.decode()
    assert client.post(CHANGE, {"password": NEW})["Location"] == "/87465/"


def test_it_is_the_way_out_of_a_stopped_account(world: World, client: Client) -> None:
    for _ in range(6):
        page = enter(client, "wrong")
    assert "15分ほど" in page
    assert "パスワードを再発行する" in page
    assert "desk@87465.example" in page
    assert enter(client, temporary(client)) == CHANGE


def test_whoever_asks_at_the_wrong_store_gets_a_mail_with_the_right_ones(world: World, client: Client) -> None:
    ask(client, "taro@midori.example", "/193808/password/reissue/")
    [(to, subject, text)] = arrived()
    assert (to, subject) == ("taro@midori.example", "【ライセンスオンライン】ご登録ストアのご案内")
    assert "エルサットストア" in text
    assert "http://shop.example/87465/" in text
    assert Message.objects.get().store_id is None
    assert not TemporaryPassword.objects.exists()


def test_who_has_no_account_anywhere_or_left_gets_no_mail(world: World, client: Client) -> None:
    Member.objects.filter(pk=world.ichiro.pk).update(is_active=False, withdrawn_at=clock.now())
    for email in (NOBODY, "ichiro@aozora.example"):
        ask(client, email)
    assert arrived() == []


def test_after_leaving_a_mailed_password_is_nobodys(world: World, client: Client) -> None:
    password = temporary(client, "ichiro@aozora.example")
    Member.objects.filter(pk=world.ichiro.pk).update(is_active=False, withdrawn_at=clock.now())
    assert "違います" in enter(client, password, email="ichiro@aozora.example")


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every slow hash that is computed."""
    made: list[str] = []
    hasher = type(hashers.get_hasher())
    encode, verify = hasher.encode, hasher.verify

    def counting_encode(self: object, password: str, salt: str) -> str:
        made.append("encode")
        return str(encode(self, password, salt))  # type: ignore[arg-type]  # the hasher itself

    def counting_verify(self: object, password: str, encoded: str) -> bool:
        made.append("verify")
        return bool(verify(self, password, encoded))  # type: ignore[arg-type]  # the hasher itself

    monkeypatch.setattr(hasher, "encode", counting_encode)
    monkeypatch.setattr(hasher, "verify", counting_verify)
    return made


@pytest.mark.parametrize("path", [LOGIN, REISSUE])
def test_known_and_unknown_addresses_cannot_be_told_apart(world: World, hashes: list[str], path: str) -> None:
    """Status, bytes, queries, slow hashes and jobs are the same; a temporary password that waits changes nothing."""
    ask(Client(), "ichiro@aozora.example")
    run_jobs()
    mail.outbox.clear()
    seen = []
    for email in (EMAIL, NOBODY, "ichiro@aozora.example", "taro@midori.example"):
        browser = Client()
        hashes.clear()
        with CaptureQueriesContext(connection) as queries:
            response = browser.post(
                path, {"email": email, "password": "wrong password, longer"}, REMOTE_ADDR="203.0.113.9"
            )
        body = re.sub(rb'(csrfmiddlewaretoken" value="|value=")[^"]*', b"", response.content)
        statements = [re.sub(r"'[^']*'|\d+", "?", query["sql"]) for query in queries]
        seen.append(
            (response.status_code, response.headers.get("Location"), body, statements, tuple(hashes), waiting()[-1:])
        )
    assert len(seen[0][4]) == (1 if path == LOGIN else 0)
    assert all(one == seen[0] for one in seen), [one[:2] + one[3:] for one in seen]


def test_requests_are_limited_alike_for_known_and_unknown(world: World, client: Client) -> None:
    for email in (EMAIL, NOBODY):
        for _ in range(reissues.MOST_PER_HOUR):
            ask(client, email)
        response = client.post(REISSUE, {"email": email})
        assert response.status_code == 429
        assert "1時間ほど" in response.content.decode()
    ask(client, "taro@midori.example")
    with time_machine.travel(clock.now() + timedelta(minutes=61), tick=False):
        ask(client)


def test_one_network_cannot_ask_for_everybody(world: World, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reissues, "MOST_PER_HOUR", 1)
    for number in range(20):
        ask(client, f"{number}@x.example")
    assert client.post(REISSUE, {"email": "one-more@x.example"}).status_code == 429
    assert client.post(REISSUE, {"email": "one-more@x.example"}, REMOTE_ADDR="203.0.113.9").status_code == 302


def test_the_password_is_in_no_row_and_a_resend_brings_another(world: World, client: Client) -> None:
    ask(client)
    [job] = [name for name in waiting() if name == "accounts.reissues.answer"]
    assert job
    password = temporary_in(only())
    message = Message.objects.get(kind="accounts/temporary_password")
    assert "仮パスワード：■" in message.text
    with connection.cursor() as cursor:
        for table in ("accounts_temporarypassword", "records_message", "procrastinate_jobs", "records_historyentry"):
            cursor.execute(f"SELECT json_agg(t)::text FROM {table} t")  # noqa: S608  (our own names)
            (stored,) = cursor.fetchone()
            assert password not in stored
            assert EMAIL not in stored or table == "records_message"
    Message.objects.filter(pk=message.pk).update(state="failed")  # house: as a mail server that refused
    message.refresh_from_db()
    messages.resend(message)
    new = temporary_in(only())
    assert new != password
    assert "すでに使われたか" in enter(client, password)
    assert enter(client, new) == CHANGE


def test_a_used_one_is_not_renewed(world: World, client: Client) -> None:
    enter(client, temporary(client))
    reissues.renew.defer(temporary_id=TemporaryPassword.objects.get().pk, store_id=87465)
    assert arrived() == []


def test_an_address_not_yet_authenticated_gets_the_mail_that_completes_the_registration(
    world: World, client: Client
) -> None:
    Member.objects.filter(pk=world.hanako.pk).update(email_verified_at=None)
    enter(client, temporary(client))
    client.post(CHANGE, {"password": NEW})
    page = client.get("/87465/").content.decode()
    assert (
        "メール内に記載しているURLをクリックいただくことで本登録が完了となります。24時間以内にご対応ください。" in page
    )
    assert "認証メールを再送する" in page
    [(_to, subject, text)] = arrived()
    assert subject == "【エルサットストア】メールアドレスの認証のお願い"
    page = Client().post(path_in(text, "verify"), follow=True).content.decode()
    assert "本登録が完了しました" in page
    assert "認証メールを再送する" not in client.get("/87465/").content.decode()
