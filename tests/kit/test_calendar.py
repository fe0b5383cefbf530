"""Business days, with holidays as data."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licenseonline.kit import calendar

DAYS = st.dates(date(2024, 1, 10), date(2027, 11, 1))


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2024-02-12", "振替休日"),
        ("2024-03-20", "春分の日"),
        ("2024-09-22", "秋分の日"),
        ("2025-03-20", "春分の日"),
        ("2025-05-06", "振替休日"),
        ("2025-09-23", "秋分の日"),
        ("2026-03-20", "春分の日"),
        ("2026-05-06", "振替休日"),
        ("2026-09-22", "国民の休日"),
        ("2026-09-23", "秋分の日"),
        ("2026-11-23", "勤労感謝の日"),
        ("2027-03-21", "春分の日"),
        ("2027-03-22", "振替休日"),
        ("2027-09-23", "秋分の日"),
    ],
)
def test_published_holidays_are_closed(day: str, name: str) -> None:
    assert calendar.holidays()[date.fromisoformat(day)] == name
    assert not calendar.is_business_day(date.fromisoformat(day))


def test_each_known_year_holds_every_national_holiday() -> None:
    for year in range(calendar.KNOWN_FROM.year, calendar.KNOWN_UNTIL.year + 1):
        names = {name for day, name in calendar.holidays().items() if day.year == year}
        assert len(names - {"振替休日", "国民の休日"}) == 16


def test_a_holiday_on_sunday_has_a_substitute() -> None:
    for day in calendar.holidays():
        if day.weekday() == 6:
            following = day + timedelta(days=1)
            while following in calendar.holidays() and calendar.holidays()[following] != "振替休日":
                following += timedelta(days=1)
            assert calendar.holidays()[following] == "振替休日"


@pytest.mark.parametrize("day", ["2026-12-31", "2027-01-01", "2029-01-02", "2029-01-03"])
def test_banks_are_closed_over_new_year_in_every_year(day: str) -> None:
    assert not calendar.is_business_day(date.fromisoformat(day))


def test_a_year_not_yet_published_is_unknown_but_sells() -> None:
    day = date(calendar.KNOWN_UNTIL.year + 1, 5, 3)
    assert calendar.is_known(calendar.KNOWN_UNTIL)
    assert not calendar.is_known(day)
    assert not calendar.is_known(calendar.KNOWN_FROM - timedelta(days=1))
    weekday = next(day + timedelta(days=n) for n in range(7) if (day + timedelta(days=n)).weekday() < 5)
    assert calendar.is_business_day(weekday)
    assert calendar.add_business_days(day, 5) > day


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-11-20", 1, "2026-11-24"),  # over a weekend and a holiday on Monday
        ("2026-12-30", 1, "2027-01-04"),  # over the bank holidays
        ("2026-04-28", 3, "2026-05-07"),  # into Golden Week
        ("2026-11-22", 0, "2026-11-24"),
        ("2026-11-24", 0, "2026-11-24"),
    ],
)
def test_business_days_are_added(start: str, days: int, end: str) -> None:
    assert calendar.add_business_days(date.fromisoformat(start), days) == date.fromisoformat(end)


def test_a_store_adds_its_own_days_off() -> None:
    own = frozenset({date(2026, 11, 24)})
    assert not calendar.is_business_day(date(2026, 11, 24), own)
    assert calendar.add_business_days(date(2026, 11, 20), 1, own) == date(2026, 11, 25)


def test_a_negative_count_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        calendar.add_business_days(date(2026, 11, 24), -1)


@given(DAYS, st.integers(1, 30))
def test_as_many_business_days_lie_between(day: date, days: int) -> None:
    end = calendar.add_business_days(day, days)
    between = [day + timedelta(days=n) for n in range(1, (end - day).days + 1)]
    assert sum(map(calendar.is_business_day, between)) == days


@given(DAYS, st.integers(0, 30))
def test_the_business_day_before_leads_back(day: date, days: int) -> None:
    found = calendar.business_days_before(day, days)
    assert calendar.is_business_day(found)
    assert calendar.add_business_days(found, days) <= day
    later = calendar.add_business_days(found, 1)
    assert calendar.add_business_days(later, days) > day


def test_a_negative_count_before_is_refused() -> None:
    with pytest.raises(ValueError, match="not negative"):
        calendar.business_days_before(date(2026, 11, 24), -1)
