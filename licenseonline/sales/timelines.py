"""What happened to an order, in words, for the people who handle it."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from licenseonline.kit.actors import ActorKind
from licenseonline.records import history
from licenseonline.sales.models import Order

EVENTS = {
    "order.placed": _("注文を受け付けました"),
    "order.transfer_recorded": _("入金を記録しました"),
    "order.vendor_ordered": _("メーカーへ発注しました"),
    "order.delivered": _("納品しました"),
}
ACTORS = {
    ActorKind.MEMBER: _("お客様"),
    ActorKind.PARTNER: _("セールスパートナー"),
    ActorKind.OPERATOR: _("運営"),
    "": _("システム"),
}


@dataclass(frozen=True, slots=True)
class Event:
    """One step: when, what, and what kind of person did it (`actor_id` tells staff who)."""

    at: datetime
    label: str
    actor: str
    actor_kind: str
    actor_id: int | None
    amount_yen: int | None


def of(order: Order) -> list[Event]:
    """The order's steps, oldest first. Whoever may see the order may see these."""
    return [
        Event(
            at=entry.at,
            label=str(EVENTS.get(entry.event, entry.event)),
            actor=str(ACTORS[entry.actor_kind]),
            actor_kind=entry.actor_kind,
            actor_id=entry.actor_id,
            amount_yen=entry.facts.get("amount_yen"),
        )
        for entry in history.of(order)
    ]
