"""Eventbrite: the state of an organiser's page, JSON-LD of an event's page, and the answers of the API."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from urllib.parse import parse_qsl, urlencode, urlsplit

from aggregator.errors import ParseError
from aggregator.reading.html import ends_whole
from aggregator.reading.structured.json_repair import Json, read_json
from aggregator.reading.structured.values import Node, all_nodes, first_node, nodes, text
from aggregator.reading.url import clean_url
from aggregator.source import Draft, Page, Request
from sources.platforms import jsonld

__all__ = ["address", "ends_whole", "follow", "parse", "recognise", "request"]

MOST_PAGES = 30
"""Pages of events and series in one run."""

_API = "https://www.eventbriteapi.com/"
_UPCOMING = "/events/?status=live&time_filter=current_future&expand=venue,ticket_availability"
_SITE = re.compile(r"https?://(?:www\.)?eventbrite\.[a-z.]{2,6}/(o/)?", re.IGNORECASE)
_ANSWER = re.compile(
    r'"(?:resource_uri|url|tickets_url)":\s*"https?:\\?/\\?/www\.eventbrite(?:api)?\.|"has_more_items"'
)
_STATE = re.compile(
    r"(?:<script\b[^>]*\bid=[\"']?__NEXT_DATA__\b[^>]*>|window\.__SERVER_DATA__\s*=\s*)(\{.*?\})\s*;?\s*(?:</script|\n\s*window\.)",
    re.DOTALL,
)
_LISTS = ("upcomingEvents", "upcoming_events", "future_events")
_WIDGET = re.compile(r"<script\b[^>]*\bsrc=[\"'][^\"']*eventbrite\.[a-z.]{2,6}/static/widgets/eb_widgets\.js")
_ORGANIZER = re.compile(r"https?://(?:www\.)?eventbrite\.[a-z.]{2,6}/o/[\w-]*\d{6,}", re.IGNORECASE)
_NUMBER = re.compile(r"(\d{6,})/?$")


def recognise(page: Page) -> str | None:
    """An answer by its addresses, a page by its host, another's site by the widget that sells Eventbrite's tickets."""
    told = page.text
    if told.lstrip()[:1] == "{":
        return "an answer of Eventbrite" if _ANSWER.search(told) else None
    if _SITE.match(page.url):
        return "a page on Eventbrite"
    is_shop = _WIDGET.search(told) and _ORGANIZER.search(told)
    return "Eventbrite's widget, and a link to the organiser" if is_shop else None


def address(page: Page) -> str | None:
    """The organiser's page, which an event's page and another's site link to."""
    here = _SITE.match(page.url)
    found = None if here and here[1] else _ORGANIZER.search(page.text)
    return found[0] if found else None


def request(url: str | None = None, organizer_id: str | int | None = None) -> Request:
    """The organiser's page; at the API its upcoming events, with the operator's token."""
    if not url and not organizer_id:
        raise ValueError("a url or an organizer_id is needed")
    url = url or f"https://www.eventbrite.com/o/{organizer_id}"
    if not url.startswith(_API):
        return Request(url=url)
    url = url if "/events" in url else url.rstrip("/") + _UPCOMING
    return Request(url=url, headers=(("authorization", "Bearer {key}"),))


def parse(page: Page) -> Iterator[Draft]:
    """From the answer or the page's state; a page without one is read by its JSON-LD."""
    found = _lists(page)
    if found is None:
        yield from (_named_by_address(draft, page.url) for draft in jsonld.parse(page))
    else:
        yield from (_draft(event) for event in found if not _is(event, "is_protected_event", "is_series_parent"))


def follow(page: Page) -> Iterator[Request]:
    """The next page; of an organiser's page those of series, for their dates, and of events without a place."""
    if page.text.lstrip()[:1] == "{":
        yield from _next_page(page)
    elif page.request.completes is None:
        yield from islice(_details(_lists(page) or []), MOST_PAGES)


def _details(events: list[Node]) -> Iterator[Request]:
    """A series is told by its dates: its own are the start of the first and the end of the last."""
    for event in events:
        draft = _draft(event)
        if draft.url and _is(event, "is_series_parent"):
            yield Request(url=draft.url)
        elif draft.url and not (draft.location_name or draft.event_attendance_mode or _is(event, "is_protected_event")):
            yield Request(url=draft.url, completes=draft.identifier)


def _next_page(page: Page) -> Iterator[Request]:
    """The API continues by a token that stands for the page so far."""
    pages = first_node((first_node(read_json(page.text)) or {}).get("pagination")) or {}
    token = text(pages, "continuation")
    if token and _is(pages, "has_more_items"):
        told = dict(parse_qsl(urlsplit(page.url).query))
        yield request(page.url.partition("?")[0] + "?" + urlencode({**told, "continuation": token}))


def _lists(page: Page) -> list[Node] | None:
    """The events of an answer, or of a page's state; None for a page that has none, or another."""
    told = page.text
    if told.lstrip()[:1] == "{":
        answer = first_node(read_json(told)) or {}
        found = answer.get("events")
        found = found.get("results") if isinstance(found, dict) else found
        if not isinstance(found, list) or not _ANSWER.search(told):
            raise ParseError(f"{page.url}: JSON, but no events of Eventbrite")
        return list(nodes(found))
    match = _STATE.search(told)
    states = all_nodes(read_json(match[1])) if match else []
    lists = [state[name] for state in states for name in _LISTS if isinstance(state.get(name), list)]
    return list(nodes(lists[0])) if lists else None


def _is(value: Json, *names: str) -> bool:
    node = first_node(value) or {}
    return any(node.get(name) is True for name in names)


def _draft(event: Node) -> Draft:
    url = (clean_url(text(event, "url")) or "").partition("?")[0] or None
    draft = Draft(
        identifier=text(event, "id"),
        name=_words(event.get("name")),
        event_status="EventCancelled" if _is(event, "is_cancelled") else text(event, "status"),
        event_attendance_mode="OnlineEventAttendanceMode" if _is(event, "is_online_event", "online_event") else None,
        url=url,
        description=_words(event.get("description")) or text(event, "summary"),
        image=clean_url(text(first_node(event.get("image") or event.get("logo")) or {}, "url")),
    )
    return _priced(_at(_timed(draft, event), event), event)


def _words(value: Json) -> str | None:
    """Text, or the object that the API wraps it in."""
    return value if isinstance(value, str) else text(first_node(value) or {}, "html", "text")


def _timed(draft: Draft, event: Node) -> Draft:
    """Wall clocks: `start` is an object of the API, `start_date` and `start_time` are the page's."""
    start, end = (first_node(event.get(key)) or {} for key in ("start", "end"))
    told = [
        text(side, "local") or "T".join(filter(None, (text(event, f"{key}_date"), text(event, f"{key}_time"))))
        for key, side in (("start", start), ("end", end))
    ]
    zone = text(start, "timezone") or text(event, "timezone")
    return replace(draft, start_date=told[0] or None, end_date=told[1] or None, time_zone=zone)


def _at(draft: Draft, event: Node) -> Draft:
    venue = first_node(event.get("primary_venue") or event.get("venue")) or {}
    place = first_node(venue.get("address")) or {}
    if draft.event_attendance_mode or not venue:
        return draft
    return replace(
        draft,
        location_name=text(venue, "name"),
        street_address=", ".join(filter(None, (text(place, "address_1"), text(place, "address_2")))) or None,
        address_locality=text(place, "city"),
        address_region=text(place, "region"),
        postal_code=text(place, "postal_code"),
        address_country=text(place, "country"),
        latitude=text(place, "latitude"),
        longitude=text(place, "longitude"),
    )


def _priced(draft: Draft, event: Node) -> Draft:
    told = first_node(event.get("ticket_availability")) or {}
    prices = [first_node(told.get(f"{end}_ticket_price")) or {} for end in ("minimum", "maximum")]
    amounts = dict.fromkeys(filter(None, (text(price, "major_value") for price in prices)))
    is_free = told.get("is_free", event.get("is_free"))
    return replace(
        draft,
        price=" – ".join(amounts) or None,
        price_currency=text(prices[0], "currency"),
        is_accessible_for_free=is_free if isinstance(is_free, bool) else None,
    )


def _named_by_address(draft: Draft, base: str) -> Draft:
    url = (clean_url(draft.url, base) or base).partition("?")[0]
    number = _NUMBER.search(url)
    return replace(draft, identifier=number[1] if number else draft.identifier, url=url)
