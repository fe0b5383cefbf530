"""Failures are counted one by one even when they come at once, and do not stay for ever."""

import threading
from datetime import timedelta

import pytest
from django.db import connections

from licenseonline.accounts import failures, sign_in
from licenseonline.accounts.models import Session, SignInFailure
from licenseonline.kit import clock, scope
from licenseonline.kit.errors import Refused
from licenseonline.stores.models import Store
from tests.world import World

AT_ONCE = 8


def fail_at_once() -> list[str]:
    """Eight wrong passwords for one account, each in a transaction of its own that has begun before any ended."""
    outcomes: list[str] = []
    meeting = threading.Barrier(AT_ONCE)

    def run() -> None:
        try:
            with scope.stores([87465]):
                store = Store.objects.get(pk=87465)
                meeting.wait(30)
                try:
                    sign_in.enter(store, email="hanako@aozora.example", password="wrong", network="n")
                except Refused as refusal:
                    outcomes.append(refusal.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


def test_guesses_at_once_count_each(committed: World) -> None:
    assert fail_at_once() == ["sign_in"] * 5 + ["throttled"] * 3


def test_without_the_lock_all_guesses_at_once_are_tried(committed: World, monkeypatch: pytest.MonkeyPatch) -> None:
    counting = threading.Barrier(AT_ONCE)
    monkeypatch.setattr(failures, "one_at_a_time", lambda _subject: None)
    count = failures.count
    monkeypatch.setattr(failures, "count", lambda subjects: (counting.wait(30), count(subjects)))
    assert fail_at_once() == ["sign_in"] * AT_ONCE


def test_what_no_window_reaches_is_cleared(world: World) -> None:
    now = clock.now()
    for age in (timedelta(hours=1), timedelta(days=1, seconds=1)):
        SignInFailure.objects.create(subject="s", at=now - age)
    for key, left in (("ended", -1), ("valid", 1)):
        Session.objects.create(
            session_key=key, session_data="", area="partner", expire_date=now + timedelta(hours=left)
        )
    failures.clear.func(timestamp=0)
    assert SignInFailure.objects.get().at > now - timedelta(hours=2)
    assert Session.objects.get().session_key == "valid"
