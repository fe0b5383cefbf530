"""Writes that are sent twice happen once."""

import threading
from uuid import uuid4

import pytest
from django.db import connection

from licenseonline.kit import scope
from licenseonline.kit.errors import Refused
from licenseonline.records import idempotency
from tests.world import World


def test_the_same_key_and_body_give_the_first_result(world: World) -> None:
    done: list[int] = []

    def do() -> str:
        done.append(1)
        return f"/{len(done)}"

    key = str(uuid4())
    for _ in range(3):
        result = idempotency.once(key, {"a": "1"}, do, by=world.hanako, store_id=87465)
        assert result == "/1"
    assert done == [1]


def test_another_body_under_the_same_key_is_refused(world: World) -> None:
    key = str(uuid4())
    idempotency.once(key, {"a": "1"}, lambda: "/1", by=world.hanako, store_id=87465)
    with pytest.raises(Refused) as refusal:
        idempotency.once(key, {"a": "2"}, lambda: "/2", by=world.hanako, store_id=87465)
    assert refusal.value.code == "idempotency"


def test_keys_are_each_persons_own(world: World) -> None:
    key = str(uuid4())
    assert idempotency.once(key, {}, lambda: "/1", by=world.hanako, store_id=87465) == "/1"
    assert idempotency.once(key, {}, lambda: "/2", by=world.ichiro, store_id=87465) == "/2"


@pytest.mark.parametrize("key", ["", "no-uuid", "1" * 10_000])
def test_a_key_that_is_none_is_refused(world: World, key: str) -> None:
    with pytest.raises(Refused):
        idempotency.once(key, {}, lambda: "/1", by=world.hanako, store_id=87465)


def test_after_a_refusal_the_key_is_free_again(world: World) -> None:
    key = str(uuid4())

    def refuse() -> str:
        raise Refused("no", code="no")

    with pytest.raises(Refused):
        idempotency.once(key, {}, refuse, by=world.hanako, store_id=87465)
    assert idempotency.once(key, {}, lambda: "/1", by=world.hanako, store_id=87465) == "/1"


def test_two_at_once_have_one_winner(committed: World) -> None:
    with scope.platform():
        member = committed.hanako
    key, ready, done, results = str(uuid4()), threading.Barrier(2), [], []

    def do() -> str:
        done.append(threading.get_ident())
        return f"/{done[0]}"

    def send() -> None:
        ready.wait()
        with scope.stores([member.store_id]):
            results.append(idempotency.once(key, {"a": "1"}, do, by=member, store_id=member.store_id))
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == 1
    assert len(results) == 2
    assert len(set(results)) == 1
