"""Wix Events: what a page shows first, what its sitemap tells of the rest, the answer of its interface."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from aggregator.errors import ParseError
from aggregator.source import Draft, Page, Request
from sources.platforms import wix

SITE = "https://elm.example"
SITEMAP = """<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<url><loc>https://elm.example/event-details/maker-night</loc><lastmod>2026-10-20</lastmod></url>
<url><loc>https://elm.example/event-details/winter-walk</loc><lastmod>2026-09-01</lastmod></url>
<url><loc>https://elm.example/event-details/gala</loc><lastmod>2026-10-01</lastmod></url>
<url><loc>https://elm.example/event-details/long-ago</loc><lastmod>2024-01-01</lastmod></url>
<url><loc>https://elm.example/about</loc><lastmod>2026-10-01</lastmod></url></urlset>"""


def event(number: int = 1, slug: str = "maker-night", **more: Any) -> dict[str, Any]:
    config = {
        "startDate": "2026-12-04T02:00:00.000Z",
        "endDate": "2026-12-04T04:00:00.000Z",
        "timeZoneId": "America/Los_Angeles",
    }
    return {"id": f"e{number}", "title": "Maker Night", "slug": slug, "scheduling": {"config": config}, **more}


def draft(number: int = 1, slug: str = "maker-night", **more: Any) -> Draft:
    told = {
        "identifier": f"e{number}",
        "name": "Maker Night",
        "start_date": "2026-12-04T02:00:00.000Z",
        "end_date": "2026-12-04T04:00:00.000Z",
        "time_zone": "America/Los_Angeles",
        "url": f"{SITE}/event-details/{slug}",
    }
    return Draft(**{**told, **more})


def state(*events: dict[str, Any], has_more: bool = False) -> str:
    told = {"appsWarmupData": {"app": {"widget": {"events": {"events": events, "hasMore": has_more}}}}}
    return f'<html><script id="wix-warmup-data" type="application/json">{json.dumps(told)}</script></html>'


def page(text: str, url: str = f"{SITE}/events", completes: str | None = None) -> Page:
    now = datetime(2026, 11, 1, tzinfo=UTC)
    return Page(request=Request(url=url, completes=completes), url=url, body=text.encode(), fetched_at=now)


def test_a_page_tells_its_events_in_full() -> None:
    place = {
        "name": "Elm Hall",
        "coordinates": {"lat": 36.33, "lng": -119.29},
        "fullAddress": {
            "formattedAddress": "12 Oak St, Visalia, CA 93291, USA",
            "city": "Visalia",
            "subdivision": "CA",
            "postalCode": "93291",
            "country": "US",
        },
    }
    more = {"location": place, "status": "CANCELED", "description": "Come.", "mainImage": {"url": f"{SITE}/a.jpg"}}

    assert list(wix.parse(page(state(event(**more))))) == [
        draft(
            event_status="cancelled",
            description="Come.",
            image=f"{SITE}/a.jpg",
            location_name="Elm Hall",
            location_text="12 Oak St, Visalia, CA 93291, USA",
            address_locality="Visalia",
            address_region="CA",
            postal_code="93291",
            address_country="US",
            latitude="36.33",
            longitude="-119.29",
        )
    ]
    assert list(wix.follow(page(state(event())))) == []


def test_a_page_that_shows_its_first_events_only_leads_to_the_others_that_changed_of_late() -> None:
    (sitemap,) = wix.follow(page(state(event(), has_more=True)))
    told = page(SITEMAP, sitemap.url)

    assert sitemap == Request(url=f"{SITE}/event-pages-sitemap.xml#maker-night")
    assert list(wix.parse(told)) == []
    assert wix.ends_whole(SITEMAP.encode())
    assert [(request.url, request.completes) for request in wix.follow(told)] == [
        (f"{SITE}/event-details/gala", f"{SITE}/event-details/gala"),
        (f"{SITE}/event-details/winter-walk", f"{SITE}/event-details/winter-walk"),
    ]


def test_an_events_own_page_is_read_and_leads_no_further() -> None:
    url = f"{SITE}/event-details/gala"
    own = page(state(event(2, "gala"), has_more=True), url, completes=url)

    assert list(wix.parse(own)) == [draft(2, "gala")]
    assert list(wix.follow(own)) == []


def test_the_answer_of_the_interface_is_read_on_until_all_are_told() -> None:
    url = f"{SITE}/_api/wix-one-events-server/web/paginated-events/viewer?limit=2&offset=2"
    told = {"total": 5, "offset": 2, "events": [event(3), event(4)]}
    last = {**told, "total": 4}

    assert list(wix.parse(page(json.dumps(told), url))) == [draft(3), draft(4)]
    assert [request.url for request in wix.follow(page(json.dumps(told), url))] == [
        url.replace("offset=2", "offset=4"),
    ]
    assert list(wix.follow(page(json.dumps(last), url))) == []
    assert list(wix.follow(page('{"total": 5, "events": []}', url))) == []


@pytest.mark.parametrize("told", [state(), '{"events": [], "total": 0}'])
def test_an_empty_list_tells_nothing(told: str) -> None:
    assert list(wix.parse(page(told))) == list(wix.follow(page(told))) == []


@pytest.mark.parametrize(
    "told",
    [
        '{"message": "no token"}',
        "{broken",
        '<html><script id="wix-warmup-data" type="application/json">{}</script></html>',
        "<html><p>Closed</p></html>",
    ],
)
def test_what_is_no_list_is_refused(told: str) -> None:
    with pytest.raises(ParseError):
        list(wix.parse(page(told)))
