"""How an address is reached: who may, with what, and what its owner gets."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from tests.outsiders.objects import Objects

Kwargs = Callable[[Objects], dict[str, object]]
Args = Callable[[Objects], list[object]]
HOME, DOOR, MEMBER, OBJECT, PARTNER, PARTNER_OBJECT = "home", "door", "member", "object", "partner", "partner-object"
KEY: Final = {"key": "9b2f4c0e-7d6a-4f57-9d2b-0a8d7f4f7a11"}  # of a form
STAFF_LINKS: Final = ["start", "password_new"]  # that staff get by mail


@dataclass(frozen=True)
class Recipe:
    """Of the shop or the console."""

    kind: str
    kwargs: Kwargs = field(default=lambda _objects: {})
    method: str = "get"
    data: dict[str, str] = field(default_factory=dict)
    owner_gets: int = 200
    colleague_gets: int | None = None  # where it is not the same: for administrators only


@dataclass(frozen=True)
class Page:
    """Of the desk: `args` where it takes any; `gets` is what the operator gets by GET, 405 for what is only posted."""

    args: Args | None = None
    gets: int = 200


def number(name: str) -> Kwargs:
    """Of the quotation or order of that name."""
    return lambda objects: {"number": getattr(objects, name).number}


def nobodys(_objects: Objects) -> dict[str, object]:
    """A secret that nobody was given."""
    return {"secret": "0" * 40}


def hanako(objects: Objects) -> dict[str, object]:
    return {"member_id": objects.world.hanako.pk}
