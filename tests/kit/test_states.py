"""The one gate of state changes."""

import pytest
from django.db import DatabaseError, transaction

from licenseonline.kit import scope, states
from licenseonline.kit.errors import Refused
from licenseonline.sales.models import Order, Quote
from tests.world import World


def test_an_allowed_move_is_saved(world: World) -> None:
    order = world.order()
    states.move(order, Order.State.ARRANGING)
    assert Order.objects.get(pk=order.pk).state == Order.State.ARRANGING


def test_any_other_move_is_refused_and_changes_nothing(world: World) -> None:
    order = world.order()
    with pytest.raises(Refused) as refusal:
        states.move(order, Order.State.DELIVERED)
    assert refusal.value.code == "state"
    assert Order.objects.get(pk=order.pk).state == Order.State.AWAITING_PAYMENT


def test_the_row_decides_not_the_object_in_hand(world: World) -> None:
    order = world.order()
    stale = Order.objects.get(pk=order.pk)
    states.move(order, Order.State.ARRANGING)
    with pytest.raises(Refused):
        states.move(stale, Order.State.ARRANGING)


def test_a_lock_brings_the_rows_state_and_refuses_what_the_scope_does_not_show(world: World) -> None:
    order = world.order()
    stale = Order.objects.get(pk=order.pk)
    states.move(order, Order.State.ARRANGING)
    assert states.lock(stale).state == Order.State.ARRANGING
    with scope.stores([world.minato.pk]):
        with pytest.raises(Order.DoesNotExist):
            states.lock(stale)
        with pytest.raises(Refused):
            states.move(stale, Order.State.ARRANGING)


@pytest.mark.parametrize("model", [Order, Quote])
def test_the_database_knows_the_states(world: World, model: type[Order | Quote]) -> None:
    world.order()
    with pytest.raises(DatabaseError, match="_state"), transaction.atomic():
        model.objects.update(state="lost")


@pytest.mark.parametrize("model", [Order, Quote])
def test_moves_name_only_known_states(model: type[Order | Quote]) -> None:
    known = set(model.State.values)
    assert set(model.MOVES) | {to for targets in model.MOVES.values() for to in targets} <= known
