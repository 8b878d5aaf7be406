"""Events Manager (WordPress): the iCalendar of the events to come, or the list of its page."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from aggregator.reading.html import parse_html, url_at
from aggregator.reading.url import site_of
from aggregator.source import Draft, Page, Request
from sources.platforms import html, ics
from sources.platforms._eventsmanager import read_page
from sources.platforms.ics import ends_whole_or_page as ends_whole

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
    """A site's calendar of what is to come; an address of a calendar stays, and with `#list` its page."""
    parts = urlsplit(url)
    if parts.fragment == "list":
        return Request(url=url)
    return ics.request(url if ".ics" in parts.path else f"{site_of(url)}/events.ics?scope=future")


def fallbacks(url: str) -> Iterator[tuple[str, str]]:
    """The page, where the calendar is closed."""
    parts = urlsplit(url)
    if parts.fragment != "list":
        is_page = parts.path.strip("/") and ".ics" not in parts.path
        yield "eventsmanager", f"{url if is_page else f'{site_of(url)}/events/'}#list"


def parse(page: Page) -> Iterator[Draft]:
    """Of the calendar, else of a list or an event's own page; else the structured data of the page."""
    if ics.recognise(page):
        return ics.parse(page)
    drafts = list(read_page(page))
    return iter(drafts) if drafts else html.parse(page)


def follow(page: Page) -> Iterator[Request]:
    """The next page of a list."""
    url = None if ics.recognise(page) else url_at(parse_html(page.text), ".em-pagination a.next[href]", page.url)
    if url:
        yield Request(url=url)
