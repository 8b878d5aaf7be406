"""How a source is doing, in words for a person; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import median

from aggregator.run import REJECTED, Outcome, Run
from aggregator.store import SourceStatus
from aggregator.suggest import SUGGESTED

USUAL = 10
"""How many accepted runs tell what is usual."""

LATE = 3
"""Times its usual interval, and a day at least: then a source that was not read well is stale."""

COLLAPSED, FILLED = 0.2, 0.8
"""A field that nearly every event had and hardly one has: the page tells it otherwise now."""

FEWEST = 3
"""Events below which a share says nothing."""


class State(StrEnum):
    """Each wants another thing of a person."""

    HEALTHY = "healthy"
    NEW = "new"
    STALE = "stale"
    SILENT = "silent"
    SHRUNK = "shrunk"
    REDESIGNED = "redesigned"
    BLOCKED = "blocked"
    MOVED = "moved"
    ROBOTS_REFUSED = "robots_refused"
    TERMS_REFUSED = "terms_refused"
    FAILING = "failing"
    HELD_BACK = "held_back"
    PAUSED = "paused"
    LEFT = "left"

    @property
    def is_down(self) -> bool:
        """Whether a person should look."""
        return self not in {State.HEALTHY, State.NEW, State.PAUSED, State.LEFT}


ADVICE = {
    State.STALE: "see that hobnob is running, and its log",
    State.SILENT: "look at its page: it may have moved its calendar, or have no events just now",
    State.SHRUNK: "look at its page; if it is right, hobnob sources accept NAME, or a smaller expect_min",
    State.REDESIGNED: "look at its page, and find its calendar anew: hobnob add ADDRESS",
    State.BLOCKED: "ask the organisation for its feed; walls against programs are not climbed",
    State.MOVED: "look for its new address: hobnob add ADDRESS",
    State.ROBOTS_REFUSED: "ask the organisation, and write who allowed it: permission = “granted” and a note",
    State.TERMS_REFUSED: "ask the organisation for a public feed, or for a key",
    State.FAILING: "nothing, if it is back tomorrow; otherwise look whether the site is still there",
    State.HELD_BACK: "look at the run: hobnob sources accept NAME, or reject NAME",
    State.PAUSED: "hobnob sources resume NAME",
    State.LEFT: "nothing: what it told stays until it is over",
}

_OF_FAILURE = {
    "RobotsRefusedError": State.ROBOTS_REFUSED,
    "BlockedError": State.BLOCKED,
    "StatusError 404": State.MOVED,
    "StatusError 410": State.MOVED,
    "StatusError 401": State.TERMS_REFUSED,
    "StatusError 402": State.TERMS_REFUSED,
    "StatusError 403": State.TERMS_REFUSED,
    "StatusError 451": State.TERMS_REFUSED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """`since` is when the run ended that first showed this state, `median` how many events are usual; None where
    nobody knows. `advice` is what a person should do, empty when nothing.
    """

    state: State
    reason: str
    advice: str = ""
    since: datetime | None = None
    median: float | None = None


def examine(status: SourceStatus, runs: Sequence[Run], now: datetime) -> Health:
    """From its row and its last runs, newest first."""
    usual = usual_count(runs)
    state, reason = _state(status, runs, now)
    return Health(
        state=state,
        reason=reason,
        advice=ADVICE.get(state, "").replace("NAME", status.name),
        since=_since(state, runs),
        median=usual,
    )


def usual_count(runs: Sequence[Run]) -> float | None:
    """The median of the events that accepted runs kept."""
    kept = [run.kept for run in runs if run.outcome is Outcome.ACCEPTED][:USUAL]
    return median(kept) if kept else None


def is_late(status: SourceStatus, now: datetime) -> bool:
    """Whether it should have been read well by now, since it last was, or was first tried, or was to be."""
    if not (status.enabled and status.in_catalogue) or is_paused(status, now):
        return False
    accepted = status.last_accepted
    since = accepted.finished_at if accepted else status.first_run_at or status.next_due_at
    return now - since > max(LATE * status.every, timedelta(hours=24))


def is_paused(status: SourceStatus, now: datetime) -> bool:
    """Whether a person stopped it for a while."""
    return status.paused_until is not None and status.paused_until > now


def _state(status: SourceStatus, runs: Sequence[Run], now: datetime) -> tuple[State, str]:
    if status.platform == SUGGESTED:
        return State.HEALTHY, "what was suggested and accepted; it is collected nowhere"
    if not status.in_catalogue:
        return State.LEFT, "it is no longer in the catalogue"
    if not status.enabled or is_paused(status, now):
        until = f" until {status.paused_until:%Y-%m-%d}" if is_paused(status, now) and status.enabled else ""
        return State.PAUSED, f"it was paused{until}"
    if not runs:
        late = is_late(status, now)
        return (
            (State.STALE, "it was never collected, and should have been") if late else (State.NEW, "not yet collected")
        )
    state, reason = state_of_run(runs[0], runs[1:])
    if state is State.HEALTHY and is_late(status, now):
        return State.STALE, f"last read well on {runs[0].finished_at:%Y-%m-%d}, and should have been since"
    return state, reason


def state_of_run(run: Run, earlier: Sequence[Run]) -> tuple[State, str]:
    """What one run shows, given those before it, newest first."""
    usual = usual_count(earlier) or 0
    if run.outcome is Outcome.FAILED:
        return _of_failure(run, earlier), run.reason
    if run.outcome is Outcome.QUARANTINED:
        is_judged = run.reason.endswith(REJECTED)
        return (State.HEALTHY if is_judged else _of_quarantine(run, usual)), run.reason
    return _of_count(run, usual) or _of_fields(run, earlier) or (State.HEALTHY, _in_part(run))


def _of_count(run: Run, usual: float) -> tuple[State, str] | None:
    if run.kept == 0 and usual >= 1 and run.expected != 0:
        return State.SILENT, f"it tells no event any more; {usual:.0f} were usual"
    if run.expected and run.kept < run.expected:
        return State.SHRUNK, f"it tells {run.kept} events; its row in the catalogue expects {run.expected} at least"
    return None


def _of_fields(run: Run, earlier: Sequence[Run]) -> tuple[State, str] | None:
    lost = lost_fields(run, earlier) if run.outcome is Outcome.ACCEPTED else []
    return (State.REDESIGNED, f"its events no longer tell {' and '.join(lost)}, which nearly all did") if lost else None


def _in_part(run: Run) -> str:
    return f"read in part: {run.reason}" if run.outcome is Outcome.PARTIAL else ""


def _of_failure(run: Run, earlier: Sequence[Run]) -> State:
    if run.failure in {"ParseError", "ParserKilledError"}:
        was_read = any(one.outcome in (Outcome.ACCEPTED, Outcome.PARTIAL) for one in earlier)
        return State.REDESIGNED if was_read else State.FAILING
    return _OF_FAILURE.get(run.failure or "", State.FAILING)


def _of_quarantine(run: Run, usual: float) -> State:
    if run.failure in {"ParseError", "ParserKilledError"}:
        return State.REDESIGNED
    if run.found == 0:
        return State.SILENT
    return State.SHRUNK if run.kept < usual / 2 else State.HELD_BACK


def lost_fields(run: Run, earlier: Sequence[Run]) -> list[str]:
    """Fields that nearly all events had in the usual runs, and hardly one has now."""
    usual = [one.fills for one in earlier if one.outcome is Outcome.ACCEPTED and one.kept >= FEWEST][:USUAL]
    if run.kept < FEWEST or not usual:
        return []
    return [
        name.replace("_", " ")
        for name, share in sorted(run.fills.items())
        if share <= COLLAPSED and median(fills.get(name, 0.0) for fills in usual) >= FILLED
    ]


def _since(state: State, runs: Sequence[Run]) -> datetime | None:
    """The end of the oldest run of those in a row that show this state."""
    since = None
    for place, run in enumerate(runs):
        if state_of_run(run, runs[place + 1 :])[0] is not state:
            break
        since = run.finished_at
    return since
