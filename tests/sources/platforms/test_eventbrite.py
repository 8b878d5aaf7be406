"""Eventbrite's pages and the answers of its API."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from aggregator.errors import ParseError
from aggregator.source import Draft, Page, Request
from sources.platforms import eventbrite

SAVED = Path(__file__).parent / "eventbrite"

PAGE = "https://www.eventbrite.com/o/elm-chamber-8642013579"
SERIES = "https://www.eventbrite.com/e/weekly-workshop-tickets-100000000003"
ASKED = "/events/?status=live&time_filter=current_future&expand=venue,ticket_availability"
API = "https://www.eventbriteapi.com/v3/organizers/8642013579"


def _page(body: bytes, url: str = PAGE, completes: str | None = None) -> Page:
    request = Request(url=url, completes=completes)
    return Page(request=request, url=url, body=body, fetched_at=datetime(2026, 9, 10, tzinfo=UTC))


def _saved(name: str, url: str = PAGE, completes: str | None = None) -> Page:
    return _page((SAVED / name).read_bytes(), url, completes)


MIXER = Draft(
    identifier="100000000001",
    name="Business Mixer",
    start_date="2026-10-15T17:30",
    end_date="2026-10-15T19:00",
    time_zone="America/Los_Angeles",
    location_name="Elm Hall",
    street_address="12 Oak St, Room 2",
    address_locality="Elm Valley",
    address_region="CA",
    postal_code="93000",
    address_country="US",
    latitude="36.7",
    longitude="-119.8",
    url="https://www.eventbrite.com/e/business-mixer-tickets-100000000001",
    description="Meet local owners.",
    image="https://img.example/1.jpg",
    price="0.00 – 15.00",
    price_currency="USD",
    is_accessible_for_free=False,
)


def test_every_field_of_the_organisers_page_is_told() -> None:
    mixer, briefing, lunch = eventbrite.parse(_saved("organizer.html"))

    assert mixer == MIXER
    assert (briefing.event_status, briefing.event_attendance_mode) == ("EventCancelled", "OnlineEventAttendanceMode")
    assert (lunch.start_date, lunch.end_date, lunch.location_name) == ("2026-10-21T12:00", None, None)


def test_the_older_state_of_a_page_is_read_too() -> None:
    body = _saved("organizer.html").body.replace(
        b'<script id="__NEXT_DATA__" type="application/json">', b"<script>window.__SERVER_DATA__ = "
    )

    assert next(eventbrite.parse(_page(body.replace(b"</script>", b";</script>")))) == MIXER


def test_a_series_is_told_by_its_dates_and_not_by_its_first() -> None:
    assert "100000000003" not in {draft.identifier for draft in eventbrite.parse(_saved("organizer.html"))}
    assert [
        (draft.identifier, draft.start_date, draft.location_name)
        for draft in eventbrite.parse(_saved("series.html", SERIES))
    ] == [
        ("100000000013", "2026-10-06T10:00:00-07:00", "Elm Hall"),
        ("100000000023", "2026-10-13T10:00:00-07:00", "Elm Hall"),
    ]


def test_the_pages_of_series_and_of_events_without_a_place_are_asked_for() -> None:
    assert list(eventbrite.follow(_saved("organizer.html"))) == [
        Request(url=SERIES),
        Request(url="https://www.eventbrite.com/e/placeless-lunch-tickets-100000000004", completes="100000000004"),
    ]
    assert list(eventbrite.follow(_saved("series.html", SERIES))) == []


def test_an_answer_of_the_api_is_read() -> None:
    (mixer,) = eventbrite.parse(_saved("api.json", API + ASKED))

    assert (mixer.name, mixer.description) == ("Business Mixer &amp; Expo", "<p>Meet owners.</p>")
    assert (mixer.identifier, mixer.url) == (MIXER.identifier, MIXER.url)
    assert (mixer.start_date, mixer.end_date) == ("2026-10-15T17:30:00", "2026-10-15T19:00:00")
    assert (mixer.time_zone, mixer.event_status, mixer.is_accessible_for_free) == ("America/Los_Angeles", "live", True)
    assert (mixer.location_name, mixer.street_address, mixer.latitude) == ("Elm Hall", "12 Oak St", "36.7")


def test_the_api_continues_with_the_token_and_the_key() -> None:
    (following,) = eventbrite.follow(_saved("api.json", f"{API}/events/?status=live&continuation=old"))

    assert following.url == f"{API}/events/?status=live&continuation=eyJwYWdlIjogMn0"
    assert following.headers == (("authorization", "Bearer {key}"),)
    last = _saved("api.json").body.replace(b'"has_more_items": true', b'"has_more_items": false')
    assert list(eventbrite.follow(_page(last, API + ASKED))) == []


def test_an_organiser_without_events_tells_none() -> None:
    page = _page(b'<script id="__NEXT_DATA__">{"props": {"pageProps": {"upcomingEvents": []}}}</script>')
    answer = _page(b'{"events": [], "pagination": {"has_more_items": false}}', API + ASKED)

    assert [*eventbrite.parse(page), *eventbrite.parse(answer)] == []
    assert eventbrite.recognise(answer) == "an answer of Eventbrite"


@pytest.mark.parametrize(
    "body", [b"", b"<html>Just a moment</html>", b'{"events": []}', b'{"error": "NOT_FOUND"}', b"{"]
)
def test_what_tells_no_events_is_refused(body: bytes) -> None:
    assert eventbrite.recognise(_page(body, "https://elm.example/")) is None
    with pytest.raises(ParseError):
        list(eventbrite.parse(_page(body)))


@pytest.mark.parametrize("name", ["organizer.html", "series.html", "api.json"])
def test_its_pages_are_recognised_and_known_to_be_whole(name: str) -> None:
    page = _saved(name)

    assert eventbrite.recognise(page)
    assert eventbrite.address(page) is None
    assert eventbrite.ends_whole(page.body)
    assert not eventbrite.ends_whole(page.body.rstrip()[:-5])


def test_a_site_with_its_widget_leads_to_the_organiser_and_a_mere_link_does_not() -> None:
    link = f'<a href="{PAGE}?aff=site">All events</a>'
    widget = '<script src="https://www.eventbrite.com/static/widgets/eb_widgets.js"></script>'
    site = _page((widget + link).encode(), "https://elm.example/events")

    assert eventbrite.recognise(site)
    assert eventbrite.address(site) == PAGE
    assert eventbrite.recognise(_page(link.encode(), "https://elm.example/events")) is None


@pytest.mark.parametrize(
    ("told", "asked"),
    [
        (PAGE, PAGE),
        ("https://www.eventbrite.ca/o/8642013579", "https://www.eventbrite.ca/o/8642013579"),
        (API, API + ASKED),
        (f"{API}/", API + ASKED),
        (f"{API}/events/?status=live", f"{API}/events/?status=live"),
    ],
)
def test_an_organisers_address_stays_and_that_of_the_api_asks_for_what_is_to_come(told: str, asked: str) -> None:
    assert eventbrite.request(told).url == asked


def test_the_key_goes_to_the_api_alone() -> None:
    assert eventbrite.request(API).headers == (("authorization", "Bearer {key}"),)
    assert (
        eventbrite.request(PAGE).headers
        == eventbrite.request("https://www.eventbriteapi.com.evil.example/").headers
        == ()
    )


def test_an_organiser_may_be_told_by_number() -> None:
    assert eventbrite.request(organizer_id=8642013579).url == "https://www.eventbrite.com/o/8642013579"
    with pytest.raises(ValueError, match="organizer_id"):
        eventbrite.request()
