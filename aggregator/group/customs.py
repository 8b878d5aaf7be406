"""Days on which many groups do not meet: holidays, and days that are kept like them."""

from datetime import date, timedelta
from functools import lru_cache

from aggregator.reading.rhythm.holidays import holidays

CALENDAR = "US-federal"
"""Whose holidays are looked at where none are named."""


def is_holiday(day: date, calendar: str | None) -> bool:
    """Whether that day is one of the calendar's; None has none."""
    return calendar is not None and day in _of_year(calendar, day.year)


def is_custom_off(day: date) -> bool:
    """Christmas Eve to New Year's Day, and the days around Thanksgiving: no holidays, but a gap on them says little."""
    if (day.month, day.day) >= (12, 24) or (day.month, day.day) == (1, 1):
        return True
    return day.month == 11 and any((day + timedelta(days=aside)) == _thanksgiving(day.year) for aside in (1, -1))


@lru_cache(maxsize=256)
def _of_year(calendar: str, year: int) -> frozenset[date]:
    return holidays(calendar, (year,))


def _thanksgiving(year: int) -> date:
    first = date(year, 11, 1)
    return first + timedelta(days=(3 - first.weekday()) % 7 + 21)
