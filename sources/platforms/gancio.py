"""Gancio: a town's shared calendar as JSON, or as iCalendar."""

from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import urlsplit

from aggregator.errors import ParseError
from aggregator.reading.html import ends_whole as page_ends_whole
from aggregator.reading.structured.json_repair import read_json
from aggregator.reading.structured.values import Node, first_node, nodes, text, texts
from aggregator.source import Draft, Page, Request
from sources.about import About
from sources.platforms import ics

ABOUT = About(
    title="Gancio",
    reads="its JSON; its iCalendar where that is what the address gives",
    fields="end, place with address and coordinates, description, keywords, page",
    paging="one answer",
    identity="the event's number; UID",
    terms="made to be read by others",
)

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
    parts = urlsplit(page.url)
    is_page = not ics.recognise(page) and page.text.lstrip()[:1] != "["
    return f"{parts.scheme}://{parts.netloc}{_PATH}" if is_page else None


def request(url: str) -> Request:
    """The interface of a site; an iCalendar stays what it is."""
    parts = urlsplit(url)
    if "/feed/" in parts.path or parts.path.endswith(".ics"):
        return ics.request(url)
    return Request(url=f"{parts.scheme}://{parts.netloc}{_PATH}")


def fallbacks(url: str) -> Iterator[tuple[str, str]]:
    """The calendar, where the interface is closed."""
    parts = urlsplit(url)
    if "/feed/" not in parts.path:
        yield "gancio", f"{parts.scheme}://{parts.netloc}/feed/ics"


def ends_whole(body: bytes) -> bool:
    """Whether the end of the answer, or of the calendar, has arrived."""
    return ics.ends_whole(body) if ics.OPENING.search(body[:4096]) else page_ends_whole(body)


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
    parts = urlsplit(base)
    return Draft(
        identifier=text(event, "id"),
        name=text(event, "title"),
        start_date=_moment(text(event, "start_datetime")),
        end_date=_moment(text(event, "end_datetime")),
        description=text(event, "description"),
        url=f"{parts.scheme}://{parts.netloc}/event/{slug}" if slug else None,
        location_name=text(place, "name"),
        location_text=text(place, "address"),
        latitude=text(place, "latitude"),
        longitude=text(place, "longitude"),
        keywords=tuple(texts(event.get("tags"))),
    )


def _moment(seconds: str | None) -> str | None:
    """Unix time, as the interface has it."""
    is_told = seconds is not None and seconds.isdecimal() and 0 < int(seconds) < 1e11
    return datetime.fromtimestamp(int(seconds or 0), UTC).isoformat() if is_told else None
