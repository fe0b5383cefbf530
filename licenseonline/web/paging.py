"""Long lists in pages by key: the hundredth page costs as much as the first, and new rows shift nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import Model, QuerySet
from django.http import QueryDict

from licenseonline.kit import whole_numbers
from licenseonline.kit.actors import Actor
from licenseonline.kit.prepared import Given, GivenMember, Prepared

SIZE = 20
M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Page(Generic[M]):
    """Rows, newest first, and the query strings of the pages beside them (empty where there is none)."""

    rows: list[M]
    previous_url: str
    next_url: str


class History(Generic[M]):
    """Pages of what a member's company has, by queries that are compiled once; `rows` is given a stand-in for the member."""

    def __init__(self, rows: Callable[[Actor], QuerySet[M]]) -> None:
        self._rows = rows
        self._first = Prepared(lambda: _newest(self._of_member()))
        self._older = Prepared(lambda: _newest(self._of_member().filter(pk__lt=Given("pk"))))
        self._newer = Prepared(lambda: _oldest(self._of_member().filter(pk__gt=Given("pk"))))

    def _of_member(self) -> QuerySet[M]:
        return self._rows(GivenMember())

    def page(self, query: QueryDict, *, by: Actor) -> Page[M]:
        """As `page`, of the rows that this member may see."""
        mine = GivenMember.of(by)
        return _page(
            query,
            lambda: self._first.rows(**mine),
            lambda pk: self._older.rows(pk=pk, **mine),
            lambda pk: self._newer.rows(pk=pk, **mine),
        )


def page(rows: QuerySet[M], query: QueryDict) -> Page[M]:
    """The page that `before=<id>` (older) or `after=<id>` (newer) asks for; anything else is the first."""
    return _page(
        query,
        lambda: list(_newest(rows)),
        lambda pk: list(_newest(rows.filter(pk__lt=pk))),
        lambda pk: list(_oldest(rows.filter(pk__gt=pk))),
    )


def _newest(rows: QuerySet[M]) -> QuerySet[M]:
    return rows.order_by("-pk")[: SIZE + 1]


def _oldest(rows: QuerySet[M]) -> QuerySet[M]:
    return rows.order_by("pk")[: SIZE + 1]


def _page(
    query: QueryDict, first: Callable[[], list[M]], older: Callable[[int], list[M]], newer: Callable[[int], list[M]]
) -> Page[M]:
    before, after = (whole_numbers.read(query.get(name, "")) for name in ("before", "after"))
    if after:
        found = newer(after)
        shown, has_newer, has_older = found[:SIZE][::-1], len(found) > SIZE, True
    else:
        found = older(before) if before else first()
        shown, has_newer, has_older = found[:SIZE], bool(before), len(found) > SIZE
    return Page(
        rows=shown,
        previous_url=(f"?after={shown[0].pk}" if shown else "?") if has_newer else "",
        next_url=f"?before={shown[-1].pk}" if has_older and shown else "",
    )
