"""How guessing is slowed down, for members."""

from datetime import timedelta

import pytest

from licenseonline.accounts import sign_in
from licenseonline.accounts.models import SignInFailure
from licenseonline.kit.errors import Refused
from tests.world import PASSWORD, World


def fail(world: World, network: str = "n", email: str = "hanako@aozora.example") -> str:
    with pytest.raises(Refused) as refused:
        sign_in.member(world.elsat, email=email, password="wrong", network=network)
    return refused.value.code


def test_five_failures_stop_an_account_from_any_network_but_only_at_that_store(world: World) -> None:
    assert [fail(world, network=str(n)) for n in range(6)] == ["sign_in"] * 5 + ["throttled"]
    found = sign_in.member(world.minato, email="hanako@aozora.example", password=PASSWORD, network="n")
    assert found == world.hanako_at_minato


def test_after_a_quarter_of_an_hour_it_may_be_tried_again(world: World) -> None:
    for _ in range(5):
        fail(world)
    for failure in SignInFailure.objects.all():
        failure.at -= timedelta(minutes=15, seconds=1)
        failure.save()
    assert sign_in.member(world.elsat, email="hanako@aozora.example", password=PASSWORD, network="n") == world.hanako


def test_success_forgets_the_accounts_failures(world: World) -> None:
    for _ in range(4):
        fail(world)
    sign_in.member(world.elsat, email="hanako@aozora.example", password=PASSWORD, network="n")
    assert [fail(world) for _ in range(6)] == ["sign_in"] * 5 + ["throttled"]


def test_a_network_that_tries_many_accounts_is_stopped(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sign_in, "MOST_PER_NETWORK", 3)
    assert [fail(world, email=f"{n}@x.example") for n in range(4)] == ["sign_in"] * 3 + ["throttled"]
    assert fail(world, network="other", email="5@x.example") == "sign_in"


def test_failures_are_kept_without_the_address(world: World) -> None:
    fail(world)
    assert not any("hanako" in failure.subject for failure in SignInFailure.objects.all())
