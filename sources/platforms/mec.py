"""Modern Events Calendar (WordPress): its iCalendar, its RSS with dates of its own, the data of its pages."""

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

from aggregator.reading.feeds import is_feed, read_feed
from aggregator.reading.html import ends_whole as page_ends_whole
from aggregator.reading.url import clean_url, site_of
from aggregator.source import Draft, Page, Request
from sources.platforms import html, ics, rss

_MARKS = re.compile(
    r"wp-content/plugins/modern-events-calendar(?:-lite)?/|class=[\"'][^\"']*\bmec-(?:wrap|event|calendar)"
)


def recognise(page: Page) -> str | None:
    """A calendar that it signs, a feed with its elements, a page with its classes."""
    if ics.recognise(page):
        return "a calendar by MEC" if re.search(rb"PRODID:.{0,80}\bMEC\b|Webnus", page.body[:2000]) else None
    if is_feed(page.text):
        return "a feed with MEC's elements" if "<mec:startDate>" in page.text else None
    return "a page with MEC's classes" if _MARKS.search(page.text) else None


def address(page: Page) -> str | None:
    """The site, whose calendar is asked for."""
    return None if ics.recognise(page) or is_feed(page.text) else f"{site_of(page.url)}/"


def request(url: str) -> Request:
    """A site's calendar; an address of a feed stays."""
    parts = urlsplit(url)
    is_feeds = "ical" in parts.query or parts.path.rstrip("/").endswith("/feed")
    return ics.request(url if is_feeds else f"{site_of(url)}/?mec-ical-feed=1")


def fallbacks(url: str) -> Iterator[tuple[str, str]]:
    """The feed, then the page: the calendar is often switched off."""
    parts = urlsplit(url)
    yield "mec", f"{site_of(url)}/events/feed/"
    yield "html", url if parts.path.strip("/") else f"{site_of(url)}/events/"


def ends_whole(body: bytes) -> bool:
    """Whether the end of the calendar, or of the feed, has arrived."""
    if ics.OPENING.search(body[:4096]):
        return ics.ends_whole(body)
    return rss.ends_whole(body) if b"<rss" in body[:4096] else page_ends_whole(body)


def parse(page: Page) -> Iterator[Draft]:
    """From whichever of the three the page is."""
    if ics.recognise(page):
        yield from ics.parse(page)
    elif is_feed(page.text):
        yield from _members(page)
    else:
        yield from html.parse(page)


def _members(page: Page) -> Iterator[Draft]:
    """Day and clock stand in elements of their own."""
    for member in read_feed(page.text).members:
        start, end = (
            " ".join(filter(None, (member.element(f"{name}date"), member.element(f"{name}hour", f"{name}time"))))
            for name in ("start", "end")
        )
        draft = rss.draft_member(member, page.url)
        url = clean_url(member.url, page.url)
        yield replace(draft, identifier=url or draft.identifier, start_date=start or None, end_date=end or None)
