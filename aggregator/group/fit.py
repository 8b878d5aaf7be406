"""How well days follow a rule: which do, which are missed and why, and what all of it costs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from aggregator.group.customs import is_custom_off, is_holiday
from aggregator.group.patterns import Pattern, patterns
from aggregator.group.pauses import LEAST_FOR_BREAK, SUMMER, find_pauses, longest_break

A_DAY = timedelta(days=1)
MOVED = timedelta(days=7)
"""How far from its day a meeting may be moved and be the same meeting."""

MISSED, ODD, MOVED_ONCE, LIKE, PAUSED, BROKEN_OFF = 1.0, 1.0, 1.2, 1.0, 0.3, 1.5
FEW = 4
"""Days that show a rule, when a rule like it was followed before."""

AHEAD = 0.1
"""What a day costs that is not told yet."""

MOST_AHEAD = 0.5
MOST_COST, MOST_COST_OF_BROAD = 0.5, 0.25
"""For each day that follows the rule, after the first."""

MOST_MISSED = 0.25
"""For each day that follows the rule, after those that do by chance: a rule that is seldom kept is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """Days beside a rule. `shifted` are (holiday, day it was held on); `off` are missed holidays, `odd` fit nothing."""

    pattern: Pattern
    hits: tuple[date, ...]
    missed: tuple[date, ...] = ()
    odd: tuple[date, ...] = ()
    off: tuple[date, ...] = ()
    shifted: tuple[tuple[date, date], ...] = ()
    pauses: tuple[int, ...] = ()
    cost: float = 0.0
    cost_of_missed: float = 0.0

    @property
    def is_accepted(self) -> bool:
        """Whether the rule is followed often enough, and seldom enough broken, to be one."""
        followed = len(self.hits)
        return (
            followed >= self.pattern.least
            and self.cost <= (MOST_COST_OF_BROAD if self.pattern.is_broad else MOST_COST) * (followed - 1)
            and self.cost_of_missed <= MOST_MISSED * max(0, followed - self.pattern.by_chance)
        )


def best_fit(days: Sequence[date], today: date, calendar: str | None, *, like: Pattern | None = None) -> Fit | None:
    """The accepted rule that costs the least; None when none is accepted. `days` ascend, each once.

    Where it is known what the rule is `like`, four days may be enough for one of several in the month.
    """
    tried = patterns(days)
    if like is not None:
        tried = (replace(each, least=min(each.least, FEW)) for each in tried if each.is_like(like))
    fits = (fit(pattern, days, today, calendar) for pattern in tried)
    accepted = [each for each in fits if each is not None and each.is_accepted]
    return min(accepted, key=lambda each: each.cost, default=None)


def fit(pattern: Pattern, days: Sequence[date], today: date, calendar: str | None) -> Fit | None:
    """The rule beside the days, from the first that follows it to the last; None when too few do."""
    told, every = set(days), pattern.days(days[0] - A_DAY, days[-1] + A_DAY + A_DAY)
    followed = [day for day in every if day in told]
    if len(followed) < max(pattern.least, len(days) // 2):
        return None
    missing = [day for day in every if day not in told]
    odd = [day for day in days if day not in set(followed)]
    shifted = _pair([day for day in missing if _is_off(day, calendar)], odd, A_DAY)
    met = [*followed, *(day for day, _ in shifted)]
    missing = [day for day in missing if min(met) < day < max(met)]
    off = [day for day in missing if _is_off(day, calendar)]
    return _weigh(
        Fit(
            pattern=pattern,
            hits=tuple(followed),
            missed=tuple(day for day in missing if day not in off),
            odd=_without(odd, [held for _, held in shifted]),
            off=_without(off, [day for day, _ in shifted]),
            shifted=tuple(shifted),
        ),
        today,
    )


def _is_off(day: date, calendar: str | None) -> bool:
    return is_holiday(day, calendar) or is_custom_off(day)


def _weigh(found: Fit, today: date) -> Fit:
    """With its pauses, and what it costs."""
    lost = _without(found.missed, [day for day, _ in _pair(found.missed, found.odd, MOVED)])
    ahead = [day for day in lost if day >= today]
    is_summer_told = all(day.month in SUMMER for day in ahead)
    pauses = find_pauses(found.hits, [day for day in lost if day < today or is_summer_told], found.off)
    missed = [day for day in found.missed if day.month not in pauses]
    moved = _pair(missed, found.odd, MOVED)
    left = _without(missed, [day for day, _ in moved])
    apart = _cost_of_odd(found, [held for _, held in moved])
    lost_cost = _cost_of_missed(left, found.hits, today)
    cost = found.pattern.cost + lost_cost + apart + PAUSED * bool(pauses)
    return replace(found, missed=tuple(missed), pauses=pauses, cost=cost, cost_of_missed=lost_cost)


def _cost_of_odd(found: Fit, moved: Sequence[date]) -> float:
    """A date on the weekday of the rule speaks against it more than one on another, which may be anything."""
    weekdays = {weekday for _, weekday in found.pattern.rule.days}
    like = sum(day.weekday() in weekdays for day in found.odd)
    return ODD * (len(found.odd) - len(moved)) + MOVED_ONCE * len(moved) + LIKE * like


def _cost_of_missed(missed: Sequence[date], hits: Sequence[date], today: date) -> float:
    """The longest break counts once; and little what is not told yet before one date that is told far ahead."""
    untold = [day for day in missed if day >= today and day > hits[-2]] if len(hits) >= LEAST_FOR_BREAK else []
    others = [day for day in missed if day not in untold]
    broken = longest_break(hits, others)
    return MISSED * (len(others) - broken) + BROKEN_OFF * bool(broken) + min(MOST_AHEAD, AHEAD * len(untold))


def _pair(missing: Sequence[date], odd: Sequence[date], within: timedelta) -> list[tuple[date, date]]:
    """Each missing day with the nearest odd one, which is used once."""
    pairs: list[tuple[date, date]] = []
    for day in missing:
        near = [other for other in odd if abs(other - day) <= within and all(other != held for _, held in pairs)]
        if near:
            pairs.append((day, min(near, key=lambda other: (abs(other - day), other))))
    return pairs


def _without(days: Sequence[date], taken: Sequence[date]) -> tuple[date, ...]:
    return tuple(day for day in days if day not in taken)
