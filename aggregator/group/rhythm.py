"""Rhythm: on which days, at what time, in which months, and what becomes of it on holidays."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum

from aggregator.group.customs import is_custom_off, is_holiday
from aggregator.query import Every
from aggregator.reading.ical.rule import read_rule
from aggregator.reading.rhythm.rules import days_of


class OnHolidays(StrEnum):
    """What a group does when its day is a holiday."""

    SKIPPED = "skipped"
    SHIFTED = "shifted"
    KEPT = "kept"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """`rrules` are RFC 5545's, without the property name, as events have them; their union is meant.

    `since` is one of its days, from which intervals are counted. `start` and `end` are wall clocks; an end that is not
    after the start is on the next day. `pauses` are months without a meeting, which the rules leave out too. What it
    does `on_holidays` is None when none was seen; `shift` is by how many days it then moves. `except_dates` are days on
    which a source says that it does not meet.
    """

    rrules: tuple[str, ...]
    since: date
    start: time | None = None
    end: time | None = None
    pauses: tuple[int, ...] = ()
    calendar: str | None = None
    on_holidays: OnHolidays | None = None
    shift: int = 0
    except_dates: tuple[date, ...] = ()

    @property
    def is_over(self) -> bool:
        """Whether all its rules have an end of their own, which may be ahead."""
        return not any(read_rule(text).is_endless for text in self.rrules)


def how_often(rrules: Iterable[str]) -> Every:
    """One word for the union of rules; dates without any are OTHER."""
    steps = {(rule.frequency, rule.interval) for rule in map(read_rule, rrules)}
    words = {("WEEKLY", 1): Every.WEEKLY, ("WEEKLY", 2): Every.FORTNIGHTLY, ("MONTHLY", 1): Every.MONTHLY}
    return words.get(steps.pop(), Every.OTHER) if len(steps) == 1 else Every.OTHER


def days(rhythm: Rhythm, since: date, before: date) -> list[date]:
    """The days in [since, before) on which a meeting is expected, with what is known of holidays."""
    margin = timedelta(days=abs(rhythm.shift))
    told = (_on_holiday(rhythm, day) for day in rule_days(rhythm, since - margin, before + margin))
    return sorted({day for day in told if day is not None and since <= day < before})


def certain_days(rhythm: Rhythm, since: date, before: date) -> list[date]:
    """Those on which a meeting that does not take place is missed: no holiday, and no day that is kept like one."""
    return [
        day
        for day in rule_days(rhythm, since, before)
        if not is_custom_off(day) and not is_holiday(day, rhythm.calendar)
    ]


def rule_days(rhythm: Rhythm, since: date, before: date) -> list[date]:
    """The days in [since, before) that the rules name, holidays among them; none before the rhythm begins."""
    return sorted(set(_walked(rhythm, since, before)) - set(rhythm.except_dates))


def _walked(rhythm: Rhythm, since: date, before: date) -> Iterator[date]:
    since = max(since, rhythm.since)
    for text in rhythm.rrules:
        yield from days_of(read_rule(text), rhythm.since, since, max(before - since, timedelta()))


def _on_holiday(rhythm: Rhythm, day: date) -> date | None:
    """The day on which that day's meeting is held; None when it is not."""
    if rhythm.on_holidays in (None, OnHolidays.KEPT) or not is_holiday(day, rhythm.calendar):
        return day
    return day + timedelta(days=rhythm.shift) if rhythm.on_holidays is OnHolidays.SHIFTED else None
