"""Pages of what a member's company has (kit/paging.py), by queries that are compiled once."""

from collections.abc import Callable
from typing import Generic

from django.db.models import QuerySet
from django.http import QueryDict

from licenseonline.kit.actors import Actor
from licenseonline.kit.paging import M, Page, newest, oldest, paged
from licenseonline.kit.prepared import Given, GivenMember, Prepared


class History(Generic[M]):
    """Pages of what a member's company has, by queries that are compiled once; `rows` is given a stand-in for the member."""

    def __init__(self, rows: Callable[[Actor], QuerySet[M]]) -> None:
        self._rows = rows
        self._first = Prepared(lambda: newest(self._of_member()))
        self._older = Prepared(lambda: newest(self._of_member().filter(pk__lt=Given("pk"))))
        self._newer = Prepared(lambda: oldest(self._of_member().filter(pk__gt=Given("pk"))))

    def _of_member(self) -> QuerySet[M]:
        return self._rows(GivenMember())

    def page(self, query: QueryDict, *, by: Actor) -> Page[M]:
        """As `page`, of the rows that this member may see."""
        mine = GivenMember.of(by)
        return paged(
            query,
            lambda: self._first.rows(**mine),
            lambda pk: self._older.rows(pk=pk, **mine),
            lambda pk: self._newer.rows(pk=pk, **mine),
        )
