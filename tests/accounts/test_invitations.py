"""Invitations: a colleague joins by the mailed link only, once, and the inviter never learns who else is registered."""

import threading
from datetime import timedelta

import pytest
import time_machine
from django.core import mail as sent
from django.db import connections

from licenseonline.accounts import colleagues, invitations, links, passwords
from licenseonline.accounts.models import Company, Consent, MailLink, Member
from licenseonline.kit import clock, scope, states
from licenseonline.kit.errors import NotVisible, Refused
from licenseonline.records import history
from licenseonline.records.models import Message
from licenseonline.stores.models import Store
from tests.jobs import run_jobs
from tests.world import World

ADDRESS = "jiro@aozora.example"
PASSWORD = "しずかな 湖畔の 森の影から 聞こえる"
PERSON = invitations.Person(
    name="青空 二郎", kana="アオゾラ ジロウ", department="購買部", phone="03-1111-2222", password=PASSWORD,
    terms="2026-04-01", newsletter=True,
)  # fmt: skip


def secret_of(text: str) -> str:
    [line] = [line for line in text.splitlines() if line.startswith("http://shop.example/87465/invitation/")]
    return line.rpartition("/")[2]


def invited(world: World, address: str = ADDRESS, role: str = "buyer") -> str:
    """The secret that the mail brought."""
    invitations.invite(address, role=role, by=world.hanako)
    run_jobs()
    return secret_of(str(sent.outbox[-1].body))


def accept(secret: str, store: Store, person: invitations.Person = PERSON) -> Member:
    return invitations.accept(secret, person, store=store, network="192.0.2.1", source="store:invitation")


def refusal(secret: str, store: Store) -> str:
    with pytest.raises(Refused) as refused:
        accept(secret, store)
    return refused.value.code


def test_the_mail_names_the_inviter_and_the_company_and_leads_to_the_page(world: World) -> None:
    secret = invited(world, "ＪＩＲＯ＠AOZORA.example")
    [mail] = sent.outbox
    assert mail.to == ["jiro@aozora.example"]
    assert mail.subject == "【エルサットストア】株式会社青空製作所様からの担当者登録のご招待"
    assert mail.from_email.startswith("エルサットストア")
    body = str(mail.body)
    for words in (
        "株式会社青空製作所の青空 花子様より",
        "権限：購買担当",
        "窓口：ライセンス窓口",
        "営業時間：平日10:00-17:00",
    ):
        assert words in body
    assert secret not in Message.objects.latest("pk").text + Message.objects.latest("pk").html
    link = invitations.opened(secret, store=world.elsat)
    assert (link.company, link.role, link.created_by) == (world.hanako.company, "buyer", world.hanako)


def test_who_accepts_is_a_member_of_the_company_at_an_authenticated_address(world: World) -> None:
    member = accept(invited(world), world.elsat)
    assert (member.company_id, member.email, member.role) == (world.hanako.company_id, ADDRESS, "buyer")
    assert member.is_verified
    assert passwords.is_right(PASSWORD, member.password)
    said = Consent.objects.filter(member=member).values_list("kind", "version", "given")
    assert set(said) == {
        ("terms", "2026-04-01", True), ("terms", "platform 2024-05-10", True),
        ("antisocial", "2026-04-01", True), ("newsletter", "", True),
    }  # fmt: skip
    [joined] = [entry for entry in history.of(member) if entry.event == "member.joined"]
    assert joined.actor_id == member.pk
    run_jobs()
    subjects = {(mail.to[0], mail.subject) for mail in sent.outbox[1:]}
    assert subjects == {
        (ADDRESS, "【エルサットストア】会員登録が完了しました"),
        ("hanako@aozora.example", "【エルサットストア】担当者が登録されました"),
    }


def test_an_invitation_works_once_for_a_week_at_its_own_store(world: World) -> None:
    secret = invited(world)
    assert refusal(secret, world.minato) == "unknown"
    assert refusal(secret[:-1], world.elsat) == "unknown"
    with time_machine.travel(clock.now() + timedelta(days=7, seconds=1), tick=False):
        assert refusal(secret, world.elsat) == "expired"
    with time_machine.travel(clock.now() + timedelta(days=6, hours=23), tick=False):
        accept(secret, world.elsat)
    assert refusal(secret, world.elsat) == "used"


def test_withdrawn_sent_again_or_invited_anew_the_old_link_is_void(world: World) -> None:
    first = invited(world)
    second = invited(world)
    assert refusal(first, world.elsat) == "expired"
    [one] = invitations.waiting(world.hanako)
    invitations.send_again(one.link, by=world.hanako)
    run_jobs()
    third = secret_of(str(sent.outbox[-1].body))
    assert refusal(second, world.elsat) == "expired"
    [one] = invitations.waiting(world.hanako)
    invitations.withdraw(one.link, by=world.hanako)
    assert refusal(third, world.elsat) == "expired"
    assert invitations.waiting(world.hanako) == []
    with pytest.raises(NotVisible):
        invitations.send_again(one.link, by=world.hanako)


def test_an_address_with_an_account_here_is_told_by_mail_only(world: World) -> None:
    results = [
        invitations.invite(address, role="viewer", by=world.hanako) for address in (ADDRESS, "taro@midori.example")
    ]
    new, known = invitations.waiting(world.hanako)[::-1]
    assert (new.is_over, known.is_over) == (False, False)
    assert {link.purpose for link in results} == {"invite"}
    run_jobs()
    to_new, to_known = sent.outbox
    assert to_known.to == ["taro@midori.example"]
    assert "すでに当ストアに会員登録されています" in str(to_known.body)
    assert "/invitation/" not in str(to_known.body)
    assert "/invitation/" in str(to_new.body)


def test_only_administrators_invite_and_not_colleagues_again(world: World) -> None:
    for by, address, code in (
        (world.ichiro, ADDRESS, "role"),
        (world.hanako, "ichiro@aozora.example", "colleague"),
    ):
        with pytest.raises(Refused) as refused:
            invitations.invite(address, role="buyer", by=by)
        assert refused.value.code == code
    Member.objects.filter(pk=world.hanako.pk).update(email_verified_at=None)
    with pytest.raises(Refused) as refused:
        invitations.invite(ADDRESS, role="buyer", by=world.hanako)
    assert refused.value.code == "unverified"


def test_another_company_cannot_touch_an_invitation(world: World) -> None:
    link = invitations.invite(ADDRESS, role="buyer", by=world.hanako)
    assert invitations.waiting(world.taro) == []
    for verb in (invitations.send_again, invitations.withdraw):
        with pytest.raises(NotVisible):
            verb(link, by=world.taro)


def test_one_address_and_one_company_are_not_flooded(world: World) -> None:
    for _ in range(invitations.MOST_PER_ADDRESS):
        invitations.invite(ADDRESS, role="buyer", by=world.hanako)
    with pytest.raises(Refused) as refused:
        invitations.invite(ADDRESS, role="buyer", by=world.hanako)
    assert refused.value.code == "throttled"
    assert invitations.invite("other@aozora.example", role="buyer", by=world.hanako)


def test_who_registered_since_cannot_accept_and_the_link_stays(world: World) -> None:
    secret = invited(world)
    Member.objects.create(
        store=world.elsat, company=world.taro.company, email=ADDRESS, name="別の人", kana="ベツ", created_at=clock.now()
    )
    assert refusal(secret, world.elsat) == "registered"
    assert links.open(secret, purpose=MailLink.Purpose.INVITE, store=world.elsat)


def test_of_a_company_that_was_turned_away_nobody_becomes_a_member(world: World) -> None:
    secret = invited(world)
    Company.objects.filter(pk=world.hanako.company_id).update(state="refused")
    assert refusal(secret, world.elsat) == "expired"


def test_who_is_removed_takes_the_invitations_along(world: World) -> None:
    colleagues.change_role(world.ichiro, "admin", by=world.hanako)
    invitations.invite(ADDRESS, role="admin", by=world.ichiro)
    run_jobs()
    colleagues.remove(world.ichiro, by=world.hanako)
    assert refusal(secret_of(str(sent.outbox[-1].body)), world.elsat) == "expired"


@pytest.mark.parametrize(
    ("password", "code"), [("short", "short"), ("jiro@aozora.example", "guessable"), ("123456789012345678", "common")]
)
def test_the_password_follows_the_rules(world: World, password: str, code: str) -> None:
    secret = invited(world)
    with pytest.raises(Refused) as refused:
        accept(
            secret, world.elsat, invitations.Person(name="二郎", kana="ジロウ", password=password, terms="2026-04-01")
        )
    assert refused.value.code == code


def test_a_failed_mail_sent_again_brings_a_new_link(world: World) -> None:
    first = invited(world)
    [one] = invitations.waiting(world.hanako)
    links.renew.defer(link_id=one.link.pk, store_id=one.link.store_id)
    run_jobs()
    second = secret_of(str(sent.outbox[-1].body))
    assert refusal(first, world.elsat) == "expired"
    assert accept(second, world.elsat).email == ADDRESS


def accept_at_once(secret: str) -> list[str]:
    outcomes: list[str] = []
    meeting = threading.Barrier(2)

    def run() -> None:
        try:
            with scope.stores([87465]):
                store = Store.objects.get(pk=87465)
                meeting.wait(30)
                try:
                    accept(secret, store)
                    outcomes.append("won")
                except Refused as refused:
                    outcomes.append(refused.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


def test_of_two_who_accept_at_once_one_becomes_a_member(committed: World) -> None:
    with scope.platform():
        _link, secret = links.issue(
            MailLink.Purpose.INVITE,
            company=committed.hanako.company,
            address=ADDRESS,
            role="buyer",
            by=committed.hanako,
        )
    assert accept_at_once(secret) == ["used", "won"]


def test_without_the_lock_the_database_still_makes_one_member(
    committed: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with scope.platform():
        _link, secret = links.issue(
            MailLink.Purpose.INVITE,
            company=committed.hanako.company,
            address=ADDRESS,
            role="buyer",
            by=committed.hanako,
        )
    meeting = threading.Barrier(2)

    def no_lock(link: MailLink) -> MailLink:
        meeting.wait(30)
        return link

    monkeypatch.setattr(states, "lock", no_lock)
    assert accept_at_once(secret) == ["registered", "won"]
