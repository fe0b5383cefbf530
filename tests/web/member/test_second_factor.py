"""二段階認証 by its pages: set up, signing in with it, recovering, taking it off."""

import re
from collections.abc import Callable
from datetime import timedelta

import pyotp
import pytest
import time_machine
from django.test import Client

from licenseonline.accounts import codes, second_factors
from licenseonline.accounts.models import Member, RecoveryCode
from licenseonline.kit import clock
from licenseonline.kit.errors import Refused
from licenseonline.records import history
from tests.accounts.mails import arrived, only, path_in, temporary_in
from tests.web.storefront.test_sign_in import EMAIL, LOGIN, is_member, sign_in
from tests.world import PASSWORD, World

ClientOf = Callable[[Member], Client]
PAGE, CODE = "/87465/member/second-factor/", "/87465/login/code"


def set_up(browser: Client) -> list[str]:
    """Turn it on by the page's own key; answers the recovery codes."""
    page = browser.get(f"{PAGE}on").content.decode()
    [shown] = re.findall(r"<code>([A-Z2-7 ]+)</code>", page)
    code = pyotp.TOTP(shown.replace(" ", "")).at(clock.now())
    response = browser.post(f"{PAGE}on", {"code": f"{code[:3]} {code[3:]}"})
    assert response.status_code == 200
    return re.findall(r"<li><code>(\S+)</code>", response.content.decode())


@pytest.fixture
def protected(world: World, client_of: ClientOf) -> tuple[Member, list[str]]:
    """Hanako with a second factor set up two minutes ago, and her recovery codes."""
    with time_machine.travel(clock.now() - timedelta(minutes=2), tick=False):
        recovery = set_up(client_of(world.hanako))
    arrived()
    world.hanako.refresh_from_db()
    return world.hanako, recovery


def first_step(password: str = PASSWORD, **more: str) -> Client:
    browser = Client()
    response = browser.post(LOGIN, {"email": EMAIL, "password": password, **more})
    assert response["Location"] == CODE
    assert not is_member(browser)
    return browser


def test_setting_up_shows_a_picture_and_ten_codes_once(world: World, client_of: ClientOf) -> None:
    browser = client_of(world.hanako)
    assert browser.get(f"{PAGE}qr.svg").status_code == 404
    page = browser.get(f"{PAGE}on").content.decode()
    assert "otpauth://totp/" in page
    picture = browser.get(f"{PAGE}qr.svg")
    assert picture["Content-Type"] == "image/svg+xml"
    assert picture["Cache-Control"] == "private, no-store"
    assert b"<svg" in picture.content
    recovery = set_up(browser)
    assert len(set(recovery)) == second_factors.RECOVERY_CODES
    world.hanako.refresh_from_db()
    assert world.hanako.has_second_factor
    assert not any(code in browser.get(PAGE).content.decode() for code in recovery)
    assert "残り 10 個" in browser.get(PAGE).content.decode()
    assert browser.get(f"{PAGE}on")["Location"] == PAGE
    assert browser.get(f"{PAGE}qr.svg").status_code == 404
    [(to, subject, _text)] = arrived()
    assert (to, subject) == (EMAIL, "【エルサットストア】二段階認証を設定しました")
    assert [entry.event for entry in history.of(world.hanako)] == ["member.second_factor_on"]


def test_the_key_stays_the_same_until_a_code_proves_it(world: World, client_of: ClientOf) -> None:
    browser = client_of(world.hanako)
    keys = set()
    for _ in range(2):
        page = browser.get(f"{PAGE}on").content.decode()
        keys |= set(re.findall(r"<code>([A-Z2-7 ]+)</code>", page))
        response = browser.post(f"{PAGE}on", {"code": "000000"})
        assert response.status_code == 422
        assert "確認コードが違うか" in response.content.decode()
    assert len(keys) == 1
    world.hanako.refresh_from_db()
    assert not world.hanako.has_second_factor


def test_signing_in_asks_for_a_code_and_leads_back(protected: tuple[Member, list[str]]) -> None:
    member, _recovery = protected
    browser = first_step(next="/87465/member/quotes/")
    assert "6桁の確認コード" in browser.get(CODE).content.decode()
    assert browser.post(CODE, {"code": codes.next_of(member)})["Location"] == "/87465/member/quotes/"
    assert is_member(browser)
    assert arrived() == []


def test_a_code_works_once(protected: tuple[Member, list[str]]) -> None:
    member, _recovery = protected
    code = codes.next_of(member)
    assert first_step().post(CODE, {"code": code}).status_code == 302
    response = first_step().post(CODE, {"code": code})
    assert response.status_code == 422
    assert "すでに使われています" in response.content.decode()


def test_a_recovery_code_works_once_and_is_told_by_mail(protected: tuple[Member, list[str]]) -> None:
    _member, recovery = protected
    browser = first_step()
    assert browser.post(CODE, {"code": recovery[0].upper().replace("-", " ")}).status_code == 302
    assert is_member(browser)
    [(_to, subject, text)] = arrived()
    assert subject == "【エルサットストア】リカバリーコードが使われました"
    assert "残りのリカバリーコード：9個" in text
    assert recovery[0] not in text
    assert first_step().post(CODE, {"code": recovery[0]}).status_code == 422
    assert "残り 9 個" in browser.get(PAGE).content.decode()


def test_guessing_codes_is_stopped(protected: tuple[Member, list[str]]) -> None:
    member, _recovery = protected
    browser = first_step()
    for _ in range(second_factors.MOST_FAILURES):
        assert browser.post(CODE, {"code": "000000"}).status_code == 422
    assert browser.post(CODE, {"code": codes.next_of(member)}).status_code == 429
    elsewhere = first_step()
    assert elsewhere.post(CODE, {"code": codes.next_of(member)}, REMOTE_ADDR="203.0.113.9").status_code == 302


def test_the_second_step_lasts_ten_minutes_and_ends_with_the_password(protected: tuple[Member, list[str]]) -> None:
    member, recovery = protected
    late, other = first_step(), first_step()
    with time_machine.travel(clock.now() + timedelta(minutes=11), tick=False):
        assert late.post(CODE, {"code": recovery[0]})["Location"] == LOGIN
    member.set_unusable_password()
    member.save()
    assert other.post(CODE, {"code": recovery[0]})["Location"] == LOGIN
    assert not is_member(other)


def test_at_another_store_the_second_step_is_nobodys(protected: tuple[Member, list[str]]) -> None:
    _member, recovery = protected
    browser = first_step()
    other = Client()
    other.cookies["session"] = browser.cookies["session"].value
    assert other.post("/193808/login/code", {"code": recovery[0]})["Location"] == "/193808/login/"


def test_a_mailed_password_does_not_get_around_it(protected: tuple[Member, list[str]]) -> None:
    member, _recovery = protected
    Client().post("/87465/password/reissue/", {"email": EMAIL})
    browser = first_step(password=temporary_in(only()))
    assert "仮パスワードでログインした後に" in browser.get("/87465/password/change").content.decode()
    assert browser.post(CODE, {"code": codes.next_of(member)})["Location"] == "/87465/password/change"
    assert not is_member(browser)
    assert "8文字以上" in browser.get("/87465/password/change").content.decode()
    assert browser.post("/87465/password/change", {"password": "kq7!mzt2w"})["Location"] == "/87465/"
    assert is_member(browser)


def test_it_is_taken_off_with_the_password(
    world: World, protected: tuple[Member, list[str]], client_of: ClientOf
) -> None:
    member, _recovery = protected
    browser = client_of(member)
    assert browser.post(f"{PAGE}off", {"current": "wrong"}).status_code == 422
    assert browser.post(f"{PAGE}off", {"current": PASSWORD})["Location"] == PAGE
    assert not RecoveryCode.objects.exists()
    assert sign_in(Client()) == 302
    [(_to, subject, _text)] = arrived()
    assert subject == "【エルサットストア】二段階認証を解除しました"


def test_a_short_password_must_grow_before_it_stands_alone(
    world: World, protected: tuple[Member, list[str]], client_of: ClientOf
) -> None:
    member, _recovery = protected
    browser = client_of(member)
    short = "kq7!mzt2w"
    browser.post("/87465/member/password/", {"current": PASSWORD, "password": short})
    response = browser.post(f"{PAGE}off", {"current": short})
    assert response.status_code == 422
    assert "先にパスワードを変更してください" in response.content.decode()
    second_factors.reset(member, reason="電話で折り返し、登録番号で確認", by=world.operator)
    alone = Client()
    assert alone.post(LOGIN, {"email": EMAIL, "password": short})["Location"] == "/87465/password/change"
    assert not is_member(alone)
    assert alone.post("/87465/password/change", {"password": "four words are long enough"}).status_code == 302
    assert is_member(alone)


def test_new_recovery_codes_replace_the_old(protected: tuple[Member, list[str]], client_of: ClientOf) -> None:
    member, recovery = protected
    response = client_of(member).post(f"{PAGE}codes", {"current": PASSWORD})
    new = re.findall(r"<li><code>(\S+)</code>", response.content.decode())
    assert len(new) == second_factors.RECOVERY_CODES
    assert not set(new) & set(recovery)
    browser = first_step()
    assert browser.post(CODE, {"code": recovery[0]}).status_code == 422
    assert browser.post(CODE, {"code": new[0]}).status_code == 302
    assert [subject for _to, subject, _text in arrived()] == [
        "【エルサットストア】リカバリーコードを作り直しました", "【エルサットストア】リカバリーコードが使われました",
    ]  # fmt: skip


def test_without_it_there_is_nothing_to_renew_or_reset(world: World, client_of: ClientOf) -> None:
    assert client_of(world.hanako).post(f"{PAGE}codes", {"current": PASSWORD}).status_code == 422
    with pytest.raises(Refused) as refused:
        second_factors.reset(world.hanako, reason="x", by=world.operator)
    assert refused.value.code == "state"


def test_the_desks_reset_is_told_and_recorded(world: World, protected: tuple[Member, list[str]]) -> None:
    member, _recovery = protected
    second_factors.reset(member, reason="電話で折り返し確認", by=world.operator)
    text = only()
    assert "窓口で二段階認証を解除しました" in text
    assert "窓口での確認：電話で折り返し確認" in text
    assert path_in(text, "stop")
    entry = history.of(member)[-1]
    assert (entry.event, entry.actor_kind, entry.actor_id) == (
        "member.second_factor_reset", "operator", world.operator.pk,
    )  # fmt: skip


def test_the_secret_is_encrypted(protected: tuple[Member, list[str]]) -> None:
    member, recovery = protected
    assert not re.fullmatch("[A-Z2-7]+", member.totp_secret)
    stored = set(RecoveryCode.objects.values_list("fingerprint", flat=True))
    assert not stored & {codes.plain(code) for code in recovery}
