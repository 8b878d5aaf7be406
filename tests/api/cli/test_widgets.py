"""`hobnob widget`: what other sites show of us, saved by name."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

ALL = ("collect", "--all", "--catalog", "catalog.toml")
QUERY = "near=Visalia,+CA&kind=chamber&kind=civic"


@pytest.fixture
def collected(folder: Any, publish: Any, calendar_of: Any) -> Iterator[Any]:
    with publish(folder, {"chamber": calendar_of("Mixer")}) as site:
        assert folder.run(*ALL).returncode == 0
        yield site


def test_a_widget_is_saved_listed_shown_and_removed(call: Any, collected: Any) -> None:
    saved = call(
        "widget", "save", "library-main", QUERY, "--title", "Meet people", "--block", "chamber", "--pin", "abc"
    )
    listed = call("widget", "list")
    shown = json.loads(call("widget", "show", "library-main").stdout)
    removed = call("widget", "remove", "library-main")

    assert saved.stdout.splitlines()[0] == "library-main: saved; pages show it within a minute"
    assert '<hobnob-events config="library-main">' in saved.stdout
    assert listed.stdout == "library-main: near=Visalia,+CA&kind=chamber,civic (list)\n"
    assert shown["query"] == {"near": "Visalia, CA", "kind": "chamber,civic"}
    assert (shown["title"], shown["blocked"], shown["pins"], shown["picks"]) == (
        "Meet people",
        ["chamber"],
        ["abc"],
        [],
    )
    assert removed.stdout == "library-main: removed; pages that show it show their own link\n"
    assert "There are no widgets yet" in call("widget", "list").stdout


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("save", "library-main", "near=Visalia,+CA", "--block", "chambre"), "there is no such source"),
        (("save", "library-main", "near=Nowhereville"), "near=Nowhereville"),
        (("save", "library-main", "coffee"), "is no question such as"),
        (("save", "Library", "near=Visalia,+CA"), "small letters"),
        (("show", "nosuch"), "there is no such widget"),
        (("remove", "nosuch"), "there is no such widget"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_saved(
    call: Any, folder: Any, collected: Any, words: tuple[str, ...], why: str
) -> None:
    ran = folder.run("widget", *words)

    assert ran.returncode == 2
    assert why in ran.stderr
    assert "There are no widgets yet" in call("widget", "list").stdout
