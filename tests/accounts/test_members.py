"""Looking for one's stores: who learns what."""

import pytest

from licenseonline.accounts import members
from licenseonline.accounts.models import Member
from licenseonline.kit import clock
from licenseonline.kit.errors import Refused
from licenseonline.records.models import Message
from licenseonline.stores import openings
from tests import jobs
from tests.world import World


def test_a_store_learns_nothing_of_the_question(world: World) -> None:
    members.ask_for_stores("hanako@aozora.example", network="n")
    jobs.run_jobs()
    assert Message.objects.get().store_id is None


def test_stores_that_closed_and_memberships_that_ended_are_not_named(world: World) -> None:
    Member.objects.filter(pk=world.hanako.pk).update(is_active=False)
    openings.close(world.minato, readable_until=clock.today(), note="", by=world.operator)
    members.ask_for_stores("hanako@aozora.example", network="n")
    jobs.run_jobs()
    assert not Message.objects.exists()


def test_questions_are_limited_per_address_and_network_for_an_hour(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(members, "MOST_PER_HOUR", 1)
    members.ask_for_stores("a@x.example", network="n")
    with pytest.raises(Refused, match="1時間") as refused:
        members.ask_for_stores("A@X.example", network="other")
    assert refused.value.code == "throttled"
    for n in range(19):
        members.ask_for_stores(f"{n}@x.example", network="n")
    with pytest.raises(Refused):
        members.ask_for_stores("one-more@x.example", network="n")
    members.ask_for_stores("one-more@x.example", network="another")
