"""Stopping a change while somebody else takes the address of before."""

import threading
from types import SimpleNamespace

import pytest
from django.db import connections

from licenseonline.accounts import links, security_notices, stops
from licenseonline.accounts.models import MailLink, Member
from licenseonline.accounts.security_notices import Kind
from licenseonline.kit import clock, scope
from tests.world import World

BEFORE = "before@aozora.example"


def notice_of_a_changed_address(member: Member) -> str:
    """The secret of the stop link that went to the address of before."""
    issued: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        issue = links.issue

        def keep(*args: object, **options: object) -> tuple[MailLink, str]:
            link, secret = issue(*args, **options)  # type: ignore[arg-type]
            issued.append(secret)
            return link, secret

        patch.setattr(links, "issue", keep)
        security_notices.send(member, Kind.EMAIL_CHANGED, device="Chrome / Windows", to=BEFORE)
    [secret] = issued
    return secret


def register_elsewhere(member: Member) -> None:
    """Another connection commits a member with the address of before."""

    def run() -> None:
        try:
            with scope.stores([87465]):
                other = Member.objects.get(pk=member.pk)
                other.pk, other.email = None, BEFORE
                other.save(force_insert=True)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()


def test_an_address_registered_at_that_instant_stays_the_others(
    committed: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with scope.platform():
        secret = notice_of_a_changed_address(committed.ichiro)

    def now() -> object:
        monkeypatch.setattr(stops, "clock", clock)
        register_elsewhere(committed.ichiro)
        return clock.now()

    monkeypatch.setattr(stops, "clock", SimpleNamespace(now=now))
    with scope.stores([87465]):
        assert stops.stop(secret, store=committed.elsat) is False  # not mailed: it is another's by now
    with scope.platform():
        member = Member.objects.get(pk=committed.ichiro.pk)
        assert member.email == "ichiro@aozora.example"
        assert not member.has_usable_password()
        assert Member.objects.filter(email=BEFORE).count() == 1
