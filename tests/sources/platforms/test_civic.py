"""Localist, LiveWhale, timely, Mobilizon and Gancio: JSON and XML of their own, beside iCalendar."""

import json
from datetime import UTC, datetime
from types import ModuleType
from typing import Any

import pytest

from aggregator.errors import ParseError
from aggregator.source import Draft, Page, Request
from sources.platforms import gancio, livewhale, localist, mobilizon, timely

CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:{prodid}
BEGIN:VEVENT
UID:{uid}
DTSTART:20261208T020000Z
SUMMARY:Winter Mixer
END:VEVENT
END:VCALENDAR
"""
LOCALIST = {
    "events": [
        {
            "event": {
                "id": 7,
                "title": "Book Fair",
                "localist_url": "https://elm.example/event/book-fair",
                "location_name": "Main Library",
                "room_number": "Room 2",
                "address": "5 Oak St, Visalia, CA",
                "geo": {"latitude": "36.33", "longitude": "-119.29"},
                "description": "<p>Old and new.</p>",
                "free": True,
                "filters": {"event_types": [{"name": "Fair"}]},
                "event_instances": [
                    {"event_instance": {"id": 71, "start": "2026-12-01T10:00:00-08:00", "end": None, "all_day": False}},
                    {
                        "event_instance": {
                            "id": 72,
                            "start": "2026-12-02T00:00:00-08:00",
                            "end": "2026-12-02T23:59:59-08:00",
                            "all_day": True,
                        }
                    },
                ],
            }
        }
    ],
    "page": {"current": 1, "size": 100, "total": 1},
}
FAIR: dict[str, Any] = {
    "super_event": None,
    "name": "Book Fair",
    "description": "<p>Old and new.</p>",
    "url": "https://elm.example/event/book-fair",
    "location_name": "Main Library, Room 2",
    "location_text": "5 Oak St, Visalia, CA",
    "latitude": "36.33",
    "longitude": "-119.29",
    "is_accessible_for_free": True,
    "keywords": ("Fair",),
}
OUTBOX = {
    "@context": "https://www.w3.org/ns/activitystreams",
    "type": "OrderedCollectionPage",
    "next": "https://elm.example/@group/outbox?page=2",
    "orderedItems": [
        {
            "type": "Create",
            "object": {
                "type": "Event",
                "id": "https://elm.example/events/1",
                "name": "Repair Café",
                "content": "<p>Bring it.</p>",
                "startTime": "2026-12-05T13:00:00Z",
                "endTime": "2026-12-05T16:00:00Z",
                "timezone": "America/Los_Angeles",
                "ical:status": "CANCELLED",
                "location": {
                    "type": "Place",
                    "name": "Elm Hall",
                    "address": {"streetAddress": "12 Oak St", "addressLocality": "Visalia", "addressRegion": "CA"},
                    "latitude": 36.33,
                    "longitude": -119.29,
                },
            },
        },
        {"type": "Create", "object": {"type": "Note", "content": "Hello"}},
        {
            "type": "Announce",
            "object": {
                "type": "Event",
                "id": "https://elm.example/events/2",
                "name": "Talk",
                "startTime": "2026-12-06T13:00:00Z",
                "location": [{"type": "VirtualLocation", "url": "https://meet.example/a"}],
            },
        },
    ],
}
GANCIO = [
    {
        "id": 31,
        "title": "Street Dinner",
        "slug": "street-dinner",
        "start_datetime": 1796522400,
        "end_datetime": None,
        "placeId": 4,
        "place": {"name": "Bread Street", "address": "Bread Street 1", "latitude": 36.3, "longitude": -119.2},
        "tags": ["food"],
    }
]
LIVEWHALE = [
    {
        "id": 5,
        "title": "Careers Night",
        "date_iso": "2026-12-03T18:00:00-08:00",
        "date2_iso": "2026-12-03T20:00:00-08:00",
        "location": "Student Centre",
        "url": "/live/events/5",
        "is_canceled": 1,
    },
    {"id": 6, "title": "Winter Break", "date_iso": "2026-12-20T00:00:00-08:00", "is_all_day": 1},
]
XCAL = """<icalendar xmlns="urn:ietf:params:xml:ns:icalendar-2.0"><vcalendar><properties>
<x-from-url><unknown>https://calendar.time.ly/elm</unknown></x-from-url></properties><components>
<vevent><properties><uid><text>1-time.ly</text></uid><summary><text>Market</text></summary>
<dtstart><date-time>2026-12-05T16:00:00Z</date-time></dtstart></properties></vevent>
<vevent><properties><uid><text>2-time.ly</text></uid><summary><text>None</text></summary>
<dtstart><date-time>2026-12-06T16:00:00Z</date-time></dtstart></properties></vevent>
</components></vcalendar></icalendar>"""
FORMS = (
    (localist, "https://elm.example/api/2/events?pp=100&page=1", json.dumps(LOCALIST), '{"events": [], "page": {}}'),
    (livewhale, "https://elm.example/live/json/events", json.dumps(LIVEWHALE), "[]"),
    (
        mobilizon,
        "https://elm.example/@group/outbox",
        json.dumps(OUTBOX),
        '{"@context": "https://www.w3.org/ns/activitystreams", "type": "OrderedCollection", "orderedItems": []}',
    ),
    (gancio, "https://elm.example/api/events", json.dumps(GANCIO), "[]"),
    (
        timely,
        "https://timelyapp.time.ly/api/calendars/54705514/export?format=xml",
        XCAL,
        XCAL.partition("<vevent>")[0] + "</components></vcalendar></icalendar>",
    ),
)
IDS = [form[0].__name__.rpartition(".")[2] for form in FORMS]


def page(text: str, url: str = "https://elm.example/") -> Page:
    return Page(request=Request(url=url), url=url, body=text.encode(), fetched_at=datetime(2026, 11, 1, tzinfo=UTC))


def test_localist_tells_each_date_and_not_first_and_last() -> None:
    first, second = localist.parse(page(FORMS[0][2], FORMS[0][1]))
    told = FAIR | {"super_event": first.super_event}

    assert first == Draft(identifier="71", start_date="2026-12-01T10:00:00-08:00", **told)
    assert second == Draft(identifier="72", start_date="2026-12-02", end_date="2026-12-02", **told)


def test_localist_asks_for_pages_until_one_is_empty() -> None:
    asked = localist.request("https://elm.example/calendar?group_id=4&page=9").url
    whole, empty = (page(text, "https://elm.example/api/2/events?pp=100&page=3") for text in FORMS[0][2:])

    assert asked == (
        "https://elm.example/api/2/events?start={today:%Y-%m-%d}&end={horizon:%Y-%m-%d}&pp=100&group_id=4&page=1"
    )
    assert [request.url for request in localist.follow(whole)] == ["https://elm.example/api/2/events?pp=100&page=4"]
    assert list(localist.follow(empty)) == []
    assert localist.request("https://elm.example/calendar/1.ics").url == "https://elm.example/calendar/1.ics"


def test_livewhale_tells_days_moments_and_what_is_cancelled() -> None:
    night, winter = livewhale.parse(page(FORMS[1][2], FORMS[1][1]))

    assert night == Draft(
        identifier="5",
        name="Careers Night",
        start_date="2026-12-03T18:00:00-08:00",
        end_date="2026-12-03T20:00:00-08:00",
        event_status="cancelled",
        location_text="Student Centre",
        url="https://elm.example/live/events/5",
    )
    assert (winter.start_date, winter.event_status) == ("2026-12-20", None)
    assert livewhale.request("https://elm.example/events").url == "https://elm.example/live/ical/events"


def test_events_of_activitypub_are_read_from_an_outbox() -> None:
    told = page(FORMS[2][2], FORMS[2][1])
    cafe, talk = mobilizon.parse(told)

    assert cafe == Draft(
        identifier="https://elm.example/events/1",
        name="Repair Café",
        start_date="2026-12-05T13:00:00Z",
        end_date="2026-12-05T16:00:00Z",
        time_zone="America/Los_Angeles",
        event_status="CANCELLED",
        description="<p>Bring it.</p>",
        url="https://elm.example/events/1",
        location_name="Elm Hall",
        street_address="12 Oak St",
        address_locality="Visalia",
        address_region="CA",
        latitude="36.33",
        longitude="-119.29",
    )
    assert (talk.virtual_location, talk.event_attendance_mode) == (
        "https://meet.example/a",
        "OnlineEventAttendanceMode",
    )
    assert [request.url for request in mobilizon.follow(told)] == ["https://elm.example/@group/outbox?page=2"]


def test_a_group_of_mobilizon_is_read_by_its_calendar() -> None:
    for url in ("https://elm.example/@walkers", "https://elm.example/@walkers/events"):
        assert mobilizon.request(url).url == "https://elm.example/@walkers/feed/ics"
    assert dict(mobilizon.request("https://elm.example/outbox").headers) == {"accept": "application/activity+json"}


def test_gancio_tells_moments_in_unix_time() -> None:
    (dinner,) = gancio.parse(page(FORMS[3][2], FORMS[3][1]))

    assert dinner == Draft(
        identifier="31",
        name="Street Dinner",
        start_date="1796522400",
        url="https://elm.example/event/street-dinner",
        location_name="Bread Street",
        location_text="Bread Street 1",
        latitude="36.3",
        longitude="-119.2",
        keywords=("food",),
    )
    assert gancio.request("https://elm.example/place/4").url == "https://elm.example/api/events"


def test_timely_is_read_from_its_export_and_a_name_none_is_none() -> None:
    market, nameless = timely.parse(page(FORMS[4][2], FORMS[4][1]))

    assert (market.identifier, market.name, market.start_date) == ("1-time.ly", "Market", "2026-12-05T16:00:00+00:00")
    assert nameless.name is None
    assert timely.request(calendar=54705514).url == FORMS[4][1]
    with pytest.raises(ValueError, match="is needed"):
        timely.request()


@pytest.mark.parametrize(("module", "url", "whole", "empty"), FORMS, ids=IDS)
def test_each_form_is_known_may_be_empty_and_has_an_end(module: ModuleType, url: str, whole: str, empty: str) -> None:
    assert module.recognise(page(whole, url))
    assert list(module.parse(page(empty, url))) == []
    assert module.ends_whole(whole.encode())
    assert not module.ends_whole(whole[:-20].rpartition('"' if whole[0] in "[{" else "</")[0].encode())
    assert module.address(page(whole, url)) is None


@pytest.mark.parametrize(("module", "url", "whole", "empty"), FORMS, ids=IDS)
def test_what_it_does_not_read_is_refused_and_not_recognised(
    module: ModuleType, url: str, whole: str, empty: str
) -> None:
    with pytest.raises(ParseError):
        list(module.parse(page("<html><body>Sorry.</body></html>", url)))
    for other, _, text, _ in FORMS:
        if other is not module:
            assert module.recognise(page(text)) is None


@pytest.mark.parametrize(
    ("module", "prodid", "uid"),
    [
        (localist, "-//Localist//EN", "1"),
        (livewhale, "-//LiveWhale//EN", "1"),
        (mobilizon, "-//Mobilizon//EN", "1"),
        (gancio, "gancio/ics", "1"),
        (timely, "-//kigkonsult//EN", "1-time.ly"),
    ],
)
def test_their_calendars_are_read_too(module: ModuleType, prodid: str, uid: str) -> None:
    told = page(CALENDAR.format(prodid=prodid, uid=uid))

    assert module.recognise(told)
    assert module.recognise(page(CALENDAR.format(prodid="-//Elm//EN", uid="1"))) is None
    assert [draft.name for draft in module.parse(told)] == ["Winter Mixer"]
    assert not module.ends_whole(told.body[:-10])


@pytest.mark.parametrize(
    ("module", "html", "url", "address"),
    [
        (localist, '<a href="//x.localist.com/a"></a><script>window.Localist={}</script>', "", "/api/2/events"),
        (livewhale, '<div class="lw-event"><script src="/livewhale/a.js">', "", "/live/ical/events"),
        (mobilizon, '<meta name="generator" content="Mobilizon">', "@walkers", "/@walkers/feed/ics"),
        (gancio, '<meta name="generator" content="gancio 1.2">', "", "/api/events"),
    ],
)
def test_a_page_of_theirs_tells_where_the_calendar_is(module: ModuleType, html: str, url: str, address: str) -> None:
    told = page(html, f"https://elm.example/{url}")

    assert module.recognise(told)
    assert module.address(told) == f"https://elm.example{address}"
    assert module.recognise(page("<html><body>A link to <a href='https://x.example'>x</a></body></html>")) is None


def test_a_page_that_embeds_timely_tells_the_number_where_it_has_it() -> None:
    script = '<script src="https://events.timely.fun/embed.js" data-calendar-id="54705514"></script>'

    assert timely.recognise(page(script))
    assert timely.address(page(script)) == FORMS[4][1]
