"""CivicPlus calendars, from their RSS and their iCalendar."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from aggregator.errors import ParseError
from aggregator.source import Draft, Page, Request
from sources.platforms import civicplus

SAVED = Path(__file__).parent / "civicplus" / "calendar.xml"
FEED = "https://www.elmcity.example/RSSFeed.aspx?ModID=58&CID=All-calendar.xml"


def _page(body: bytes, url: str = FEED) -> Page:
    return Page(request=Request(url=url), url=url, body=body, fetched_at=datetime(2026, 9, 1, tzinfo=UTC))


def _drafts() -> dict[str | None, Draft]:
    return {draft.name: draft for draft in civicplus.parse(_page(SAVED.read_bytes()))}


def test_dates_and_times_are_those_of_the_calendar_elements() -> None:
    drafts = _drafts()

    assert {name: (draft.start_date, draft.end_date, draft.date_text) for name, draft in drafts.items()} == {
        "Volunteer Park Cleanup": ("2026-10-04T09:00:00", "2026-10-04T11:00:00", None),
        "Fall Festival": ("2026-10-09", "2026-10-10", None),
        "Two-Day Workshop": ("2026-10-16T08:30:00", "2026-10-17T16:00:00", None),
        "Unread Times": (None, None, "October 20, 2026 6pm"),
        "No Date At All": (None, None, None),
    }


def test_the_lost_line_end_between_street_and_town_is_put_back() -> None:
    drafts = _drafts()

    assert drafts["Volunteer Park Cleanup"].location_text == "100 Main St, Elm City, AL 36000"
    assert drafts["Two-Day Workshop"].location_text == "250 Oak Ave Suite 100, Elm City, AL 36000"
    assert drafts["Fall Festival"].location_text == "McDonald Park, Elm City, AL"


def test_an_event_is_known_by_the_number_in_its_link() -> None:
    drafts = _drafts()

    assert drafts["Fall Festival"].identifier == "EID=413"
    assert drafts["Fall Festival"].url == "https://www.elmcity.example/Calendar.aspx?EID=413"


def test_it_is_recognised_whatever_its_namespace_is() -> None:
    assert civicplus.recognise(_page(SAVED.read_bytes()))
    assert civicplus.recognise(_page(b"<rss><channel></channel></rss>")) is None


def test_the_address_of_the_calendars_page_leads_to_its_feed() -> None:
    assert civicplus.request("https://www.elmcity.example/Calendar.aspx?CID=0").url == FEED
    assert civicplus.request(FEED).url == FEED
    assert dict(civicplus.fallbacks(FEED)) == {
        "civicplus": "https://www.elmcity.example/common/modules/iCalendar/iCalendar.aspx?feed=calendar"
    }


def test_its_icalendar_is_read_without_the_address_that_all_events_share() -> None:
    url = "https://www.elmcity.example/common/modules/iCalendar/iCalendar.aspx?catID=14&feed=calendar"
    body = (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Council\r\nDTSTART:20261004T090000\r\n"
        f"URL:{url}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )

    (draft,) = civicplus.parse(_page(body.encode(), url))

    assert (draft.name, draft.url) == ("Council", None)
    assert civicplus.recognise(_page(body.encode(), url))


def test_its_icalendar_knows_an_event_by_the_number_in_its_link_too() -> None:
    url = "https://www.elmcity.example/common/modules/iCalendar/iCalendar.aspx?feed=calendar"
    event = "BEGIN:VEVENT\r\nUID:{}\r\nSUMMARY:Council\r\nDTSTART:20261004T090000\r\n{}END:VEVENT\r\n"
    linked = event.format(1, "URL:https://www.elmcity.example/Calendar.aspx?EID=413\r\n")
    body = f"BEGIN:VCALENDAR\r\n{linked}{event.format(2, '')}END:VCALENDAR\r\n"

    assert [draft.identifier for draft in civicplus.parse(_page(body.encode(), url))] == ["EID=413", "2"]


def test_a_calendar_that_was_cut_is_told_from_a_whole_one() -> None:
    body = SAVED.read_bytes()

    assert civicplus.ends_whole(body)
    assert civicplus.ends_whole(b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")
    assert not civicplus.ends_whole(body[:-20])


def test_a_feed_of_news_is_refused() -> None:
    with pytest.raises(ParseError, match="not of a CivicPlus calendar"):
        list(civicplus.parse(_page(b"<rss><channel><item><title>News</title></item></channel></rss>")))
