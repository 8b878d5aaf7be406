"""Months in which a group does not meet, and the one long break that is no habit."""

from collections.abc import Sequence
from datetime import date

LONGEST = 6
"""Months of one pause: a longer one is a season, and a group of one season a year is told by its dates."""

SUMMER = (6, 7, 8)
LEAST_MISSED = 3
"""Meetings that a pause takes, so that two in a row that were only not seen are none."""

LEAST_FOLLOWED = 6
LEAST_FOR_BREAK = 8


def find_pauses(hits: Sequence[date], missed: Sequence[date], odd: Sequence[date]) -> tuple[int, ...]:
    """Months in which every meeting was missed, each year that was seen, and only those; at most one run of them."""
    met = {day.month for day in hits} | {day.month for day in odd}
    empty = {day.month for day in missed} - met
    runs = [run for run in _runs(empty) if len(run) <= LONGEST and _is_pause(run, hits, missed)]
    best = max(runs, key=lambda run: (sum(day.month in run for day in missed), run), default=())
    return tuple(sorted(best))


def longest_break(hits: Sequence[date], missed: Sequence[date]) -> int:
    """How many meetings in a row were missed, the one time that most were; 0 for less than three, or a new group."""
    if len(hits) < LEAST_FOR_BREAK or len(missed) < LEAST_MISSED:
        return 0
    met, longest, now = set(hits), 0, 0
    for day in sorted({*hits, *missed}):
        now = 0 if day in met else now + 1
        longest = max(longest, now)
    return longest if longest >= LEAST_MISSED else 0


def _is_pause(run: Sequence[int], hits: Sequence[date], missed: Sequence[date]) -> bool:
    """Whether so much is missed that it is no chance: meetings of a summer month count twice where no other is missed."""
    if len(hits) < LEAST_FOLLOWED:
        return False
    gone = [day for day in missed if day.month in run]
    is_only = len(gone) == len(missed)
    years = len({day.year for day in gone})
    return len(gone) >= LEAST_MISSED or (is_only and (len(run) > 1 or years > 1 or run[0] in SUMMER))


def _runs(months: set[int]) -> list[tuple[int, ...]]:
    """Months that follow on each other, over the new year too."""
    starts = [month for month in sorted(months) if _after(month, -1) not in months]
    return [_run(start, months) for start in starts]


def _run(start: int, months: set[int]) -> tuple[int, ...]:
    run = [start]
    while _after(run[-1], 1) in months:
        run.append(_after(run[-1], 1))
    return tuple(run)


def _after(month: int, ahead: int) -> int:
    return (month - 1 + ahead) % 12 + 1
