"""Searches that found nothing, for the desk: what customers look for that has another name here, or is not sold."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from procrastinate.contrib.django import app

from licenseonline.catalog.search_models import ZeroHit
from licenseonline.kit import clock, rights, scope, sql
from licenseonline.kit.actors import Actor
from licenseonline.kit.rights import Right
from licenseonline.kit.text import fold

LISTED_DAYS = 30
KEPT: Final = timedelta(days=400)  # a year and a month, so that a season can be held against the last one
_LONGEST = 60
_MOST_A_DAY = 1000  # different ones of a store; more are a machine's
_PERSONAL = re.compile(r"[@＠]|(?:[0-9][ -]?){9,}")  # addresses, and numbers of telephones, cards and the like


@dataclass(frozen=True, slots=True)
class Missed:
    """What was looked for at a store in vain, how often, and when last."""

    text: str
    store_id: int
    store_name: str
    number: int
    last: date


def record(query: str, *, store_id: int) -> None:
    """Count a search that found nothing. Not kept: what looks like an address or a long number, and long texts."""
    text = fold(query[: 2 * _LONGEST])
    if not text or len(text) > _LONGEST or _PERSONAL.search(query) or _PERSONAL.search(text):
        return
    sql.run(
        """INSERT INTO catalog_zerohit (store_id, text, day, number)
           SELECT %(store)s, %(text)s, %(day)s, 1
           WHERE (SELECT count(*) FROM catalog_zerohit WHERE store_id = %(store)s AND day = %(day)s) < %(most)s
           ON CONFLICT (store_id, day, text) DO UPDATE SET number = catalog_zerohit.number + 1""",
        store=store_id,
        text=text,
        day=clock.today(),
        most=_MOST_A_DAY,
    )


@rights.needs(Right.EDIT_CATALOGUE)
def most_frequent(*, by: Actor, days: int = LISTED_DAYS, most: int = 100) -> list[Missed]:
    """Of the last days, the most frequent first, at the stores that this person may see."""
    rows = (
        ZeroHit.objects.visible_to(by)
        .filter(day__gt=clock.today() - timedelta(days=days))
        .values_list("text", "store_id", "store__name", "number", "day")
    )
    found: dict[tuple[int, str], Missed] = {}
    for text, store_id, name, number, day in rows:
        before = found.get((store_id, text))
        total, last = (before.number + number, max(before.last, day)) if before else (number, day)
        found[store_id, text] = Missed(text, store_id, name, total, last)
    return sorted(found.values(), key=lambda missed: (-missed.number, missed.text))[:most]


@rights.needs(Right.EDIT_CATALOGUE)
def forget(text: str, *, store_id: int, by: Actor) -> None:
    """The desk has dealt with it: it leaves the list until somebody looks for it again."""
    ZeroHit.objects.visible_to(by).filter(store_id=store_id, text=text).delete()


@app.periodic(cron="33 18 * * *")
@app.task(name="catalog.zero_hits.clear", queueing_lock="catalog.zero_hits.clear", pass_context=False)
def clear(timestamp: int) -> None:  # noqa: ARG001  (procrastinate gives the tick)
    """Every night in Japan: searches in vain of more than 400 days ago, of all stores."""
    with scope.platform():
        ZeroHit.objects.filter(day__lt=clock.today() - KEPT).delete()
