"""How every source is doing; those that want a person, each with what to do."""

from collections.abc import Iterator

from aggregator.alert import RUNS
from aggregator.errors import HobnobError
from aggregator.health import Health, State, examine
from aggregator.settings import Settings
from aggregator.store import SourceStatus, open_reader
from aggregator.store.database import is_there
from api.cli.doctor.finding import Finding, Grade
from api.cli.words import count

GENTLE = frozenset({State.FAILING, State.STALE})
"""What may be well again tomorrow by itself."""


def examine_sources(settings: Settings, states: list[tuple[SourceStatus, Health]]) -> Iterator[Finding]:
    """Nothing where there is no store yet; `settings` say what to do about it."""
    down = [(status, health) for status, health in states if health.state.is_down]
    for status, health in down:
        grade = Grade.DOUBTFUL if health.state in GENTLE else Grade.WRONG
        seen = f"{health.state.value.replace('_', ' ')}: {health.reason}"
        yield Finding(grade=grade, about=status.name, seen=seen, advice=health.advice)
    if states:
        well = sum(health.state is State.HEALTHY for _, health in states)
        others = len(states) - len(down) - well
        rest = f", {others} new, paused or left" if others else ""
        seen = f"{well} of {count(len(states), 'source')} well{rest}"
        yield Finding(grade=Grade.WELL, about="sources", seen=seen)
    elif settings.contact:
        yield Finding(grade=Grade.UNKNOWN, about="sources", seen="none was collected yet", advice="hobnob collect")


def states_of(settings: Settings) -> list[tuple[SourceStatus, Health]]:
    """Every source with its health; none where there is no store that can be read."""
    from api.cli.tools import now_in_utc

    try:
        if not is_there(settings.store):
            return []
        with open_reader(settings.store) as store:
            return [
                (status, examine(status, store.history(status.name, RUNS), now_in_utc())) for status in store.sources()
            ]
    except HobnobError:
        return []
