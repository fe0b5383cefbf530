"""What a kind of work is, for whom its tasks are looked up, and what one task says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from django.db.models import QuerySet
from django.utils.functional import Promise

from licenseonline.accounts.models import User
from licenseonline.kit import calendar, clock
from licenseonline.kit.rights import Right

Rows = TypeVar("Rows", bound=QuerySet[Any])


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked at: for whom, of which store (None: all), and how many of each kind at most; the sums count all."""

    by: User
    store_id: int | None
    holidays: Mapping[int, frozenset[date]]
    most: int

    def at_store(self, rows: Rows) -> Rows:
        """Those of the store that is looked at."""
        return rows if self.store_id is None else rows.filter(store_id=self.store_id)

    def due_on(self, store_id: int, days: int, since: datetime | None) -> date:
        """The day in Japan `days` business days of the store after `since` (None: not written down, so from now)."""
        closed = self.holidays.get(store_id, calendar.NO_DAYS)
        return calendar.add_business_days(clock.jst_date(since or clock.now()), days, closed)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of work: its name in addresses, in words, what to do about it, and where it is found."""

    code: str
    label: Promise
    action: Promise
    right: Right  # to do it; whoever has none does not see it
    find: Callable[["Kind", Wanted], "Found"]


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do until the end of `due_on`, with the yen at stake and the page where it is done."""

    of: Kind
    due_on: date
    number: str
    company: str
    url: str
    store: str = ""
    yen: int = 0
    about: str = ""  # said behind what to do
    row: str = ""  # by which it is marked for a step with many (`bulk`): the model's name and the id

    @property
    def kind(self) -> str:
        """The name of its kind in addresses."""
        return self.of.code

    @property
    def label(self) -> str:
        """Its kind in words."""
        return str(self.of.label)

    @property
    def action(self) -> str:
        """What to do, and about what."""
        return f"{self.of.action}：{self.about}" if self.about else str(self.of.action)

    @property
    def is_overdue(self) -> bool:
        """The day has passed in Japan."""
        return self.due_on < clock.today()

    @property
    def is_due_today(self) -> bool:
        """The last day is today."""
        return self.due_on == clock.today()


@dataclass(frozen=True, slots=True)
class Found:
    """The first tasks of a kind, and how many there are in all, with their yen."""

    tasks: list[Task]
    count: int
    yen: int = 0
