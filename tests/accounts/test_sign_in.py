"""How guessing is slowed down, and that staff need a second factor."""

from datetime import timedelta

import pytest
import time_machine

from licenseonline.accounts import sign_in
from licenseonline.accounts.models import SignInFailure
from licenseonline.kit import clock
from licenseonline.kit.errors import Refused
from tests.world import PASSWORD, World


def fail(world: World, network: str = "n", email: str = "hanako@aozora.example") -> str:
    with pytest.raises(Refused) as refused:
        sign_in.enter(world.elsat, email=email, password="wrong", network=network)
    return refused.value.code


def test_five_failures_stop_an_account_but_only_at_that_store(world: World) -> None:
    assert [fail(world) for _ in range(6)] == ["sign_in"] * 5 + ["throttled"]
    found = sign_in.enter(world.minato, email="hanako@aozora.example", password=PASSWORD, network="n")
    assert found.member == world.hanako_at_minato
    assert not found.must_change


def test_a_stranger_does_not_lock_the_owner_out(world: World) -> None:
    for _ in range(10):
        fail(world, network="stranger")
    assert (
        sign_in.enter(world.elsat, email="hanako@aozora.example", password=PASSWORD, network="n").member == world.hanako
    )


def test_many_networks_together_are_stopped_too(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sign_in, "MOST_PER_ACCOUNT_ANYWHERE", 8)
    assert [fail(world, network=str(n)) for n in range(9)] == ["sign_in"] * 8 + ["throttled"]


def test_after_a_quarter_of_an_hour_it_may_be_tried_again(world: World) -> None:
    for _ in range(5):
        fail(world)
    for failure in SignInFailure.objects.all():
        failure.at -= timedelta(minutes=15, seconds=1)
        failure.save()
    assert (
        sign_in.enter(world.elsat, email="hanako@aozora.example", password=PASSWORD, network="n").member == world.hanako
    )


def test_success_forgets_the_accounts_failures(world: World) -> None:
    for _ in range(4):
        fail(world)
    sign_in.enter(world.elsat, email="hanako@aozora.example", password=PASSWORD, network="n")
    assert [fail(world) for _ in range(6)] == ["sign_in"] * 5 + ["throttled"]


def test_a_network_that_tries_many_accounts_is_stopped(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sign_in, "MOST_PER_NETWORK", 3)
    assert [fail(world, email=f"{n}@x.example") for n in range(4)] == ["sign_in"] * 3 + ["throttled"]
    assert fail(world, network="other", email="5@x.example") == "sign_in"


def test_failures_are_kept_without_the_address(world: World) -> None:
    fail(world)
    assert not any("hanako" in failure.subject for failure in SignInFailure.objects.all())


@pytest.mark.parametrize("code", ["", " ", "000000", "12345", "٠٠٠٠٠٠", "None"])
@pytest.mark.parametrize("spid", ["SP10001", ""])
def test_staff_do_not_get_in_by_password_alone(world: World, spid: str, code: str) -> None:
    user = world.partner if spid else world.operator
    assert sign_in.next_code(user) != code
    with pytest.raises(Refused) as refused:
        sign_in.staff(spid, email=user.email, password=PASSWORD, code=code, network="n")
    assert refused.value.code == "sign_in"
    assert sign_in.staff(spid, email=user.email, password=PASSWORD, code=sign_in.next_code(user), network="n") == user


def test_a_code_of_two_minutes_ago_is_refused(world: World) -> None:
    with time_machine.travel(clock.now() - timedelta(minutes=1), tick=False):
        old = sign_in.next_code(world.operator)
    with time_machine.travel(clock.now() + timedelta(minutes=1), tick=False), pytest.raises(Refused):
        sign_in.staff("", email=world.operator.email, password=PASSWORD, code=old, network="n")
