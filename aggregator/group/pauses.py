"""Months in which a group does not meet, and the one long break that is no habit."""

from collections.abc import Sequence
from datetime import date

LONGEST = 6
"""Months of one pause: a longer one is a season, and a group of one season a year is told by its dates."""

SUMMER = (6, 7, 8)
LEAST_MISSED = 3
"""Meetings that a pause takes, so that two in a row that were only not seen are none."""

LEAST_FOLLOWED = 6
LEAST_FOR_BREAK = 12


def find_pauses(hits: Sequence[date], missed: Sequence[date], off: Sequence[date]) -> tuple[int, ...]:
    """Months in which every meeting was missed, each year that was seen; at most one run of them.

    `off` are holidays that were missed too: they show nothing, but a month that has no more is no end of a pause.
    """
    empty = {day.month for day in (*missed, *off)} - {day.month for day in hits}
    shown = {day.month for day in missed} | set(SUMMER)
    runs = [run for run in (_trim(run, shown) for run in _runs(empty)) if _is_pause(run, hits, missed)]
    best = max(runs, key=lambda run: (sum(day.month in run for day in missed), run), default=())
    return tuple(sorted(best))


def longest_break(hits: Sequence[date], missed: Sequence[date]) -> int:
    """How many meetings in a row were missed, the one time that most were; 0 for one or two, or of few meetings."""
    if len(hits) < LEAST_FOR_BREAK or len(missed) < LEAST_MISSED:
        return 0
    met, longest, now = set(hits), 0, 0
    for day in sorted({*hits, *missed}):
        now = 0 if day in met else now + 1
        longest = max(longest, now)
    return longest if longest >= LEAST_MISSED else 0


def _is_pause(run: Sequence[int], hits: Sequence[date], missed: Sequence[date]) -> bool:
    """Whether so much is missed that it is no chance; one meeting is enough in summer, where no other is missed."""
    gone = [day for day in missed if day.month in run]
    if len(hits) < LEAST_FOLLOWED or len(run) > LONGEST or not gone:
        return False
    is_only = len(gone) == len(missed)
    years = len({day.year for day in gone})
    return len(gone) >= LEAST_MISSED or (is_only and (len(run) > 1 or years > 1 or run[0] in SUMMER))


def _trim(run: tuple[int, ...], shown: set[int]) -> tuple[int, ...]:
    """Without the months at its ends of which nothing shows that they belong to it."""
    kept = [place for place, month in enumerate(run) if month in shown]
    return run[kept[0] : kept[-1] + 1] if kept else ()


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
