"""iCalendar feeds as a platform."""

from datetime import UTC, datetime

import pytest

from aggregator.errors import ParseError
from aggregator.source import Page, Request
from sources.platforms import ics

EVENT = b"BEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Mixer\r\nDTSTART:20260901T180000Z\r\nEND:VEVENT\r\n"
CALENDAR = b"BEGIN:VCALENDAR\r\n" + EVENT + b"END:VCALENDAR\r\n"


def page(body: bytes, content_type: str = "text/html") -> Page:
    address = "https://elmvalley.example/events.ics"
    return Page(
        request=Request(url=address),
        url=address,
        body=body,
        fetched_at=datetime(2026, 9, 1, tzinfo=UTC),
        headers=(("content-type", content_type),),
    )


@pytest.mark.parametrize(
    "body",
    [CALENDAR, b"\xef\xbb\xbf" + CALENDAR, b"\r\n " + CALENDAR, b"Notice: x\n" + CALENDAR, CALENDAR.lower(), EVENT],
)
def test_a_calendar_is_recognised_by_its_content_whatever_its_header_says(body: bytes) -> None:
    assert ics.recognise(page(body))


@pytest.mark.parametrize("body", [b"", b"<html><p>BEGIN:VCALENDAR</p></html>", b'{"ics": "BEGIN:VCALENDAR\\r\\n"}'])
def test_a_page_that_only_speaks_of_calendars_is_not_recognised(body: bytes) -> None:
    assert ics.recognise(page(body)) is None


def test_a_feed_is_read_into_drafts() -> None:
    assert [draft.name for draft in ics.parse(page(CALENDAR))] == ["Mixer"]


def test_a_login_page_told_with_status_200_is_refused() -> None:
    with pytest.raises(ParseError):
        list(ics.parse(page(b"<html><form>Log in</form></html>")))


def test_webcal_is_asked_for_over_https() -> None:
    assert ics.request("webcal://elmvalley.example/events.ics").url == "https://elmvalley.example/events.ics"


def test_a_calendar_cut_short_is_not_whole() -> None:
    assert ics.ends_whole(CALENDAR)
    assert not ics.ends_whole(CALENDAR[:-20])
