"""When a source is due again; pure."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from itertools import takewhile

from aggregator.run import Outcome, Run

SHORTEST = timedelta(minutes=15)
LONGEST_BACK_OFF = timedelta(days=1)
GONE = timedelta(days=7)
"""A source that answered 410 (Gone) is looked at once a week: sites come back, and a person should decide."""

JITTER = 0.1
SLOWEST = 4
UNCHANGED_RUNS = 4
"""After so many runs without a change the time between runs doubles, up to SLOWEST times the source's own."""


def time_to_next(
    every: timedelta,
    runs: Sequence[Run],
    *,
    failures: int,
    wait: float | None = None,
    is_gone: bool = False,
    chance: float,
) -> timedelta:
    """How long to wait after `runs`, newest first, and so many failures in a row, fallbacks and all.

    `wait` is seconds that the site asked for, `chance` from -1 to 1.
    """
    if is_gone:
        length = GONE
    elif failures:
        length = min(LONGEST_BACK_OFF, SHORTEST * 2 ** min(failures, 10))
    else:
        unchanged = _count_while(runs, lambda run: run.outcome is Outcome.ACCEPTED and not (run.new or run.changed))
        length = every * min(SLOWEST, 2 ** (unchanged // UNCHANGED_RUNS))
    spread = length * (1 + JITTER * chance)
    return max(SHORTEST, spread, timedelta(seconds=wait or 0))


def _count_while(runs: Sequence[Run], holds: Callable[[Run], bool]) -> int:
    return sum(1 for _ in takewhile(holds, runs))
