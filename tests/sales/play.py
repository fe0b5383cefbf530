"""One sequence of random acts: who acts is in the scope that their requests have, and what a verb refuses it has not written."""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

import time_machine
from django.db import connection, models

from licenseonline.accounts.models import Member, User
from licenseonline.kit import scope
from licenseonline.kit.errors import NotVisible, Refused
from licenseonline.kit.rights import StaffRole
from licenseonline.sales import approvals
from tests.world import World

M = TypeVar("M", bound=models.Model)
STARTS: Final = ("2026-11-30T22:00:00+09:00", "2026-12-29T20:00:00+09:00", "2027-03-31T23:30:00+09:00")


class Nothing(Exception):  # noqa: N818  (no error: another act is taken)
    """There is no row yet that this act could be tried on."""


@dataclass
class Play:
    """One sequence: its chance decides everything, so that the same seed plays the same again."""

    world: World
    seed: int
    acts: Sequence["Act"]
    chance: random.Random = field(init=False)
    log: list[str] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)  # noqa: S311  (a play)

    @contextmanager
    def begun(self) -> Iterator[time_machine.Traveller]:
        """Time stands still unless an act moves it; in every second sequence a company's orders need a yes."""
        with time_machine.travel(STARTS[self.seed % len(STARTS)], tick=False) as time:
            if self.seed % 2:
                _switch_on(self.world.hanako)
            yield time

    def some(self, rows: "models.QuerySet[M]", likely: "models.QuerySet[M] | None" = None) -> M:
        """Any of them; where some are likely to do nearly always one of those."""
        found = list((rows if likely is None or self.chance.random() < 0.1 else likely).order_by("pk"))
        if not found:
            raise Nothing
        return self.chance.choice(found)

    def often(self) -> bool:
        return self.chance.random() < 0.85

    def act(self, time: time_machine.Traveller) -> str:
        """Do one act that there is something for, and answer what is wrong with how it was done; the log says which it was."""
        while True:
            act = self.chance.choices(self.acts, [one.weight for one in self.acts])[0]
            before = _written()
            try:
                with _reach(act, self) as by:
                    outcome = _outcome(act, self, by, time)
            except Nothing:
                continue
            self.log.append(f"{act.do.__name__} by {by}: {outcome}")
            if outcome != "done":
                return "" if _written() == before else "a refused act has written something"
            self.done[act.do.__name__] += 1
            return "a fact is not in the history" if act.is_fact and _written()[0] == before[0] else ""


def _outcome(act: "Act", play: Play, by: Any, time: time_machine.Traveller) -> str:
    """What a view would see; whatever else is raised fails the test."""
    try:
        act.do(play, by if act.who != "time" else time)
    except Refused as refusal:
        return f"refused {refusal.code}"
    except NotVisible:
        return "not visible"
    return "done"


def _written() -> tuple[int, ...]:
    """How many facts, mails, jobs and numbers there are."""
    with connection.cursor() as cursor:
        cursor.execute("""SELECT (SELECT count(*) FROM records_historyentry), (SELECT count(*) FROM records_message),
          (SELECT count(*) FROM procrastinate_jobs), (SELECT coalesce(sum(last), 0)::int FROM records_numberseries)""")
        return tuple(cursor.fetchone())


@dataclass(frozen=True)
class Act:
    """`is_fact`: once it is done there is more in the history."""

    do: Callable[[Play, Any], None]
    who: str
    weight: int
    is_fact: bool


@contextmanager
def _reach(act: Act, play: Play) -> Iterator[Member | User | None]:
    """Who acts, in the scope that their requests have."""
    world = play.world
    if act.who == "member":
        member = play.chance.choice([world.hanako, world.hanako, world.ichiro, world.taro, world.hanako_at_minato])
        with scope.stores([member.store_id]):
            yield Member.objects.select_related("company", "store").get(pk=member.pk)
    elif act.who == "partner":
        partner = copy(world.partner if play.often() else world.other_partner)
        partner.role = play.chance.choice([StaffRole.HEAD, StaffRole.SALES])
        with scope.stores(partner.visible_stores or ()):
            yield partner
    else:
        with scope.platform():
            yield world.operator if act.who == "desk" else None


def _switch_on(by: Member) -> None:
    limits = approvals.Limits(buyer_yen=0, admin_yen=100_000)
    approvals.set_policy(by.company, is_on=True, limits=limits, by=by)
