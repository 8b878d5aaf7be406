"""Gancio: a town's shared calendar as JSON, or as iCalendar."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from aggregator.errors import ParseError
from aggregator.reading.structured.json_repair import read_json
from aggregator.reading.structured.values import Node, first_node, nodes, text, texts
from aggregator.reading.url import site_of
from aggregator.source import Draft, Page, Request
from sources.platforms import ics
from sources.platforms.ics import ends_whole_or_page as ends_whole

__all__ = ["ends_whole", "parse", "recognise"]

_PATH = "/api/events"


def recognise(page: Page) -> str | None:
    """An answer of its interface, a calendar that it signs, or a page that it made."""
    if ics.recognise(page):
        return "a calendar by Gancio" if b"gancio" in page.body[:4096].lower() else None
    told = page.text
    if told.lstrip()[:1] == "[":
        return (
            "an answer of Gancio"
            if ('"start_datetime"' in told and '"placeId"' in told) or "/api/events" in page.url
            else None
        )
    return "a page of Gancio" if "gancio-events" in told or 'content="gancio' in told.lower() else None


def address(page: Page) -> str | None:
    """The interface of the site."""
    is_page = not ics.recognise(page) and page.text.lstrip()[:1] != "["
    return f"{site_of(page.url)}{_PATH}" if is_page else None


def request(url: str) -> Request:
    """The interface of a site; an iCalendar stays what it is."""
    parts = urlsplit(url)
    if "/feed/" in parts.path or parts.path.endswith(".ics"):
        return ics.request(url)
    return Request(url=f"{site_of(url)}{_PATH}")


def fallbacks(url: str) -> Iterator[tuple[str, str]]:
    """The calendar, where the interface is closed."""
    parts = urlsplit(url)
    if "/feed/" not in parts.path:
        yield "gancio", f"{site_of(url)}/feed/ics"


def parse(page: Page) -> Iterator[Draft]:
    """One draft an event."""
    if ics.recognise(page):
        yield from ics.parse(page)
        return
    if page.text.lstrip()[:1] != "[":
        raise ParseError(f"{page.url}: no answer of Gancio")
    yield from (_draft(event, page.url) for answer in read_json(page.text) for event in nodes(answer))


def _draft(event: Node, base: str) -> Draft:
    place, slug = first_node(event.get("place")) or {}, text(event, "slug")
    return Draft(
        identifier=text(event, "id"),
        name=text(event, "title"),
        start_date=text(event, "start_datetime"),
        end_date=text(event, "end_datetime"),
        description=text(event, "description"),
        url=f"{site_of(base)}/event/{slug}" if slug else None,
        location_name=text(place, "name"),
        location_text=text(place, "address"),
        latitude=text(place, "latitude"),
        longitude=text(place, "longitude"),
        keywords=tuple(texts(event.get("tags"))),
    )
