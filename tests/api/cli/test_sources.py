"""`hobnob sources …`: a person's word on a source, each said in one line of what was done."""

from collections.abc import Iterator
from typing import Any

import pytest

from aggregator.store import open_reader

ALL = ("collect", "--all", "--catalog", "catalog.toml")


@pytest.fixture
def collected(folder: Any, publish: Any, calendar_of: Any) -> Iterator[Any]:
    """A chamber with two events and hikers with one."""
    with publish(folder, {"chamber": calendar_of("Mixer", "Lunch"), "hikers": calendar_of("Hike")}) as site:
        assert folder.run(*ALL).returncode == 0
        yield site


def told(folder: Any) -> set[str]:
    with open_reader(str(folder.store)) as store:
        sources = [status.name for status in store.sources()]
        return {one.event.name for name in sources for one in store.stored_listings(name).values()}


def test_a_paused_source_is_not_due_and_a_resumed_one_is(folder: Any, call: Any, collected: Any) -> None:
    paused = call("sources", "pause", "chamber", "--until", "2099-01-01")
    shown = " ".join(call("sources").stdout.split())
    resumed = call("sources", "resume", "chamber")

    assert paused.stdout == "chamber: paused until 2099-01-01; what it told stays\n"
    assert "paused: it was paused until 2099-01-01" in shown
    assert resumed.stdout == "chamber: is due now\n"
    assert "accepted     chamber" in folder.run("collect", "--catalog", "catalog.toml").stderr


def test_a_removed_source_keeps_what_it_told_and_a_purged_one_does_not(folder: Any, call: Any, collected: Any) -> None:
    removed = call("sources", "remove", "chamber")
    assert removed.stdout.startswith("chamber: switched off; what it told stays")
    assert told(folder) == {"Mixer", "Lunch", "Hike"}

    purged = call("sources", "remove", "chamber", "--purge")
    assert purged.stdout == "chamber: 2 events and all its runs are gone; take its row out too\n"
    assert told(folder) == {"Hike"}


def test_a_veto_is_kept_listed_and_lifted(folder: Any, call: Any, collected: Any) -> None:
    vetoed = call("sources", "veto", "hikers", "--reason", "asked by letter on 2029-05-01")
    listed = call("sources", "vetoes")
    again = folder.run(*ALL)
    lifted = call("sources", "veto", "hikers", "--lift")

    assert vetoed.stdout == "“hikers”: vetoed; 1 event went at once\n"
    assert listed.stdout == "hikers: asked by letter on 2029-05-01\n"
    assert ("hikers", told(folder)) == ("hikers", {"Mixer", "Lunch"}), again.stderr
    assert lifted.stdout == "“hikers”: told again from the next runs on\n"
    assert folder.run(*ALL).returncode == 0
    assert "Hike" in told(folder)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("pause", "library"), "library: there is no such source; `hobnob sources` lists them"),
        (("pause", "chamber", "--until", "soon"), "until=soon: is no day such as 2026-12-31"),
        (("resume", "library"), "library: there is no such source"),
        (("remove", "library", "--purge"), "library: there is no such source"),
        (("veto", "library", "--lift"), "“library”: there is no such veto; `hobnob sources vetoes` lists them"),
        (("accept", "chamber"), "chamber: no run of it is held back"),
        (("reject", "chamber", "--run", "7"), "chamber: run 7 is not held back"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(call: Any, collected: Any, words: tuple[str, ...], said: str) -> None:
    ran = call("sources", *words)

    assert (ran.returncode, ran.stdout) == (2, "")
    assert said in ran.stderr
    assert ran.stderr.count("\n") == 1
