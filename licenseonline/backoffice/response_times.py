"""How long customers wait for the desk, in business time: nine to six on business days of the store, in Japan."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from licenseonline.kit import calendar, clock, sql
from licenseonline.stores import stores

OPENS, CLOSES = 9, 18  # o'clock in Japan
_DAY: Final = (CLOSES - OPENS) * 60  # minutes
_KINDS: Final[dict[str, Promise]] = {
    "company": _("新しい会社の確認"),
    "company_change": _("会社情報の変更"),
    "quote_request": _("見積依頼への最初の回答"),
}


@dataclass(frozen=True, slots=True)
class Waits:
    """Of one kind: how many were answered, and within which business minutes half and nine tenths of them."""

    label: str
    count: int
    median: int | None
    most: int | None

    @property
    def median_words(self) -> str:
        """In hours, or days of nine hours."""
        return words(self.median)

    @property
    def most_words(self) -> str:
        """In hours, or days of nine hours."""
        return words(self.most)


def words(minutes: int | None) -> str:
    """Business minutes for people: 90 → 1.5時間, 1080 → 2.0営業日; a dash for none."""
    if minutes is None:
        return "－"  # house: a dash
    if minutes < _DAY:
        return gettext("%(hours)s時間") % {"hours": f"{minutes / 60:.1f}"}
    return gettext("%(days)s営業日") % {"days": f"{minutes / _DAY:.1f}"}


class Hours:
    """The business time of stores from one day on; days are looked up once for each store."""

    def __init__(self, since: date, closed: Mapping[int, frozenset[date]]) -> None:
        days = (clock.today() - since).days + 1
        every = [since + timedelta(days=number) for number in range(max(days, 1))]
        self._usual = [day for day in every if calendar.is_business_day(day)]
        self._closed = closed
        self._of_store: dict[int, list[date]] = {}

    def minutes(self, store_id: int, began: datetime, ended: datetime) -> int:
        """Between two moments; 0 where no business day lies between."""
        days = self._days(store_id)
        return max(_before(days, ended) - _before(days, began), 0)

    def _days(self, store_id: int) -> Sequence[date]:
        closed = self._closed.get(store_id)
        if not closed:
            return self._usual
        if store_id not in self._of_store:
            self._of_store[store_id] = [day for day in self._usual if day not in closed]
        return self._of_store[store_id]


def _before(days: Sequence[date], moment: datetime) -> int:
    """Business minutes from the first of the days to the moment."""
    local = moment.astimezone(clock.JST)
    place = bisect_left(days, local.date())
    whole = place * _DAY
    if place == len(days) or days[place] != local.date():
        return whole
    return whole + min(max(local.hour * 60 + local.minute - OPENS * 60, 0), _DAY)


def of(values: dict[str, Any]) -> list[Waits]:
    """Of what was answered in the period (`dashboard.Period.values`), kind by kind; two queries."""
    rows = sql.planned(_WAITS, **values)
    closed = stores.holidays_of_all()
    first = min((clock.jst_date(began) for _kind, _store, began, _ended in rows), default=clock.today())
    hours = Hours(first, closed)
    minutes: dict[str, list[int]] = {kind: [] for kind in _KINDS}
    for kind, store_id, began, ended in rows:
        minutes[kind].append(hours.minutes(store_id, began, ended))
    return [_waits(str(_KINDS[kind]), sorted(found)) for kind, found in minutes.items()]


def _waits(label: str, minutes: list[int]) -> Waits:
    if not minutes:
        return Waits(label, 0, None, None)
    return Waits(label, len(minutes), _within(minutes, 50), _within(minutes, 90))


def _within(minutes: list[int], per_cent: int) -> int:
    """The wait that so many per cent did not exceed (nearest rank)."""
    return minutes[max(-(-len(minutes) * per_cent // 100), 1) - 1]


# A company's first decision is found by its own index; a request is answered by a post or by the quotation itself.
_WAITS: Final = """
SELECT 'company', h.store_id, r.at, min(h.at)
FROM records_historyentry h
JOIN records_historyentry r ON r.store_id = h.store_id AND r.subject_type = 'company' AND r.subject_id = h.subject_id
  AND r.event = 'company.registered' AND r.facts ->> 'state' = 'awaiting_approval'
WHERE h.event IN ('company.approved', 'company.refused') AND h.at >= %(since)s AND h.at <= %(until)s
  AND h.subject_type = 'company' AND (%(store)s::bigint IS NULL OR h.store_id = %(store)s::bigint)
  AND NOT EXISTS (
    SELECT FROM records_historyentry b WHERE b.store_id = h.store_id AND b.subject_type = 'company'
      AND b.subject_id = h.subject_id AND b.id < h.id AND b.event IN ('company.approved', 'company.refused'))
GROUP BY h.store_id, h.subject_id, r.at
UNION ALL
SELECT 'company_change', store_id, created_at, decided_at
FROM accounts_companychange
WHERE decided_at >= %(since)s AND decided_at <= %(until)s
  AND (%(store)s::bigint IS NULL OR store_id = %(store)s::bigint)
UNION ALL
SELECT 'quote_request', store_id, asked, answered
FROM (
  SELECT q.store_id, min(p.at) AS asked,
    least(min(p.at) FILTER (WHERE p.staff_id IS NOT NULL), min(o.issued_at)) AS answered
  FROM sales_quoterequest q
  JOIN sales_requestpost p ON p.store_id = q.store_id AND p.request_id = q.id
  LEFT JOIN sales_quote o ON o.store_id = q.store_id AND o.id = q.quote_id
  WHERE %(store)s::bigint IS NULL OR q.store_id = %(store)s::bigint
  GROUP BY q.store_id, q.id
) requests
WHERE answered >= %(since)s AND answered <= %(until)s
"""
