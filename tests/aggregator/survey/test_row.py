"""The row that a survey proposes."""

import tomllib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from aggregator.event import Event, Kind, PostalAddress
from aggregator.survey import Guess, Survey, Trial, write_row

NOW = datetime(2026, 11, 1, tzinfo=UTC)
GUESS = Guess(
    name="elm_example",
    kind=Kind.CHAMBER,
    organizer='The "Elm"\nChamber',
    time_zone="America/Los_Angeles",
    location=PostalAddress(address_locality="Visalia", address_region="CA", address_country="US"),
)


def event(number: int) -> Event:
    start = NOW + timedelta(days=number)
    return Event(source="elm", uid=str(number), name="Mixer", start_date=start, time_zone="UTC")


def surveyed(best: Trial | None, **more: object) -> Survey:
    return Survey(url="https://elm.example/", robots="", trials=(), best=best, guess=GUESS, at=NOW, **more)  # type: ignore[arg-type]


def test_it_is_eight_lines_that_are_read_again() -> None:
    events = tuple(event(number) for number in range(-1, 5))
    text = write_row(surveyed(Trial(platform="ics", url="https://elm.example/a.ics", evidence="", events=events)))

    assert len(text.splitlines()) == 9
    assert tomllib.loads(text)["source"] == [
        {
            "name": "elm_example",
            "kind": "chamber",
            "platform": "ics",
            "url": "https://elm.example/a.ics",
            "organizer": 'The "Elm"\nChamber',
            "time_zone": "America/Los_Angeles",
            "location": {"locality": "Visalia", "region": "CA", "country": "US"},
            "expect_min": 2,
        }
    ]


def test_a_recipe_stands_in_the_row() -> None:
    recipe = {"list": "li.event", "name": "h3", "detail": {"description": ".about"}}
    text = write_row(surveyed(Trial(platform="css", url="https://elm.example/", evidence="", recipe=recipe)))

    assert tomllib.loads(text)["source"][0]["recipe"] == recipe


def test_when_nothing_was_read_the_stub_of_a_recipe_is_written() -> None:
    (row,) = tomllib.loads(write_row(surveyed(None, stub={"list": "li"})))["source"]

    assert (row["platform"], row["recipe"], row["url"]) == ("css", {"list": "li"}, "https://elm.example/")


def test_a_person_may_mend_the_guess() -> None:
    best = Trial(platform="ics", url="https://elm.example/a.ics", evidence="")
    (row,) = tomllib.loads(write_row(surveyed(best), replace(GUESS, name="elm", organizer=None)))["source"]

    assert row["name"] == "elm"
    assert "organizer" not in row
