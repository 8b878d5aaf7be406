"""Wix Events: the state that a page brings along, the answer of its own interface, or an event's page."""

import re
from collections.abc import Iterator

from aggregator.errors import ParseError
from aggregator.reading.html import ends_whole, parse_html
from aggregator.reading.structured.json_repair import Json, read_json
from aggregator.reading.structured.values import Node, first_node, text
from aggregator.reading.url import site_of
from aggregator.source import Draft, Page
from sources.platforms import html

__all__ = ["ends_whole", "parse", "recognise"]

_MARKS = re.compile(r"static\.wixstatic\.com|static\.parastorage\.com|id=[\"']wix-warmup-data")
_EMPTY = re.compile(r'"events":\s*\{\s*"events":\s*\[\s*\]')


def recognise(page: Page) -> str | None:
    """An answer by its schedule, a page by the vendor's own hosts."""
    told = page.text
    if told.lstrip()[:1] == "{":
        return "an answer of Wix Events" if '"scheduling"' in told and '"timeZoneId"' in told else None
    return "a page of Wix" if _MARKS.search(told) else None


def parse(page: Page) -> Iterator[Draft]:
    """Events without a date yet ("to be decided") are told without one. A page without a list is one event's."""
    events = list(_events(page))
    if events or page.text.lstrip()[:1] == "{" or _EMPTY.search(page.text):
        return (_draft(event, page.url) for event in events)
    return html.parse(page)


def _events(page: Page) -> Iterator[Node]:
    """Wherever in the state they are: objects with a schedule."""
    if page.text.lstrip()[:1] == "{":
        state: list[Json] = read_json(page.text)
    else:
        script = parse_html(page.text).css_first("script#wix-warmup-data")
        state = read_json(script.text()) if script is not None else []
    if page.text.lstrip()[:1] == "{" and not state:
        raise ParseError(f"{page.url}: no answer of Wix Events")
    waiting, seen = list(state), 0
    while waiting and seen < 200_000:
        value, seen = waiting.pop(0), seen + 1
        if isinstance(value, dict) and "scheduling" in value and "title" in value:
            yield value
        elif isinstance(value, dict | list):
            waiting += value.values() if isinstance(value, dict) else value


def _draft(event: Node, base: str) -> Draft:
    scheduling, place = (first_node(event.get(name)) or {} for name in ("scheduling", "location"))
    address, point = (first_node(place.get(name)) or {} for name in ("fullAddress", "coordinates"))
    config = first_node(scheduling.get("config")) or scheduling
    slug, is_open = text(event, "slug"), config.get("scheduleTbd") is True
    return Draft(
        identifier=text(event, "id"),
        name=text(event, "title"),
        start_date=None if is_open else text(config, "startDate"),
        end_date=None if is_open else text(config, "endDate"),
        time_zone=text(config, "timeZoneId"),
        event_status="cancelled" if text(event, "status") in {"CANCELED", "3"} else None,
        description=text(event, "description", "about"),
        url=f"{site_of(base)}/event-details/{slug}" if slug else None,
        location_name=text(place, "name"),
        location_text=text(place, "address") or text(address, "formattedAddress"),
        address_locality=text(address, "city"),
        address_region=text(address, "subdivision"),
        postal_code=text(address, "postalCode"),
        address_country=text(address, "country"),
        latitude=text(point, "lat"),
        longitude=text(point, "lng"),
    )
