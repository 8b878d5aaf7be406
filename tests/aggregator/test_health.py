"""How a source is doing: each state, its reason and its beginning."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from aggregator.event import Kind
from aggregator.health import State, examine, is_late, usual_count
from aggregator.run import REJECTED, Outcome, Run
from aggregator.store import SourceStatus

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
ALL = {"place": 1.0, "page": 1.0}


def run(days_ago: float, kept: int = 10, outcome: Outcome = Outcome.ACCEPTED, **more: Any) -> Run:
    at = NOW - timedelta(days=days_ago)
    told = {"reason": "", "found": kept, "fills": ALL, **more}
    return Run(source="elm", started_at=at, finished_at=at, outcome=outcome, kept=kept, **told)


def status(runs: list[Run], **more: Any) -> SourceStatus:
    accepted = next((one for one in runs if one.outcome is Outcome.ACCEPTED), None)
    told = {
        "name": "elm", "kind": Kind.CHAMBER, "platform": "ics", "url": "https://elm.example/", "homepage": None,
        "organizer": None, "time_zone": None, "in_catalogue": True, "enabled": True, "every": timedelta(hours=6),
        "next_due_at": NOW, "failures": 0, "last_full_fetch_at": None, "last_complete_at": None, "events": 10,
        "first_run_at": runs[-1].started_at if runs else None, "last_run": runs[0] if runs else None,
        "last_accepted": accepted,
    }  # fmt: skip
    return SourceStatus(**{**told, **more})


WELL = [run(day) for day in (1, 2, 3)]


@pytest.mark.parametrize(
    ("last", "state", "words"),
    [
        (run(0), State.HEALTHY, ""),
        (run(0, outcome=Outcome.PARTIAL, reason="page 2: cut off"), State.HEALTHY, "in part: page 2"),
        (run(0, 0, expected=0), State.HEALTHY, ""),
        (run(0, 4, expected=5), State.SHRUNK, "it tells 4 events; its row in the catalogue expects 5 at least"),
        (run(0, 5, expected=5), State.HEALTHY, ""),
        (run(0, 0), State.SILENT, "no event any more; 10 were usual"),
        (run(0, 0, Outcome.QUARANTINED, reason="0 of 10"), State.SILENT, "0 of 10"),
        (run(0, 3, Outcome.QUARANTINED, reason="3 of 10"), State.SHRUNK, "3 of 10"),
        (run(0, 10, Outcome.QUARANTINED, reason="10 moved"), State.HELD_BACK, "10 moved"),
        (run(0, 0, Outcome.QUARANTINED, failure="ParseError", reason="no event"), State.REDESIGNED, "no event"),
        (run(0, 0, Outcome.FAILED, failure="ParseError", reason="no JSON"), State.REDESIGNED, "no JSON"),
        (run(0, fills={"place": 0.1, "page": 1.0}), State.REDESIGNED, "no longer tell place"),
        (run(0, 0, Outcome.FAILED, failure="BlockedError", reason="a wall"), State.BLOCKED, "a wall"),
        (run(0, 0, Outcome.FAILED, failure="RobotsRefusedError", reason="no"), State.ROBOTS_REFUSED, "no"),
        (run(0, 0, Outcome.FAILED, failure="StatusError 404", reason="404"), State.MOVED, "404"),
        (run(0, 0, Outcome.FAILED, failure="StatusError 410", reason="410"), State.MOVED, "410"),
        (run(0, 0, Outcome.FAILED, failure="StatusError 403", reason="403"), State.TERMS_REFUSED, "403"),
        (run(0, 0, Outcome.FAILED, failure="StatusError 500", reason="500"), State.FAILING, "500"),
        (run(0, 0, Outcome.FAILED, failure="DeadlineError", reason="slow"), State.FAILING, "slow"),
    ],
)
def test_each_way_to_go_wrong_is_a_state_of_its_own(last: Run, state: State, words: str) -> None:
    runs = [last, *WELL]
    health = examine(status(runs), runs, NOW)

    assert (health.state, words in health.reason) == (state, True)
    assert bool(health.advice) == state.is_down
    assert health.median == 10


def test_what_was_never_read_is_no_redesign() -> None:
    runs = [run(0, 0, Outcome.FAILED, failure="ParseError", reason="no calendar")]

    assert examine(status(runs), runs, NOW).state is State.FAILING


@pytest.mark.parametrize(
    ("more", "state"),
    [
        ({"in_catalogue": False}, State.LEFT),
        ({"enabled": False}, State.PAUSED),
        ({"paused_until": NOW + timedelta(days=1)}, State.PAUSED),
        ({"paused_until": NOW - timedelta(days=1)}, State.HEALTHY),
    ],
)
def test_what_a_person_decided_is_no_fault(more: dict[str, Any], state: State) -> None:
    health = examine(status(WELL, **more), WELL, NOW if state is not State.HEALTHY else WELL[0].finished_at)

    assert health.state is state
    assert not health.state.is_down


def test_a_source_that_was_not_collected_is_new_and_then_stale() -> None:
    fresh, old = status([]), status([], next_due_at=NOW - timedelta(days=2))

    assert examine(fresh, [], NOW).state is State.NEW
    assert examine(old, [], NOW).state is State.STALE
    assert examine(status(WELL), WELL, NOW + timedelta(days=1)).state is State.STALE
    assert not is_late(status(WELL), NOW)


def test_it_began_with_the_first_of_the_runs_that_show_it() -> None:
    bad = [run(day, 0, Outcome.FAILED, failure="StatusError 404", reason="404") for day in (0, 0.5)]

    assert examine(status([*bad, *WELL]), [*bad, *WELL], NOW).since == bad[1].finished_at


def test_a_run_that_a_person_rejected_is_no_fault_any_more() -> None:
    held = run(0, 1, Outcome.QUARANTINED, reason="1 of 10")
    judged = replace(held, reason=f"1 of 10; {REJECTED}")

    assert examine(status([held, *WELL]), [held, *WELL], NOW).state is State.SHRUNK
    assert examine(status([judged, *WELL]), [judged, *WELL], NOW).state is State.HEALTHY


def test_what_is_usual_is_the_median_of_accepted_runs() -> None:
    assert usual_count([run(0, 99, Outcome.FAILED), run(1, 5), run(2, 9), run(3, 7)]) == 7
    assert usual_count([]) is None
