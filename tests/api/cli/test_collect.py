"""`hobnob collect`, `check` and `sources`: real sites read once, and a person's word on what was held back."""

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from aggregator.store import open_store

ALL = ("collect", "--all", "--catalog", "catalog.toml")
CALENDAR = ("Mixer", "Hike", "Breakfast", "Coffee", "Clean-up", "Lunch", "Class", "Walk", "Fair", "Circle")


def test_sources_that_are_accepted_end_in_0_and_can_be_asked_for(folder: Any, publish: Any, calendar_of: Any) -> None:
    with publish(
        folder, {"chamber": calendar_of("Mixer"), "hikers": calendar_of("Hike", "Walk").replace(b"T10", b"T11")}
    ):
        ran = folder.run(*ALL)

    assert (ran.returncode, ran.stdout) == (0, "")
    assert "accepted     chamber  ics  1 event: 1 new\n" in ran.stderr
    assert "accepted     hikers   ics  2 events: 2 new\n" in ran.stderr
    told = folder.run("events", "--near", "Visalia, CA", "--start", "2030-01-01", "--days", "7", "--format", "json")
    assert [event["name"] for event in json.loads(told.stdout)["items"]] == ["Mixer", "Hike", "Walk"]


def test_one_that_is_not_accepted_ends_in_1_and_says_why(folder: Any, publish: Any, calendar_of: Any) -> None:
    with publish(folder, {"chamber": calendar_of("Mixer"), "hikers": b"<html>We are moving house.</html>"}):
        ran = folder.run(*ALL)

    assert ran.returncode == 1
    assert "accepted     chamber" in ran.stderr
    assert "failed       hikers   ics  0 events: nothing new - http://hikers.example/a.ics: " in ran.stderr
    assert "failing: http://hikers.example/a.ics: " in " ".join(folder.run("sources", columns=200).stdout.split())


def test_only_named_or_due_sources_are_collected(folder: Any, publish: Any, calendar_of: Any) -> None:
    with publish(folder, {"chamber": calendar_of("Mixer"), "hikers": calendar_of("Hike")}):
        named = folder.run("collect", "chamber", "--catalog", "catalog.toml")
        due = folder.run("collect", "--catalog", "catalog.toml")
        nothing = folder.run("collect", "--catalog", "catalog.toml")
        again = folder.run("collect", "chamber", "--catalog", "catalog.toml")

    assert ("chamber" in named.stderr, "hikers" in named.stderr) == (True, False)
    assert ("chamber" in due.stderr, "hikers" in due.stderr) == (False, True)
    assert (nothing.returncode, nothing.stderr) == (0, "None of 2 sources is due; --all runs them all the same.\n")
    assert again.stderr == "accepted     chamber  ics  1 event: nothing new\n"


def test_one_that_another_collector_is_at_is_left_out_and_ends_in_1(
    folder: Any, publish: Any, calendar_of: Any
) -> None:
    with publish(folder, {"chamber": calendar_of("Mixer")}):
        assert folder.run(*ALL).returncode == 0
        with open_store(str(folder.store)) as store:
            assert store.lease("chamber", datetime.now(UTC), owner="another", ttl=timedelta(minutes=5))

        ran = folder.run(*ALL)

    assert (ran.returncode, ran.stderr) == (1, "left out     chamber: another collector is at it\n")


@pytest.fixture(scope="module")
def held_store(new_folder: Any, publish: Any, calendar_of: Any) -> Path:
    """A store whose only source has lost nine of ten events from one run to the next."""
    folder = new_folder()
    with publish(folder, {"chamber": calendar_of(*CALENDAR)}) as site:
        assert folder.run(*ALL).returncode == 0
        site.publish("chamber.example", "/a.ics", calendar_of(*CALENDAR[:1]))
        ran = folder.run(*ALL)
    assert ran.returncode == 1
    assert ran.stderr.count("quarantined  chamber  ics  1 event: ") == 1
    return Path(folder.store)


@pytest.fixture
def held_back(held_store: Path, folder: Any, call: Any) -> Any:
    """The command in a folder with a store of its own like that."""
    shutil.copy(held_store, folder.store)
    return call


def count_told(call: Any) -> int:
    told = call("events", "--start", "2030-01-01", "--days", "30", "--format", "json")
    return len(json.loads(told.stdout)["items"])


def test_what_is_held_back_is_shown_with_its_run_and_changes_nothing(held_back: Any) -> None:
    shown = " ".join(held_back("sources").stdout.split())

    assert "chamber ics 10 just now 1 event shrunk: 1 of 10 expected events are still there" in shown
    assert count_told(held_back) == 10


def test_sources_as_json_are_what_the_api_answers(held_back: Any) -> None:
    told = json.loads(held_back("sources", "--format", "json").stdout)

    assert [(source["name"], source["lastRun"]["outcome"]) for source in told["items"]] == [("chamber", "quarantined")]


def test_a_person_may_accept_it_once(held_back: Any) -> None:
    ran = held_back("sources", "accept", "chamber")
    again = held_back("sources", "accept", "chamber")

    assert (ran.returncode, ran.stdout) == (0, "chamber: accepted run 2: 0 new, 0 changed, 9 not seen\n")
    assert "well" in held_back("sources").stdout
    assert (again.returncode, again.stdout) == (2, "")
    assert again.stderr == "hobnob: chamber: no run of it is held back\n"


def test_a_person_may_reject_it(held_back: Any) -> None:
    ran = held_back("sources", "reject", "chamber", "--run", "2")

    assert (ran.returncode, ran.stdout) == (0, "chamber: rejected run 2; what was told before stays\n")
    assert held_back("sources", "accept", "chamber").returncode == 2
    assert count_told(held_back) == 10


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("accept", "chamber", "--run", "1"), "hobnob: chamber: run 1 is not held back\n"),
        (("reject", "chamber", "--run", "9"), "hobnob: chamber: run 9 is not held back\n"),
        (("reject", "hikers"), "hobnob: hikers: there is no such source; `hobnob sources` lists them\n"),
    ],
)
def test_only_what_is_held_back_can_be_judged(held_back: Any, words: tuple[str, ...], told: str) -> None:
    ran = held_back("sources", *words)

    assert (ran.returncode, ran.stdout, ran.stderr) == (2, "", told)


def test_check_shows_what_is_kept_and_dropped_and_writes_nothing(folder: Any, publish: Any, calendar_of: Any) -> None:
    with publish(folder, {"chamber": calendar_of("Mixer", "Hike").replace(b"20300102T100000", b"soon")}):
        before = sorted(folder.path.iterdir())
        named = folder.run("check", "chamber", "--catalog", "catalog.toml")
        address = folder.run("check", "http://chamber.example/a.ics")
        after = sorted(folder.path.iterdir())

    for ran in (named, address):
        assert (ran.returncode, ran.stderr) == (0, "")
        assert "2 found, 1 kept, 1 dropped\n" in ran.stdout
        assert "  Tue 2030-01-01 10:00  Mixer  (" in ran.stdout
        assert "  dropped “Hike”: " in ran.stdout
    assert address.stdout.startswith("ics: has a line BEGIN:VCALENDAR\n")
    assert before == after


def test_check_ends_in_1_when_all_is_dropped_and_0_when_there_was_nothing(
    folder: Any, publish: Any, calendar_of: Any
) -> None:
    with publish(
        folder, {"chamber": calendar_of("Mixer").replace(b"20300101T100000", b"soon"), "hikers": calendar_of()}
    ):
        dropped = folder.run("check", "chamber", "--catalog", "catalog.toml")
        empty = folder.run("check", "hikers", "--catalog", "catalog.toml")

    assert (dropped.returncode, empty.returncode) == (1, 0)
    assert empty.stdout == "0 found, 0 kept, 0 dropped\n"


def test_what_a_page_says_cannot_steer_a_terminal(folder: Any, publish: Any, calendar_of: Any) -> None:
    page = calendar_of("\x1b[2J[red]Mixer").replace(b"20300101T100000", b"soon")
    with publish(folder, {"chamber": page}):
        ran = folder.run("check", "chamber", "--catalog", "catalog.toml")

    assert "\x1b" not in ran.stdout + ran.stderr
    assert "[red]Mixer" in ran.stdout
