"""The only source of time: tests and the demo move this clock, so nothing else may read the system's."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

JST = ZoneInfo("Asia/Tokyo")


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The present calendar day in Japan, which is the day that every deadline means."""
    return jst_date(now())


def jst_date(moment: datetime) -> date:
    """The Japanese calendar day of an aware instant; a naive one is refused with ValueError."""
    if moment.utcoffset() is None:
        message = "a datetime without a time zone names no instant"
        raise ValueError(message)
    return moment.astimezone(JST).date()


def end_of_day(day: date) -> datetime:
    """Where a Japanese day ends, as an instant in UTC that belongs to the next day: valid while now is before it."""
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=JST).astimezone(UTC)
