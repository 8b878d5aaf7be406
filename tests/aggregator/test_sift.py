"""What of a source is left out, and why."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from aggregator.event import Event, Kind, Place, PostalAddress
from aggregator.sift import Sieve, collapsed, fewest, placed, why_left_out

EVENT = Event(
    source="elm",
    uid="1",
    name="Winter Mixer",
    start_date=datetime(2026, 12, 8, 18, tzinfo=UTC),
    time_zone="UTC",
    keywords=("Social",),
    url="https://elm.example/events/mixer",
    description="The office is closed that day. Members only? No.",
    location=Place(name="Elm Hall"),
)
HOME = Place(address=PostalAddress(address_locality="Visalia"))


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("Office Closed", "the office is closed"),
        ("Our offices are closed for Thanksgiving", "closed"),
        ("CLOSED - Labor Day", "closed that day"),
        ("Staff Training", "a staff meeting"),
        ("Private Party", "a private event"),
        ("test", "a test"),
        ("Early Bird Deadline", "a deadline"),
        ("Registration closes", "a deadline"),
        ("Board of Directors Meeting", "a meeting of a board"),
    ],
)
def test_what_is_no_event_for_people_is_left_out_by_its_name(name: str, why: str) -> None:
    assert why in (why_left_out(replace(EVENT, name=name), Sieve(), Kind.CHAMBER) or "")
    assert why_left_out(replace(EVENT, name=name), Sieve(drops_noise=False), Kind.CHAMBER) is None


@pytest.mark.parametrize(
    "name",
    ["Winter Mixer", "Ribbon Cutting", "Closing Night", "Test Kitchen", "Chamber Open House", "Private Lives: a play"],
)
def test_events_for_people_are_told(name: str) -> None:
    assert why_left_out(replace(EVENT, name=name), Sieve(), Kind.CHAMBER) is None


def test_a_towns_boards_are_open_to_everybody() -> None:
    board = replace(EVENT, name="Library Board Meeting")

    assert why_left_out(board, Sieve(), Kind.CIVIC) is None


@pytest.mark.parametrize(
    ("sieve", "why"),
    [
        (Sieve(include=(re.compile("social"),)), "include"),
        (Sieve(include=(re.compile("Social"),)), None),
        (Sieve(exclude=(re.compile("Mixer"),)), "“Mixer” of “exclude”"),
        (Sieve(exclude=(re.compile("closed"),)), None),
        (Sieve(exclude=(re.compile(r"events/mixer"),)), "exclude"),
        (Sieve(audience="public", members_only=re.compile("Winter")), "members only"),
        (Sieve(audience="public"), None),
    ],
)
def test_a_source_has_filters_of_its_own(sieve: Sieve, why: str | None) -> None:
    told = why_left_out(EVENT, sieve, Kind.CHAMBER)

    assert told is None if why is None else why in (told or "")


def test_the_place_is_taken_as_the_policy_has_it() -> None:
    assert placed(EVENT, HOME, Sieve()) == (EVENT, HOME)
    assert placed(EVENT, HOME, Sieve(location_policy="event")) == (EVENT, Place())
    assert placed(EVENT, HOME, Sieve(location_policy="always_default")) == (replace(EVENT, location=HOME), HOME)


def test_a_long_run_is_told_on_its_first_day_and_says_until_when() -> None:
    show = replace(EVENT, start_date=date(2026, 12, 1), end_date=date(2026, 12, 24), description=None)
    told = collapsed(show, Sieve(collapse_runs=5))

    assert (told.start_date, told.end_date, told.description) == (
        date(2026, 12, 1),
        date(2026, 12, 1),
        "Until 2026-12-24.",
    )
    assert collapsed(show, Sieve()) == show
    assert collapsed(EVENT, Sieve(collapse_runs=5)) == EVENT


def test_a_season_is_the_whole_year_unless_months_are_named() -> None:
    autumn = Sieve(active_months=frozenset({9, 10}), expect_min=5)

    assert fewest(Sieve(), date(2026, 7, 1)) is None
    assert fewest(autumn, date(2026, 9, 1)) == 5
    assert fewest(autumn, date(2026, 7, 1)) == 0
