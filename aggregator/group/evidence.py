"""How sure a rhythm is: the dates that follow it, and what is said."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from aggregator.group.rhythm import Rhythm, certain_days, rule_days

STATED = 0.9
"""How sure a rhythm is that a source states, and that no date bears out or belies."""

BELIED = 0.4
"""How sure it is when most dates do not follow it."""

A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """How many dates follow a rhythm, were missed though due, and fit nothing."""

    followed: int
    missed: int
    odd: int

    @property
    def sureness(self) -> float:
        """0 to 1: the share of what follows, and more of it for more dates: two make half of it, eight 15 of 16."""
        told = self.followed + self.missed + self.odd
        return self.followed / told * (1 - 0.5 ** (self.followed / 2)) if told else 0.0


def weigh(rhythm: Rhythm, days: Iterable[date], today: date) -> Evidence:
    """From the first day that follows the rhythm to the last; a day before or after a holiday may be instead of it."""
    told = sorted({day for day in days if day >= rhythm.since})
    if not told:
        return Evidence(followed=0, missed=0, odd=0)
    named = set(rule_days(rhythm, told[0] - A_DAY, told[-1] + A_DAY + A_DAY))
    followed = [day for day in told if day in named]
    if not followed:
        return Evidence(followed=0, missed=0, odd=len(told))
    due = certain_days(rhythm, followed[0], min(followed[-1], today))
    instead = named - set(due) - set(told)
    odd = [day for day in told if day not in named and not {day - A_DAY, day + A_DAY} & instead]
    return Evidence(followed=len(followed), missed=sum(day not in set(told) for day in due), odd=len(odd))


def confidence(evidence: Evidence, *, is_stated: bool) -> float:
    """0 to 1."""
    if not is_stated:
        return evidence.sureness
    if evidence.odd > max(1, evidence.followed):
        return BELIED
    return 1 - (1 - STATED) * (1 - evidence.sureness)


def reasons(evidence: Evidence, *, is_stated: bool) -> tuple[str, ...]:
    """Why, in words."""
    told = evidence.followed + evidence.odd
    parts: Sequence[tuple[bool, str]] = (
        (is_stated, "a source states it"),
        (told > 0, f"{evidence.followed} of {told} dates follow it"),
        (evidence.missed > 0, f"{evidence.missed} {'date was' if evidence.missed == 1 else 'dates were'} missed"),
        (is_stated and evidence.odd > max(1, evidence.followed), "the dates that are told are others"),
    )
    return tuple(words for is_so, words in parts if is_so)
