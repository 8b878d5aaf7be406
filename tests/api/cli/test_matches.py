"""`hobnob match`: a person's word on what may be one happening."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

ALL = ("collect", "--all", "--catalog", "catalog.toml")
PLACE = ("LOCATION:Elm Hall\\, 12 Oak St\\, Visalia\\, CA",)


@pytest.fixture
def collected(folder: Any, publish: Any, calendar_of: Any) -> Iterator[Any]:
    """Two calendars with the same mixer."""
    calendars = {name: calendar_of("New Year Business Mixer", lines=PLACE) for name in ("chamber", "hikers")}
    with publish(folder, calendars) as site:
        assert folder.run(*ALL).returncode == 0
        yield site


def told(folder: Any) -> list[str]:
    asked = ("events", "--near", "Visalia, CA", "--start", "2030-01-01", "--days", "7", "--format", "json")
    return [event["source"] for event in json.loads(folder.run(*asked).stdout)["items"]]


def test_what_was_told_once_is_split_and_joined(folder: Any, call: Any, collected: Any) -> None:
    once = told(folder)
    split = call("match", "split", "chamber/1@test", "hikers/1@test", "--catalog", "catalog.toml")
    apart = told(folder)
    joined = call("match", "join", "hikers/1@test", "chamber/1@test", "--catalog", "catalog.toml")

    assert (len(once), sorted(apart)) == (1, ["chamber", "hikers"])
    assert split.stdout == "split; 2 events told otherwise now\n"
    assert joined.stdout == "joined; 2 events told otherwise now\n"
    assert len(told(folder)) == 1


def test_review_says_when_nothing_is_to_be_decided(call: Any, collected: Any) -> None:
    assert call("match", "review").stdout == "0 pairs: nothing is to be decided\n"


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        ("chamber/9", "hikers/1@test", "chamber/9: there is no such listing"),
        ("library", "hikers/1@test", "library: there is no such listing"),
        ("hikers/1@test", "hikers/1@test", "is the same listing"),
    ],
)
def test_a_listing_that_is_none_is_one_line(call: Any, collected: Any, one: str, other: str, said: str) -> None:
    ran = call("match", "split", one, other, "--catalog", "catalog.toml")

    assert (ran.returncode, ran.stdout) == (2, "")
    assert said in ran.stderr
    assert ran.stderr.count("\n") == 1
