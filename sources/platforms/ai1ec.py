"""All-in-One Event Calendar (WordPress): its iCalendar, or the agenda of its page."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from aggregator.errors import ParseError
from aggregator.reading.html import Node, parse_html, text_at, url_at
from aggregator.reading.url import site_of
from aggregator.source import Draft, Page, Request
from sources.platforms import ics
from sources.platforms.ics import ends_whole_or_page as ends_whole

__all__ = ["ends_whole", "parse", "recognise"]

_EXPORT = "/?plugin=all-in-one-event-calendar&controller=ai1ec_exporter_controller&action=export_events&no_html=true"
_MARKS = re.compile(r"all-in-one-event-calendar|class=[\"'][^\"']*\bai1ec-(?:event|calendar|main|date)\b")
_NUMBER = re.compile(r"ai1ec-event-id-(\d+)\b.*?ai1ec-event-instance-id-(\d+)")


def recognise(page: Page) -> str | None:
    """A calendar that it signs, or a page with its classes."""
    if ics.recognise(page):
        return "a calendar by All-in-One" if b"ai1ec" in page.body[:20_000].lower() else None
    is_html = "<html" in page.text[:5000].lower() or "<body" in page.text[:5000].lower()
    return "a page with All-in-One's classes" if is_html and _MARKS.search(page.text) else None


def address(page: Page) -> str | None:
    """The site, whose calendar is asked for."""
    return None if ics.recognise(page) else f"{site_of(page.url)}/"


def request(url: str) -> Request:
    """A site's calendar; the address of a calendar, or of an agenda, stays."""
    parts = urlsplit(url)
    is_whole = "ai1ec_exporter" in parts.query or "action~" in parts.path or ".ics" in parts.path
    return ics.request(url if is_whole else f"{site_of(url)}{_EXPORT}")


def fallbacks(url: str) -> Iterator[tuple[str, str]]:
    """The agenda, which firewalls leave open."""
    path = urlsplit(url).path.partition("/action~")[0].strip("/")
    yield "ai1ec", f"{site_of(url)}/{path if path and '.' not in path else 'calendar'}/action~agenda/"


def parse(page: Page) -> Iterator[Draft]:
    """From either form; the agenda's day stands above its events."""
    if ics.recognise(page):
        return ics.parse(page)
    tree = parse_html(page.text)
    if tree.css_first(".ai1ec-agenda-view, .ai1ec-stream-view, .ai1ec-no-results, .ai1ec-date") is None:
        raise ParseError(f"{page.url}: neither a calendar nor an agenda of All-in-One")
    return (_draft(event, day, page.url) for day in tree.css(".ai1ec-date") for event in day.css(".ai1ec-event"))


def follow(page: Page) -> Iterator[Request]:
    """The next page of an agenda that still tells something."""
    tree = parse_html("" if ics.recognise(page) else page.text)
    url = url_at(tree, "a.ai1ec-next-page:not(.ai1ec-disabled)[href]", page.url)
    if url and tree.css_first(".ai1ec-date .ai1ec-event") is not None:
        yield Request(url=url)


def _draft(event: Node, day: Node, base: str) -> Draft:
    date = " ".join(filter(None, (text_at(day, f".ai1ec-{part}") for part in ("month", "day", "year"))))
    number = _NUMBER.search(event.attributes.get("class") or "")
    name, _, venue = (text_at(event, ".ai1ec-event-title") or "").partition("@ ")
    told = text_at(event, ".ai1ec-event-time") or ""
    time = told.partition(" @ ")[2] or "".join(told.partition("–")[1:])
    return Draft(
        identifier=f"{number[1]}-{number[2]}" if number else None,
        super_event=number[1] if number else None,
        name=name.strip() or None,
        date_text=f"{date} {time}".strip() or None,
        location_text=(text_at(event, ".ai1ec-event-location") or venue).removeprefix("@").strip() or None,
        description=text_at(event, ".ai1ec-event-description"),
        url=url_at(event, "a[href]", base),
    )
