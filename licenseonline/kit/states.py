"""The one gate through which a state changes."""

from functools import cache
from typing import Any, TypeVar

from django.db import models
from django.utils.translation import gettext as _

from licenseonline.kit.errors import Refused

S = TypeVar("S", bound=models.Model)


def lock(obj: S) -> S:
    """Lock the row until the transaction ends and refresh the object from it, so that its state can be trusted."""
    manager = type(obj)._base_manager
    fresh = manager.select_for_update().get(pk=obj.pk)
    obj.__dict__.update({k: v for k, v in fresh.__dict__.items() if not k.startswith("_")})
    return obj


def move(obj: S, to: str, **changes: Any) -> S:
    """Lock the row, move it to `to` as MOVES allows and save it with `changes`; refuses any other move (`state`)."""
    lock(obj)
    state: str = obj.state  # type: ignore[attr-defined]  # models with a state have both
    moves: dict[str, set[str]] = obj.MOVES  # type: ignore[attr-defined]  # models with a state have both
    if to not in moves.get(state, set()):
        raise Refused(_("状態が変わったため、この操作はできません。画面を更新してご確認ください。"), code="state")
    for name, value in {**changes, "state": to}.items():
        setattr(obj, name, value)
    obj.save(update_fields=["state", *changes])
    return obj


@cache
def label(states: type[models.TextChoices], state: str) -> str:
    """What a state is called; asked for every row of every list, hence kept."""
    return str(states(state).label)


def state_check(states: type[models.TextChoices], name: str) -> models.CheckConstraint:
    """The database's own list of states, so that no row can hold another."""
    return models.CheckConstraint(condition=models.Q(state__in=states.values), name=name)
