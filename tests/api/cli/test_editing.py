"""`hobnob correct`, `hide` and `unhide` as an editor types them."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

ALL = ("collect", "--all", "--catalog", "catalog.toml")
PLACE = ("LOCATION:Elm Hall\\, 12 Oak St\\, Visalia\\, CA",)


@pytest.fixture
def collected(folder: Any, publish: Any, calendar_of: Any) -> Iterator[Any]:
    """A calendar with a mixer, which two sources tell."""
    calendars = {name: calendar_of("New Year Business Mixer", lines=PLACE) for name in ("chamber", "hikers")}
    with publish(folder, calendars) as site:
        assert folder.run(*ALL).returncode == 0
        yield site


def told(folder: Any) -> list[tuple[str, str]]:
    asked = ("events", "--near", "Visalia, CA", "--start", "2030-01-01", "--days", "7", "--format", "json")
    return [(event["id"], event["name"]) for event in json.loads(folder.run(*asked).stdout)["items"]]


def test_a_correction_is_made_listed_kept_by_a_run_and_undone(folder: Any, call: Any, collected: Any) -> None:
    ((event, name),) = told(folder)

    made = call(
        "correct", f"http://x.example/v1/events/{event}", "name", "Winter Mixer", "--why", "they rang", "--by", "Ed"
    )
    listed = call("correct")
    folder.run(*ALL)
    during = told(folder)
    undone = call("correct", "--undo", "1")

    assert made.stdout == "1: name is “Winter Mixer”; `hobnob correct --undo 1`\n"
    assert listed.stdout == f"1 {event} name = Winter Mixer: they rang (Ed)\n"
    assert during == [(event, "Winter Mixer")]
    assert undone.stdout.startswith("1: name of ")
    assert told(folder) == [(event, name)]


def test_an_event_is_hidden_listed_kept_so_by_a_run_and_shown(folder: Any, call: Any, collected: Any) -> None:
    ((event, name),) = told(folder)

    hidden = call("hide", event, "--why", "spam")
    listed = call("hide")
    folder.run(*ALL)
    during = told(folder)
    shown = call("unhide", event)

    assert hidden.stdout.startswith(f"{event}: hidden, 2 listings")
    assert listed.stdout == f"{event} {name}: spam\n" * 2
    assert during == []
    assert shown.stdout == f"{event}: told again, 2 listings\n"
    assert told(folder) == [(event, name)]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("correct", "x"), "EVENT FIELD VALUE are wanted"),
        (("correct", "x", "name", "y", "--why", "z"), "x: there is no such event"),
        (("correct", "--undo", "7"), "7: there is no such correction"),
        (("correct", "--undo", "seven"), "is no number of a correction"),
        (("hide", "x", "--why", "z"), "x: there is no such event"),
        (("hide", "x"), "a reason of 1 to 300 characters is wanted"),
        (("unhide", "x"), "x: is not hidden"),
    ],
)
def test_what_cannot_be_done_is_one_line(call: Any, collected: Any, words: tuple[str, ...], said: str) -> None:
    ran = call(*words)

    assert (ran.returncode, ran.stdout, ran.stderr.count("\n")) == (2, "", 1)
    assert said in ran.stderr
