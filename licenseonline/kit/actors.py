"""Who acts: what every queryset and verb may ask of a member, a partner's staff or the operator's staff."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class ActorKind(StrEnum):
    """The kinds of person the product knows."""

    MEMBER = "member"
    PARTNER = "partner"
    OPERATOR = "operator"
    VISITOR = "visitor"


class Actor(Protocol):
    """A signed-in person. `visible_stores` is None for the operator, who sees all."""

    pk: int

    @property
    def actor_kind(self) -> ActorKind:
        """What kind of person this is."""

    @property
    def visible_stores(self) -> tuple[int, ...] | None:
        """Numbers of the stores whose rows this person may see; None means every store."""

    @property
    def visible_company(self) -> int | None:
        """The only company whose rows this person may see; None means every company of those stores."""


@dataclass
class Visitor:
    """Whoever fills in a store's form without having signed in: sees no company's rows."""

    store_id: int
    pk: int = 0
    actor_kind: ActorKind = ActorKind.VISITOR
    visible_company: int | None = 0

    @property
    def visible_stores(self) -> tuple[int, ...]:
        """The store of the form."""
        return (self.store_id,)
