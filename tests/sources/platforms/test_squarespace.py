"""Squarespace where robots.txt leaves only the page: its list of events."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from aggregator.errors import ParseError
from aggregator.source import Draft, Page, Request
from sources.load import source_at
from sources.platforms import squarespace

LIST = (Path(__file__).parent / "squarespace" / "list.html").read_text("utf-8")
URL = "https://elm.example/events"


def page(text: str, url: str = URL) -> Page:
    return Page(request=Request(url=url), url=url, body=text.encode(), fetched_at=datetime(2026, 11, 1, tzinfo=UTC))


def test_the_list_of_a_page_tells_days_and_clocks_places_and_tags() -> None:
    assert list(squarespace.parse(page(LIST))) == [
        Draft(
            identifier="66ab01",
            name="Open Shop & Tour",
            start_date="2026-12-08 19:30",
            end_date="2026-12-08 21:00",
            time_zone="America/Los_Angeles",
            description="Bring a project.\nTools are here.",
            image="https://images.elm.example/shop.jpg",
            url="https://elm.example/events/open-shop",
            keywords=("Workshops", "wood", "free"),
            location_name="Elm Hall",
            location_text="12 Oak St Visalia, CA, 93291",
        ),
        Draft(
            identifier="https://elm.example/events/retreat",
            name="Winter Retreat",
            start_date="2026-12-18 18:00",
            end_date="2026-12-20 13:00",
            time_zone="America/Los_Angeles",
            description="Three days by the river.",
            url="https://elm.example/events/retreat",
            location_name="River Camp",
            location_text="9 River Rd, Three Rivers, CA 93271",
        ),
        Draft(
            identifier="https://elm.example/events/closed",
            name="Holiday Market",
            start_date="2026-12-24",
            time_zone="America/Los_Angeles",
            url="https://elm.example/events/closed",
        ),
        Draft(
            identifier="https://elm.example/events/fall",
            name="Fall Show",
            start_date="2026-10-01 9:00 AM",
            time_zone="America/Los_Angeles",
            url="https://elm.example/events/fall",
        ),
    ]


def test_a_list_is_read_on_until_only_past_events_are_shown() -> None:
    past = page(LIST.replace("eventlist-event--upcoming", "eventlist-event--past"))

    assert [request.url for request in squarespace.follow(page(LIST))] == ["https://elm.example/events?page=2"]
    assert list(squarespace.follow(past)) == []


def test_an_answer_is_read_on_until_only_past_events_are_shown() -> None:
    told = '{"upcoming": [], "past": [{"title": "Old", "startDate": 1}], "pagination": {"nextPageUrl": "/events?p=2"}}'

    assert list(squarespace.follow(page(told))) == []


def test_an_empty_list_tells_nothing() -> None:
    empty = page('<html><!-- This is Squarespace. --><div class="eventlist eventlist--upcoming"></div></html>')

    assert squarespace.recognise(empty)
    assert list(squarespace.parse(empty)) == list(squarespace.follow(empty)) == []


@pytest.mark.parametrize("told", ["<html><!-- This is Squarespace. --><p>About us</p></html>", "{}", "[", "{broken"])
def test_what_is_no_list_is_refused(told: str) -> None:
    with pytest.raises(ParseError):
        list(squarespace.parse(page(told)))


def test_the_page_is_the_way_where_the_answer_is_closed_and_stays_it() -> None:
    source = source_at(URL, "squarespace")
    (fallback,) = source.fallbacks

    assert source.request.url == "https://elm.example/events?format=json"
    assert (fallback.platform, fallback.request.url) == ("squarespace", "https://elm.example/events#list")
    assert source_at(fallback.request.url, "squarespace").request == fallback.request
    assert source_at(fallback.request.url, "squarespace").fallbacks == ()


def test_the_home_page_leads_to_the_collection_and_the_collection_to_itself() -> None:
    home = '<!-- This is Squarespace. --><a href="/about">About</a><a href="/upcoming-events">What is on</a>'

    assert squarespace.address(page(home, "https://elm.example/")) == "https://elm.example/upcoming-events"
    assert squarespace.address(page(LIST)) is None
