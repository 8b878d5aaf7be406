"""Histories of groups that are made up, each with the rule that it follows; for `rhythm.py`.

Their days are counted here, and not by the code that is measured.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from random import Random

from aggregator.event import Occurrence
from aggregator.reading.rhythm.holidays import holidays

A_DAY = timedelta(days=1)
NAMES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
YEARS = range(2021, 2030)
HOLIDAYS = holidays("US-federal", YEARS)
THANKSGIVINGS = [day for day in HOLIDAYS if day.month == 11 and day.weekday() == 3 and 22 <= day.day <= 28]
AROUND = {day + aside for day in THANKSGIVINGS for aside in (A_DAY, -A_DAY)}
SUMMERS = ((8,), (7,), (7, 8), (6, 7, 8))
CLOCKS = (time(7), time(7, 30), time(11, 30), time(12), time(17, 30), time(18), time(18, 30), time(19))
REGULAR = ("weekly", "fortnightly", "nth weekday", "last weekday", "two days", "two of the month")
KINDS = (*REGULAR, "holidays", "pauses", "moved", "dying", "irregular")


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The rule: every `interval` weeks from an anchor on weekdays, or (nth, weekday) of every month."""

    weekdays: tuple[int, ...] = ()
    slots: tuple[tuple[int, int], ...] = ()
    interval: int = 1
    anchor: date = date(2021, 1, 4)
    pause: tuple[int, ...] = ()

    def falls_on(self, day: date) -> bool:
        if day.month in self.pause:
            return False
        if self.weekdays:
            return day.weekday() in self.weekdays and (day - self.anchor).days // 7 % self.interval == 0
        return any(day == _nth(day.year, day.month, nth, weekday) for nth, weekday in self.slots)

    @property
    def rule(self) -> str:
        """As the store's events have it."""
        months = [str(month) for month in range(1, 13) if month not in self.pause] if self.pause else []
        slots = sorted(self.slots, key=lambda slot: (slot[0] % 9, slot))
        parts = {
            "FREQ": "WEEKLY" if self.weekdays else "MONTHLY",
            "INTERVAL": str(self.interval) if self.interval > 1 else "",
            "BYDAY": ",".join([*(NAMES[day] for day in self.weekdays), *(f"{nth}{NAMES[day]}" for nth, day in slots)]),
            "BYMONTH": ",".join(months),
        }
        return ";".join(f"{key}={value}" for key, value in parts.items() if value)


@dataclass(frozen=True, kw_only=True)
class History:
    """`dates` as they are seen at `now`; a dying group has `due`, the days after its last on which it should meet."""

    kind: str
    plan: Plan | None
    dates: tuple[Occurrence, ...]
    now: datetime
    due: tuple[date, ...] = ()


def histories(seed: int, count: int) -> Iterator[History]:
    """As many of each kind, as far as that goes; twice as many that are irregular."""
    kinds = (*KINDS, "irregular")
    for number in range(count):
        kind = kinds[number % len(kinds)]
        yield _history(kind, Random(f"{seed} {number}"))


def _history(kind: str, random: Random) -> History:
    if kind == "irregular":
        return _irregular(random)
    plan = _plan(kind if kind in REGULAR else random.choice(REGULAR), random)
    if kind == "pauses" or (kind == "dying" and random.random() < 0.2):
        plan = replace(plan, pause=random.choice(SUMMERS))
    first = date(2023, 1, 1) + timedelta(days=random.randrange(700))
    last = first + timedelta(days=_length(kind, plan, random))
    days = _days(plan, first, last)
    if kind == "moved":
        plan, days = _moved(plan, days, last, random)
    days = _on_holidays(days, kind, random)
    due = [day for day in _days(plan, days[-1] + A_DAY, days[-1] + timedelta(days=400)) if _counts(day)]
    if kind != "dying" and random.random() < 0.3:
        most = min(2, len(days) // 6)
        days = days[random.randint(0, most) : len(days) - random.randint(0, most)]
    now = datetime.combine(_today(kind, days, random), time(20), UTC)
    return History(kind=kind, plan=plan, dates=_timed(_with_noise(days, plan, random), random), now=now, due=tuple(due))


def _plan(kind: str, random: Random) -> Plan:
    one, other = sorted(random.sample(range(7), 2))
    if kind == "weekly":
        return Plan(weekdays=(one,))
    if kind == "fortnightly":
        return Plan(weekdays=(one,), interval=2, anchor=date(2021, 1, 4) + timedelta(days=random.choice((0, 7))))
    if kind == "two days":
        return Plan(weekdays=(one, other))
    if kind == "two of the month":
        nths = random.choice(((1, 3), (2, 4), (1, -1), (2, -1)))
        return Plan(slots=tuple((nth, random.choice((one, one, other))) for nth in nths))
    return Plan(slots=((-1 if kind == "last weekday" else random.randint(1, 4), one),))


def _length(kind: str, plan: Plan, random: Random) -> int:
    """In days: a year and a bit where a pause has to show, half a year at least where it is monthly."""
    shortest = 560 if plan.pause else 240 if kind == "moved" else 190 if len(plan.slots) == 1 else 100
    return random.randrange(shortest, 760)


def _moved(plan: Plan, days: list[date], last: date, random: Random) -> tuple[Plan, list[date]]:
    """From some day on, another day of the week or of the month."""
    ahead = random.randint(1, 6)
    after = replace(
        plan,
        weekdays=tuple(sorted((day + ahead) % 7 for day in plan.weekdays)),
        slots=tuple((nth, (day + ahead) % 7) for nth, day in plan.slots),
    )
    since = last - timedelta(days=random.randrange(*((150, 200) if len(plan.slots) == 1 else (80, 140))))
    return after, [*(day for day in days if day < since), *_days(after, since, last)]


def _on_holidays(days: list[date], kind: str, random: Random) -> list[date]:
    """Kept, skipped, or held the day before or after."""
    does = random.choice(("skip", "skip", -1, 1)) if kind == "holidays" else random.choice(("keep", "keep", "skip", 1))
    if does == "keep":
        return days
    if does == "skip":
        return [day for day in days if day not in HOLIDAYS]
    return [day + timedelta(days=does) if day in HOLIDAYS else day for day in days]


def _today(kind: str, days: list[date], random: Random) -> date:
    """Some dates may be ahead; a group that dies has none."""
    if kind == "dying":
        return days[-1] + A_DAY
    return days[-1 - random.randrange(min(4, len(days) // 3))] + timedelta(days=random.choice((1, 1, 2)))


def _with_noise(days: list[date], plan: Plan, random: Random) -> list[date]:
    """One date moved, one that is extra: at most one date in five, and no extra one where the group pauses."""
    seen, may = set(days), len(days) // 5
    if may and random.random() < 0.4:
        day = random.choice(days[1:-1])
        seen, may = seen - {day} | {day + timedelta(days=random.choice((-3, -2, -1, 1, 2, 3, 7)))}, may - 1
    extra = days[0] + timedelta(days=random.randrange(1, (days[-1] - days[0]).days))
    if may and random.random() < 0.4 and extra.month not in plan.pause:
        seen.add(extra)
    return sorted(seen)


def _timed(days: list[date], random: Random) -> tuple[Occurrence, ...]:
    """At one time of day, or at another from some day on."""
    clocks, changed = random.sample(CLOCKS, 2), random.choice(days) if random.random() < 0.2 else date.max
    starts = [datetime.combine(day, clocks[day >= changed], UTC) for day in days]
    return tuple(Occurrence(start=start, end=start + timedelta(minutes=90)) for start in starts)


def _irregular(random: Random) -> History:
    """Whenever it suits: on any day, on evenings of the week, on one weekday, in seasons, or a few in a row."""
    gap = random.choice((_any_day, _one_weekday, _about_monthly, _some_weeks, _in_bursts))
    day, days = date(2023, 1, 1) + timedelta(days=random.randrange(700)), []
    weekends = random.choice((True, False))
    for _ in range(random.randint(5, 30)):
        day += timedelta(days=gap(random))
        days.append(day - timedelta(days=2) if day.weekday() > 4 and not weekends and gap is _any_day else day)
    if len({later - earlier for earlier, later in pairwise(days)}) == 1:
        return _irregular(random)  # by chance as regular as can be
    now = datetime.combine(days[-1 - random.randrange(3)] + A_DAY, time(20), UTC)
    return History(kind="irregular", plan=None, dates=_timed(sorted(set(days)), random), now=now)


def _any_day(random: Random) -> int:
    return random.randint(3, 60)


def _one_weekday(random: Random) -> int:
    return 7 * random.randint(1, 7)


def _about_monthly(random: Random) -> int:
    return 7 * random.randint(3, 6)


def _some_weeks(random: Random) -> int:
    return 7 * random.choice((1, 1, 1, 2, 2, 3, 4, 6))


def _in_bursts(random: Random) -> int:
    return random.choice((1, 2, 3, 7, 14, 30, 50, 90))


def _days(plan: Plan, first: date, last: date) -> list[date]:
    every = (first + timedelta(days=ahead) for ahead in range((last - first).days))
    return [day for day in every if plan.falls_on(day)]


def _counts(day: date) -> bool:
    """Whether a meeting that is not held then is missed."""
    return day not in HOLIDAYS and day not in AROUND and (day.month, day.day) < (12, 24)


@cache
def _nth(year: int, month: int, nth: int, weekday: int) -> date | None:
    """None where the month has no such day."""
    inside = [day for day in (date(year, month, 1) + timedelta(days=n) for n in range(31)) if day.month == month]
    days = [day for day in inside if day.weekday() == weekday]
    return days[nth] if nth < 0 else days[nth - 1] if nth <= len(days) else None
