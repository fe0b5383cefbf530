"""One clock: instants in UTC, days in Japan."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from licenseonline.kit import clock


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2026, 11, 23, 14, 59, 59, tzinfo=UTC), date(2026, 11, 23)),
        (datetime(2026, 11, 23, 15, 0, tzinfo=UTC), date(2026, 11, 24)),
        (datetime(2026, 12, 31, 15, 0, tzinfo=UTC), date(2027, 1, 1)),
    ],
)
def test_the_day_begins_at_midnight_in_japan(instant: datetime, day: date) -> None:
    with time_machine.travel(instant, tick=False):
        assert clock.now() == instant
        assert clock.now().tzinfo is UTC
        assert clock.today() == day


def test_a_day_ends_when_the_next_one_begins() -> None:
    end = clock.end_of_day(date(2026, 11, 30))
    assert end == datetime(2026, 11, 30, 15, 0, tzinfo=UTC)
    assert end.tzinfo is UTC
    assert clock.jst_date(end - timedelta(microseconds=1)) == date(2026, 11, 30)
    assert clock.jst_date(end) == date(2026, 12, 1)


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        clock.jst_date(datetime(2026, 11, 23, 12, 0))  # noqa: DTZ001 the refused case
