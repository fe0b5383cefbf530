"""Long lists in pages by key: the hundredth page costs as much as the first, and new rows shift nothing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import Model, QuerySet

from licenseonline.kit import whole_numbers

SIZE = 20
M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Page(Generic[M]):
    """Rows, newest first, and the query strings of the pages beside them (empty where there is none)."""

    rows: list[M]
    previous_url: str
    next_url: str


def page(rows: QuerySet[M], query: Mapping[str, str]) -> Page[M]:
    """The page that `before=<id>` (older) or `after=<id>` (newer) asks for; anything else is the first."""
    return paged(
        query,
        lambda: list(newest(rows)),
        lambda pk: list(newest(rows.filter(pk__lt=pk))),
        lambda pk: list(oldest(rows.filter(pk__gt=pk))),
    )


def newest(rows: QuerySet[M]) -> QuerySet[M]:
    """The first page, and one row more when there are others."""
    return rows.order_by("-pk")[: SIZE + 1]


def oldest(rows: QuerySet[M]) -> QuerySet[M]:
    """As `newest`, from the other end."""
    return rows.order_by("pk")[: SIZE + 1]


def paged(
    query: Mapping[str, str],
    first: Callable[[], list[M]],
    older: Callable[[int], list[M]],
    newer: Callable[[int], list[M]],
) -> Page[M]:
    """As `page`, of rows that are asked for in these ways; `older` and `newer` are given the id beside which they begin."""
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
