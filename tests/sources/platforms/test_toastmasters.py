"""Toastmasters' clubs, by the rhythm of their meetings."""

from datetime import UTC, datetime, time
from pathlib import Path

import pytest

from aggregator.errors import ParseError
from aggregator.reading.rhythm import read_rhythm
from aggregator.source import Draft, Page, Request
from sources.platforms import toastmasters

SAVED = Path(__file__).parent / "toastmasters"


def _page(
    body: bytes, url: str = "https://www.toastmasters.org/api/sitecore/FindAClub/Search?latitude=36.7&longitude=-119.8"
) -> Page:
    return Page(request=Request(url=url), url=url, body=body, fetched_at=datetime(2026, 9, 10, tzinfo=UTC))


def _saved(
    name: str, url: str = "https://www.toastmasters.org/api/sitecore/FindAClub/Search?latitude=36.7&longitude=-119.8"
) -> Page:
    return _page((SAVED / name).read_bytes(), url)


def test_a_club_is_told_with_its_rhythm_and_without_its_officers() -> None:
    speakers, _ = toastmasters.parse(_saved("clubs.json"))

    assert speakers == Draft(
        identifier="1234567",
        name="Elm Speakers",
        schedule="1st & 3rd Tuesday 7:00 am",
        event_attendance_mode="MixedEventAttendanceMode",
        location_name="Elm Hall<br>Room 2",
        street_address="12 Oak St",
        address_locality="Elm Valley",
        address_region="California",
        postal_code="93000",
        latitude="36.7",
        longitude="-119.8",
        url="https://speakers.example/",
        keywords=("Toastmasters",),
    )


def test_a_club_without_a_site_has_the_finders_page_and_no_point_at_null_island() -> None:
    _, orators = toastmasters.parse(_saved("clubs.json"))

    assert (orators.name, orators.url) == ("Oak Orators", "https://www.toastmasters.org/Find-a-Club/07654321")
    assert (orators.latitude, orators.longitude, orators.event_attendance_mode) == (None, None, None)


@pytest.mark.parametrize(
    ("day", "rules"),
    [
        ("Thursday", ("FREQ=WEEKLY;BYDAY=TH",)),
        ("1st & 3rd Tuesday", ("FREQ=MONTHLY;BYDAY=1TU,3TU",)),
        ("Tue and Thu", ("FREQ=WEEKLY;BYDAY=TU,TH",)),
        ("2nd and 4th Wed except July", ("FREQ=MONTHLY;BYDAY=2WE,4WE;BYMONTH=1,2,3,4,5,6,8,9,10,11,12",)),
        ("Monday except 5th", ("FREQ=MONTHLY;BYDAY=1MO,2MO,3MO,4MO",)),
    ],
)
def test_the_words_for_a_day_are_read_as_a_rhythm(day: str, rules: tuple[str, ...]) -> None:
    body = f'{{"Clubs": [{{"MeetingDay": "{day}", "MeetingTime": "7:00 pm "}}]}}'
    (draft,) = toastmasters.parse(_page(body.encode()))

    rhythm = read_rhythm(draft.schedule or "")

    assert (rhythm.rrules, rhythm.start) == (rules, time(19))


def test_no_club_nearby_tells_none() -> None:
    page = _page(b'{"Clubs": []}')

    assert toastmasters.recognise(page) == "Toastmasters' club finder"
    assert list(toastmasters.parse(page)) == []


@pytest.mark.parametrize("body", [b"", b"<html>Access denied</html>", b'{"Clubs": null}', b'{"clubs": []}', b"{"])
def test_what_is_no_answer_is_refused(body: bytes) -> None:
    assert toastmasters.recognise(_page(body, "https://elm.example/")) is None
    with pytest.raises(ParseError):
        list(toastmasters.parse(_page(body)))


def test_an_answer_is_recognised_by_its_clubs_and_the_finder_by_its_address() -> None:
    assert toastmasters.recognise(_saved("clubs.json", "https://mirror.example/clubs.json"))
    assert toastmasters.recognise(_page(b"<html>", "https://www.toastmasters.org/find-a-club"))
    assert toastmasters.recognise(_page(b"<html>", "https://www.toastmasters.org/about")) is None


def test_the_clubs_round_the_rows_point_are_asked_for() -> None:
    place = {"locality": "Elm Valley", "latitude": 36.7, "longitude": -119.8}

    asked = toastmasters.request(location=place, radius=25).url

    assert asked.endswith("/FindAClub/Search?latitude=36.7&longitude=-119.8&radius=25&status=O")
    assert toastmasters.request(asked).url == asked


def test_the_finders_address_after_a_search_leads_to_the_clubs_that_it_shows() -> None:
    finder = "https://www.toastmasters.org/Find-a-Club?q=Elm+Valley&radius=5&latitude=36.7&longitude=-119.8&zoom=0"

    asked = toastmasters.request(finder).url

    assert asked.endswith("/FindAClub/Search?latitude=36.7&longitude=-119.8&radius=5&status=O")


@pytest.mark.parametrize("location", [None, {"locality": "Elm Valley"}, {"latitude": 0, "longitude": 0}])
def test_a_row_without_a_point_is_refused(location: dict[str, object] | None) -> None:
    with pytest.raises(ValueError, match="latitude and longitude"):
        toastmasters.request("https://www.toastmasters.org/find-a-club", location)
