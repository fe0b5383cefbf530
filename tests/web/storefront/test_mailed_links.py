"""メールアドレスの認証 and stopping a change: mailed addresses that are opened late, twice, elsewhere, or by others."""

from collections.abc import Callable
from datetime import timedelta

import pyotp
import pytest
import time_machine
from django.test import Client

from licenseonline.accounts import links, second_factors, security_notices, verifications
from licenseonline.accounts.models import MailLink, Member, TemporaryPassword
from licenseonline.accounts.security_notices import Kind
from licenseonline.kit import clock
from licenseonline.records import history
from tests.accounts.mails import arrived, only, path_in, temporary_in
from tests.web.storefront.test_sign_in import EMAIL, LOGIN, is_member, sign_in
from tests.world import TOTP, World

ClientOf = Callable[[Member], Client]
PROFILE = "/87465/member/profile/"


@pytest.fixture
def unverified(world: World) -> Member:
    Member.objects.filter(pk=world.hanako.pk).update(email_verified_at=None)
    world.hanako.refresh_from_db()
    return world.hanako


def verify_path(member: Member) -> str:
    verifications.send(member)
    return path_in(only(), "verify")


def is_verified(member: Member) -> bool:
    member.refresh_from_db()
    return member.is_verified


def test_looking_changes_nothing_and_the_button_completes_the_registration(world: World, unverified: Member) -> None:
    path = verify_path(unverified)
    stranger = Client()
    for _ in range(2):
        page = stranger.get(path).content.decode()
        assert "認証して本登録を完了する" in page
    assert not is_verified(unverified)
    assert stranger.post(path)["Location"] == LOGIN
    assert is_verified(unverified)
    assert not is_member(stranger)
    assert [entry.event for entry in history.of(unverified)] == ["member.verified"]


def test_a_form_from_elsewhere_does_nothing(world: World, unverified: Member) -> None:
    path = verify_path(unverified)
    assert Client(enforce_csrf_checks=True).post(path).status_code == 403
    assert not is_verified(unverified)


def test_opened_twice_it_says_that_all_is_done(world: World, unverified: Member) -> None:
    path = verify_path(unverified)
    Client().post(path)
    for response in (Client().get(path), Client().post(path)):
        assert response.status_code == 410
        assert "すでに完了しています" in response.content.decode()


def test_too_late_it_offers_a_new_mail(world: World, unverified: Member) -> None:
    path = verify_path(unverified)
    with time_machine.travel(clock.now() + timedelta(hours=24, seconds=1), tick=False):
        browser = Client()
        for response in (browser.get(path), browser.post(path)):
            assert response.status_code == 410
            assert "認証メールを再送する" in response.content.decode()
        assert browser.post(f"{path}/again")["Location"] == LOGIN
        new = path_in(only(), "verify")
        assert new != path
        browser.post(new)
    assert is_verified(unverified)


def test_too_late_for_who_is_authenticated_meanwhile_no_mail_is_sent(world: World) -> None:
    path = verify_path(world.hanako)
    with time_machine.travel(clock.now() + timedelta(hours=25), tick=False):
        page = Client().post(f"{path}/again").content.decode()
    assert "すでに完了しています" in page
    assert arrived() == []


@pytest.mark.parametrize("page", ["verify", "stop"])
def test_at_another_store_or_tampered_it_is_unknown(world: World, unverified: Member, page: str) -> None:
    if page == "verify":
        path = verify_path(unverified)
    else:
        security_notices.send(unverified, Kind.PASSWORD_CHANGED)
        path = path_in(only(), "stop")
    for wrong in (path.replace("/87465/", "/193808/"), path[:-1], path + "0", path.upper().replace(page.upper(), page)):
        for response in (Client().get(wrong), Client().post(wrong)):
            assert response.status_code == 404, wrong
            assert "このURLは正しくありません" in response.content.decode()
    assert Client().post(f"{path[:-1]}/again").status_code == 404
    assert not is_verified(unverified)
    assert Client().get(path).status_code == 200


def test_after_leaving_the_links_are_nobodys(world: World, unverified: Member) -> None:
    path = verify_path(unverified)
    security_notices.send(unverified, Kind.PASSWORD_CHANGED)
    stop = path_in(only(), "stop")
    Member.objects.filter(pk=unverified.pk).update(is_active=False, withdrawn_at=clock.now())
    for one in (path, f"{path}/again", stop):
        assert Client().post(one).status_code == 404
    assert arrived() == []


def test_a_link_for_the_address_of_before_does_not_authenticate_the_new_one(world: World, unverified: Member) -> None:
    path = verify_path(unverified)
    Member.objects.filter(pk=unverified.pk).update(email="new@aozora.example")
    assert Client().post(path).status_code == 410
    assert not is_verified(unverified)


def test_a_banner_tells_who_is_not_authenticated_and_sends_the_mail_again(
    world: World, unverified: Member, client_of: ClientOf
) -> None:
    browser = client_of(unverified)
    for path in ("/87465/", PROFILE, "/87465/member/quotes/"):
        assert "認証メールを再送する" in browser.get(path).content.decode()
    for _ in range(verifications.MOST_PER_HOUR):
        assert browser.post("/87465/member/verify")["Location"] == PROFILE
    assert len(arrived()) == verifications.MOST_PER_HOUR
    page = browser.post("/87465/member/verify", follow=True).content.decode()
    assert "1時間ほど" in page
    assert arrived() == []
    assert "認証メールを再送する" not in client_of(world.ichiro).get("/87465/").content.decode()
    page = client_of(world.ichiro).post("/87465/member/verify", follow=True).content.decode()
    assert "すでに完了しています" in page


def stop_path(member: Member, kind: Kind, to: str = "") -> str:
    security_notices.send(member, kind, device="Chrome / Windows", to=to)
    return path_in(only(), "stop")


def test_stopping_shuts_everybody_out_and_mails_the_owner_a_way_in(world: World, client_of: ClientOf) -> None:
    path = stop_path(world.hanako, Kind.PASSWORD_CHANGED)
    thief = client_of(world.hanako)
    page = Client().get(path).content.decode()
    for words in ("パスワードを変更しました", "すべての端末からログアウトします。", "アカウントを保護する", EMAIL):
        assert words in page
    assert is_member(thief)
    page = Client().post(path).content.decode()
    assert "アカウントを保護しました" in page
    assert not is_member(thief)
    assert sign_in(Client()) == 422
    owner = Client()
    assert sign_in(owner, password=temporary_in(only())) == 302
    assert owner.post("/87465/password/change", {"password": "owner's own phrase again"}).status_code == 302
    assert is_member(owner)
    assert "member.change_stopped" in [entry.event for entry in history.of(world.hanako)]
    assert Client().post(path).status_code == 410


def test_it_can_be_stopped_for_a_week(world: World) -> None:
    path = stop_path(world.hanako, Kind.PASSWORD_CHANGED)
    with time_machine.travel(clock.now() + timedelta(days=6, hours=23), tick=False):
        assert Client().get(path).status_code == 200
    with time_machine.travel(clock.now() + timedelta(days=7, seconds=1), tick=False):
        response = Client().post(path)
        assert response.status_code == 410
        assert "パスワードを再発行する" in response.content.decode()
    assert sign_in(Client()) == 302


def test_a_thiefs_half_open_door_and_reissue_end_too(world: World) -> None:
    thief = Client()
    thief.post("/87465/password/reissue/", {"email": EMAIL})
    temporary = temporary_in(only())
    sign_in(thief, password=temporary)
    assert "新しいパスワード" in thief.get("/87465/password/change").content.decode()
    thief.post("/87465/password/reissue/", {"email": EMAIL})
    second = temporary_in(only())
    Client().post(stop_path(world.hanako, Kind.PASSWORD_CHANGED))
    assert "仮パスワードでログインした後に" in thief.get("/87465/password/change").content.decode()
    assert sign_in(Client(), password=second) == 422


def test_stopping_a_change_of_address_gives_the_old_one_back(world: World) -> None:
    path = stop_path(world.hanako, Kind.EMAIL_CHANGED, to=EMAIL)
    Member.objects.filter(pk=world.hanako.pk).update(email="thief@evil.example")
    assert "元のメールアドレスに戻します" in Client().get(path).content.decode()
    Client().post(path)
    [(to, _subject, text)] = arrived()
    assert to == EMAIL
    assert sign_in(Client(), password=temporary_in(text)) == 302
    world.hanako.refresh_from_db()
    assert (world.hanako.email, world.hanako.is_verified) == (EMAIL, True)


def test_an_old_address_that_is_anothers_by_now_is_not_taken_from_them(world: World) -> None:
    path = stop_path(world.hanako, Kind.EMAIL_CHANGED, to="ichiro@aozora.example")
    page = Client().post(path).content.decode()
    assert "窓口へご連絡ください" in page
    assert arrived() == []
    assert not TemporaryPassword.objects.exists()
    assert sign_in(Client()) == 422
    world.hanako.refresh_from_db()
    assert world.hanako.email == EMAIL


def test_stopping_ends_a_change_of_address_that_is_under_way(world: World) -> None:
    link, _secret = links.issue(MailLink.Purpose.EMAIL_CHANGE, member=world.hanako, address="thief@evil.example")
    Client().post(stop_path(world.hanako, Kind.EMAIL_CHANGE_ASKED))
    link.refresh_from_db()
    assert link.withdrawn_at


def test_stopping_takes_a_strangers_second_factor_off(world: World) -> None:
    code = pyotp.TOTP(TOTP).at(clock.now())
    second_factors.turn_on(world.hanako, secret=TOTP, code=code, by=world.hanako, device="")
    path = path_in(only(), "stop")
    assert "二段階認証を解除します" in Client().get(path).content.decode()
    Client().post(path)
    world.hanako.refresh_from_db()
    assert not world.hanako.has_second_factor
    owner = Client()
    sign_in(owner, password=temporary_in(only()))
    assert owner.get("/87465/password/change").status_code == 200


def test_ordering_says_what_is_missing_while_quoting_works(
    world: World, unverified: Member, client_of: ClientOf
) -> None:
    quote = world.quote(unverified)
    browser = client_of(unverified)
    page = browser.get(f"/87465/member/quotes/{quote.number}").content.decode()
    assert "認証" in page
    response = browser.post(
        f"/87465/member/quotes/{quote.number}/order", {"terms": "on", "key": "9b2f4c0e-7d6a-4f57-9d2b-0a8d7f4f7a11"}
    )
    assert response.status_code in {409, 422}
    assert "ご注文にはメールアドレスの認証が必要です" in response.content.decode()
