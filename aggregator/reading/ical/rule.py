"""RRULE: reading one, and walking the wall-clock times it names (RFC 5545 3.3.10)."""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, date, datetime, time, tzinfo
from functools import lru_cache
from itertools import count as count_from
from typing import Literal

from aggregator.errors import RuleRefusedError
from aggregator.reading.ical.times import read_moment

Frequency = Literal["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]
FREQUENCIES: dict[str, Frequency] = {"DAILY": "DAILY", "WEEKLY": "WEEKLY", "MONTHLY": "MONTHLY", "YEARLY": "YEARLY"}
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
MAX_TIMES = 24
"""Times of day that one rule may name."""

_NEGATIVE_COUNT = re.compile(r"-\d+")
_DAY = re.compile(r"([+-]?\d{0,2})(MO|TU|WE|TH|FR|SA|SU)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule. `days` are (ordinal or 0 for every one, weekday from Monday 0); `until` is inclusive, as written."""

    frequency: Frequency
    interval: int = 1
    count: int | None = None
    until: datetime | date | None = None
    days: tuple[tuple[int, int], ...] = ()
    months: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()
    year_days: tuple[int, ...] = ()
    weeks: tuple[int, ...] = ()
    positions: tuple[int, ...] = ()
    hours: tuple[int, ...] = ()
    minutes: tuple[int, ...] = ()
    seconds: tuple[int, ...] = ()
    week_start: int = 0

    @property
    def is_endless(self) -> bool:
        """Whether neither COUNT nor UNTIL ends it."""
        return self.count is None and self.until is None

    def times(self, start: time) -> list[time]:
        """The times of day it names, in order; those of the start where it names none."""
        if not (self.hours or self.minutes or self.seconds):
            return [start]
        return sorted(
            time(hour, minute, second)
            for hour in self.hours or (start.hour,)
            for minute in self.minutes or (start.minute,)
            for second in self.seconds or (start.second,)
        )


@lru_cache(maxsize=4096)
def read_rule(text: str) -> Rule:
    """The rule of a text with or without `RRULE:`; RuleRefusedError for one that is broken or that no event has.

    Empty and nameless parts are passed over, an unknown one is refused: it may be a misspelt UNTIL. EXRULE is not
    read anywhere: it is deprecated, and a way to make expansion slow.
    """
    parts = dict(part.split("=", 1) for part in _bare(text).split(";") if "=" in part)
    try:
        return _checked(_read_parts(parts))
    except (ValueError, KeyError) as error:
        raise RuleRefusedError(f"{text[:200]}: {error}") from error


def _bare(text: str) -> str:
    return "".join(text.upper().split()).removeprefix("RRULE:")


def _read_parts(parts: dict[str, str]) -> Rule:
    if unknown := [key for key in parts if key not in _PARTS and not key.startswith("X-")]:
        raise ValueError(f"{unknown[0]} is no part of a rule")
    frequency = FREQUENCIES.get(parts.get("FREQ", ""))
    if frequency is None:
        raise ValueError(f"FREQ={parts.get('FREQ', '')} is not DAILY, WEEKLY, MONTHLY or YEARLY")
    until = read_moment(parts["UNTIL"]) if parts.get("UNTIL") else None
    if until is None and "UNTIL" in parts:
        raise ValueError(f"UNTIL={parts['UNTIL']} is no time")
    count = parts.get("COUNT", "")
    week_start = parts.get("WKST", "MO")
    return Rule(
        frequency=frequency,
        interval=int(parts.get("INTERVAL") or 1),
        count=None if not count or _NEGATIVE_COUNT.fullmatch(count) else int(count),
        until=until,
        days=_read_days(parts["BYDAY"]) if "BYDAY" in parts else (),
        months=_numbers(parts, "BYMONTH", range(1, 13)),
        month_days=_numbers(parts, "BYMONTHDAY", range(-31, 32)),
        year_days=_numbers(parts, "BYYEARDAY", range(-366, 367)),
        weeks=_numbers(parts, "BYWEEKNO", range(-53, 54)),
        positions=_numbers(parts, "BYSETPOS", range(-366, 367)),
        hours=_numbers(parts, "BYHOUR", range(24)),
        minutes=_numbers(parts, "BYMINUTE", range(60)),
        seconds=_numbers(parts, "BYSECOND", range(60)),
        week_start=WEEKDAYS.index(week_start),
    )


_PARTS = {
    *("FREQ", "UNTIL", "COUNT", "INTERVAL", "WKST", "BYDAY", "BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO"),
    *("BYSETPOS", "BYHOUR", "BYMINUTE", "BYSECOND"),
}


def _read_days(text: str) -> tuple[tuple[int, int], ...]:
    days = [_DAY.fullmatch(word) for word in text.split(",") if word]
    if not days or None in days:
        raise ValueError(f"BYDAY={text} is no list of weekdays")
    return tuple(sorted({(int(day[1] or 0), WEEKDAYS.index(day[2])) for day in days if day}))


def _numbers(parts: dict[str, str], name: str, allowed: range) -> tuple[int, ...]:
    if name not in parts:
        return ()
    numbers = sorted({int(word) for word in parts[name].split(",")})
    if any(number not in allowed or (number == 0 and allowed.start != 0) for number in numbers):
        raise ValueError(f"{name}={parts[name]} is out of bounds")
    return tuple(numbers)


def _checked(rule: Rule) -> Rule:
    if rule.interval < 1 or rule.count == 0:
        raise ValueError("INTERVAL and COUNT begin at 1")
    if max(1, len(rule.hours)) * max(1, len(rule.minutes)) * max(1, len(rule.seconds)) > MAX_TIMES:
        raise ValueError(f"more than {MAX_TIMES} times a day")
    if (rule.weeks or rule.year_days) and (
        rule.frequency != "YEARLY"
        or rule.months
        or rule.month_days
        or rule.positions
        or (rule.weeks and rule.year_days)
    ):
        raise ValueError("BYWEEKNO and BYYEARDAY are read in a YEARLY rule, and only by themselves or with BYDAY")
    if (
        rule.month_days
        and rule.months
        and not any(_may_be(month, day) for month in rule.months for day in rule.month_days)
    ):
        raise ValueError("no such day in any year")
    return rule


def _may_be(month: int, day: int) -> bool:
    return abs(day) <= monthrange(2024, month)[1]


def walk(rule: Rule, start: datetime, since: datetime, before: datetime) -> Iterator[datetime]:
    """The rule's times in [since, before), ascending, all naive. COUNT is kept; UNTIL is left to who knows the zone.

    Without COUNT the periods before `since` are passed over, so the cost is that of the window. BYWEEKNO and
    BYYEARDAY are not walked here.
    """
    times = rule.times(start.time())
    left = rule.count
    for days in _periods(rule, start.date(), since.date() if left is None else start.date(), before.date()):
        moments = [datetime.combine(date.fromordinal(day), clock) for day in days for clock in times]
        for moment in _at_positions(moments, rule.positions) if rule.positions else moments:
            if moment < start:
                continue
            if moment >= before or left == 0:
                return
            if left is not None:
                left -= 1
            if moment >= since:
                yield moment


def _at_positions(moments: list[datetime], positions: tuple[int, ...]) -> list[datetime]:
    size = len(moments)
    chosen = {position - 1 if position > 0 else size + position for position in positions}
    return [moments[index] for index in sorted(chosen) if 0 <= index < size]


def _periods(rule: Rule, start: date, since: date, before: date) -> Iterator[list[int]]:
    """The days (as ordinals, ascending) of each period of the rule from about `since` up to `before`."""
    if rule.frequency in {"DAILY", "WEEKLY"}:
        yield from _short_periods(rule, start, since, before)
        return
    yearly = rule.frequency == "YEARLY"
    step = rule.interval * (12 if yearly else 1)
    first = start.year * 12 + (0 if yearly else start.month - 1)
    skipped = max(0, (since.year * 12 + since.month - 1 - first) // step)
    for month in count_from(first + skipped * step, step):
        year, index = divmod(month, 12)
        if year > min(before.year, MAXYEAR - 1) or (not yearly and (year, index) >= (before.year, before.month)):
            return
        if yearly:
            yield _year(rule, start, year)
        elif not rule.months or index + 1 in rule.months:
            yield _month(rule, start, year, index + 1)


def _short_periods(rule: Rule, start: date, since: date, before: date) -> Iterator[list[int]]:
    first = start.toordinal()
    offsets = [0]
    step = rule.interval
    if rule.frequency == "WEEKLY":
        weekday = (start.weekday() - rule.week_start) % 7
        first -= weekday
        step *= 7
        offsets = sorted({(day - rule.week_start) % 7 for _, day in rule.days}) or [weekday]
    weekdays = {day for _, day in rule.days} if rule.frequency == "DAILY" else set()
    skipped = max(0, (since.toordinal() - first) // step)
    is_filtered = bool(weekdays or rule.months or rule.month_days)
    for day in range(first + skipped * step, before.toordinal() + 1, step):
        days = [day + offset for offset in offsets]
        yield [each for each in days if _fits(rule, weekdays, each)] if is_filtered else days


def _fits(rule: Rule, weekdays: set[int], ordinal: int) -> bool:
    if weekdays and (ordinal - 1) % 7 not in weekdays:
        return False
    if not rule.months and not rule.month_days:
        return True
    day = date.fromordinal(ordinal)
    if rule.months and day.month not in rule.months:
        return False
    last = monthrange(day.year, day.month)[1]
    return not rule.month_days or day.day in rule.month_days or day.day - last - 1 in rule.month_days


def _year(rule: Rule, start: date, year: int) -> list[int]:
    """BYDAY's ordinals count in the month where BYMONTH is given, in the year where it is not (RFC 5545 3.3.10)."""
    if rule.months or (rule.month_days and not rule.days):
        return [day for month in rule.months or range(1, 13) for day in _month(rule, start, year, month)]
    if not rule.days:
        return _month_days((start.day,), year, start.month)
    days = _weekdays(rule.days, date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal())
    return [day for day in days if _fits(rule, set(), day)]


def _month(rule: Rule, start: date, year: int, month: int) -> list[int]:
    if not rule.days:
        return _month_days(rule.month_days or (start.day,), year, month)
    first = date(year, month, 1).toordinal()
    days = _weekdays(rule.days, first, first + monthrange(year, month)[1] - 1)
    if not rule.month_days:
        return days
    allowed = set(_month_days(rule.month_days, year, month))
    return [day for day in days if day in allowed]


def _month_days(days: tuple[int, ...], year: int, month: int) -> list[int]:
    last = monthrange(year, month)[1]
    base = date(year, month, 1).toordinal() - 1
    return sorted({base + (day if day > 0 else last + 1 + day) for day in days if abs(day) <= last})


def _weekdays(days: tuple[tuple[int, int], ...], first: int, last: int) -> list[int]:
    """The ordinals of the weekdays between two days: every one, or the nth from either end."""
    found: set[int] = set()
    for nth, weekday in days:
        every = range(first + (weekday - (first - 1)) % 7, last + 1, 7)
        if nth == 0:
            found.update(every)
        elif abs(nth) <= len(every):
            found.add(every[nth - 1 if nth > 0 else nth])
    return sorted(found)


def last_wall(until: datetime | date, zone: tzinfo | None) -> datetime:
    """UNTIL on the wall clock of a zone, inclusive; a date is the whole of it, also for a series of timed dates.

    Without a zone it is taken as it is written.
    """
    if not isinstance(until, datetime):
        return datetime.combine(until, time(23, 59, 59))
    return (until.astimezone(zone) if until.tzinfo is not None and zone is not None else until).replace(tzinfo=None)


def without_until(text: str) -> str:
    """The rule's own text with every part but UNTIL."""
    return ";".join(part for part in _bare(text).split(";") if "=" in part and not part.startswith("UNTIL="))
