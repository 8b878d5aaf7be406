"""Days as written, with or without a year, and the dates that they are."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from aggregator.errors import UnreadDateError
from aggregator.reading.dates.words import MONTHS, ORDINALS, WEEKDAYS, Words

DateOrder = Literal["mdy", "dmy", "ymd"]
"""How a source writes `3/4/2026`."""

SOON = timedelta(days=274)
"""A day without a year that is further ahead than these nine months may well be one that is past."""

_MARKS = re.compile("[-/.]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day of the calendar as written; None is what is not said."""

    day: int = 0
    month: int | None = None
    year: int | None = None
    weekday: int | None = None
    doubts: tuple[str, ...] = ()

    def fits(self, day: date) -> bool:
        """Whether it is that day of the week, or none is said."""
        return self.weekday is None or self.weekday == day.weekday()

    def on(self, year: int, month: int) -> date | None:
        """The date in that month; None when it has no such day."""
        try:
            return date(year, month, self.day)
        except ValueError:
            return None


def month_of(word: str) -> int:
    """1 to 12, by the first three letters."""
    return next(number for number, name in enumerate(MONTHS, 1) if name.startswith(word[:3]))


def weekday_of(word: str) -> int:
    """Monday 0 to Sunday 6, by the first two letters."""
    return next(number for number, name in enumerate(WEEKDAYS) if name.startswith(word[:2]))


def number_of(word: str) -> int:
    """8 for "8th", 1 for "first"."""
    if word in ORDINALS:
        return ORDINALS.index(word) + 1
    return int(word.rstrip("stndrh "))


def read_day(words: Words, *, now: date, order: DateOrder) -> Day:
    """The day that words of the kinds W M N O Y D R tell."""
    day = Day()
    for kind, text in words:
        match kind:
            case "W":
                day = replace(day, weekday=weekday_of(text))
            case "M":
                day = replace(day, month=month_of(text))
            case "Y":
                day = replace(day, year=_full_year(text.lstrip("'’")))
            case "D":
                day = replace(_read_numbers(text, order), weekday=day.weekday)
            case "R":
                told = now + timedelta(days=text == "tomorrow")
                day = replace(day, day=told.day, month=told.month, year=told.year)
            case _:
                day = replace(day, day=number_of(text))
    return day


def _full_year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def _read_numbers(text: str, order: DateOrder) -> Day:
    """`3/4/2026`, `10.24.26`, `2/24`, `2026/9/1`, `03-Sep-2026`; a number over 12 is the day whatever the order."""
    parts = _MARKS.split(text)
    if not parts[1].isdigit():
        if parts[1] not in MONTHS and parts[1] not in {name[:3] for name in MONTHS} | {"sept"}:
            raise UnreadDateError(f"“{text}”: “{parts[1]}” is no month")
        return Day(day=int(parts[0]), month=month_of(parts[1]), year=_full_year(parts[2]))
    numbers = [int(part) for part in parts]
    if len(parts[0]) == 4 or (order == "ymd" and len(parts) == 3 and len(parts[2]) == 2):
        return Day(year=_full_year(parts[0]), month=numbers[1], day=numbers[2])
    year = _full_year(parts[2]) if len(parts) == 3 else None
    first, second = numbers[:2]
    if order == "ymd" and year and max(first, second) <= 12 and first != second:
        raise UnreadDateError(f"“{text}”: the day or the month may be first")
    is_day_first = first > 12 or (order == "dmy" and second <= 12)
    doubts = (f"“{text}” is not in the source's order {order}",) if is_day_first != (order == "dmy") else ()
    day, month = (first, second) if is_day_first else (second, first)
    return Day(day=day, month=month, year=year, doubts=doubts if order != "ymd" else ())


def resolve(first: Day, last: Day | None, now: date) -> tuple[date, date, tuple[str, ...]]:
    """First and last date, and what is doubtful about them; a month that only one of the two says is that of both."""
    if last is not None:
        first, last = replace(first, month=first.month or last.month), replace(last, month=last.month or first.month)
    pairs = [pair for start in _starts(first, last, now) if (pair := _with_end(start, last))]
    if not pairs:
        raise UnreadDateError(f"{_written(first, last)} is no day, or it ends before it begins")
    is_said = first.year is not None or (last is not None and last.year is not None)
    start, end = pairs[0] if is_said else _choose(pairs, first, last, now)
    doubts = (*first.doubts, *_mismatches(first, start))
    if last is not None:
        doubts = (*doubts, *last.doubts, *_mismatches(last, end))
    return start, end, doubts if is_said else (*doubts, *_guesses(start, end, first, now))


def _starts(first: Day, last: Day | None, now: date) -> Iterator[date]:
    """Every date that the first day may be, the likeliest first when a year is said."""
    if first.month is None:
        months: Iterable[tuple[int, int]] = (divmod(now.year * 12 + now.month - 1 + ahead, 12) for ahead in range(13))
        days = (first.on(year, month + 1) for year, month in months)
        yield from (day for day in days if day is not None and day >= now)
        return
    if first.year is not None:
        years: Iterable[int] = (first.year,)
    elif last is not None and last.year is not None:
        years = (last.year, last.year - 1)
    else:
        years = range(now.year - 1, now.year + (9 if (first.month, first.day) == (2, 29) else 3))
    yield from (day for year in years if (day := first.on(year, first.month)) is not None)


def _with_end(start: date, last: Day | None) -> tuple[date, date] | None:
    """None when the end would be before the start, or so long after it that a year must be missing."""
    if last is None:
        return start, start
    years = (last.year,) if last.year is not None else (start.year, start.year + 1)
    ends = (last.on(year, last.month or 0) for year in years)
    end = next((day for day in ends if day is not None and day >= start), None)
    return (start, end) if end is not None and (last.year is not None or end - start <= SOON) else None


def _choose(pairs: Sequence[tuple[date, date]], first: Day, last: Day | None, now: date) -> tuple[date, date]:
    """The next one that is not over; days of the week, where said, count for more than that."""
    fitting = [pair for pair in pairs if first.fits(pair[0]) and (last is None or last.fits(pair[1]))]
    coming = min((pair for pair in fitting or pairs if pair[1] >= now), default=None)
    if coming is not None and (len(fitting) in (0, len(pairs)) or coming[0] - now <= SOON):
        return coming
    return min(fitting or pairs, key=lambda pair: abs(pair[0] - now))


def _guesses(start: date, end: date, first: Day, now: date) -> tuple[str, ...]:
    if first.month is None:
        return (f"no month is said; {_words(start)} was taken",)
    if end < now:
        return (f"no year is said; {start.year} was taken for the day of the week",)
    if start - now > SOON and (first.weekday is None or not first.fits(start)):
        return (f"no year is said, and {_words(start)} is more than nine months ahead",)
    return ()


def _mismatches(day: Day, told: date) -> tuple[str, ...]:
    if day.weekday is None or day.fits(told):
        return ()
    return (f"{_words(told)} is a {WEEKDAYS[told.weekday()].title()}, not a {WEEKDAYS[day.weekday].title()}",)


def _words(day: date) -> str:
    return f"{MONTHS[day.month - 1].title()} {day.day}, {day.year}"


def _written(first: Day, last: Day | None) -> str:
    days = (f"{day.month or '?'}/{day.day}/{day.year or '?'}" for day in (first, last) if day is not None)
    return " - ".join(days)
