"""Squarespace: a collection of events as JSON, which any of its pages can be asked for."""

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlencode, urlsplit, urlunsplit

from aggregator.errors import ParseError
from aggregator.reading.html import ends_whole as page_ends_whole
from aggregator.reading.structured.json_repair import Json, read_json
from aggregator.reading.structured.values import Node, first_node, nodes, text, texts
from aggregator.reading.url import clean_url
from aggregator.source import Draft, Page, Request
from sources.platforms import ics

_MARKS = re.compile(
    r"<!-- This is Squarespace\. -->|static1\.squarespace\.com|squarespace-cdn\.com|Static\.SQUARESPACE_CONTEXT"
)
_NOWHERE = ("40.720755", "-74.000761")
"""The pin of a collection whose events have no place."""


def recognise(page: Page) -> str | None:
    """An answer by its collections, a page by the vendor's own scripts."""
    told = page.text
    if ics.recognise(page):
        return "a calendar by Squarespace" if b"squarespace" in page.body[:2000].lower() else None
    if told.lstrip()[:1] in {"{", "["}:
        is_theirs = "squarespace.com" in told and ('"upcoming"' in told or '"collectionId"' in told)
        return "an answer of Squarespace" if is_theirs else None
    return "a page of Squarespace" if _MARKS.search(told) else None


def request(url: str) -> Request:
    """The collection as JSON, for its page and for the address of its calendar too."""
    parts = urlsplit(url)
    return Request(url=urlunsplit(parts._replace(query=urlencode({"format": "json"}), fragment="")))


def fallbacks(url: str) -> Iterator[tuple[str, str]]:
    """Its page, where the answer is closed."""
    yield "html", urlunsplit(urlsplit(url)._replace(query="", fragment=""))


def ends_whole(body: bytes) -> bool:
    """Whether the end of the answer has arrived."""
    return page_ends_whole(body)


def parse(page: Page) -> Iterator[Draft]:
    """Upcoming ones and those just past; what has no start is an article of a blog."""
    if ics.recognise(page):
        yield from ics.parse(page)
        return
    answer = _answer(page)
    told = answer if isinstance(answer, dict) else {}
    if isinstance(answer, dict) and not told.keys() & {"upcoming", "past", "items", "item"}:
        raise ParseError(f"{page.url}: a page of Squarespace, but no collection of events")
    zone = text(first_node(told.get("website")) or {}, "timeZone")
    lists = [told.get(name) for name in ("upcoming", "past", "items", "item")] if told else [answer]
    for event in (event for found in lists for event in nodes(found)):
        if _moment(event, "startDate"):
            yield _draft(event, zone, page.url)


def follow(page: Page) -> Iterator[Request]:
    """The next page of the collection."""
    answer = None if ics.recognise(page) else _answer(page)
    pagination = first_node(answer.get("pagination")) if isinstance(answer, dict) else None
    url = clean_url(text(pagination or {}, "nextPageUrl"), page.url)
    if url:
        yield Request(url=f"{url}{'&' if '?' in url else '?'}format=json" if "format=json" not in url else url)


def _answer(page: Page) -> Json:
    found = read_json(page.text) if page.text.lstrip()[:1] in {"{", "["} else []
    if not found:
        raise ParseError(f"{page.url}: no answer of Squarespace in JSON")
    return found[0]


def _moment(event: Node, name: str) -> str | None:
    """In milliseconds since 1970, of which those below a second are chance."""
    told = text(event, name) or text(first_node(event.get("structuredContent")) or {}, name) or ""
    return str(int(told) // 1000) if told.isdecimal() else None


def _draft(event: Node, zone: str | None, base: str) -> Draft:
    place = first_node(event.get("location")) or {}
    pair = text(place, "markerLat", "mapLat"), text(place, "markerLng", "mapLng")
    has_address = any(text(place, name) for name in ("addressTitle", "addressLine1", "addressLine2"))
    draft = Draft(
        identifier=text(event, "id"),
        name=text(event, "title"),
        start_date=_moment(event, "startDate"),
        end_date=_moment(event, "endDate"),
        time_zone=zone,
        description=text(event, "body", "excerpt"),
        image=clean_url(text(event, "assetUrl"), base) if text(event, "systemDataId") else None,
        url=clean_url(text(event, "fullUrl"), base),
        keywords=(*texts(event.get("categories")), *texts(event.get("tags"))),
        location_name=text(place, "addressTitle"),
        location_text=", ".join(filter(None, (text(place, f"addressLine{n}") for n in (1, 2)))) or None,
        address_country=text(place, "addressCountry"),
    )
    is_pinned = has_address and all(pair) and not (pair[0] or "").startswith(_NOWHERE[0])
    return replace(draft, latitude=pair[0], longitude=pair[1]) if is_pinned else draft
