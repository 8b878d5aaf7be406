"""Bevy's sitemaps, chapters and events."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from aggregator.errors import ParseError
from aggregator.source import Draft, Page, Request
from sources.platforms import bevy

SAVED = Path(__file__).parent / "bevy"

SITE = "https://elm.community.example"
EVENT = f"{SITE}/events/details/elm-founders-elm-valley-presents-demo-night/"


def _page(body: bytes, url: str = "https://elm.community.example/sitemap.xml", completes: str | None = None) -> Page:
    request = Request(url=url, completes=completes)
    return Page(request=request, url=url, body=body, fetched_at=datetime(2026, 9, 10, tzinfo=UTC))


def _saved(name: str, url: str = "https://elm.community.example/sitemap.xml", completes: str | None = None) -> Page:
    return _page((SAVED / name).read_bytes(), url, completes)


def test_an_event_is_known_by_the_address_that_led_to_it() -> None:
    (demo,) = bevy.parse(_saved("event.html", f"{SITE}/events/details/moved/", EVENT))

    assert demo == Draft(
        identifier=EVENT,
        name="Demo Night",
        start_date="2026-10-13T18:00:00-07:00",
        end_date="2026-10-13T20:00:00-07:00",
        event_status="EventScheduled",
        event_attendance_mode="OfflineEventAttendanceMode",
        location_name="Elm Hall",
        street_address="12 Oak St",
        address_locality="Elm Valley",
        address_region="CA",
        postal_code="93000",
        address_country="US",
        organizer="Elm Founders",
        url="https://elm.community.example/e/m1/",
        description="Six founders show what they made.",
    )


def test_a_chapters_page_tells_what_is_to_come_and_leads_to_the_rest() -> None:
    page = _saved("chapter.html", f"{SITE}/elm-founders-elm-valley/")

    assert list(bevy.parse(page)) == [
        Draft(identifier=EVENT, name="Demo Night", start_date="2026-10-13T18:00:00-07:00", url=EVENT)
    ]
    assert list(bevy.follow(page)) == [Request(url=EVENT, completes=EVENT)]


def test_the_months_from_this_one_on_are_read() -> None:
    page = _saved("sitemap.xml")

    assert [request.url for request in bevy.follow(page)] == [
        f"{SITE}/sitemap-events-2026-{m}.xml" for m in ("09", "10")
    ]
    assert list(bevy.parse(page)) == []


def test_every_event_of_a_month_is_read_or_those_of_one_chapter() -> None:
    page = _saved("month.xml", f"{SITE}/sitemap-events-2026-10.xml")

    assert [request.url.rpartition("presents-")[2] for request in bevy.follow(page)] == ["demo-night/", "pitch-day/"]
    assert list(bevy.follow(page, "elm-founders-elm-valley")) == [Request(url=EVENT, completes=EVENT)]


def test_a_month_or_a_chapter_without_events_tells_none() -> None:
    month = _page(b'<?xml version="1.0"?><urlset></urlset>', f"{SITE}/sitemap-events-2026-10.xml")
    chapter = _saved("chapter.html").body
    chapter = chapter[: chapter.index(b'{"id": 1,')] + b"]}}}}}</script></body></html>"

    assert [*bevy.parse(month), *bevy.follow(month)] == []
    assert list(bevy.parse(_page(chapter, f"{SITE}/elm/"))) == []


@pytest.mark.parametrize(
    "body", [b"", b"<html>Not found</html>", b"<urlset><url><loc>https://elm.example/a</loc></url></urlset>"]
)
def test_what_is_no_page_of_bevy_is_refused(body: bytes) -> None:
    assert bevy.recognise(_page(body, f"{SITE}/sitemap.xml")) is None
    with pytest.raises(ParseError):
        list(bevy.parse(_page(body)))


@pytest.mark.parametrize(
    ("name", "url", "leads_to"),
    [
        ("sitemap.xml", f"{SITE}/sitemap.xml", None),
        ("month.xml", f"{SITE}/sitemap-events-2026-10.xml", None),
        ("chapter.html", f"{SITE}/elm-founders/", None),
        ("event.html", EVENT, f"{SITE}/"),
    ],
)
def test_its_pages_are_recognised_and_known_to_be_whole(name: str, url: str, leads_to: str | None) -> None:
    page = _saved(name, url)

    assert bevy.recognise(page)
    assert bevy.address(page) == leads_to
    assert bevy.ends_whole(page.body)
    assert not bevy.ends_whole(page.body.rstrip()[:-3])


def test_a_picture_from_its_store_makes_no_site() -> None:
    body = b'<img src="https://res.cloudinary.com/startup-grind/image/upload/demo.png">'

    assert bevy.recognise(_page(body, "https://elm.example/")) is None


def test_a_sites_address_leads_to_its_sitemap_and_a_chapters_stays() -> None:
    assert bevy.request(SITE).url == bevy.request(f"{SITE}/").url == f"{SITE}/sitemap.xml"
    assert bevy.request(f"{SITE}/elm-founders/").url == f"{SITE}/elm-founders/"
