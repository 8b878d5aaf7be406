"""Which rules a set of days may follow: weekly, every few weeks, by the week of the month."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import combinations
from typing import TypeVar

from aggregator.reading.ical.rule import Rule
from aggregator.reading.rhythm.rules import days_of

T = TypeVar("T", int, tuple[int, int], tuple[tuple[int, int], int])

Slot = tuple[int, int]
"""(which of the month or 0 for every one, weekday from Monday 0)."""

ANY = Rule(frequency="WEEKLY")

MORE = 1.0
"""What each further slot costs: as much as a date that does not belong."""

MOST_SLOTS = 8
"""Weeks of the month that are combined, the most met first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """A rule that is tried. `least` is how many days must follow it, `cost` what it costs to be less simple.

    A rule `is_broad` when days follow it by chance: most weeks of the month are nearly every week; and there are many
    ways to count three weeks.
    """

    rule: Rule
    anchor: date
    least: int
    cost: float
    is_broad: bool = False

    @property
    def by_chance(self) -> int:
        """How many days may follow it by chance: some in a week's distance, hardly any on the same one of the month."""
        return 3 if self.rule.frequency == "WEEKLY" or len(self.rule.days) > 1 else 0

    def is_like(self, other: "Pattern") -> bool:
        """Whether it is of the same sort, on other days: as often, and of as many."""
        return (self.rule.frequency, self.rule.interval, len(self.rule.days)) == (
            other.rule.frequency,
            other.rule.interval,
            len(other.rule.days),
        )

    def days(self, since: date, before: date) -> list[date]:
        """Its days in [since, before), ascending."""
        return list(days_of(self.rule, self.anchor, since, before - since)) if since < before else []


def patterns(days: Sequence[date]) -> Iterator[Pattern]:
    """All that are worth a try for days in order, the simplest of their sort first."""
    yield from _weekly(days)
    yield from _fortnightly(days)
    yield from _every_few_weeks(days)
    yield from _monthly(days)
    yield from _every_few_months(days)


def week_of(day: date) -> int:
    """Weeks from Monday to Sunday, counted from the beginning of the calendar."""
    return (day.toordinal() - 1) // 7


def slots_of(day: date) -> tuple[Slot, ...]:
    """Its places in the month: the second Thursday; the fourth, which may be the last."""
    nth = ((day.day - 1) // 7 + 1, day.weekday())
    return (nth, (-1, day.weekday())) if (day + timedelta(days=7)).month != day.month else (nth,)


def _weekly(days: Sequence[date]) -> Iterator[Pattern]:
    met = [weekday for weekday, count in _most(day.weekday() for day in days) if count > 1]
    for size in range(1, len(met) + 1):
        rule = Rule(frequency="WEEKLY", days=tuple(sorted((0, weekday) for weekday in met[:size])))
        yield Pattern(rule=rule, anchor=days[0], least=max(4, 3 * size), cost=MORE * (size - 1))


def _fortnightly(days: Sequence[date]) -> Iterator[Pattern]:
    """On one day, or on two of the same week."""
    turns = [turn for turn, count in _most((week_of(day) % 2, day.weekday()) for day in days)[:4] if count > 2]
    for size in (1, 2):
        for chosen in combinations(turns, size):
            if len({turn for turn, _ in chosen}) == 1:
                cost = 0.3 + MORE * (size - 1)
                yield _every_weeks(2, set(chosen), days, Pattern(rule=ANY, anchor=days[0], least=4 * size, cost=cost))


def _every_few_weeks(days: Sequence[date]) -> Iterator[Pattern]:
    for interval in (3, 4):
        for turn, count in _most((week_of(day) % interval, day.weekday()) for day in days)[:3]:
            if count > 6:
                pattern = Pattern(rule=ANY, anchor=days[0], least=7, cost=1.2, is_broad=True)
                yield _every_weeks(interval, {turn}, days, pattern)


def _every_weeks(interval: int, turns: AbstractSet[Slot], days: Sequence[date], pattern: Pattern) -> Pattern:
    """The pattern with the rule of the turns, counted from the first day that is one of them."""
    weekdays = sorted(weekday for _, weekday in turns)
    rule = Rule(frequency="WEEKLY", interval=interval, days=tuple((0, weekday) for weekday in weekdays))
    return replace(pattern, rule=rule, anchor=next(d for d in days if (week_of(d) % interval, d.weekday()) in turns))


def _monthly(days: Sequence[date]) -> Iterator[Pattern]:
    met = [slot for slot, count in _most(slot for day in days for slot in slots_of(day)) if count > 1][:MOST_SLOTS]
    for size in (1, 2, 3):
        for slots in combinations(met, size):
            if _is_apart(slots) and (size < 3 or len({weekday for _, weekday in slots}) == 1):
                cost = 0.2 + MORE * (size - 1) + 0.05 * any(nth < 0 for nth, _ in slots)
                yield Pattern(
                    rule=_by_slots(slots), anchor=days[0], least=(3, 6, 8)[size - 1], cost=cost, is_broad=size > 2
                )


def _every_few_months(days: Sequence[date]) -> Iterator[Pattern]:
    for interval in (2, 3):
        turns = _most((slot, (day.year * 12 + day.month) % interval) for day in days for slot in slots_of(day))
        for (slot, turn), count in turns[:3]:
            if count > 3:
                fits = (day for day in days if slot in slots_of(day) and (day.year * 12 + day.month) % interval == turn)
                yield Pattern(rule=_by_slots((slot,), interval), anchor=next(fits), least=4, cost=1.2)


def _is_apart(slots: Sequence[Slot]) -> bool:
    """Whether none of them is mostly another: the last of a weekday is its fourth or its fifth."""
    late = Counter(weekday for nth, weekday in slots if nth in (-1, 4, 5))
    has_last = {weekday for nth, weekday in slots if nth == -1}
    return all(late[weekday] == 1 for weekday in has_last)


def _by_slots(slots: Sequence[Slot], interval: int = 1) -> Rule:
    return Rule(frequency="MONTHLY", interval=interval, days=tuple(sorted(slots, key=lambda slot: (slot[0] % 9, slot))))


def _most(met: Iterable[T]) -> list[tuple[T, int]]:
    """Each with how often it is met, the most first, and ties in their own order."""
    return sorted(Counter(met).items(), key=lambda pair: (-pair[1], pair[0]))
