"""Business days in Japan, for delivery, payment and reminder dates.

Holidays are data with an expiry date, never a formula: the Cabinet Office publishes each year's list (and the
equinox days) in the February before, and one-off laws move days. `data/holidays.csv` is extended once a year.
"""

import csv
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

HOLIDAYS_FILE: Final = Path(__file__).parent / "data" / "holidays.csv"
# Banks are closed by the Banking Act's order; 31 December and 2-3 January are not national holidays.
BANK_DAYS: Final = frozenset({(12, 31), (1, 1), (1, 2), (1, 3)})
SATURDAY: Final = 5
NO_DAYS: Final[frozenset[date]] = frozenset()


@cache
def holidays() -> Mapping[date, str]:
    """National holidays with their names, substitute and citizens' holidays included."""
    with HOLIDAYS_FILE.open(encoding="utf-8", newline="") as lines:
        return MappingProxyType({date.fromisoformat(row["date"]): row["name"] for row in csv.DictReader(lines)})


# The file holds whole years, so its first and last rows tell which.
KNOWN_FROM: Final = date(min(holidays()).year, 1, 1)
KNOWN_UNTIL: Final = date(max(holidays()).year, 12, 31)


def is_known(day: date) -> bool:
    """Whether the national holidays of that day's year are in the data.

    Beyond it only weekends and bank days are closed: a sale is never blocked because the Cabinet Office has not
    yet published the year; a caller may say that the date is provisional.
    """
    return KNOWN_FROM <= day <= KNOWN_UNTIL


def is_business_day(day: date, extra_holidays: frozenset[date] = NO_DAYS) -> bool:
    """Not a weekend, national holiday, bank holiday (31 December to 3 January) or one of the store's own days off."""
    closed = day.weekday() >= SATURDAY or (day.month, day.day) in BANK_DAYS
    return not (closed or day in holidays() or day in extra_holidays)


def add_business_days(day: date, days: int, extra_holidays: frozenset[date] = NO_DAYS) -> date:
    """The business day `days` business days after `day`, which itself is not counted.

    0 is the day itself or, if it is closed, the next business day. A negative count is refused with ValueError.
    """
    if days < 0:
        message = f"a count of business days is not negative: {days}"
        raise ValueError(message)
    while days > 0:
        day += timedelta(days=1)
        days -= is_business_day(day, extra_holidays)
    while not is_business_day(day, extra_holidays):
        day += timedelta(days=1)
    return day


def business_days_before(day: date, days: int, extra_holidays: frozenset[date] = NO_DAYS) -> date:
    """The last business day from which `days` business days lead to `day` or before; the reverse of `add_business_days`.

    A negative count is refused with ValueError.
    """
    if days < 0:
        message = f"a count of business days is not negative: {days}"
        raise ValueError(message)
    while not is_business_day(day, extra_holidays):
        day -= timedelta(days=1)
    while days > 0:
        day -= timedelta(days=1)
        days -= is_business_day(day, extra_holidays)
    return day
