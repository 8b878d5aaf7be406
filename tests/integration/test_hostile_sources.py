"""Eighteen ways in which a source goes bad, in three formats: nothing is lost, and nothing is wrongly cancelled."""

import asyncio
import json
import logging
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from aggregator.event import EventStatus
from aggregator.reconcile import Listing
from aggregator.run import Outcome, Run
from aggregator.source import Source

pytestmark = pytest.mark.anyio

Case = tuple[str, str]

FORMATS = ("ics", "rss", "html")
WELL = ("normal", "lost_one", "title_change", "not_modified_forever")
IMPLAUSIBLE = ("zero", "half", "redesign", "epoch", "sameday", "shift1h", "cancel_all", "flood")
FAILING = ("empty200", "error500", "challenge", "truncated", "gone", "slow")
CASES = [(mode, kind) for mode in (*WELL, *IMPLAUSIBLE, *FAILING) for kind in FORMATS]
UNCHANGED = ("cancel_all", "rss")
"""The server's RSS has no word for a cancellation, so this feed is byte for byte the one of before."""
BAD_DAYS = (1, 2, 3)
LONG = [("flood", "rss"), ("flood", "html")]
"""Five thousand events each: one day of them, and three of the calendar, are enough."""
PATIENCE = 0.2
"""Seconds of deadline for the source that answers after a minute."""


@dataclass
class Diary:
    """What became of each source: its runs, and its listings after each. The first run was a good one."""

    runs: dict[Case, list[Run]] = field(default_factory=lambda: {case: [] for case in CASES})
    listings: dict[Case, list[Mapping[str, Listing]]] = field(default_factory=lambda: {case: [] for case in CASES})
    alerts: list[str] = field(default_factory=list)

    def told(self, case: Case, day: int) -> list[Listing]:
        return [listing for listing in self.listings[case][day].values() if listing.withdrawn_at is None]


@pytest.fixture(scope="module")
def server(shared: Path) -> Iterator[int]:
    """The port of the hostile server, a program of its own that ends by itself."""
    command = [sys.executable, str(shared / "hostile" / "hostile_server.py"), "--port", "0", "--max-seconds", "300"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout
        try:
            yield int(program.stdout.readline().partition("127.0.0.1:")[2].partition("/")[0])
        finally:
            program.kill()


def ask(port: int, path: str) -> Any:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}") as answer:
        return json.load(answer)


class Listener(logging.Handler):
    def __init__(self, heard: list[str]) -> None:
        super().__init__(logging.ERROR)
        self.heard = heard

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(record.getMessage())


@pytest.fixture(scope="module")
async def diary(server: int, a_source: Callable[..., Source], open_collector: Callable[..., Any]) -> Diary:
    """A good run of every source, then three bad ones, a day apart."""
    diary = Diary()
    sources = {
        case: a_source("_".join(case), f"http://127.0.0.1:{server}/src/{'.'.join(case)}", case[1]) for case in CASES
    }
    log, listener = logging.getLogger("hobnob.alert"), Listener(diary.alerts)
    log.addHandler(listener)
    async with (
        open_collector(server, datetime.now(UTC)) as patient,
        open_collector(server, patient.clock(), deadline=PATIENCE, address=str(patient.store._address)) as impatient,
    ):
        await keep(diary, patient, sources)
        for mode in {mode for mode, _ in CASES}:
            await asyncio.to_thread(ask, server, f"/__set?name={mode}&mode={mode}")
        for day in BAD_DAYS:
            await keep(diary, impatient, {c: s for c, s in sources.items() if c[0] == "slow"}, days=1)
            await keep(
                diary,
                patient,
                {c: s for c, s in sources.items() if c[0] != "slow" and (day == 1 or c not in LONG)},
                days=1,
            )
    log.removeHandler(listener)
    return diary


async def keep(diary: Diary, collector: Any, sources: Mapping[Case, Source], **later: float) -> None:
    runs = await collector.run_all(list(sources.values()), **later)
    for (case, source), run in zip(sources.items(), runs, strict=True):
        diary.runs[case].append(run)
        diary.listings[case].append(collector.store.stored_listings(source.name))


def expected(case: Case) -> set[Outcome]:
    if case[0] in FAILING:
        return {Outcome.FAILED, Outcome.PARTIAL}
    return {Outcome.QUARANTINED if case[0] in IMPLAUSIBLE and case != UNCHANGED else Outcome.ACCEPTED}


@pytest.mark.parametrize("case", CASES, ids="-".join)
async def test_the_first_bad_run_gets_its_verdict_and_every_later_one_too(diary: Diary, case: Case) -> None:
    good, *bad = diary.runs[case]

    assert (good.outcome, good.kept) == (Outcome.ACCEPTED, 20)
    assert {run.outcome for run in bad} <= expected(case)


@pytest.mark.parametrize("case", CASES, ids="-".join)
async def test_no_event_is_lost_or_wrongly_cancelled(diary: Diary, case: Case) -> None:
    for day in range(len(diary.runs[case])):
        gone = 1 if case[0] == "lost_one" and day == BAD_DAYS[-1] else 0
        assert len(diary.told(case, day)) == 20 - gone
        assert {listing.event.event_status for listing in diary.told(case, day)} == {EventStatus.SCHEDULED}


@pytest.mark.parametrize("case", [case for case in CASES if case[0] in (*IMPLAUSIBLE, *FAILING)], ids="-".join)
async def test_a_run_that_is_not_believed_changes_nothing(diary: Diary, case: Case) -> None:
    if case[0] == "truncated":  # what the part shows is as it was
        assert [run.changed for run in diary.runs[case]] == [0] * 4
    assert {(run.new, run.unseen, run.cancelled) for run in diary.runs[case][1:]} == {(0, 0, 0)}
    assert [listing.unseen_runs for listing in diary.listings[case][-1].values()] == [0] * 20


@pytest.mark.parametrize("case", [case for case in CASES if expected(case) == {Outcome.QUARANTINED}], ids="-".join)
async def test_a_source_that_goes_bad_is_told_of_once_with_the_numbers(diary: Diary, case: Case) -> None:
    alerts = [alert for alert in diary.alerts if alert.startswith(f"{'_'.join(case)}: held back: ")]

    assert len(alerts) == 1
    assert any(number in alerts[0] for number in ("0 of 20", "10 of 20", "20 of 20", "5000 events where 20"))


async def test_nobody_is_alerted_of_the_others(diary: Diary) -> None:
    held = [alert for alert in diary.alerts if ": held back: " in alert]
    assert len(held) == sum(expected(case) == {Outcome.QUARANTINED} for case in CASES)


@pytest.mark.parametrize("kind", FORMATS)
async def test_what_is_shown_no_more_is_unseen_and_after_three_runs_and_two_days_withdrawn(
    diary: Diary, kind: str
) -> None:
    days = [listings.values() for listings in diary.listings["lost_one", kind]]
    (lost,) = (listing for listing in days[-1] if listing.withdrawn_at)
    states = [next(one for one in listings if one.event.uid == lost.event.uid) for listings in days]

    assert [state.unseen_runs for state in states] == [0, 1, 2, 3]
    assert [state.withdrawn_at is not None for state in states] == [False, False, False, True]
    assert [(run.unseen, run.withdrawn) for run in diary.runs["lost_one", kind]] == [(0, 0), (1, 0), (1, 0), (1, 1)]


@pytest.mark.parametrize("kind", FORMATS)
async def test_a_new_title_is_a_change_once(diary: Diary, kind: str) -> None:
    assert [run.changed for run in diary.runs["title_change", kind]] == [0, 20, 0, 0]


@pytest.mark.parametrize("case", [UNCHANGED, *(("not_modified_forever", kind) for kind in FORMATS)], ids="-".join)
async def test_a_page_that_did_not_change_is_a_complete_run_without_a_body(diary: Diary, case: Case) -> None:
    assert [(run.not_modified, run.bytes_read, run.kept) for run in diary.runs[case][1:]] == [(True, 0, 20)] * 3


async def test_nothing_was_asked_of_the_network_behind(diary: Diary, server: int) -> None:
    assert ask(server, "/__canary") == []
