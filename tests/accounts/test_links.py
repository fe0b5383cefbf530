"""Mailed links: once, for a day, at their own store, for somebody who is still there."""

import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connection, connections

from licenseonline.accounts import links
from licenseonline.accounts.models import MailLink, Member
from licenseonline.kit import clock, scope, states
from licenseonline.kit.errors import Refused
from licenseonline.records import messages
from licenseonline.records.models import Message
from licenseonline.stores.models import Store
from tests.jobs import run_jobs, waiting
from tests.world import World

VERIFY, STOP, INVITE = MailLink.Purpose.VERIFY, MailLink.Purpose.STOP, MailLink.Purpose.INVITE


def refusal(secret: str, store: Store, purpose: MailLink.Purpose = VERIFY) -> str:
    codes = set()
    for verb in (links.open, links.use):
        with pytest.raises(Refused) as refused:
            verb(secret, purpose=purpose, store=store)
        codes.add(refused.value.code)
    [code] = codes
    return code


def test_a_link_can_be_looked_at_often_and_used_once(world: World) -> None:
    link, secret = links.issue(VERIFY, member=world.hanako)
    for _ in range(2):
        assert links.open(secret, purpose=VERIFY, store=world.elsat) == link
    used = links.use(secret, purpose=VERIFY, store=world.elsat)
    assert used.member == world.hanako
    assert used.used_at
    assert refusal(secret, world.elsat) == "used"


def test_the_secret_is_in_no_row(world: World) -> None:
    _link, secret = links.issue(INVITE, company=world.hanako.company, address="new@aozora.example", role="viewer")
    with connection.cursor() as cursor:
        cursor.execute("SELECT json_agg(l)::text FROM accounts_maillink l")
        (stored,) = cursor.fetchone()
    assert secret not in stored
    assert "new@" not in stored
    assert secret.isalnum()
    assert len(secret) >= 32
    link = links.open(secret, purpose=INVITE, store=world.elsat)
    assert (links.address_of(link), link.role, link.company) == ("new@aozora.example", "viewer", world.hanako.company)


def test_a_link_lasts_a_day(world: World) -> None:
    _link, secret = links.issue(VERIFY, member=world.hanako)
    with time_machine.travel(clock.now() + timedelta(hours=23, minutes=59), tick=False):
        assert links.open(secret, purpose=VERIFY, store=world.elsat)
    with time_machine.travel(clock.now() + timedelta(hours=24, seconds=1), tick=False):
        assert refusal(secret, world.elsat) == "expired"


def test_at_another_store_for_another_purpose_or_tampered_it_is_unknown(world: World) -> None:
    _link, secret = links.issue(VERIFY, member=world.hanako)
    assert refusal(secret, world.minato) == "unknown"
    assert refusal(secret, world.elsat, STOP) == "unknown"
    assert refusal(secret[:-1], world.elsat) == "unknown"
    assert refusal(secret.upper(), world.elsat) == "unknown"
    assert refusal("", world.elsat) == "unknown"
    with scope.stores([world.minato.pk]):
        assert refusal(secret, world.elsat) == "unknown"


def test_after_a_withdrawal_the_members_links_are_unknown(world: World) -> None:
    _link, secret = links.issue(VERIFY, member=world.hanako)
    Member.objects.filter(pk=world.hanako.pk).update(is_active=False, withdrawn_at=clock.now())
    assert refusal(secret, world.elsat) == "unknown"


def test_a_newer_link_ends_the_older_but_for_the_way_to_stop_a_change(world: World) -> None:
    _old, first = links.issue(VERIFY, member=world.hanako)
    _other, ichiros = links.issue(VERIFY, member=world.ichiro)
    _stop, stop = links.issue(STOP, member=world.hanako)
    _new, second = links.issue(VERIFY, member=world.hanako)
    _newer, _second_stop = links.issue(STOP, member=world.hanako)
    assert refusal(first, world.elsat) == "expired"
    assert links.open(second, purpose=VERIFY, store=world.elsat)
    assert links.open(ichiros, purpose=VERIFY, store=world.elsat)
    assert links.open(stop, purpose=STOP, store=world.elsat)


def test_a_withdrawn_link_is_over_and_a_used_one_stays_used(world: World) -> None:
    link, secret = links.issue(VERIFY, member=world.hanako)
    links.withdraw(link)
    assert refusal(secret, world.elsat) == "expired"
    link, secret = links.issue(VERIFY, member=world.hanako)
    links.use(secret, purpose=VERIFY, store=world.elsat)
    links.withdraw(link)
    assert refusal(secret, world.elsat) == "used"


def mail(link: MailLink, secret: str) -> Message:
    return messages.queue(
        "accounts/stores_of_address", to="hanako@aozora.example", sender_name="s", reply_to="desk@87465.example",
        context={"links": []}, store_id=link.store_id, secrets={"link": secret}, renew=link.renewal,
    )  # fmt: skip


@pytest.fixture
def mailed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The secrets that mails were written with."""
    secrets: list[str] = []

    def keep(link: MailLink, secret: str) -> Message:
        secrets.append(secret)
        return mail(link, secret)

    monkeypatch.setitem(links.MAILS, VERIFY, keep)
    return secrets


def fail(message: Message) -> Message:
    states.move(message, Message.State.SENDING)
    return states.move(message, Message.State.FAILED, secrets="")


def test_a_failed_mail_sent_again_brings_a_new_link(world: World, mailed: list[str]) -> None:
    with time_machine.travel(clock.now() - timedelta(days=3), tick=False):
        link, old = links.issue(VERIFY, member=world.hanako)
        message = fail(mail(link, old))
    messages.resend(message)
    run_jobs()
    [new] = mailed
    assert refusal(old, world.elsat) == "expired"
    opened = links.open(new, purpose=VERIFY, store=world.elsat)
    assert opened.member == world.hanako
    assert opened.pk != link.pk
    message.refresh_from_db()
    assert message.state == Message.State.FAILED
    assert Message.objects.latest("pk").state == Message.State.SENT


def test_a_link_that_is_over_is_not_renewed(world: World, mailed: list[str]) -> None:
    used, secret = links.issue(VERIFY, member=world.hanako)
    links.use(secret, purpose=VERIFY, store=world.elsat)
    older, _secret = links.issue(VERIFY, member=world.ichiro)
    links.issue(VERIFY, member=world.ichiro)
    left, _secret = links.issue(VERIFY, member=world.taro)
    Member.objects.filter(pk=world.taro.pk).update(is_active=False)
    for link in (used, older, left):
        links.renew.defer(link_id=link.pk, store_id=link.store_id)
    assert waiting().count("accounts.links.renew") == 3
    run_jobs()
    assert mailed == []


def use_at_once(secret: str) -> list[str]:
    outcomes: list[str] = []
    meeting = threading.Barrier(2)

    def run() -> None:
        try:
            with scope.stores([87465]):
                store = Store.objects.get(pk=87465)
                meeting.wait(30)
                try:
                    links.use(secret, purpose=VERIFY, store=store)
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


def test_of_two_who_use_a_link_at_once_one_wins(committed: World) -> None:
    with scope.platform():
        _link, secret = links.issue(VERIFY, member=committed.hanako)
    assert use_at_once(secret) == ["used", "won"]


def test_without_the_lock_both_win(committed: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with scope.platform():
        _link, secret = links.issue(VERIFY, member=committed.hanako)
    meeting = threading.Barrier(2)

    def no_lock(link: MailLink) -> MailLink:
        meeting.wait(30)
        return link

    monkeypatch.setattr(states, "lock", no_lock)
    assert use_at_once(secret) == ["won", "won"]
