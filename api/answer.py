"""The JSON envelope around a page of events: stored bytes joined, and what a caller must know beside them."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from pydantic_core import to_json

from aggregator.place.gazetteer import Spot
from aggregator.render import occurrence_head, occurrence_json
from aggregator.store import TOTAL_CAP, Hit
from api.hints import find_hints
from api.query import Asked
from api.site import Site


async def page_json(site: Site, asked: Asked) -> tuple[bytes, str | None]:
    """The body, and the cursor of the page after."""
    answer = await site.store.search(asked.query, brief=True)
    total = await site.store.total(asked.query) if asked.wants_total else None
    members = {
        "total": total and min(total, TOTAL_CAP),
        "totalIsExact": None if total is None else total <= TOTAL_CAP,
        "next": answer.next,
        "query": asked.echo,
        "window": asked.window,
        "resolvedPlace": place_json(asked.place),
        "unplaced": answer.unplaced,
        "asOf": site.as_of(),
        "staleSources": site.stale_sources(),
        "hints": [] if answer.hits else await find_hints(site, asked, answer),
    }
    return list_json(_events(answer.hits, asked), members), answer.next


def list_json(parts: Iterable[bytes], members: dict[str, Any]) -> bytes:
    """`{"items": […]` of parts that bring their own commas, and the other members."""
    return b"".join([b'{"items":[', *parts, b"],\n", to_json(members)[1:]])


def event_json(hits: tuple[Hit, ...], fields: frozenset[str], zone: ZoneInfo | None, now: datetime) -> bytes:
    """One event at its next date, or its last when all are over, with all its dates in `occurrences`."""
    chosen = next((hit for hit in hits if hit.end > now.timestamp()), hits[-1])
    dates = [json.loads(occurrence_json(hit._replace(json=b"}"), "mi", zone).replace(b",}", b"}")) for hit in hits]
    occurrences = [{"startDate": date["startDate"], "endDate": date["endDate"]} for date in dates]
    told = json.dumps(occurrences, separators=(",", ":")).encode()
    event = occurrence_json(chosen, "mi", zone)
    event = _chosen(event, fields) if fields else event
    joint = b"" if event == b"{}" else b","
    return event[:-1] + joint + b'"occurrences":' + told + b"}"


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


def _events(hits: Iterable[Hit], asked: Asked) -> list[bytes]:
    """With a comma before each but the first. Stored bytes are copied once, when all is joined."""
    units, zone, fields = asked.units, asked.zone, asked.fields
    if fields:
        return [b",\n".join(_chosen(occurrence_json(hit, units, zone), fields) for hit in hits)]
    return [part for hit in hits for part in (b",\n", occurrence_head(hit, units, zone), hit.json)][1:]


def _chosen(event: bytes, fields: frozenset[str]) -> bytes:
    """The event with these members only."""
    members = {name: value for name, value in json.loads(event).items() if name in fields}
    return json.dumps(members, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
