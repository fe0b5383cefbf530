"""Registration: provisional for a day, once, at its own store; the same for known and unknown addresses."""

import re
import threading
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any
from unittest import mock

import pytest
import time_machine
from django.contrib.auth import hashers
from django.core import mail as outbox
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from licenseonline.accounts import consents, failures, passwords, registrations
from licenseonline.accounts.models import Company, CompanyState, Consent, Member, Registration, Role
from licenseonline.accounts.registrations import Application
from licenseonline.kit import clock, scope
from licenseonline.kit.errors import Refused
from licenseonline.records import history, messages
from licenseonline.records.models import Message
from tests.jobs import run_jobs
from tests.world import World

PASSWORD = "three quiet rivers run"
SAKURA = Application(
    company_name="株式会社さくら", company_kana="カブシキガイシャサクラ", kind="corporate", corporate_number="",
    postal_code="100-0001", prefecture="東京都", city="千代田区", street="千代田2-2", building="", phone="03-2222-2222",
    fax="", name="髙橋 桜", kana="タカハシ サクラ", department="総務部", title="部長", email="Sakura@Sakura.Example",
    newsletter=True, terms_version="2026-04-01", source="store:register", network="192.0.2.1",
)  # fmt: skip


def begin(world: World, email: str = SAKURA.email, password: str = PASSWORD, **changed: Any) -> Registration:
    return registrations.begin(replace(SAKURA, email=email, **changed), password=password, store=world.elsat)


def mailed_secret() -> str:
    """What the newest mail's link carries, as its reader gets it."""
    run_jobs()
    found = re.search(r"http://shop\.example/87465/register/confirm/([0-9a-f]+)", str(outbox.outbox[-1].body))
    assert found
    return found[1]


def refusal(secret: str, world: World) -> str:
    codes = set()
    for verb in (registrations.open, partial(registrations.confirm, password=PASSWORD)):
        with pytest.raises(Refused) as refused:
            verb(secret, store=world.elsat)
        codes.add(refused.value.code)
    [code] = codes
    return code


def test_whoever_only_reads_the_mail_cannot_complete_what_a_stranger_began(world: World) -> None:
    begin(world)
    secret = mailed_secret()
    for expected in ["password"] * registrations.MOST_TRIES + ["throttled"]:
        with pytest.raises(Refused) as refused:
            registrations.confirm(secret, password="not the password of the form", store=world.elsat)
        assert (refused.value.code, refused.value.field) == (expected, "password")
    assert not Member.objects.filter(email="sakura@sakura.example").exists()


def test_nothing_exists_until_the_mailed_address_is_confirmed(world: World) -> None:
    begin(world)
    secret = mailed_secret()
    for _ in range(2):
        registration = registrations.open(secret, store=world.elsat)  # looking changes nothing
    assert registrations.application_of(registration).name == "髙橋 桜"
    assert not Member.objects.filter(email="sakura@sakura.example").exists()
    member = registrations.confirm(secret, password=PASSWORD, store=world.elsat)
    assert (member.email, member.role, member.is_verified) == ("sakura@sakura.example", Role.ADMIN, True)
    assert (member.title, member.company.name, member.company.address) == (
        "部長",
        "株式会社さくら",
        "東京都千代田区千代田2-2",
    )
    assert passwords.is_right(PASSWORD, member.password)
    assert member.can_order
    assert [entry.event for entry in history.of(member)] == ["member.registered"]
    assert [entry.event for entry in history.of(member.company)] == ["company.registered"]
    run_jobs()
    assert "会員登録が完了しました" in outbox.outbox[-1].subject
    assert "窓口で会社情報を確認しています" not in outbox.outbox[-1].body


def test_the_row_shows_nothing_of_what_was_filled_in_and_forgets_it(world: World) -> None:
    begin(world)
    secret = mailed_secret()
    for confirmed in (False, True):
        if confirmed:
            registrations.confirm(secret, password=PASSWORD, store=world.elsat)
        with connection.cursor() as cursor:
            cursor.execute("SELECT json_agg(r)::text FROM accounts_registration r")
            (stored,) = cursor.fetchone()
        for part in ("さくら", "sakura", secret, PASSWORD, "192.0.2.1"):
            assert part not in stored
    registration = Registration.objects.get()
    assert (registration.data, registration.password) == ("", "")
    assert secret not in Message.objects.earliest("id").text


def test_what_was_agreed_to_is_proved_with_version_time_and_place(world: World) -> None:
    with time_machine.travel(clock.now() - timedelta(hours=2), tick=False):
        begin(world)
        said_at = clock.now()
    member = registrations.confirm(mailed_secret(), password=PASSWORD, store=world.elsat)
    proofs = Consent.objects.filter(member=member).order_by("id")
    assert [(proof.kind, proof.version, proof.given) for proof in proofs] == [
        ("terms", "2026-04-01", True),
        ("terms", "platform 2024-05-10", True),
        ("antisocial", "2026-04-01", True),
        ("newsletter", "", True),
    ]
    assert {(proof.at, proof.source) for proof in proofs} == {(said_at, "store:register")}
    assert all(proof.network and "192.0.2" not in proof.network for proof in proofs)
    assert member.newsletter
    latest = consents.latest(member, "newsletter")
    assert latest
    assert latest.given


def test_terms_that_changed_meanwhile_are_not_agreed_to(world: World) -> None:
    world.elsat.terms_version = "2026-12-01"
    with pytest.raises(Refused) as refused:
        begin(world)
    assert (refused.value.code, refused.value.field) == ("terms", "terms")


@pytest.mark.parametrize("password", ["short", "passwordpassword", "株式会社さくら髙橋桜さくらsakura"])
def test_guessable_passwords_are_refused_before_anything_is_kept(world: World, password: str) -> None:
    with pytest.raises(Refused) as refused:
        begin(world, password=password)
    assert refused.value.field == "password"
    assert not Registration.objects.exists()


def test_an_address_works_once(world: World) -> None:
    begin(world)
    secret = mailed_secret()
    registrations.confirm(secret, password=PASSWORD, store=world.elsat)
    assert refusal(secret, world) == "used"
    assert Company.objects.filter(name="株式会社さくら").count() == 1


def test_an_address_works_at_its_own_store_and_as_it_was_mailed(world: World) -> None:
    begin(world)
    secret = mailed_secret()
    for wrong, store in ((secret, world.minato), (secret[:-1], world.elsat), (secret.upper(), world.elsat)):
        if wrong == secret and store == world.elsat:
            continue
        with pytest.raises(Refused) as refused:
            registrations.confirm(wrong, password=PASSWORD, store=store)
        assert refused.value.code == "unknown"


def test_after_a_day_a_new_mail_can_be_asked_for(world: World) -> None:
    begin(world)
    begun_at, secret = clock.now(), mailed_secret()
    with time_machine.travel(begun_at + timedelta(hours=23, minutes=59), tick=False):
        assert registrations.open(secret, store=world.elsat)
    with time_machine.travel(begun_at + timedelta(hours=24, seconds=5), tick=False):
        assert refusal(secret, world) == "expired"
        registrations.send_again(secret, store=world.elsat, network="n")
        assert refusal(secret, world) == "over"
        fresh = mailed_secret()
        assert fresh != secret
        member = registrations.confirm(fresh, password=PASSWORD, store=world.elsat)
        assert passwords.is_right(PASSWORD, member.password)
        [said_at] = set(Consent.objects.filter(member=member).values_list("at", flat=True))
        assert said_at < begun_at + timedelta(minutes=1)
        with pytest.raises(Refused, match="すでにこのストアに登録"):
            registrations.send_again(secret, store=world.elsat, network="n")


def test_what_nobody_confirmed_is_forgotten_in_time(world: World) -> None:
    begin(world)
    secret = mailed_secret()
    with time_machine.travel(clock.now() + timedelta(days=2), tick=False):
        registrations.clear(0)
        assert refusal(secret, world) == "expired"
    with time_machine.travel(clock.now() + timedelta(days=9), tick=False):
        registrations.clear(0)
        assert Registration.objects.get().data == ""
        assert refusal(secret, world) == "over"
    with time_machine.travel(clock.now() + timedelta(days=99), tick=False):
        registrations.clear(0)
        assert not Registration.objects.exists()


def test_a_known_address_gets_a_mail_that_says_so_and_nothing_else_happens(world: World) -> None:
    begin(world, email="HANAKO@aozora.example")
    run_jobs()
    message = Message.objects.get()
    assert message.recipient == "hanako@aozora.example"
    assert "すでに会員登録がお済みです" in message.subject
    assert "http://shop.example/87465/login/" in message.text
    assert "http://shop.example/87465/password/reissue/" in message.text
    assert "ライセンス窓口" in message.text
    assert Registration.objects.get().data == ""
    assert Member.objects.filter(store=world.elsat, email="hanako@aozora.example").count() == 1


def test_the_same_person_may_register_at_another_store_and_after_leaving(world: World) -> None:
    Member.objects.filter(pk=world.hanako.pk).update(is_active=False, withdrawn_at=clock.now())
    begin(world, email="hanako@aozora.example")
    member = registrations.confirm(mailed_secret(), password=PASSWORD, store=world.elsat)
    assert member.pk != world.hanako.pk
    assert member.company_id != world.hanako.company_id


def test_a_registration_never_joins_a_company_of_the_same_name(world: World) -> None:
    application = replace(SAKURA, company_name=world.hanako.company.name, email="new@aozora.example")
    registrations.begin(application, password=PASSWORD, store=world.elsat)
    member = registrations.confirm(mailed_secret(), password=PASSWORD, store=world.elsat)
    assert member.company_id != world.hanako.company_id


def test_known_and_unknown_addresses_cost_the_same(world: World) -> None:
    costs = []
    begin(world, email="warm@up.example")  # what a process asks once
    for email in ("hanako@aozora.example", "nobody@aozora.example"):
        with (
            CaptureQueriesContext(connection) as queries,
            mock.patch.object(hashers, "make_password", wraps=hashers.make_password) as hashes,
            mock.patch.object(hashers, "check_password", wraps=hashers.check_password) as checks,
        ):
            begin(world, email=email)
        costs.append((len(queries), hashes.call_count, checks.call_count))
        assert not any("accounts_member" in query["sql"] for query in queries)
    assert costs[0] == costs[1]
    assert costs[0][1:] == (1, 0)


def test_mails_to_one_address_are_limited_for_an_hour(world: World) -> None:
    for _ in range(registrations.MOST_PER_HOUR):
        begin(world)
    with pytest.raises(Refused, match="1時間") as refused:
        begin(world, email="SAKURA@sakura.example", network="other")
    assert refused.value.code == "throttled"
    begin(world, email="another@sakura.example")
    with time_machine.travel(clock.now() + timedelta(minutes=61), tick=False):
        begin(world)


def test_a_mail_that_failed_is_sent_again_under_a_new_address(world: World) -> None:
    begin(world)
    secret = mailed_secret()
    Message.objects.update(state=Message.State.FAILED)
    messages.resend(Message.objects.get())
    fresh = mailed_secret()
    assert fresh != secret
    assert registrations.confirm(fresh, password=PASSWORD, store=world.elsat)


def test_at_a_store_that_approves_companies_they_wait(world: World) -> None:
    world.elsat.approves_companies = True
    world.elsat.save()
    begin(world)
    member = registrations.confirm(mailed_secret(), password=PASSWORD, store=world.elsat)
    assert member.company.state == CompanyState.AWAITING_APPROVAL
    assert (member.can_quote, member.can_order) == (True, False)
    run_jobs()
    assert "窓口で会社情報を確認しています" in outbox.outbox[-1].body


def _confirm_at_once(secrets: list[str], world: World) -> list[str]:
    outcomes: list[str] = []
    ready = threading.Barrier(len(secrets))

    def run(secret: str) -> None:
        try:
            ready.wait()
            with scope.stores([87465]):
                registrations.confirm(secret, password=PASSWORD, store=world.elsat)
            outcomes.append("done")
        except Refused as refused:
            outcomes.append(refused.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(secret,)) for secret in secrets]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


def _mailed(world: World, count: int) -> list[str]:
    with scope.stores([87465]):
        for _ in range(count):
            begin(world)
    secrets = []
    for registration in _all_registrations():
        with mock.patch.object(registrations, "token_hex", return_value=f"{registration:040x}"):
            registrations.send_mail.func(registration_id=registration, store_id=87465)
        secrets.append(f"{registration:040x}")
    return secrets


def _all_registrations() -> list[int]:
    with scope.platform():
        return list(Registration.objects.order_by("id").values_list("pk", flat=True))


def _sakuras() -> int:
    with scope.platform():
        return Member.objects.filter(email="sakura@sakura.example").count()


def test_of_two_who_confirm_one_address_at_once_one_wins(committed: World) -> None:
    [secret] = _mailed(committed, 1)
    assert _confirm_at_once([secret, secret], committed) == ["done", "used"]
    assert _sakuras() == 1


def test_two_registrations_of_one_mail_address_make_one_member(committed: World) -> None:
    assert _confirm_at_once(_mailed(committed, 2), committed) == ["done", "registered"]
    assert _sakuras() == 1
    with scope.platform():
        assert Company.objects.filter(name="株式会社さくら").count() == 1


def test_even_without_waiting_for_each_other_the_database_lets_one_in(
    committed: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets = _mailed(committed, 2)
    both = threading.Barrier(2)
    make = registrations._make

    def made_together(*given: Any) -> Member:
        both.wait(timeout=20)
        return make(*given)

    monkeypatch.setattr(registrations, "_make", made_together)
    monkeypatch.setattr(registrations, "_forget", lambda _rows: None)
    monkeypatch.setattr(failures, "one_at_a_time", lambda _subject: None)
    assert _confirm_at_once(secrets, committed) == ["done", "registered"]  # both saw no member: the index decided
    assert _sakuras() == 1
