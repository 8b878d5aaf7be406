"""Days on which a regular group does not meet, by the name of whose holidays they are."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from types import MappingProxyType

from aggregator.errors import CatalogError


def holidays(name: str, years: Iterable[int]) -> frozenset[date]:
    """Those in the given years, with the days on which they are observed; CatalogError for a name that is not known."""
    of_year = CALENDARS.get(name)
    if of_year is None:
        raise CatalogError(f"except_holidays = “{name}” is not known; known are {', '.join(CALENDARS)}")
    wanted = frozenset(years)
    return frozenset(
        day
        for year in wanted | {year + 1 for year in wanted}  # New Year's Day may be observed on December 31
        for holiday in of_year(year)
        for day in (holiday, _observed(holiday))
        if day.year in wanted
    )


def _us_federal(year: int) -> Iterator[date]:
    """5 U.S.C. 6103."""
    yield date(year, 1, 1)  # New Year's Day
    yield _nth(year, 1, 3, MONDAY)  # Birthday of Martin Luther King, Jr.
    yield _nth(year, 2, 3, MONDAY)  # Washington's Birthday
    yield _nth(year, 6, 1, MONDAY) - timedelta(days=7)  # Memorial Day, the last Monday in May
    yield date(year, 6, 19)  # Juneteenth
    yield date(year, 7, 4)  # Independence Day
    yield _nth(year, 9, 1, MONDAY)  # Labor Day
    yield _nth(year, 10, 2, MONDAY)  # Columbus Day
    yield date(year, 11, 11)  # Veterans Day
    yield _nth(year, 11, 4, THURSDAY)  # Thanksgiving Day
    yield date(year, 12, 25)  # Christmas Day


MONDAY, THURSDAY, SATURDAY, SUNDAY = 0, 3, 5, 6
CALENDARS: Mapping[str, Callable[[int], Iterator[date]]] = MappingProxyType({"US-federal": _us_federal})


def _nth(year: int, month: int, nth: int, weekday: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))


def _observed(day: date) -> date:
    """Saturday's holiday is kept on Friday, Sunday's on Monday."""
    return day + timedelta(days={SATURDAY: -1, SUNDAY: 1}.get(day.weekday(), 0))
