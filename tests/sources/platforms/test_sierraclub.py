"""The feed of Sierra Club's outings."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from aggregator.errors import ParseError
from aggregator.source import Draft, Page, Request
from sources.platforms import sierraclub

SAVED = Path(__file__).parent / "sierraclub"
FEED = "https://act.sierraclub.org/events/services/apexrest/eventfeed/ent/6300,5051"
CHAPTER = "https://www.sierraclub.org/elm/calendar"
EVENT = b"BEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Hike\r\nDTSTART:20261010T080000\r\nEND:VEVENT\r\n"
CALENDAR = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + EVENT + b"END:VCALENDAR\r\n"


def _page(body: bytes, url: str = FEED) -> Page:
    return Page(request=Request(url=url), url=url, body=body, fetched_at=datetime(2026, 9, 1, tzinfo=UTC))


def _saved(url: str = FEED) -> Page:
    return _page((SAVED / "feed.json").read_bytes(), url)


def test_outings_are_told_with_their_level_and_without_their_leaders() -> None:
    assert list(sierraclub.parse(_saved())) == [
        Draft(
            identifier="7013q000001lGWDAA2",
            name="Lake Loop Hike",
            start_date="2026-10-10 8:00 AM",
            end_date="2026-10-10 12:30 PM",
            location_text="Lot B, 5 Lake Rd, Elm Valley, CA 93000",
            latitude="36.71",
            longitude="-119.82",
            organizer="Sierra Club Elm Chapter",
            url="https://act.sierraclub.org/events/details?formcampaignid=7013q000001lGWDAA2",
            description="<p>6 miles. Leader: the leader. Ask the leader.</p>",
            keywords=("Outing", "Hike", "Level: Moderate"),
            price="$5",
        ),
        Draft(
            identifier="7013q000001lGWEAA2",
            name="Camp at Elm Lake",
            start_date="2026-10-16 5:00 PM",
            end_date="2026-10-18",
            event_status="Cancelled",
            url="https://act.sierraclub.org/events/details?formcampaignid=7013q000001lGWEAA2",
            keywords=("Outing",),
            doubts=("its time is not certain yet",),
        ),
        Draft(
            identifier="7013q000001lGWFAA2",
            name="Clean Air Day",
            start_date="2026-10-20",
            organizer="Sierra Club Elm Group",
            url="https://act.sierraclub.org/events/details?formcampaignid=7013q000001lGWFAA2",
        ),
    ]


def test_an_empty_feed_tells_nothing() -> None:
    page = _page(b'{"message": "Success", "eventList": []}')

    assert sierraclub.recognise(page)
    assert list(sierraclub.parse(page)) == []


def test_a_calendar_in_its_place_is_read() -> None:
    page = _page(CALENDAR, f"{FEED}?ical=true")

    (hike,) = sierraclub.parse(page)

    assert (hike.name, hike.start_date) == ("Hike", "2026-10-10T08:00:00")
    assert sierraclub.recognise(page)
    assert sierraclub.recognise(_page(CALENDAR, "https://elm.example/a.ics")) is None


@pytest.mark.parametrize(
    "body",
    [b"<html>Just a moment</html>", b"", b'{"message": "Error"}', b'{"eventList": null}', b'{"eventList": [', CALENDAR],
)
def test_what_is_no_feed_is_refused(body: bytes) -> None:
    with pytest.raises(ParseError):
        list(sierraclub.parse(_page(body, "https://elm.example/")))


PROXY = f"https://www.sierraclub.org/sc/proxy?url={FEED}&_=1548294791086"
ESCAPED = FEED.replace("/", "%2f").replace(",", "%2C")


@pytest.mark.parametrize(
    "asks", [f'$.get("{PROXY}")', f'"url": "{FEED}"'.replace("/", "\\/"), f'<script data-url="{ESCAPED}"></script>']
)
def test_a_chapters_page_leads_to_the_feed_that_it_asks_and_its_error_names_it(asks: str) -> None:
    page = _page(f"<html>{asks}</html>".encode(), CHAPTER)

    assert sierraclub.recognise(page)
    assert sierraclub.address(page) == FEED
    with pytest.raises(ParseError, match="eventfeed/ent/6300,5051, which is the url to give"):
        list(sierraclub.parse(page))


@pytest.mark.parametrize(
    ("body", "url"),
    [
        (b'<a href="https://www.sierraclub.org/elm">Hike with us</a>', "https://elm.example/"),
        (b"<html>A page without a calendar</html>", "https://www.sierraclub.org/elm"),
        (b'{"eventList": []}', "https://elm.example/api"),
    ],
)
def test_others_pages_and_answers_are_not_taken_for_it(body: bytes, url: str) -> None:
    assert sierraclub.recognise(_page(body, url)) is None


@pytest.mark.parametrize(
    ("told", "asked"),
    [
        (FEED, FEED),
        (PROXY, FEED),
        (f"{FEED}?ical=true", f"{FEED}?ical=true"),
        (CHAPTER, CHAPTER),
        ("https://outings.elm.example/eventfeed/ent/1", "https://outings.elm.example/eventfeed/ent/1"),
    ],
)
def test_the_proxy_of_the_chapters_pages_is_not_asked_but_the_feed_itself(told: str, asked: str) -> None:
    assert sierraclub.request(told).url == asked


def test_the_numbers_of_the_groups_are_enough_and_nothing_is_not() -> None:
    assert sierraclub.request(entity="6300,5051").url == FEED
    assert sierraclub.request(entity=6300).url == FEED.removesuffix(",5051")
    with pytest.raises(ValueError, match="entity"):
        sierraclub.request()


def test_an_answer_that_was_cut_is_told_from_a_whole_one() -> None:
    body = (SAVED / "feed.json").read_bytes().rstrip()

    assert sierraclub.ends_whole(body)
    assert sierraclub.ends_whole(CALENDAR)
    assert not sierraclub.ends_whole(body[:-1])
    assert not sierraclub.ends_whole(CALENDAR[:-20])
