"""Mobilizon, and whatever speaks ActivityPub: Event objects alone, in an outbox or in a collection; its iCalendar."""

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

from aggregator.errors import ParseError
from aggregator.reading.structured.json_repair import read_json
from aggregator.reading.structured.values import Node, first_node, nodes, text
from aggregator.reading.url import clean_url
from aggregator.source import Draft, Page, Request
from sources.platforms import ics
from sources.platforms.ics import ends_whole_or_page as ends_whole

__all__ = ["ends_whole", "parse", "recognise"]

_MARKS = re.compile(r"activitystreams|\"type\":\s*\"(?:Event|OrderedCollection)", re.IGNORECASE)
_GROUP = re.compile(r"(https?://[^/\"'<>\s]+/@[\w.@-]+)(?:/(?:events|feed/\w+))?/?$")


def recognise(page: Page) -> str | None:
    """An answer of ActivityPub with events, a calendar that Mobilizon signs, or a page that it made."""
    if ics.recognise(page):
        return "a calendar by Mobilizon" if b"Mobilizon" in page.body[:4096] else None
    told = page.text
    if told.lstrip()[:1] == "{":
        is_told = "activitystreams" in told and re.search(r"\"type\":\s*\"(?:Event|OrderedCollection)", told)
        return "events of ActivityPub" if is_told else None
    return (
        "a page of Mobilizon"
        if re.search(r"<meta[^>]+Mobilizon|/mobilizon-|mobilizon[\w.-]*\.js", told, re.IGNORECASE)
        else None
    )


def address(page: Page) -> str | None:
    """The calendar of the group that the page is of."""
    return f"{found[1]}/feed/ics" if (found := _GROUP.match(page.url)) and not ics.recognise(page) else None


def request(url: str) -> Request:
    """A group's page becomes its calendar; another address is asked for in the words of ActivityPub."""
    found = _GROUP.match(url)
    if found or urlsplit(url).path.endswith("/ics"):
        return ics.request(f"{found[1]}/feed/ics" if found else url)
    return Request(url=url, headers=(("accept", "application/activity+json"),))


def parse(page: Page) -> Iterator[Draft]:
    """One draft an event that is shown whole; what is only named by its address is not asked for."""
    if ics.recognise(page):
        yield from ics.parse(page)
        return
    answer = _answer(page)
    if text(answer, "type") not in {
        "Event",
        "OrderedCollection",
        "OrderedCollectionPage",
        "Collection",
        "CollectionPage",
    }:
        raise ParseError(f"{page.url}: no events of ActivityPub")
    for told in [answer, *nodes(answer.get("orderedItems")), *nodes(answer.get("items"))]:
        event = first_node(told.get("object")) or told
        if text(event, "type") == "Event":
            yield _draft(event, page.url)


def follow(page: Page) -> Iterator[Request]:
    """The first page of a collection, and the next of a page."""
    if ics.recognise(page):
        return
    answer = _answer(page)
    url = clean_url(text(answer, "next") or (None if "orderedItems" in answer else text(answer, "first")), page.url)
    if url:
        yield Request(url=url, headers=page.request.headers)


def _answer(page: Page) -> Node:
    answer = first_node(read_json(page.text)) if page.text.lstrip()[:1] == "{" else None
    if answer is None:
        raise ParseError(f"{page.url}: neither a calendar nor an answer of ActivityPub")
    return answer


def _draft(event: Node, base: str) -> Draft:
    places = list(nodes(event.get("location")))
    place = next((one for one in places if text(one, "type") == "Place"), {})
    virtual = next((clean_url(text(one, "url")) for one in places if text(one, "type") == "VirtualLocation"), None)
    is_online = event.get("isOnline") is True or (virtual is not None and not place)
    address = place.get("address")
    told = first_node(address) or {}
    draft = Draft(
        identifier=text(event, "id", "uuid"),
        name=text(event, "name"),
        start_date=text(event, "startTime"),
        end_date=text(event, "endTime"),
        time_zone=text(event, "timezone"),
        event_status=text(event, "ical:status", "status"),
        event_attendance_mode="OnlineEventAttendanceMode" if is_online else None,
        virtual_location=virtual,
        description=text(event, "content", "summary"),
        url=clean_url(text(event, "url") or text(event, "id"), base),
        location_name=text(place, "name"),
        location_text=address if isinstance(address, str) else None,
        street_address=text(told, "streetAddress"),
        address_locality=text(told, "addressLocality"),
        address_region=text(told, "addressRegion"),
        postal_code=text(told, "postalCode"),
        address_country=text(told, "addressCountry"),
    )
    pair = text(place, "latitude"), text(place, "longitude")
    return replace(draft, latitude=pair[0], longitude=pair[1]) if all(pair) else draft
