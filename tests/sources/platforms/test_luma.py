"""Luma's calendars: iCalendar, JSON and the state of the page."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from aggregator.errors import ParseError
from aggregator.source import Draft, Page, Request
from sources.platforms import luma

SAVED = Path(__file__).parent / "luma"

FEED = "https://api2.luma.com/ics/get?entity=calendar&id=cal-Elm1234567"


def _page(
    body: bytes,
    url: str = "https://api2.luma.com/calendar/get-items?calendar_api_id=cal-Elm1234567",
    completes: str | None = None,
) -> Page:
    request = Request(url=url, completes=completes)
    return Page(request=request, url=url, body=body, fetched_at=datetime(2026, 9, 10, tzinfo=UTC))


def _saved(
    name: str,
    url: str = "https://api2.luma.com/calendar/get-items?calendar_api_id=cal-Elm1234567",
    completes: str | None = None,
) -> Page:
    return _page((SAVED / name).read_bytes(), url, completes)


def test_every_field_of_the_answer_is_told_and_no_host() -> None:
    breakfast, *others = luma.parse(_saved("entries.json"))

    assert breakfast == Draft(
        identifier="evt-Ab1",
        name="Founder Breakfast",
        start_date="2026-10-14T15:00:00.000Z",
        end_date="2026-10-14T16:30:00.000Z",
        time_zone="America/Los_Angeles",
        location_name="Elm Hall",
        location_text="Elm Hall, 12 Oak St, Elm Valley, CA 93000, USA",
        latitude="36.7",
        longitude="-119.8",
        organizer="Elm Founders",
        url="https://luma.com/founder-bfast",
        image="https://images.example/a.png",
        price="12.50",
        price_currency="usd",
        is_accessible_for_free=False,
    )
    assert "Doe" not in str((breakfast, others))


def test_a_place_that_guests_alone_are_told_is_its_town() -> None:
    _, guests, talk = luma.parse(_saved("entries.json"))

    assert (guests.location_text, guests.location_name, guests.latitude) == ("Elm Valley, California", None, None)
    assert guests.is_accessible_for_free is True
    assert (talk.event_attendance_mode, talk.location_text) == ("OnlineEventAttendanceMode", None)


def test_the_calendar_tells_the_same_ids_and_no_link_for_a_place() -> None:
    breakfast, guests = luma.parse(_saved("calendar.ics", FEED))

    assert (breakfast.identifier, breakfast.start_date) == ("evt-Ab1", "2026-10-14T15:00:00+00:00")
    assert (breakfast.url, breakfast.organizer) == ("https://luma.com/founder-bfast", "Elm Founders")
    assert breakfast.location_text == "Elm Hall, 12 Oak St, Elm Valley, CA 93000, USA"
    assert (guests.identifier, guests.location_text) == ("evt-Cd2", None)


def test_the_state_of_a_page_is_read() -> None:
    (breakfast,) = luma.parse(_saved("page.html", "https://luma.com/elm"))

    assert (breakfast.identifier, breakfast.start_date) == ("evt-Ab1", "2026-10-14T15:00:00.000Z")


def test_a_calendar_without_events_tells_none() -> None:
    assert list(luma.parse(_page(b'{"entries": [], "has_more": false, "next_cursor": null}'))) == []
    assert list(luma.parse(_page(b"BEGIN:VCALENDAR\r\nPRODID:-//luma.com//Luma//EN\r\nEND:VCALENDAR\r\n", FEED))) == []


@pytest.mark.parametrize("body", [b"", b"<html>Just a moment</html>", b'{"entries": 1}', b'{"events": []}', b"{"])
def test_what_tells_no_calendar_is_refused(body: bytes) -> None:
    assert luma.recognise(_page(body, "https://elm.example/")) is None
    with pytest.raises(ParseError):
        list(luma.parse(_page(body)))


def test_the_next_page_follows_the_cursor() -> None:
    first = "https://api2.luma.com/calendar/get-items?calendar_api_id=cal-Elm1234567"
    (following,) = luma.follow(_saved("entries.json"))

    assert following.url == f"{first}&pagination_cursor=c2Vjb25k%3D"
    assert [request.url for request in luma.follow(_saved("entries.json", following.url))] == [following.url]
    assert list(luma.follow(_page(b'{"entries": [], "has_more": false, "next_cursor": "x"}'))) == []
    assert list(luma.follow(_saved("calendar.ics", FEED))) == []


@pytest.mark.parametrize(
    ("name", "url", "leads_to"),
    [
        ("calendar.ics", "https://mirror.example/calendar.ics", None),
        ("entries.json", "https://mirror.example/entries.json", None),
        ("page.html", "https://luma.com/elm", FEED),
        ("embed.html", "https://elm.example/events", FEED),
    ],
)
def test_a_calendar_is_recognised_and_leads_to_its_feed(name: str, url: str, leads_to: str | None) -> None:
    page = _saved(name, url)

    assert luma.recognise(page)
    assert luma.address(page) == leads_to
    assert luma.ends_whole(page.body)
    assert not luma.ends_whole(page.body.rstrip()[:-20])


def test_a_link_to_luma_makes_no_calendar() -> None:
    page = _page(b'<a href="https://lu.ma/elm">Register</a>', "https://elm.example/")

    assert luma.recognise(page) is luma.address(page) is None
    assert (
        luma.recognise(_page(b"BEGIN:VCALENDAR\r\nUID:evt-1@elm.example\r\nEND:VCALENDAR\r\n", "https://elm.example/"))
        is None
    )


@pytest.mark.parametrize(
    ("told", "asked"),
    [
        ("https://luma.com/calendar/cal-Elm1234567", FEED),
        ("https://lu.ma/embed/calendar/cal-Elm1234567/events", FEED),
        (FEED, FEED),
        ("https://api.lu.ma/ics/get?entity=calendar&id=cal-Elm1234567",) * 2,
        ("https://api2.luma.com/ics/get?entity=discover&id=discplace-Elm",) * 2,
        ("https://lu.ma/elm", "https://luma.com/elm"),
        ("https://luma.com/elm", "https://luma.com/elm"),
    ],
)
def test_an_address_leads_to_the_feed_where_the_calendar_is_known(told: str, asked: str) -> None:
    assert luma.request(told).url == asked


def test_a_calendar_may_be_named_alone() -> None:
    assert luma.request(calendar="cal-Elm1234567").url == FEED
    with pytest.raises(ValueError, match="a url or a calendar"):
        luma.request()


def test_the_answer_is_asked_for_where_the_feed_fails() -> None:
    (door,) = luma.fallbacks(FEED)

    assert door == ("luma", f"{_page(b'').url}&pagination_limit=100&period=future")
    assert luma.request(door[1]).url == door[1]
    assert list(luma.fallbacks(door[1])) == list(luma.fallbacks("https://luma.com/elm")) == []
