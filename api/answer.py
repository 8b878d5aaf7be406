"""The JSON envelope around a page of events: stored bytes joined, and what a caller must know beside them."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from aggregator.place.gazetteer import Spot
from aggregator.render import occurrence_head, occurrence_json
from aggregator.render.dated import distance_text
from aggregator.store import TOTAL_CAP, Answer, Hit
from api.query import Asked
from api.site import Site


async def page_json(site: Site, asked: Asked) -> tuple[bytes, str | None]:
    """The body, and the cursor of the page after."""
    answer = await site.store.search(asked.query)
    total = await site.store.total(asked.query) if asked.wants_total else None
    members = {
        "total": total and min(total, TOTAL_CAP),
        "totalIsExact": None if total is None else total <= TOTAL_CAP,
        "next": answer.next,
        "query": asked.echo,
        "resolvedPlace": place_json(asked.place),
        "unplaced": answer.unplaced,
        "asOf": site.minute(),
        "staleSources": site.stale_sources(),
        "hints": [] if answer.hits else await _find_hints(site, asked, answer),
    }
    return list_json(_events(answer, asked), members), answer.next


def list_json(parts: Iterable[bytes], members: dict[str, Any]) -> bytes:
    """`{"items": […]` of parts that bring their own commas, and the other members."""
    rest = json.dumps(members, ensure_ascii=False, separators=(",", ":"))[1:]
    return b"".join([b'{"items":[', *parts, b"],\n", rest.encode("utf-8", "replace")])


def event_json(hits: tuple[Hit, ...], fields: frozenset[str], zone: ZoneInfo | None, now: datetime) -> bytes:
    """One event at its next date, or its last when all are over, with all its dates in `occurrences`."""
    chosen = next((hit for hit in hits if hit.end > now.timestamp()), hits[-1])
    dates = [json.loads(occurrence_json(hit._replace(json=b"}"), "mi", zone).replace(b",}", b"}")) for hit in hits]
    occurrences = [{"startDate": date["startDate"], "endDate": date["endDate"]} for date in dates]
    told = json.dumps(occurrences, separators=(",", ":")).encode()
    event = occurrence_json(chosen, "mi", zone)
    event = _chosen(event, fields) if fields else event
    return event[:-1] + b',"occurrences":' + told + b"}"


def place_json(place: Spot | None) -> dict[str, Any] | None:
    """Where we understood the place to be."""
    if place is None:
        return None
    return {
        "name": place.name,
        "region": place.region,
        "country": place.country,
        "latitude": place.geo.latitude,
        "longitude": place.geo.longitude,
        "precision": place.precision.value,
        "timeZone": place.time_zone,
    }


async def _find_hints(site: Site, asked: Asked, answer: Answer) -> list[str]:
    """What would have found something: an empty answer is no dead end."""
    hints = await site.store.nearest_hint(asked.query)
    told = []
    if hints.nearest and hints.nearest.distance is not None:
        told.append(f"The nearest match is {distance_text(hints.nearest.distance, asked.units)} away.")
    if hints.next:
        told.append(f"The next one here is on {hints.next.start_text[:10]}.")
    if answer.unplaced:
        told.append(f"{answer.unplaced} {'event has' if answer.unplaced == 1 else 'events have'} no known place.")
    return told


def _events(answer: Answer, asked: Asked) -> Iterator[bytes]:
    joint = b""
    for hit in answer.hits:
        yield joint
        if asked.fields:
            yield _chosen(occurrence_json(hit, asked.units, asked.zone), asked.fields)
        else:
            yield occurrence_head(hit, asked.units, asked.zone)
            yield hit.json
        joint = b",\n"


def _chosen(event: bytes, fields: frozenset[str]) -> bytes:
    """The event with these members only."""
    members = {name: value for name, value in json.loads(event).items() if name in fields}
    return json.dumps(members, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
