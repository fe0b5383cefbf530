"""メールアドレスの変更, by the real mails and their URLs."""

import threading
from collections.abc import Callable
from datetime import timedelta

import psycopg
import pytest
import time_machine
from django.core import mail as sent
from django.db import connection, connections
from django.test import Client

from licenseonline.accounts import email_changes, links, reissues
from licenseonline.accounts.models import MailLink, Member
from licenseonline.kit import clock, scope
from licenseonline.kit.errors import Refused
from licenseonline.records import history
from licenseonline.records.models import Message
from tests import environment
from tests.jobs import run_jobs
from tests.web.member.helpers import at, text_of
from tests.world import PASSWORD, World

ClientOf = Callable[[Member], Client]
NEW = "hanako.new@aozora.example"


def ask(browser: Client, email: str = NEW, current: str = PASSWORD, store: int = 87465) -> int:
    return browser.post(at("profile_email", store=store), {"email": email, "current": current}).status_code


def mailed_path(to: str = NEW) -> str:
    """The path of the URL in the last mail to this address, which leaves now."""
    run_jobs()
    body = str([mail for mail in sent.outbox if mail.to == [to]][-1].body)
    [line] = [line for line in body.splitlines() if "/member/profile/email/" in line]
    return line.removeprefix("http://shop.example")


def email_of(member: Member) -> str:
    return Member.objects.get(pk=member.pk).email


def test_the_mailed_url_changes_the_address_by_its_button(world: World, client_of: ClientOf) -> None:
    browser = client_of(world.hanako)
    assert ask(browser, "  Ｈanako.New@Aozora.Example ") == 302
    assert "24時間以内にメールのURLを開き" in text_of(browser, at("profile"))
    path = mailed_path()
    page = text_of(browser, path)  # a mail scanner's GET changes nothing
    assert "このメールアドレスに変更する" in page
    assert NEW in page
    assert email_of(world.hanako) == "hanako@aozora.example"
    assert browser.post(path).headers["Location"] == at("profile")
    assert NEW in text_of(browser, at("profile"))
    member = Member.objects.get(pk=world.hanako.pk)
    assert member.email_verified_at is not None
    for email, status in ((NEW, 302), ("hanako@aozora.example", 422)):
        assert Client().post(at("login"), {"email": email, "password": PASSWORD}).status_code == status
    assert email_of(world.hanako_at_minato) == "hanako@aozora.example"
    assert [entry.event for entry in history.of(member)] == ["member.email_change_asked", "member.email_changed"]


def test_the_old_address_is_told_twice_with_a_way_to_stop(world: World, client_of: ClientOf) -> None:
    browser = client_of(world.hanako)
    ask(browser)
    browser.post(mailed_path())
    run_jobs()
    told = [mail for mail in sent.outbox if mail.to == ["hanako@aozora.example"]]
    assert [mail.subject for mail in told] == [
        "【エルサットストア】メールアドレスの変更を受け付けました",
        "【エルサットストア】メールアドレスを変更しました",
    ]
    assert all("/87465/stop/" in str(mail.body) for mail in told)
    assert [mail.to for mail in sent.outbox].count([NEW]) == 1


def test_who_owned_the_old_address_takes_the_account_back(world: World, client_of: ClientOf) -> None:
    thief = client_of(world.hanako)
    ask(thief)
    thief.post(mailed_path())
    run_jobs()
    told = [mail for mail in sent.outbox if mail.to == ["hanako@aozora.example"]]
    [line] = [line for line in str(told[-1].body).splitlines() if "/stop/" in line]
    assert Client().post(line.removeprefix("http://shop.example")).status_code == 200
    assert email_of(world.hanako) == "hanako@aozora.example"
    assert thief.get(at("profile")).headers["Location"].startswith(at("login"))
    run_jobs()
    assert sent.outbox[-1].to == ["hanako@aozora.example"]
    assert "仮パスワード" in str(sent.outbox[-1].body)


def test_the_old_owner_ends_a_change_that_is_only_asked_for(world: World, client_of: ClientOf) -> None:
    ask(client_of(world.hanako))
    path = mailed_path()
    [told] = [mail for mail in sent.outbox if mail.to == ["hanako@aozora.example"]]
    [line] = [line for line in str(told.body).splitlines() if "/stop/" in line]
    Client().post(line.removeprefix("http://shop.example"))
    with pytest.raises(Refused) as refused:
        email_changes.confirm(path.rpartition("/")[2], by=Member.objects.get(pk=world.hanako.pk))
    assert refused.value.code == "expired"


def test_the_mail_to_the_new_address_names_nobody_for_it_may_be_mistyped(world: World, client_of: ClientOf) -> None:
    ask(client_of(world.hanako))
    run_jobs()
    [mail] = [mail for mail in sent.outbox if mail.to == [NEW]]
    for name in ("青空", "aozora.example"):
        assert name not in str(mail.body).replace(NEW, "")
    for words in ("24時間以内", "窓口：ライセンス窓口", "営業時間：平日10:00-17:00"):
        assert words in str(mail.body)
    assert "エルサットストア" in mail.from_email
    assert mailed_path().rpartition("/")[2] not in Message.objects.get(recipient=NEW).text


def test_the_password_is_asked_again_and_guessing_is_stopped(world: World, client_of: ClientOf) -> None:
    browser = client_of(world.hanako)
    answer = browser.post(at("profile_email"), {"email": NEW, "current": "wrong"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "今のパスワードが違います" in page
    assert f'value="{NEW}"' in page
    assert "wrong" not in page
    for _ in range(4):
        ask(browser, current="wrong")
    assert ask(browser) == 422
    assert not MailLink.objects.exists()


@pytest.mark.parametrize("email", ["", "x", "hanako@aozora.example", "a" * 300 + "@x.example"])
def test_what_is_no_new_address_is_refused_at_the_field(world: World, client_of: ClientOf, email: str) -> None:
    answer = client_of(world.hanako).post(at("profile_email"), {"email": email, "current": PASSWORD})
    assert answer.status_code == 422
    assert 'href="#id_email"' in answer.content.decode()


def test_a_registered_address_gets_the_same_answer_and_its_owner_learns_it_at_the_confirmation(
    world: World, client_of: ClientOf
) -> None:
    browser = client_of(world.hanako)
    assert ask(browser, "taro@midori.example") == 302
    path = mailed_path("taro@midori.example")
    answer = browser.post(path)
    assert answer.status_code == 409
    assert "別の会員登録で使われている" in answer.content.decode()
    assert email_of(world.hanako) == "hanako@aozora.example"
    Member.objects.filter(pk=world.taro.pk).update(is_active=False, withdrawn_at=clock.now())
    assert browser.post(path).status_code == 302  # the address became free


def test_used_twice(world: World, client_of: ClientOf) -> None:
    browser = client_of(world.hanako)
    ask(browser)
    path = mailed_path()
    browser.post(path)
    for method in (browser.get, browser.post):
        answer = method(path)
        assert answer.status_code == 410
        assert "すでに完了しています" in answer.content.decode()
        assert at("profile_email") in answer.content.decode()


def test_expired_and_replaced_by_a_newer_one(world: World, client_of: ClientOf) -> None:
    ask(client_of(world.hanako))
    first = mailed_path()
    with time_machine.travel(clock.now() + timedelta(hours=24, seconds=1), tick=False):
        browser = client_of(world.hanako)
        answer = browser.get(first)
        assert answer.status_code == 410
        assert "このURLは無効になりました" in answer.content.decode()
        assert "もう一度メールを送る" in answer.content.decode()
        ask(browser)
        second = mailed_path()
        assert browser.post(first).status_code == 410
        assert browser.post(second).status_code == 302


def test_at_another_store_by_a_colleague_or_tampered(world: World, client_of: ClientOf) -> None:
    ask(client_of(world.hanako))
    path = mailed_path()
    assert client_of(world.hanako_at_minato).post(path.replace("87465", "193808")).status_code == 404
    assert client_of(world.ichiro).post(path).status_code == 404
    answer = client_of(world.hanako).post(path[:-1] + ("0" if path[-1] != "0" else "1"))
    assert answer.status_code == 404
    assert "このURLは正しくありません" in answer.content.decode()
    assert {email_of(member) for member in (world.hanako, world.ichiro)} == {
        "hanako@aozora.example",
        "ichiro@aozora.example",
    }


def test_in_another_browser_one_signs_in_first_and_comes_back(world: World, client_of: ClientOf) -> None:
    ask(client_of(world.hanako))
    path = mailed_path()
    other = Client()
    login = other.get(path).headers["Location"]
    assert login.startswith(at("login"))
    answer = other.post(at("login"), {"email": "hanako@aozora.example", "password": PASSWORD, "next": path})
    assert answer.headers["Location"] == path
    assert other.post(path).status_code == 302
    assert email_of(world.hanako) == NEW


def test_after_a_withdrawal_it_does_nothing(world: World, client_of: ClientOf) -> None:
    browser = client_of(world.hanako)
    ask(browser)
    path = mailed_path()
    Member.objects.filter(pk=world.hanako.pk).update(is_active=False, withdrawn_at=clock.now())
    assert browser.post(path).headers["Location"].startswith(at("login"))
    with pytest.raises(Refused) as refused:
        email_changes.confirm(path.rpartition("/")[2], by=world.hanako)
    assert refused.value.code == "unknown"
    assert email_of(world.hanako) == "hanako@aozora.example"


def test_what_was_sent_to_the_old_address_before_ends(world: World, client_of: ClientOf) -> None:
    Member.objects.filter(pk=world.hanako.pk).update(email_verified_at=None)
    world.hanako.refresh_from_db()
    _link, verify = links.issue(MailLink.Purpose.VERIFY, member=world.hanako)
    reissues.send(world.hanako)
    browser = client_of(world.hanako)
    ask(browser)
    browser.post(mailed_path())
    assert Member.objects.get(pk=world.hanako.pk).is_verified
    assert not world.hanako.temporary_passwords.filter(used_at=None).exists()
    with pytest.raises(Refused):
        links.open(verify, purpose=MailLink.Purpose.VERIFY, store=world.elsat)


def test_a_failed_mail_sent_again_brings_a_new_url(world: World, client_of: ClientOf) -> None:
    browser = client_of(world.hanako)
    ask(browser)
    first = mailed_path()
    links.renew.defer(link_id=MailLink.objects.get(purpose="email_change").pk, store_id=87465)
    second = mailed_path()
    assert first != second
    assert browser.get(first).status_code == 410
    assert browser.post(second).status_code == 302


def test_asking_is_limited(world: World, client_of: ClientOf) -> None:
    browser = client_of(world.hanako)
    for number in range(email_changes.MOST_PER_HOUR):
        assert ask(browser, f"{number}@x.example") == 302
    answer = browser.post(at("profile_email"), {"email": NEW, "current": PASSWORD})
    assert answer.status_code == 422
    assert "1時間ほど" in answer.content.decode()


def confirm_both(committed: World) -> list[str]:
    """Two members confirm the same new address at once: what each got."""
    with scope.platform():
        secrets = {member.pk: _asked(member) for member in (committed.hanako, committed.taro)}
    outcomes: list[str] = []
    meeting = threading.Barrier(2)

    def run(pk: int) -> None:
        try:
            with scope.stores([87465]):
                member = Member.objects.select_related("company", "store").get(pk=pk)
                meeting.wait(30)
                email_changes.confirm(secrets[pk], by=member)
                outcomes.append("changed")
        except Refused as refused:
            outcomes.append(refused.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[pk]) for pk in secrets]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


def _asked(member: Member) -> str:
    email_changes.ask(member, NEW, password=PASSWORD, network="n", by=member)
    run_jobs()
    body = str([mail for mail in sent.outbox if mail.to == [NEW]][-1].body)
    [line] = [line for line in body.splitlines() if "/member/profile/email/" in line]
    return line.rpartition("/")[2]


def test_of_two_who_confirm_the_same_address_at_once_one_gets_it(committed: World) -> None:
    assert confirm_both(committed) == ["changed", "taken"]
    with scope.platform():
        assert Member.objects.filter(email=NEW).count() == 1


def test_without_the_databases_rule_both_would_have_it(committed: World) -> None:
    url = environment.with_database(environment.admin_url(), connection.settings_dict["NAME"])
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("DROP INDEX one_member_per_address_and_store")
    assert confirm_both(committed) == ["changed", "changed"]
