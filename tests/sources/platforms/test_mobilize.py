"""Mobilize's events, from the API and from its pages."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from aggregator.errors import ParseError
from aggregator.source import Draft, Page, Request
from sources.platforms import mobilize

SAVED = Path(__file__).parent / "mobilize"
API = "https://api.mobilize.us/v1/organizations/46/events"
SITE = "https://www.mobilize.us/elm/"
CLEAN_UP = Draft(
    identifier="897512:1",
    name="Creek Clean-up",
    start_date="2026-10-06T17:00:00+00:00",
    end_date="2026-10-06T19:00:00+00:00",
    time_zone="America/Los_Angeles",
    super_event="897512",
    wheelchair_accessible=False,
    accessibility="NOT_ACCESSIBLE",
    location_name="Creek lot",
    street_address="5 Oak St",
    address_locality="Elm Valley",
    address_region="CA",
    postal_code="93000",
    address_country="US",
    latitude="36.7",
    longitude="-119.8",
    organizer="Elm Creek Friends",
    organizer_url="https://www.mobilize.us/elm/",
    url="https://www.mobilize.us/elm/event/897512/",
    description="**Bring gloves**",
    image="https://images.example/creek.jpg",
    keywords=("Community", "Nature"),
)


LONE = b'{"data":{"event":{"id":3,"name":"Walk","times":[{"id":1,"start":"2026-10-06T17:00:00+00:00"}]}}}'


def _page(body: bytes, url: str = API) -> Page:
    return Page(request=Request(url=url), url=url, body=body, fetched_at=datetime(2026, 9, 1, tzinfo=UTC))


def _saved(name: str, url: str = API) -> Page:
    return _page((SAVED / name).read_bytes(), url)


def test_each_time_of_an_event_is_a_date_with_every_field_and_no_contact() -> None:
    first, second, *_ = mobilize.parse(_saved("events.json"))

    assert first == CLEAN_UP
    assert second == replace(
        CLEAN_UP,
        identifier="897512:2",
        start_date="2026-10-13T17:00:00+00:00",
        end_date="2026-10-13T19:00:00+00:00",
    )


def test_a_private_address_is_told_by_its_town() -> None:
    _, _, meeting, _ = mobilize.parse(_saved("events.json"))

    assert meeting == Draft(
        identifier="2:7",
        name="House Meeting",
        start_date=CLEAN_UP.start_date,
        end_date=CLEAN_UP.end_date,
        time_zone="America/Los_Angeles",
        address_locality="Elm Valley",
        address_region="CA",
        postal_code="93000",
        address_country="US",
        url="https://www.mobilize.us/elm/event/2/",
        keywords=("House party",),
    )


def test_a_virtual_event_is_online_and_what_is_not_open_to_all_is_left_out() -> None:
    *_, bank = mobilize.parse(_saved("events.json"))

    assert bank == Draft(
        identifier="3:8",
        name="Phone Bank",
        start_date=CLEAN_UP.start_date,
        time_zone="America/Los_Angeles",
        event_attendance_mode="OnlineEventAttendanceMode",
        virtual_location="https://meet.example/elm",
    )


def test_a_page_tells_the_same_event_in_words_of_its_own() -> None:
    clean_up, rally = mobilize.parse(_saved("page.html", SITE))

    assert clean_up == replace(
        CLEAN_UP,
        name="Creek Clean-up; {again}",
        start_date="2026-10-06T18:00:00Z",
        end_date="2026-10-06T20:00:00Z",
        super_event=None,
        description="Gloves",
        organizer_url=None,
        wheelchair_accessible=None,
        accessibility=None,
        keywords=("Community",),
    )
    assert rally == Draft(
        identifier="5:2026-10-07T18:00:00Z",
        name="Neighbours' Rally",
        start_date="2026-10-07T18:00:00Z",
        address_locality="Elm Valley",
        address_region="CA",
        organizer="Oak Neighbours",
        url="https://www.mobilize.us/oak/event/5/",
    )


@pytest.mark.parametrize(
    "body",
    [
        b'{"data": {"id": 3, "title": "Walk", "timeslots": [{"id": 1, "start_date": 1791306000}]}}',
        b'{"id": 3, "title": "Walk", "timeslots": [{"id": 1, "start_date": 1791306000,}]}',
        b"<script>window.__MLZ_EMBEDDED_DATA__=" + LONE + b"</script>",
    ],
)
def test_a_lone_event_is_read_too(body: bytes) -> None:
    (walk,) = mobilize.parse(_page(body))

    assert (walk.identifier, walk.name, walk.start_date) == ("3:1", "Walk", CLEAN_UP.start_date)


def test_an_empty_answer_tells_nothing_and_ends() -> None:
    page = _page(b'{"count": 0, "next": null, "previous": null, "data": []}')

    assert mobilize.recognise(page)
    assert list(mobilize.parse(page)) == list(mobilize.follow(page)) == []


def test_the_next_page_is_followed_as_the_answer_names_it() -> None:
    assert list(mobilize.follow(_saved("events.json"))) == [Request(url=f"{API}?cursor=cD0y&per_page=100")]
    assert list(mobilize.follow(_saved("page.html", SITE))) == []


@pytest.mark.parametrize(
    "body",
    [
        b"<html>Just a moment</html>",
        b"",
        b'{"error": "not found"}',
        b'{"data": "none"}',
        b'{"data": [',
        b"<script>window.__MLZ_EMBEDDED_DATA__ = {broken}</script>",
    ],
)
def test_what_is_no_answer_is_refused(body: bytes) -> None:
    with pytest.raises(ParseError):
        list(mobilize.parse(_page(body)))


def test_its_answers_and_pages_are_recognised_and_known_to_be_whole() -> None:
    for name, url in (("events.json", "https://elm.example/v1/events"), ("page.html", "https://elm.example/")):
        page = _saved(name, url)

        assert mobilize.recognise(page)
        assert mobilize.ends_whole(page.body)
        assert not mobilize.ends_whole(page.body.rstrip()[:-4] + b"<")


@pytest.mark.parametrize(
    ("body", "url"),
    [
        (b'{"events": [{"title": "x"}]}', "https://elm.example/events"),
        (b'<a href="https://www.mobilize.us/elm/">Join us</a>', "https://elm.example/"),
        (b"<html>We mobilize</html>", "https://mobilize.us.example/"),
    ],
)
def test_others_pages_and_answers_are_not_taken_for_it(body: bytes, url: str) -> None:
    assert mobilize.recognise(_page(body, url)) is None


EMBED = b'<iframe src="https://www.mobilize.us/embed/elm/feed/" id="mobilize-feed-iframe"></iframe>'


@pytest.mark.parametrize(
    ("page", "address"),
    [
        (_saved("page.html", SITE), API),
        (_page(b"<html></html>", SITE), SITE),
        (_page(EMBED, "https://elm.example/"), SITE),
        (_page(b"<html></html>", "https://www.mobilize.us/"), None),
        (_saved("events.json"), None),
    ],
)
def test_a_page_leads_to_the_list_of_its_organisation(page: Page, address: str | None) -> None:
    assert mobilize.recognise(page)
    assert mobilize.address(page) == address


@pytest.mark.parametrize(
    ("told", "asked"),
    [
        (API, f"{API}?per_page=100&timeslot_start=gte_now"),
        (f"{API}?is_virtual=false", f"{API}?is_virtual=false"),
        (SITE, SITE),
    ],
)
def test_the_events_to_come_are_asked_for(told: str, asked: str) -> None:
    assert mobilize.request(told).url == asked


def test_the_number_of_an_organisation_is_enough_and_nothing_is_not() -> None:
    assert mobilize.request(organization=46) == mobilize.request(API)
    with pytest.raises(ValueError, match="organization"):
        mobilize.request()
