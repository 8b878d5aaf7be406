"""The Events Calendar, from its REST answers and its iCalendar."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from aggregator.errors import ParseError
from aggregator.source import Draft, Page, Request
from sources.platforms import tec

SAVED = Path(__file__).parent / "tec"
SITE = "https://elm.example"
REST = f"{SITE}/wp-json/tribe/events/v1/events?per_page=50"
CALENDAR = f"{SITE}/?post_type=tribe_events&ical=1&eventDisplay=list"


def _page(body: bytes, status: int = 200) -> Page:
    return Page(
        request=Request(url=REST), url=REST, body=body, status=status, fetched_at=datetime(2026, 9, 1, tzinfo=UTC)
    )


def _saved(name: str) -> Page:
    return _page((SAVED / name).read_bytes())


def test_every_field_of_the_answer_is_told() -> None:
    mixer = next(tec.parse(_saved("events.json")))

    assert mixer == Draft(
        identifier="5579@elm.example",
        name="Business After Hours &#8211; October",
        start_date="2026-10-15 17:30:00",
        end_date="2026-10-15 19:00:00",
        time_zone="America/Los_Angeles",
        url="https://elm.example/event/mixer/",
        description="<p>Drinks.</p>",
        image="https://elm.example/app/uploads/m.png",
        keywords=("Networking",),
        price="Free &#8211; $15",
        organizer="Elm Chamber",
        location_name="Elm Hall",
        street_address="12 Oak St",
        address_locality="Elm Valley",
        address_region="CA",
        postal_code="93000",
        address_country="United States",
        latitude="36.7",
        longitude="-119.8",
    )


def test_an_event_of_whole_days_is_told_by_dates() -> None:
    service = list(tec.parse(_saved("events.json")))[1]

    assert (service.start_date, service.end_date, service.time_zone) == ("2026-10-17", "2026-10-17", None)
    assert service.location_name is service.organizer is service.image is None


def test_where_the_zone_is_an_offset_the_instants_are_told() -> None:
    body = (
        b'{"events": [{"id": 1, "title": "A", "start_date": "2026-10-15 17:30:00", "timezone": "UTC-5",'
        b' "utc_start_date": "2026-10-15 22:30:00", "utc_end_date": "2026-10-16 00:00:00", "all_day": false}]}'
    )

    (draft,) = tec.parse(_page(body))

    assert (draft.start_date, draft.end_date, draft.time_zone) == ("2026-10-15 22:30:00Z", "2026-10-16 00:00:00Z", None)


def test_the_newer_wrapped_answer_is_read() -> None:
    clean_up, secret = tec.parse(_saved("wrapped.json"))

    assert (clean_up.name, clean_up.start_date) == ("Clean-up", "2026-10-15 17:30:00Z")
    assert (clean_up.location_name, clean_up.address_region, clean_up.organizer) == ("Creek lot", "CA", "Elm Friends")
    assert clean_up.description == "<p>Gloves.</p>"
    assert "example.org" not in str(clean_up)
    assert secret.start_date == "Password protected"


def test_an_event_is_known_by_its_number_whatever_stands_beside_it() -> None:
    assert [draft.identifier for draft in tec.parse(_saved("wrapped.json"))] == ["1@elm.example", "1@elm.example"]


def test_a_series_in_its_calendar_keeps_its_uid() -> None:
    body = (SAVED / "calendar.ics").read_bytes()
    single, series = (
        next(tec.parse(_page(told))) for told in (body, body.replace(b"SUMMARY", b"RRULE:FREQ=DAILY\r\nSUMMARY", 1))
    )

    assert (single.identifier, series.identifier) == ("5579@elm.example", "5579-1792110600-1792116000@elm.example")


def test_its_calendar_is_read_where_that_is_what_the_address_gives() -> None:
    mixer, first, second = tec.parse(_saved("calendar.ics"))

    assert (mixer.name, mixer.start_date, mixer.time_zone) == (
        "Business After Hours",
        "2026-10-15T17:30:00",
        "America/Los_Angeles",
    )
    assert mixer.identifier == next(tec.parse(_saved("events.json"))).identifier
    assert first.identifier == second.identifier == "5580@elm.example"


def test_past_the_last_page_is_a_normal_end() -> None:
    body = (SAVED / "past_the_end.json").read_bytes()

    assert list(tec.parse(_page(body, status=404))) == []
    assert tec.recognise(_page(body))


def test_the_next_page_is_the_one_the_answer_names() -> None:
    assert [request.url for request in tec.follow(_saved("events.json"))] == [
        "https://elm.example/wp-json/tribe/events/v1/events/?page=2"
    ]
    assert list(tec.follow(_saved("wrapped.json"))) == list(tec.follow(_saved("calendar.ics"))) == []


@pytest.mark.parametrize(
    "body", [b"<html>Just a moment</html>", b"", b'{"code": "rest_no_route"}', b"3", b"[" * 100_000]
)
def test_what_is_no_answer_is_refused(body: bytes) -> None:
    assert tec.recognise(_page(body)) is None
    with pytest.raises(ParseError):
        list(tec.parse(_page(body)))


@pytest.mark.parametrize("name", ["events.json", "wrapped.json", "calendar.ics"])
def test_its_answers_are_recognised_and_known_to_be_whole(name: str) -> None:
    page = _saved(name)

    assert tec.recognise(page)
    assert tec.ends_whole(page.body)
    assert not tec.ends_whole(page.body.rstrip()[:-5])


@pytest.mark.parametrize(
    ("told", "asked"),
    [
        (SITE, REST),
        (f"{SITE}/", REST),
        (f"{SITE}/events/", REST),
        (f"{SITE}/outdoors-calendar/list/", REST),
        (f"{SITE}/cms/events/", f"{SITE}/cms/wp-json/tribe/events/v1/events?per_page=50"),
        (f"{SITE}/wp-json/tribe/events/v1/events", f"{SITE}/wp-json/tribe/events/v1/events"),
        (f"{SITE}/?rest_route=/tribe/events/v1/events", f"{SITE}/?rest_route=/tribe/events/v1/events"),
        (f"{SITE}/wp-json/tribe/events/v1/", REST),
        (f"{SITE}/?rest_route=/tribe/events/v1/", f"{SITE}/?rest_route=/tribe/events/v1/events&per_page=50"),
        (f"{SITE}/events/?ical=1", f"{SITE}/events/?ical=1"),
        (CALENDAR, CALENDAR),
    ],
)
def test_a_sites_address_leads_to_its_interface(told: str, asked: str) -> None:
    assert tec.request(told).url == asked


@pytest.mark.parametrize(
    ("told", "doors"),
    [
        (SITE, [("tec", CALENDAR), ("html", f"{SITE}/events/")]),
        (f"{SITE}/community-events/", [("tec", CALENDAR), ("html", f"{SITE}/community-events/")]),
        (f"{SITE}/wp-json/tribe/events/v1/events", [("tec", CALENDAR), ("html", f"{SITE}/events/")]),
        (f"{SITE}/events/?ical=1", [("tec", REST), ("html", f"{SITE}/events/")]),
    ],
)
def test_the_other_doors_are_named_in_order(told: str, doors: list[tuple[str, str]]) -> None:
    assert list(tec.fallbacks(told)) == doors
