"""LibCal: a library's calendar as iCalendar, as RSS, or as the structured data of its pages."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

from aggregator.reading import feeds
from aggregator.reading.html import ends_whole as page_ends_whole
from aggregator.reading.url import site_of
from aggregator.source import Draft, Page, Request
from sources.platforms import html, ics, rss

_CALENDAR = re.compile(
    r"(?:ical_subscribe\.php\?[^\"'<>\s]*?|calendar\?cid=|\bcal_id\s*[:=]\s*|calendarId\"?\s*[:=]\s*)(?:cid=)?(\d{3,7})"
)
_MARKS = re.compile(r"libcal\.com/|static\.libcal|springyCalendar|/libcal[-_.]|s-lc-", re.IGNORECASE)


def recognise(page: Page) -> str | None:
    """A calendar or a feed of theirs, or a page with their marks."""
    if ics.recognise(page):
        return "a calendar by LibCal" if b"LibCal" in page.body[:4096] or "ical_subscribe.php" in page.url else None
    text = page.text
    if feeds.is_feed(text):
        is_theirs = "/rss.php" in page.url and "iid=" in page.url
        return "a feed by LibCal" if is_theirs or "xmlns:libcal" in text[:3000] else None
    is_page = (urlsplit(page.url).hostname or "").endswith(".libcal.com") or ("s-lc-" in text and _MARKS.search(text))
    return "a page of LibCal" if is_page else None


def address(page: Page) -> str | None:
    """The iCalendar of the calendar that the page shows; the page itself where it tells of one event."""
    found = None if ics.recognise(page) or feeds.is_feed(page.text) else _CALENDAR.search(f"{page.url} {page.text}")
    return f"{site_of(page.url)}/ical_subscribe.php?src=p&cid={found[1]}" if found else None


def request(url: str) -> Request:
    """A calendar's page becomes its iCalendar."""
    parts = urlsplit(url)
    number = parse_qs(parts.query).get("cid")
    if number and not parts.path.endswith(".php"):
        url = f"{site_of(url)}/ical_subscribe.php?src=p&cid={number[0]}"
    return ics.request(url)


def ends_whole(body: bytes) -> bool:
    """Whether the end of the calendar, the feed or the page has arrived."""
    if ics.OPENING.search(body[:4096]):
        return ics.ends_whole(body)
    return feeds.ends_whole(body) if b"<rss" in body[:4096] else page_ends_whole(body)


def parse(page: Page) -> Iterator[Draft]:
    """From whichever of the three the page is."""
    if ics.recognise(page):
        return ics.parse(page)
    return rss.parse(page) if feeds.is_feed(page.text) else html.parse(page)
