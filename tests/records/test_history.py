"""The history is append-only and chained."""

from datetime import timedelta

import psycopg
import time_machine

from licenseonline.kit import clock, scope
from licenseonline.records import history
from licenseonline.records.models import HistoryEntry, HistorySeal
from tests import environment
from tests.world import World


def test_a_verb_leaves_its_fact_with_actor_and_without_personal_text(world: World) -> None:
    quote = world.quote()
    (entry,) = history.of(quote)
    assert (entry.actor_kind, entry.actor_id) == ("member", world.hanako.pk)
    assert all(not isinstance(value, str) for value in entry.facts.values())


def test_the_sealer_chains_what_waits_and_the_verifier_agrees(world: World) -> None:
    world.order()
    waiting = HistoryEntry.objects.filter(store=world.elsat).count()
    assert list(history.faults(world.elsat.pk)) == []
    with time_machine.travel(clock.now() + history.UNSEALED + timedelta(seconds=1)):
        assert list(history.faults(world.elsat.pk)) == [f"store 87465: {waiting} entries are not sealed yet"]
    history.seal_all.func(timestamp=0)
    assert list(history.faults(world.elsat.pk)) == []
    assert history.seal(world.elsat.pk) == 0
    world.order()
    history.seal(world.elsat.pk)
    positions = list(HistorySeal.objects.order_by("position").values_list("position", flat=True))
    assert positions == list(range(1, len(positions) + 1))


def test_an_entry_changed_by_the_owner_is_found(committed: World) -> None:
    with scope.platform():
        committed.order()
        entry = HistoryEntry.objects.filter(facts__has_key="total_yen").first()
        assert entry is not None
    history.seal(committed.elsat.pk)
    url = environment.with_database(environment.admin_url(), f"{environment.DATABASE}_own")
    with psycopg.connect(url) as owner:
        owner.execute("UPDATE records_historyentry SET facts = '{\"total_yen\": 1}' WHERE id = %s", [entry.pk])
    assert f"store 87465: entry {entry.pk} differs from its seal" in list(history.faults(committed.elsat.pk))
    with psycopg.connect(url) as owner:
        owner.execute("DELETE FROM records_historyseal WHERE position = 1")
    assert "store 87465: position 1 is missing" in list(history.faults(committed.elsat.pk))
