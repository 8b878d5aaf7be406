"""When a letter is due, and which week it is of: by the subscriber's clock, whatever that clock does; pure."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from aggregator.store.mailing import Wish


def next_send(wish: Wish, after: datetime) -> datetime:
    """The first moment after that one at which the wish's day and hour begin, in UTC.

    An hour that a spring night leaves out begins an hour later, and one that an autumn night has twice begins once.
    """
    zone = ZoneInfo(wish.zone)
    today = after.astimezone(zone).date()
    monday = today - timedelta(days=today.weekday())
    return next(
        moment for week in range(-1, 3) if (moment := _moment(wish, monday + timedelta(weeks=week), zone)) > after
    )


def period_of(due: datetime, wish: Wish) -> str:
    """The ISO week of the day on which a letter is due, by the subscriber's calendar: `2026-W41`."""
    year, week, _ = due.astimezone(ZoneInfo(wish.zone)).isocalendar()
    return f"{year}-W{week:02}"


def _moment(wish: Wish, monday: date, zone: ZoneInfo) -> datetime:
    day = monday + timedelta(days=wish.weekday)
    return datetime.combine(day, time(wish.hour), tzinfo=zone).astimezone(UTC)
