"""Long lists in pages by key: the hundredth page costs as much as the first, and new rows shift nothing."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import Model, QuerySet
from django.http import QueryDict

SIZE = 20
M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Page(Generic[M]):
    """Rows, newest first, and the query strings of the pages beside them (empty where there is none)."""

    rows: list[M]
    previous_url: str
    next_url: str


def page(rows: QuerySet[M], query: QueryDict) -> Page[M]:
    """The page that `before=<id>` (older) or `after=<id>` (newer) asks for; anything else is the first."""
    before, after = _id(query.get("before")), _id(query.get("after"))
    if after:
        found = list(rows.filter(pk__gt=after).order_by("pk")[: SIZE + 1])
        shown, newer, older = found[:SIZE][::-1], len(found) > SIZE, True
    else:
        found = list((rows.filter(pk__lt=before) if before else rows).order_by("-pk")[: SIZE + 1])
        shown, newer, older = found[:SIZE], bool(before), len(found) > SIZE
    return Page(
        rows=shown,
        previous_url=(f"?after={shown[0].pk}" if shown else "?") if newer else "",
        next_url=f"?before={shown[-1].pk}" if older and shown else "",
    )


def _id(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None  # noqa: PLR2004  (bigint)
