"""Feeds become drafts, with the date that each platform means."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from aggregator.errors import ParseError
from aggregator.source import Draft, Page, Request
from sources.platforms import rss

SAVED = Path(__file__).parent / "rss"


def _page(body: bytes, url: str = "https://elm.example/feed") -> Page:
    return Page(request=Request(url=url), url=url, body=body, fetched_at=datetime(2026, 9, 1, tzinfo=UTC))


def _drafts(name: str, **how: str) -> list[Draft]:
    return list(rss.parse(_page((SAVED / name).read_bytes()), **how))  # type: ignore[arg-type]


def test_weblink_tells_the_date_at_the_end_of_the_title() -> None:
    ribbon, lunch = _drafts("weblink.xml")

    assert (ribbon.name, ribbon.date_text) == (
        "Ribbon Cutting: Pat's Deli",
        "4/21/2026 5:30 PM - 4/21/2026 7:00 PM",
    )
    assert (lunch.name, lunch.date_text) == ("Leads Lunch", "4/22/2026 12:00 Noon")
    assert ribbon.start_date is None


def test_modern_events_calendar_tells_day_and_time_apart() -> None:
    (walk,) = _drafts("mec.xml")

    assert (walk.start_date, walk.end_date) == ("2026-10-03T08:00:00", "2026-10-03T10:00:00")
    assert (walk.location_text, walk.price) == ("Elm Park", "$5")


def test_the_event_module_of_rss_1_is_read() -> None:
    (coffee,) = _drafts("event_module.rdf")

    assert (coffee.start_date, coffee.end_date) == ("2026-10-13T08:00:00-07:00", "2026-10-13T09:00:00-07:00")
    assert (coffee.location_text, coffee.organizer) == ("Elm Hall, 12 Oak St", "Elm Founders")
    assert coffee.identifier == coffee.url == "https://elm.example/e/1"


def test_localist_publishes_on_the_day_of_the_event() -> None:
    (lab,) = _drafts("localist.xml")

    assert lab.start_date == "2026-10-13T18:00:00-07:00"
    assert (lab.latitude, lab.longitude) == ("36.7", "-119.8")
    assert (lab.image, lab.keywords) == ("https://events.elm.example/lab.jpg", ("Science",))


@pytest.mark.parametrize(
    "url",
    [
        "https://elm.example/live/rss/events",
        "https://elm.wildapricot.org/events/RSS",
        "https://elm.example/page-18/EventModule/9/RSS",
        "https://elm.example/events/feed/",
    ],
)
def test_platforms_that_publish_on_the_day_of_the_event_are_known_by_address(url: str) -> None:
    body = (
        b"<rss><channel><item><title>A</title><pubDate>Tue, 13 Oct 2026 18:00:00 GMT</pubDate></item></channel></rss>"
    )

    (told,) = rss.parse(_page(body, url))
    (untold,) = rss.parse(_page(body, "https://elm.example/news/feed/"))

    assert told.start_date == "2026-10-13T18:00:00+00:00"
    assert untold.start_date is untold.date_text is None


def test_a_date_of_publishing_is_never_the_date_of_an_event() -> None:
    assert all(draft.start_date is None for draft in _drafts("wordpress.xml"))


def test_prose_tells_a_date_only_where_it_is_clear() -> None:
    told = {draft.name: draft.date_text for draft in _drafts("wordpress.xml")}

    assert told == {
        "We have a new ranger": None,
        "Trail work day": "Saturday, October 10, 2026, 9 am – noon",
        "Volunteer orientation": "October 12, 2026 6:00 pm - 7:30 pm",
        "Harvest walk": "October 17, 2026",
        "Autumn dates": None,
    }


def test_a_source_that_knows_its_feed_declares_where_the_date_is() -> None:
    assert _drafts("wordpress.xml", date_from="pubdate")[0].start_date == "2026-10-02T16:00:00+00:00"
    assert _drafts("mec.xml", date_from="element:mec:endDate")[0].start_date == "2026-10-03"
    assert [draft.date_text for draft in _drafts("wordpress.xml", date_from="title")][1:4] == [
        None,
        None,
        "October 17, 2026",
    ]
    assert _drafts("wordpress.xml", date_from="description")[3].date_text is None


def test_a_way_to_tell_the_date_that_is_not_known_is_refused() -> None:
    with pytest.raises(ParseError, match="date_from is one of auto, pubdate"):
        _drafts("mec.xml", date_from="pubdtae")


def test_the_order_of_day_and_month_is_the_sources() -> None:
    body = (
        b"<rss><channel><item><title>Mixer 04/10/2026</title><pubDate>Sun, 04 Oct 2026 09:00:00 GMT</pubDate></item>"
        b"</channel></rss>"
    )

    assert [draft.date_text for draft in rss.parse(_page(body), date_order="mdy")] == ["04/10/2026"]
    assert [draft.date_text for draft in rss.parse(_page(body), date_order="dmy")] == [None]  # the day of publishing


def test_atom_and_json_feeds_are_read_alike() -> None:
    (atom,), (event, news) = _drafts("feed.atom"), _drafts("feed.json")

    assert (atom.identifier, atom.url, atom.image) == (
        "urn:elm:1",
        "https://elm.example/e/1",
        "https://elm.example/m.png",
    )
    assert (atom.start_date, atom.end_date, atom.location_text) == ("20261015T173000", "20261015T190000", "Elm Hall")
    assert (event.identifier, event.url) == ("7", "https://elm.example/e/7")
    assert (event.start_date, event.location_text) == ("2026-10-15T17:30:00-07:00", "Elm Hall")
    assert news.start_date is None


def test_calendars_of_known_platforms_are_read_by_their_own_rules() -> None:
    for name, count in (("civicplus/calendar.xml", 5), ("trumba/events.xml", 5)):
        page = _page((SAVED.parent / name).read_bytes())

        assert sum(bool(draft.start_date or draft.date_text) for draft in rss.parse(page)) >= count - 1


def test_a_feed_is_recognised_and_a_page_about_feeds_is_not() -> None:
    assert rss.recognise(_page(b"\xef\xbb\xbf<?xml version='1.0'?><!-- x --><rss version='2.0'></rss>"))
    assert rss.recognise(_page(b"<br />\n<b>Warning</b>: x in <b>y</b>\n<rss version='2.0'></rss>"))
    assert rss.recognise(_page(b"<!doctype html><html><body><rss></rss>")) is None
    assert rss.recognise(_page(b"<feedback></feedback>")) is None


def test_an_empty_feed_is_honest_and_a_page_is_no_feed() -> None:
    assert list(rss.parse(_page(b"<rss><channel><title>Elm</title></channel></rss>"))) == []
    with pytest.raises(ParseError, match="no RSS"):
        list(rss.parse(_page(b"<html>Sign in</html>")))


def _titled(title: str, description: str = "") -> Draft:
    body = f"<rss><channel><item><title>{title}</title><description>{description}</description></item></channel></rss>"
    (draft,) = rss.parse(_page(body.encode()))
    return draft


@pytest.mark.parametrize(
    "title",
    [
        "Yoga every other Tuesday, Oct 6 - Nov 24, 2026 6pm",
        "Coffee each Friday: Oct 9, 2026 8am",
        "Leads group, 1st &amp; 3rd Thursday, Oct 1, 2026 7am",
        "Alternate Mondays: Oct 5, 2026 6pm",
        "Weekly yoga, Oct 6 - Nov 24, 2026",
        "Daily tours: Oct 6 - Nov 24, 2026",
    ],
)
def test_a_date_beside_a_rhythm_is_no_date(title: str) -> None:
    draft = _titled(title)

    assert (draft.date_text, draft.start_date) == (None, None)
    assert _titled("Yoga", f"{title.replace(', 2026', '')}").date_text is None
    assert _titled(title.partition(", Oct")[0].partition(": Oct")[0], "Oct 6 - Nov 24, 2026").date_text is None


@pytest.mark.parametrize(
    ("title", "name", "words"),
    [
        ("Yoga, Oct 6 - Oct 8, 2026", "Yoga", "Oct 6 - Oct 8, 2026"),
        ("Weekly Breakfast: Oct 9, 2026 8am", "Weekly Breakfast", "Oct 9, 2026 8am"),
        ("First Friday Art Walk: Oct 2, 2026 5pm", "First Friday Art Walk", "Oct 2, 2026 5pm"),
    ],
)
def test_the_name_of_a_series_may_tell_one_of_its_dates(title: str, name: str, words: str) -> None:
    draft = _titled(title)

    assert (draft.name, draft.date_text) == (name, words)
