"""The one gate through which a state changes."""

from functools import cache
from typing import Any, TypeVar

from django.db import models
from django.utils.translation import gettext as _

from licenseonline.kit.errors import Refused
from licenseonline.kit.prepared import Given, Prepared

S = TypeVar("S", bound=models.Model)


@cache
def _locked(model: type[S]) -> Prepared[S]:
    # Outside a transaction it would lock nothing; but there no scope is open (kit/scope.py), so it finds nothing either.
    return Prepared(lambda: model._base_manager.select_for_update().filter(pk=Given("pk")))


def lock(obj: S) -> S:
    """Lock the row until the transaction ends and refresh the object from it, so that its state can be trusted."""
    fresh = _locked(type(obj)).first(pk=obj.pk)
    if fresh is None:
        raise type(obj).DoesNotExist  # type: ignore[attr-defined]  # every model has it
    obj.__dict__.update({k: v for k, v in fresh.__dict__.items() if not k.startswith("_")})
    return obj


def move(obj: S, to: str, **changes: Any) -> S:
    """Move the row to `to` as MOVES allows from the state it is in, with `changes`; refuses any other move (`state`)."""
    moves: dict[str, set[str]] = obj.MOVES  # type: ignore[attr-defined]  # models with a state have it
    values = {**changes, "state": to}
    # One statement: it waits for whoever has the row locked, and then the row's state decides, not the object's.
    ready = type(obj)._base_manager.filter(pk=obj.pk, state__in=[state for state in moves if to in moves[state]])
    if not ready.update(**values):
        raise Refused(_("状態が変わったため、この操作はできません。画面を更新してご確認ください。"), code="state")
    for name, value in values.items():
        setattr(obj, name, value)
    return obj


@cache
def label(states: type[models.TextChoices], state: str) -> str:
    """What a state, or another choice, is called; asked for every row of every list, hence kept."""
    return str(states(state).label)


def state_check(states: type[models.TextChoices], name: str) -> models.CheckConstraint:
    """The database's own list of states, so that no row can hold another."""
    return choice_check("state", states, name)


def choice_check(field: str, choices: type[models.TextChoices], name: str) -> models.CheckConstraint:
    """As state_check, for another column."""
    return models.CheckConstraint(condition=models.Q(**{f"{field}__in": choices.values}), name=name)
