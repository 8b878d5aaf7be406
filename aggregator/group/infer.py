"""Dates of one group -> its rhythm, or None where they have none."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from aggregator.event import Occurrence, When
from aggregator.group.customs import CALENDAR, is_holiday
from aggregator.group.fit import Fit, best_fit
from aggregator.group.rhythm import OnHolidays, Rhythm
from aggregator.reading.rhythm.rules import write_rule

HORIZON = timedelta(days=800)
"""How old a date may be that still tells of the rhythm: two summers and two winters."""

FEWEST = 3
TAILS = (24, 16, 12, 9, 7, 6, 5, 4, 3)
"""How many of the last dates are looked at when all of them have no rhythm: a group may have changed it."""

LONG = 6
"""Dates of a rhythm that is known well, so that a few others show what it was changed to."""

SURE = 10
"""Last dates that make a rhythm although those before them had none."""

LATEST = 5
"""Dates that show at what time of day it is."""

MOST = 0.7
"""Of the last dates, how many follow a rhythm that still holds."""

LATELY = 8
"""Dates that show whether a rhythm still holds."""

CLEAN, NEAT = 0.2, 0.35
"""What dates that are missed, and all that is wrong, may cost the last dates: less than all of them may."""


def infer(
    dates: Iterable[Occurrence], *, now: datetime, calendar: str | None = CALENDAR, horizon: timedelta = HORIZON
) -> Rhythm | None:
    """The rhythm of one group's dates, in any order, past and announced; each is on the wall clock of its own zone.

    At least three dates, of a weekly group four. Holidays that are missed count for nothing, nor do pauses of whole
    months; a date that was moved, one that does not belong, and a long break are borne when the others are enough.
    """
    oldest = (now - horizon).date()
    told = sorted((each for each in dates if day_of(each.start) >= oldest), key=lambda each: _wall(each.start))
    days = sorted({day_of(each.start) for each in told})
    found = _find(days, now.date(), calendar) if len(days) >= FEWEST else None
    return None if found is None else _rhythm(found, told, calendar)


def day_of(when: When) -> date:
    """Its day on the wall calendar."""
    return when.date() if isinstance(when, datetime) else when


def _find(days: Sequence[date], today: date, calendar: str | None) -> Fit | None:
    whole = best_fit(days, today, calendar)
    if whole is not None and _is_current(whole, days, today):
        return whole
    for size in (size for size in TAILS if size < len(days)):
        if tail := _changed(days, size, today, calendar) or _follower(days, size, today, calendar):
            return tail
    return whole if whole is not None and set(days[-3:]) & set(whole.hits) else None


def _changed(days: Sequence[date], size: int, today: date, calendar: str | None) -> Fit | None:
    """The rule of the last dates that is like the one before: a group that moved from Tuesday to Thursday."""
    former = best_fit(days[:-size], today, calendar)
    if former is None or len(former.hits) < LONG:
        return None
    tail = best_fit(days[-size:], today, calendar, like=former.pattern)
    if tail is None or not _is_neat(tail, days[-size:], today):
        return None
    still = former.pattern.days(tail.hits[0], tail.hits[-1] + timedelta(days=1))
    return tail if 2 * len(set(still) & set(tail.hits)) < len(tail.hits) else None


def _is_current(found: Fit, days: Sequence[date], today: date) -> bool:
    """Whether most of the last dates still follow, both of those that were told and of those that were due."""
    followed = {*found.hits, *(held for _, held in found.shifted)}
    told = days[-LATELY:]
    due = sorted(day for day in (*found.hits, *found.missed) if day < today)[-LATELY:]
    return _most(day in followed for day in told) and _most(day in followed for day in due)


def _most(claims: Iterable[bool]) -> bool:
    every = list(claims)
    return sum(every) >= MOST * len(every)


def _follower(days: Sequence[date], size: int, today: date, calendar: str | None) -> Fit | None:
    """The rule of the last dates, whatever it is, when it follows upon another, or is of many dates."""
    tail = best_fit(days[-size:], today, calendar)
    if tail is None or len(tail.hits) <= tail.pattern.by_chance + 1 or not _is_neat(tail, days[-size:], today):
        return None
    before = [day for day in days if day < tail.hits[0]]
    is_all = len(before) < FEWEST < len(tail.hits) - 1
    return tail if is_all or len(tail.hits) >= SURE or _was_regular(before, today) else None


def _is_neat(tail: Fit, days: Sequence[date], today: date) -> bool:
    """Whether less is wrong with it than with a rule that all dates follow."""
    followed = len(tail.hits)
    is_kept = tail.cost_of_missed <= CLEAN * (followed - 2)
    return is_kept and tail.cost - tail.pattern.cost <= NEAT * (followed - 1) and _is_current(tail, days, today)


def _was_regular(days: Sequence[date], today: date) -> bool:
    """The last of them may have been moved in the change."""
    return any(best_fit(part, today, None) is not None for part in (days, days[:-1]))


def _rhythm(found: Fit, told: Sequence[Occurrence], calendar: str | None) -> Rhythm:
    months = tuple(month for month in range(1, 13) if month not in found.pauses) if found.pauses else ()
    start, end = _clocks([each for each in told if day_of(each.start) in found.hits])
    on_holidays, shift = _on_holidays(found, calendar)
    return Rhythm(
        rrules=(write_rule(replace(found.pattern.rule, months=months)),),
        since=found.hits[0],
        start=start,
        end=end,
        pauses=found.pauses,
        calendar=calendar,
        on_holidays=on_holidays,
        shift=shift,
    )


def _clocks(told: Sequence[Occurrence]) -> tuple[time | None, time | None]:
    """The most usual of the last dates that follow, for a group may have changed its hour."""
    clocks = [(_clock(each.start), _clock(each.end)) for each in told[-LATEST:]]
    start = _usual([start for start, _ in clocks])
    return start, _usual([end for begun, end in clocks if begun == start])


def _usual(clocks: Sequence[time | None]) -> time | None:
    """The most frequent that is known; of those that are equally so, the last."""
    counted = Counter(clock for clock in reversed(clocks) if clock is not None)
    return counted.most_common(1)[0][0] if counted else None


def _clock(when: When | None) -> time | None:
    return when.time() if isinstance(when, datetime) else None


def _wall(when: When) -> tuple[date, time]:
    return day_of(when), _clock(when) or time()


def _on_holidays(found: Fit, calendar: str | None) -> tuple[OnHolidays | None, int]:
    """What was done most often, and by how many days it was moved."""
    kept = sum(is_holiday(day, calendar) for day in found.hits)
    shifts = Counter((held - day).days for day, held in found.shifted)
    skipped = sum(is_holiday(day, calendar) for day in found.off)
    if not (kept or shifts or skipped):
        return None, 0
    if shifts and shifts.total() >= max(kept, skipped):
        return OnHolidays.SHIFTED, max(shifts, key=lambda by: (shifts[by], by))
    return (OnHolidays.SKIPPED if skipped > kept else OnHolidays.KEPT), 0
