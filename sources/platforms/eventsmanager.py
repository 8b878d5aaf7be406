"""Events Manager (WordPress): the iCalendar of the events to come, or the list of its page."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from aggregator.reading.html import Node, parse_html, text_at, url_at
from aggregator.reading.url import site_of
from aggregator.source import Draft, Page, Request
from sources.platforms import html, ics
from sources.platforms.ics import ends_whole_or_page as ends_whole

__all__ = ["ends_whole", "parse", "recognise"]

_LISTED = ".em-event.em-item, :is(.css-events-list, table.events-table) tbody tr"
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
    """A list of either generation: a table of when and what, or blocks; else the structured data of the page."""
    if ics.recognise(page):
        return ics.parse(page)
    events = parse_html(page.text).css(_LISTED)
    drafts = [_draft(event, page.url) for event in events if event.css_first("a[href]") is not None]
    return iter(drafts) if drafts else html.parse(page)


def follow(page: Page) -> Iterator[Request]:
    """The next page of a list."""
    url = None if ics.recognise(page) else url_at(parse_html(page.text), ".em-pagination a.next[href]", page.url)
    if url:
        yield Request(url=url)


def _draft(event: Node, base: str) -> Draft:
    link = ".em-item-title a[href], td:last-child a[href]"
    url = url_at(event, link, base)
    told = [text_at(event, f".em-event-{part}") for part in ("date", "time")] + [text_at(event, "td:first-child")]
    return Draft(
        identifier=url,
        name=text_at(event, link),
        date_text=" ".join(" ".join(filter(None, told)).split()) or None,
        location_text=text_at(event, ".em-event-location, td:last-child i"),
        description=text_at(event, ".em-item-desc"),
        url=url,
    )
