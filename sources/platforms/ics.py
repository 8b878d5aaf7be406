"""iCalendar feeds (RFC 5545): what almost every calendar can also be had as."""

import re
from collections.abc import Iterator
from html import unescape

from aggregator.reading.html import ends_whole as page_ends_whole
from aggregator.reading.ical import ends_whole, read_ical
from aggregator.reading.url import clean_url
from aggregator.source import Draft, Page, Request

OPENING = re.compile(rb"(?:\A|[\r\n]|\xef\xbb\xbf)[ \t]*(BEGIN:(?:VCALENDAR|VEVENT))\s", re.IGNORECASE)

_ALTERNATE = re.compile(
    r"<link\b(?=[^>]*\brel=[\"']?alternate)(?=[^>]*text/calendar)[^>]*\bhref=[\"']?([^\"'\s>]+)", re.IGNORECASE
)
_SUBSCRIBE = re.compile(
    r"<a\b[^>]*\bhref=[\"']?(webcals?:[^\"'\s>]+|[^\"'\s>]+\.ics(?:\?[^\"'\s>]*)?)[\"'\s>]", re.IGNORECASE
)
_OF_ONE = re.compile(r"/(?:event|details?|ical)/[^/]+\.ics|add-?to-?cal|[?&](?:event|id|eid)=", re.IGNORECASE)
"""An address that gives one event to put into one's own calendar."""

__all__ = ["ends_whole", "parse", "recognise", "request"]


def recognise(page: Page) -> str | None:
    """By content, since the header often says text/html or application/octet-stream."""
    match = OPENING.search(page.body[:4096])
    return f"has a line {match[1].decode().upper()}" if match else None


def ends_whole_or_page(body: bytes) -> bool:
    """The same of what is either a calendar, or a page or JSON."""
    return ends_whole(body) if OPENING.search(body[:4096]) else page_ends_whole(body)


def linked(page: Page) -> str | None:
    """The calendar that the page's head names, else the first that it lets people subscribe to."""
    head, text = _ALTERNATE.search(page.text), page.text
    found = [head[1]] if head else [url for url in _SUBSCRIBE.findall(text) if not _OF_ONE.search(url)]
    return clean_url(unescape(found[0]), page.url) if found else None


def request(url: str) -> Request:
    """The feed itself; webcal: is https: by another name."""
    return Request(url=clean_url(url) or url, headers=(("accept", "text/calendar, */*;q=0.5"),))


def parse(page: Page) -> Iterator[Draft]:
    """Raises ParseError for a body without a calendar: a login page, a challenge, an error told with status 200."""
    return read_ical(page.body)
