"""What wix.py reads of Wix Events: objects in a page's state, or in an answer, and what they tell."""

from collections.abc import Iterator

from aggregator.errors import ParseError
from aggregator.reading.html import parse_html
from aggregator.reading.structured.json_repair import Json, read_json
from aggregator.reading.structured.values import Node, first_node, text
from aggregator.reading.url import clean_url, site_of
from aggregator.source import Draft, Page

_MOST = 200_000
"""Values of a state that are looked at."""


def read_state(page: Page) -> list[Json]:
    """The answer of the interface, which has a list of events; else the state that the page brings along."""
    if page.text.lstrip()[:1] == "{":
        state = read_json(page.text)
        if not state or not isinstance((first_node(state[0]) or {}).get("events"), list):
            raise ParseError(f"{page.url}: no answer of Wix Events")
        return state
    script = parse_html(page.text).css_first("script#wix-warmup-data")
    return read_json(script.text()) if script is not None else []


def find_nodes(state: list[Json], *names: str) -> Iterator[Node]:
    """Wherever in the state they are: the outermost objects with all of these."""
    waiting, seen = list(state), 0
    while waiting and seen < _MOST:
        value, seen = waiting.pop(0), seen + 1
        if isinstance(value, dict) and all(name in value for name in names):
            yield value
        elif isinstance(value, dict | list):
            waiting += value.values() if isinstance(value, dict) else value


def draft_event(event: Node, base: str) -> Draft:
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
        image=clean_url(text(first_node(event.get("mainImage")) or {}, "url"), base),
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
