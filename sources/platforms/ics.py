"""iCalendar feeds (RFC 5545): what almost every calendar can also be had as."""

import re
from collections.abc import Iterator

from aggregator.reading.ical import ends_whole, read_ical
from aggregator.reading.url import clean_url
from aggregator.source import Draft, Page, Request

OPENING = re.compile(rb"(?:\A|[\r\n]|\xef\xbb\xbf)[ \t]*(BEGIN:(?:VCALENDAR|VEVENT))\s", re.IGNORECASE)

__all__ = ["ends_whole", "parse", "recognise", "request"]


def recognise(page: Page) -> str | None:
    """By content, since the header often says text/html or application/octet-stream."""
    match = OPENING.search(page.body[:4096])
    return f"has a line {match[1].decode().upper()}" if match else None


def request(url: str) -> Request:
    """The feed itself; webcal: is https: by another name."""
    return Request(url=clean_url(url) or url, headers=(("accept", "text/calendar, */*;q=0.5"),))


def parse(page: Page) -> Iterator[Draft]:
    """Raises ParseError for a body without a calendar: a login page, a challenge, an error told with status 200."""
    return read_ical(page.body)
