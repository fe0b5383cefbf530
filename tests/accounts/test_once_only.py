"""What works once, tried twice at the same moment: 仮パスワード, codes of a second factor, recovery codes."""

import threading
from collections.abc import Callable

import pytest
from django.db import connections

from licenseonline.accounts import codes, failures, reissues, second_factors, sign_in
from licenseonline.accounts.models import Member, TemporaryPassword
from licenseonline.kit import clock, crypto, scope, states
from licenseonline.kit.errors import Refused
from licenseonline.stores.models import Store
from tests.world import TOTP, World

EMAIL = "hanako@aozora.example"


def at_once(do: Callable[[Member], object]) -> list[str]:
    """Both begin together, each with its own connection and its own look at the member."""
    outcomes: list[str] = []
    meeting = threading.Barrier(2)

    def run() -> None:
        try:
            with scope.stores([87465]):
                member = Member.objects.select_related("company", "store").get(email=EMAIL)
                meeting.wait(30)
                try:
                    do(member)
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


def temporary() -> str:
    secret = codes.random(12)
    with scope.stores([87465]):
        member = Member.objects.get(email=EMAIL)
        now = clock.now()
        TemporaryPassword.objects.create(
            store_id=87465, member=member, fingerprint=reissues._fingerprint(secret), created_at=now,
            expires_at=now + reissues.LASTS,
        )  # fmt: skip
    return secret


def enter(secret: str) -> Callable[[Member], object]:
    def do(_member: Member) -> None:
        sign_in.enter(Store.objects.get(pk=87465), email=EMAIL, password=secret, network="n")

    return do


def test_of_two_who_sign_in_with_one_temporary_password_one_gets_in(
    committed: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(failures, "one_at_a_time", lambda _subject: None)  # the row alone must decide
    assert at_once(enter(temporary())) == ["temporary_over", "won"]


def test_with_a_look_before_the_write_both_get_in(committed: World, monkeypatch: pytest.MonkeyPatch) -> None:
    meeting = threading.Barrier(2)

    def look_then_write(row: TemporaryPassword) -> bool:
        unused = TemporaryPassword.objects.get(pk=row.pk).used_at is None
        meeting.wait(30)
        TemporaryPassword.objects.filter(pk=row.pk).update(used_at=clock.now())
        return unused

    monkeypatch.setattr(failures, "one_at_a_time", lambda _subject: None)
    monkeypatch.setattr(reissues, "_take", look_then_write)
    assert at_once(enter(temporary())) == ["won", "won"]


@pytest.fixture
def protected(committed: World) -> Member:
    with scope.platform():
        member = Member.objects.get(store=87465, email=EMAIL)
        member.totp_secret = crypto.encrypt(TOTP)
        member.save()
    return member


def check(code: str) -> Callable[[Member], object]:
    return lambda member: second_factors.check(member, code, network="n", device="")


def test_of_two_who_type_one_code_one_gets_in(protected: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(failures, "one_at_a_time", lambda _subject: None)
    assert at_once(check(codes.next_of(protected))) == ["code", "won"]


def test_without_the_lock_both_get_in(protected: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    meeting = threading.Barrier(2)

    def no_lock(member: Member) -> Member:
        meeting.wait(30)
        return member

    monkeypatch.setattr(failures, "one_at_a_time", lambda _subject: None)
    monkeypatch.setattr(states, "lock", no_lock)
    assert at_once(check(codes.next_of(protected))) == ["won", "won"]
