"""What a person reads of an event: whether it is on, when, where."""

from typing import Any

import pytest

from api.web.card import say_distance
from api.web.language import read_language
from api.words import mark, tell_days, tell_when, tell_where

START = "2026-11-24T07:00:00-08:00"


def told(**more: Any) -> dict[str, Any]:
    return {
        "name": "Breakfast", "startDate": START, "endDate": None, "allDay": False, "endDateSource": "stated",
        "eventStatus": "EventScheduled", "withdrawn": False, "location": None, "placePrecision": "none",
        "distance": None, "distanceText": None, "virtualLocation": None, **more,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "status", "word"),
    [
        ("Gala", "EventCancelled", "Cancelled: "),
        ("CANCELLED: Gala", "EventCancelled", ""),
        ("[Canceled] Gala", "EventCancelled", ""),
        ("*** Postponed *** Gala", "EventPostponed", ""),
        ("Postponed Gala", "EventCancelled", "Cancelled: "),
        ("Cancelled Stamps: A Talk", "EventScheduled", ""),
        ("Gala", "EventPostponed", "Postponed: "),
        ("Gala", "EventRescheduled", "Rescheduled: "),
        ("Gala", "EventMovedOnline", "Moved online: "),
        ("Gala", "EventScheduled", ""),
    ],
)
def test_a_mark_is_told_once(name: str, status: str, word: str) -> None:
    assert mark(told(name=name, eventStatus=status)) == word


def test_what_is_no_longer_shown_is_not_called_cancelled() -> None:
    assert mark(told(withdrawn=True)) == "No longer listed: "


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (START, "2026-11-24T08:30:00-08:00", "Tue 24 Nov 2026, 7:00–8:30 am"),
        (START, "2026-11-24T13:00:00-08:00", "Tue 24 Nov 2026, 7:00 am–1:00 pm"),
        (START, None, "Tue 24 Nov 2026, 7:00 am"),
        (START, START, "Tue 24 Nov 2026, 7:00 am"),
        ("2026-11-24T19:00:00-08:00", "2026-11-25T00:00:00-08:00", "Tue 24 Nov 2026, 7:00 pm–midnight"),
        ("2026-11-24T21:00:00-08:00", "2026-11-25T01:00:00-08:00", "Tue 24 Nov 2026, 9:00 pm–1:00 am"),
        (START, "2026-11-26T17:00:00-08:00", "Tue 24 Nov 2026, 7:00 am – Thu 26 Nov 2026, 5:00 pm"),
        (START, "2026-11-27T00:00:00-08:00", "Tue 24 Nov 2026, 7:00 am – Thu 26 Nov 2026, midnight"),
    ],
)
def test_times_are_told_as_people_write_them(start: str, end: str | None, words: str) -> None:
    assert tell_when(told(startDate=start, endDate=end), "US") == words


def test_the_clock_is_that_of_the_venues_country() -> None:
    there = told(endDate="2026-11-24T08:30:00-08:00", location={"address": {"addressCountry": "GB"}})

    assert tell_when(there, "US") == "Tue 24 Nov 2026, 07:00–08:30"
    assert tell_when(told(), None) == "Tue 24 Nov 2026, 07:00"


def test_an_assumed_end_is_not_printed() -> None:
    assumed = told(endDate="2026-11-24T08:00:00-08:00", endDateSource="assumed")

    assert tell_when(assumed, "US") == "Tue 24 Nov 2026, 7:00 am"


@pytest.mark.parametrize(
    ("last", "when", "days"),
    [
        ("2026-11-24", "Tue 24 Nov 2026, all day", "Tue 24 Nov"),
        ("2026-12-01", "Tue 24 Nov – Tue 1 Dec 2026", "Tue 24 Nov – Tue 1 Dec"),
    ],
)
def test_days_are_told_without_a_clock(last: str, when: str, days: str) -> None:
    whole = told(startDate="2026-11-24", endDate=last, allDay=True)

    assert (tell_when(whole, "US"), tell_days(whole)) == (when, days)


@pytest.mark.parametrize(("precision", "words"), [("street", "2.3 mi away"), ("town", "about 2.3 mi away")])
def test_a_distance_to_the_middle_of_a_town_is_only_about(precision: str, words: str) -> None:
    place = {"name": "Hall", "address": {"streetAddress": None, "addressLocality": "Visalia"}, "geo": None}

    assert (
        tell_where(told(location=place, placePrecision=precision, distance=3700.0, distanceText="2.3 mi"))
        == f"Hall, Visalia · {words}"
    )


def test_a_place_that_nobody_knows_is_not_told() -> None:
    assert tell_where(told()) == ""
    assert tell_where(told(virtualLocation="https://meet.example/1")) == "Online"


@pytest.mark.parametrize(
    ("precision", "metres", "words", "palabras"),
    [
        ("postcode", 0.0, "somewhere nearby", "en algún lugar cercano"),
        ("postcode", 81.0, "about 0.1 mi away", "a unos 0.1 mi"),
        ("street", 0.0, "0.0 mi away", "a 0.0 mi"),
    ],
)
def test_the_middle_of_a_postcode_is_nearby_rather_than_at_no_distance(
    precision: str, metres: float, words: str, palabras: str
) -> None:
    text = f"{metres / 1609:.1f} mi"

    assert tell_where(told(placePrecision=precision, distance=metres, distanceText=text)) == words
    assert say_distance(metres, text, precision, read_language("en")) == words
    assert say_distance(metres, text, precision, read_language("es")) == palabras
