"""Terms by the calendar: months that end with a short month, and last days that belong to the term."""

from calendar import monthrange
from datetime import date, timedelta


def add_months(day: date, months: int) -> date:
    """The same day of the month `months` later (before, when negative), or that month's last when it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def last_day(starts_on: date, months: int) -> date:
    """The last day of a term: start + n months − 1 day, clamped to the month's end.

    2026-01-31 for one month ends on 2026-02-27 (the term's next day would be the clamped 2026-02-28).
    """
    return add_months(starts_on, months) - timedelta(days=1)


def begun_months(starts_on: date, ends_on: date) -> int:
    """How many months have begun from the first to the last day, both included; 0 when the last is before the first."""
    months = max((ends_on.year - starts_on.year) * 12 + ends_on.month - starts_on.month, 0)
    return months + (last_day(starts_on, months) < ends_on) if ends_on >= starts_on else 0


def whole_months(starts_on: date, ends_on: date) -> int:
    """How many months are complete from the first to the last day, both included."""
    months = begun_months(starts_on, ends_on)
    return months if last_day(starts_on, months) <= ends_on else months - 1
