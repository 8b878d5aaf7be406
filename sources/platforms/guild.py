"""Guild (guild.host): the upcoming events of a group, as the site's own pages ask for them."""

import re
from collections.abc import Iterator
from urllib.parse import quote, urlsplit

from aggregator.errors import ParseError
from aggregator.reading.html import ends_whole
from aggregator.reading.structured.json_repair import read_json
from aggregator.reading.structured.values import Node, first_node, nodes, text
from aggregator.reading.url import clean_url
from aggregator.source import Draft, Page, Request

__all__ = ["address", "ends_whole", "follow", "parse", "recognise", "request"]

_ANSWER = re.compile(r'"fullUrl":\s*"https?:\\?/\\?/guild\.host\\?/')


def recognise(page: Page) -> str | None:
    """An answer by its addresses, a page of a group by its host."""
    if page.text.lstrip()[:1] == "{":
        is_answer = '"edges"' in page.text and (_ANSWER.search(page.text) or "guild.host/api/next/" in page.url)
        return "an answer of guild.host" if is_answer else None
    return "a page of a group on guild.host" if _group(page.url) else None


def address(page: Page) -> str | None:
    """The group's address."""
    group = _group(page.url)
    return f"https://guild.host/{group}" if group else None


def request(url: str | None = None, group: str | None = None) -> Request:
    """A group's address becomes that of its upcoming events."""
    if not url and not group:
        raise ValueError("a group or a url is needed")
    group = group or _group(url or "")
    return Request(url=f"https://guild.host/api/next/{quote(group)}/events/upcoming" if group else url or "")


def _group(url: str) -> str | None:
    parts = urlsplit(url)
    name = parts.path.strip("/").partition("/")[0]
    return name if parts.hostname == "guild.host" and name not in {"", "api", "events", "guilds", "login"} else None


def parse(page: Page) -> Iterator[Draft]:
    """One draft an event that is listed."""
    yield from (_draft(event) for event in _events(page) if text(event, "visibility") != "UNLISTED")


def follow(page: Page) -> Iterator[Request]:
    """The next five, after the cursor that the answer names."""
    pages = first_node(_connection(page).get("pageInfo")) or {}
    cursor = text(pages, "endCursor")
    if cursor and pages.get("hasNextPage") is True:
        yield Request(url=f"{page.url.partition('?')[0]}?after={quote(cursor, safe='')}")


def _connection(page: Page) -> Node:
    answer = first_node(read_json(page.text)) if page.text.lstrip()[:1] == "{" else None
    connection = first_node((answer or {}).get("events")) or answer or {}
    if not isinstance(connection.get("edges"), list):
        raise ParseError(f"{page.url}: no events of guild.host")
    return connection


def _events(page: Page) -> Iterator[Node]:
    yield from (node for edge in nodes(_connection(page)["edges"]) for node in nodes(edge.get("node")))


def _draft(event: Node) -> Draft:
    venue = first_node(event.get("venue")) or {}
    owner = first_node(event.get("owner")) or {}
    longitude, latitude = _point(venue)
    is_online = event.get("hasVenue") is False and event.get("hasExternalUrl") is True
    return Draft(
        identifier=text(event, "id", "slug"),
        name=text(event, "name"),
        start_date=text(event, "startAt"),
        end_date=text(event, "endAt"),
        time_zone=text(event, "timeZone"),
        event_attendance_mode="OnlineEventAttendanceMode" if is_online else None,
        location_name=text(venue, "name"),
        latitude=latitude,
        longitude=longitude,
        organizer=text(owner, "name") if text(owner, "__typename") != "User" else None,
        url=clean_url(text(event, "fullUrl")),
        description=text(event, "description"),
    )


def _point(venue: Node) -> tuple[str | None, str | None]:
    """GeoJSON puts the longitude first (RFC 7946, 3.1.1)."""
    node = venue
    for name in ("address", "location", "geojson"):
        node = first_node(node.get(name)) or {}
    told = node.get("coordinates")
    pair = [degrees for degrees in told if isinstance(degrees, str)] if isinstance(told, list) else []
    return (pair[0], pair[1]) if len(pair) == 2 and any(degrees.strip("-0.") for degrees in pair) else (None, None)
