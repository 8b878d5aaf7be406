"""Events Manager (WordPress): the iCalendar of the events to come."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from aggregator.reading.url import site_of
from aggregator.source import Page, Request
from sources.platforms import ics
from sources.platforms.ics import ends_whole, parse

__all__ = ["ends_whole", "parse", "recognise"]

_MARKS = re.compile(
    r"wp-content/plugins/events-manager(?:-pro)?/|class=[\"'][^\"']*\bem-(?:calendar|events-list|event-single)"
)


def recognise(page: Page) -> str | None:
    """A calendar that it signs, or a page with its files or classes."""
    if ics.recognise(page):
        return "a calendar by Events Manager" if b"Events Manager" in page.body[:2000] else None
    return "a page with Events Manager's marks" if _MARKS.search(page.text) else None


def address(page: Page) -> str | None:
    """The site, whose calendar is asked for."""
    return None if ics.recognise(page) else f"{site_of(page.url)}/"


def request(url: str) -> Request:
    """A site's calendar of what is to come; an address of a calendar stays."""
    parts = urlsplit(url)
    return ics.request(url if ".ics" in parts.path else f"{site_of(url)}/events.ics?scope=future")


def fallbacks(url: str) -> Iterator[tuple[str, str]]:
    """The page, where the calendar is closed."""
    parts = urlsplit(url)
    yield (
        "html",
        f"{site_of(url)}/events/" if ".ics" in parts.path or not parts.path.strip("/") else url,
    )
