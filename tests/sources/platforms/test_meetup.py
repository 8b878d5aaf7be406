"""Meetup's calendar, the state of its pages, and its old API."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from aggregator.collect.drafts import Told, merge
from aggregator.errors import ParseError
from aggregator.source import Draft, Page, Request
from sources.platforms import meetup

SAVED = Path(__file__).parent / "meetup"

FEED = "https://www.meetup.com/elm-hikers/events/ical/"
GROUP = "https://www.meetup.com/elm-hikers/events/?type=upcoming"
EVENT = "https://www.meetup.com/elm-hikers/events/31/"


def _page(body: bytes, url: str = FEED, completes: str | None = None) -> Page:
    request = Request(url=url, completes=completes)
    return Page(request=request, url=url, body=body, fetched_at=datetime(2026, 9, 10, tzinfo=UTC))


def _saved(name: str, url: str = FEED, completes: str | None = None) -> Page:
    return _page((SAVED / name).read_bytes(), url, completes)


COFFEE = Draft(
    identifier="event_31@meetup.com",
    name="Founders Coffee",
    start_date="2026-10-13T08:00:00-07:00",
    end_date="2026-10-13T09:00:00-07:00",
    time_zone="US/Pacific",
    event_status="ACTIVE",
    event_attendance_mode="PHYSICAL",
    location_name="Elm Hall",
    street_address="12 Oak St",
    address_locality="Elm Valley",
    address_region="CA",
    address_country="us",
    latitude="36.7",
    longitude="-119.8",
    organizer="Elm Hikers",
    url="https://www.meetup.com/elm-hikers/events/31/",
    description="**Bring** cards.",
)


def test_the_calendar_is_read_without_the_point_of_the_group() -> None:
    coffee, talk = meetup.parse(_saved("calendar.ics"))

    assert (coffee.identifier, coffee.name, coffee.location_text) == (COFFEE.identifier, COFFEE.name, "Elm Valley, CA")
    assert (coffee.start_date, coffee.time_zone) == ("2026-10-13T08:00:00", "America/Los_Angeles")
    assert {coffee.latitude, coffee.longitude, talk.latitude, talk.longitude} == {None}


def test_the_page_of_each_event_of_the_calendar_is_asked_for() -> None:
    assert list(meetup.follow(_saved("calendar.ics"))) == [
        Request(url=EVENT, completes="event_31@meetup.com"),
        Request(url="https://www.meetup.com/elm-hikers/events/ldhnqyplbnb/", completes="event_ldhnqyplbnb@meetup.com"),
    ]
    assert list(meetup.follow(_saved("group.html", GROUP))) == []


def test_a_long_calendar_leads_to_so_many_pages_and_no_more() -> None:
    event = "BEGIN:VEVENT\nUID:event_{0}@meetup.com\nDTSTART:20261013T080000Z\nURL:https://www.meetup.com/e/events/{0}/\nEND:VEVENT\n"
    body = "BEGIN:VCALENDAR\n" + "".join(event.format(number) for number in range(50)) + "END:VCALENDAR\n"

    assert len(list(meetup.follow(_page(body.encode())))) == meetup.MOST_PAGES


def test_an_events_page_tells_that_event_alone() -> None:
    assert list(meetup.parse(_saved("group.html", EVENT, COFFEE.identifier))) == [COFFEE]


def test_an_events_page_corrects_where_the_calendar_says_the_group_is() -> None:
    feed, page = _saved("calendar.ics"), _saved("group.html", EVENT, COFFEE.identifier)
    told = [Told(request=one.request, drafts=tuple(meetup.parse(one)), at=one.fetched_at) for one in (feed, page)]

    coffee, talk = (draft for draft, _ in merge(told))

    assert (coffee.name, coffee.start_date, coffee.time_zone) == (
        "Founders Coffee",
        "2026-10-13T08:00:00",
        "America/Los_Angeles",
    )
    assert (coffee.location_name, coffee.street_address, coffee.latitude) == ("Elm Hall", "12 Oak St", "36.7")
    assert (talk.name, talk.location_name) == ("Online Talk", None)


def test_a_groups_page_tells_its_events_and_not_those_it_recommends() -> None:
    coffee, talk, walk = meetup.parse(_saved("group.html", GROUP))

    assert coffee == COFFEE
    assert (talk.event_attendance_mode, talk.location_name, talk.latitude) == ("ONLINE", None, None)
    assert (walk.event_status, walk.location_name, walk.latitude) == ("CANCELLED", "Creek lot", None)
    assert "Doe" not in str((coffee, talk, walk))


def test_an_answer_of_the_old_api_tells_instants() -> None:
    (festival,) = meetup.parse(_saved("api.json", "https://mirror.example/events.json"))

    assert festival == Draft(
        identifier="event_219648262@meetup.com",
        name="Creek Festival",
        start_date="2015-04-09T11:00:00-07:00",
        end_date="2015-04-09T13:00:00-07:00",
        event_status="upcoming",
        location_name="Creek lot",
        street_address="1 Creek Rd",
        address_locality="Elm Valley",
        address_region="CA",
        postal_code="93000",
        address_country="us",
        latitude="36.7",
        longitude="-119.8",
        organizer="Elm Hikers",
        url="http://www.meetup.com/elm-hikers/events/219648262/",
    )


def test_a_group_without_events_tells_none() -> None:
    assert list(meetup.parse(_saved("empty.html", GROUP))) == []
    assert list(meetup.parse(_page(b"BEGIN:VCALENDAR\r\nPRODID:-//Meetup//X//EN\r\nEND:VCALENDAR\r\n"))) == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>Sign in</html>",
        b'<script id="__NEXT_DATA__">{"props": {"pageProps": {"__APOLLO_STATE__": {}}}}</script>',
        b'<script id="__NEXT_DATA__">{"props": {</script>',
        b'{"results": []}',
        b"{",
    ],
)
def test_what_is_neither_calendar_nor_page_nor_answer_is_refused(body: bytes) -> None:
    assert meetup.recognise(_page(body, "https://elm.example/")) is None
    with pytest.raises(ParseError):
        list(meetup.parse(_page(body, GROUP)))


def test_an_events_page_that_does_not_tell_it_is_refused() -> None:
    with pytest.raises(ParseError, match="does not tell its event"):
        list(meetup.parse(_saved("empty.html", EVENT)))


@pytest.mark.parametrize("name", ["calendar.ics", "group.html", "empty.html", "api.json"])
def test_what_it_reads_is_recognised_wherever_it_lies_and_known_to_be_whole(name: str) -> None:
    page = _saved(name, f"https://mirror.example/{name}")

    assert meetup.recognise(page)
    assert meetup.address(page) is None
    assert meetup.ends_whole(page.body)
    assert not meetup.ends_whole(page.body.rstrip()[:-5])


def test_a_groups_home_page_leads_to_its_calendar() -> None:
    home = _page(b"<html></html>", "https://www.meetup.com/elm-hikers/")

    assert meetup.recognise(home) == "a page of a group on Meetup"
    assert meetup.address(home) == FEED


@pytest.mark.parametrize(
    ("body", "url"),
    [
        (b'<a href="https://www.meetup.com/elm-hikers/">Meetup</a>', "https://elm.example/"),
        (b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nSUMMARY:meetup.com\n", "https://elm.example/events.ics"),
        (b"<html></html>", "https://www.meetup.com/find/"),
        (b"<html></html>", "https://www.meetup.com/"),
    ],
)
def test_another_page_is_not_taken_for_a_groups(body: bytes, url: str) -> None:
    assert meetup.recognise(_page(body, url)) is meetup.address(_page(body, url)) is None


@pytest.mark.parametrize(
    "told", ["https://www.meetup.com/elm-hikers", "https://meetup.com/elm-hikers/events/", EVENT, FEED]
)
def test_an_address_of_a_group_leads_to_its_calendar(told: str) -> None:
    assert meetup.request(told) == meetup.request(group="elm-hikers")
    assert meetup.request(told).url == FEED


def test_the_groups_page_is_the_other_door() -> None:
    assert list(meetup.fallbacks(FEED)) == [("meetup", GROUP)]
    assert meetup.request(GROUP).url == GROUP
    assert list(meetup.fallbacks(GROUP)) == list(meetup.fallbacks(EVENT)) == []


def test_a_row_without_a_group_is_refused() -> None:
    with pytest.raises(ValueError, match="a group or a url"):
        meetup.request()
