"""What happened to staff, partners and stores."""

from licenseonline.kit import scope
from licenseonline.records import history
from tests.world import World


def test_it_is_read_newest_first_and_of_its_subject_only(world: World) -> None:
    history.record_platform(world.elsat, "store.changed", by=world.operator, quote_days=[7, 14])
    history.record_platform(world.elsat.partner, "partner.renamed", by=None, name=["a", "b"])
    history.record_platform(world.elsat, "store.paused", by=world.operator)
    paused, changed = history.of_platform(world.elsat)
    assert (paused.event, changed.event) == ("store.paused", "store.changed")
    assert (changed.actor_kind, changed.actor_id) == ("operator", world.operator.pk)
    assert changed.facts == {"quote_days": [7, 14]}
    [renamed] = history.of_platform(world.elsat.partner)
    assert (renamed.actor_kind, renamed.actor_id) == ("", None)


def test_a_verb_in_a_partners_request_writes_it_too(world: World) -> None:
    with scope.stores([87465]):
        history.record_platform(world.partner, "staff.stopped", by=world.partner)
        assert [entry.event for entry in history.of_platform(world.partner)] == ["staff.stopped"]
        assert scope.current().store_ids == (87465,)
