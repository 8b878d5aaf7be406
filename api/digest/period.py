"""When a letter is due, and which week it is of: by the subscriber's clock, whatever that clock does; pure."""

from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from aggregator.store.mailing import Wish


def next_send(wish: Wish, after: datetime) -> datetime:
    """The first moment after that one at which the wish's day and hour begin, in UTC.

    An hour that a spring night leaves out begins an hour later, and one that an autumn night has twice begins once.
    """
    return _next_send(wish.weekday, wish.hour, wish.zone, after)


def period_of(due: datetime, wish: Wish) -> str:
    """The ISO week of the day on which a letter is due, by the subscriber's calendar: `2026-W41`."""
    return _week_of(due, wish.zone)


@lru_cache(maxsize=1024)
def _next_send(weekday: int, hour: int, zone_name: str, after: datetime) -> datetime:
    zone = ZoneInfo(zone_name)
    today = after.astimezone(zone).date()
    monday = today - timedelta(days=today.weekday())
    days = (monday + timedelta(weeks=week, days=weekday) for week in range(-1, 3))
    moments = (datetime.combine(day, time(hour), tzinfo=zone).astimezone(UTC) for day in days)
    return next(moment for moment in moments if moment > after)


@lru_cache(maxsize=1024)
def _week_of(due: datetime, zone_name: str) -> str:
    year, week, _ = due.astimezone(ZoneInfo(zone_name)).isocalendar()
    return f"{year}-W{week:02}"
