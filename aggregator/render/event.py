"""What is told of an event whatever its date: JSON in schema.org's words, and the VEVENT's lines."""

import json
import re
from dataclasses import dataclass, is_dataclass
from datetime import datetime
from typing import Any

from aggregator.event import Event, Kind, Place
from aggregator.reading.text import without_contacts
from aggregator.render.vevent import Telling, vevent_lines
from aggregator.render.words import camel, names, told

_PER_DATE = {"start_date", "end_date", "end_date_assumed", "rrule", "r_dates", "except_dates"}
_RENAMED = {"uid": "identifier"}
_ADDRESS_IN_URL = re.compile(r"[\w.+-]+(?:@|%40)[\w-]+\.[a-z]{2,}", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """`json`: the object without its opening brace and per-date members; `vevent`: from DTSTAMP to END:VEVENT."""

    json: bytes
    vevent: bytes


def render(
    event: Event,
    *,
    id: str,  # noqa: A002 - the word that the JSON uses
    sequence: int,
    first_seen: datetime,
    changed_at: datetime,
    kind: Kind,
    withdrawn: bool,
) -> Rendered:
    """Both forms; no e-mail address or telephone number gets through. Known members are always there:
    what is not known is null, and what there is none of is an empty list."""
    event = _without_addresses(event)
    telling = Telling(
        id=id, sequence=sequence, first_seen=first_seen, changed_at=changed_at, kind=kind, withdrawn=withdrawn
    )
    text = json.dumps(_members(event, telling), ensure_ascii=False, separators=(",", ":"))
    return Rendered(json=text[1:].encode("utf-8", "replace"), vevent=vevent_lines(event, telling))


def _members(event: Event, telling: Telling) -> dict[str, Any]:
    members = {
        _RENAMED.get(name, camel(name)): told(getattr(event, name))
        for name in names(Event)
        if name not in _PER_DATE and name != "location"
    }
    return {
        "id": telling.id,
        **members,
        "location": _location(event.location),
        "placePrecision": event.location.precision.value,
        "allDay": event.is_all_day,
        "endDateSource": None if event.end_date is None else "assumed" if event.end_date_assumed else "stated",
        "eventSchedule": _schedule(event),
        "kind": telling.kind.value,
        "withdrawn": telling.withdrawn,
        "firstSeen": told(telling.first_seen),
        "changedAt": told(telling.changed_at),
    }


def _location(place: Place) -> dict[str, Any] | None:
    members: dict[str, Any] = told(place)
    del members["precision"]
    if not any(members["address"].values()):
        members["address"] = None
    return members if any(members.values()) else None


def _schedule(event: Event) -> dict[str, Any] | None:
    """schema.org/Schedule's exceptDate and scheduleTimezone, and the rule itself as RFC 5545 writes it. Dates without
    a rule are told one by one already."""
    if not event.rrule:
        return None
    return {
        "rrule": list(event.rrule),
        "exceptDate": told(event.except_dates),
        "scheduleTimezone": event.time_zone,
    }


def _without_addresses(value: Any, name: str = "") -> Any:
    """The same dataclass with every text in it free of people's addresses and numbers; names and ids of ours stay."""
    if isinstance(value, str):
        if name in _OURS:
            return value
        if name in _LINKS:
            return None if _ADDRESS_IN_URL.search(value) else value
        return without_contacts(value) or ("Event" if name == "name" else None)
    if isinstance(value, tuple):
        cleaned = (_without_addresses(one, name) for one in value)
        return tuple(one for one in cleaned if one is not None)
    if is_dataclass(value) and not isinstance(value, type):
        return type(value)(**{each: _without_addresses(getattr(value, each), each) for each in names(type(value))})
    return value


_LINKS = {"url", "image", "virtual_location", "same_as"}
_OURS = {
    "source", "uid", "super_event", "time_zone", "rrule", "price_currency", "event_status", "event_attendance_mode",
    "precision", "postal_code", "address_country",
}  # fmt: skip


EVENT_MEMBERS = (
    "startDate",
    "endDate",
    "distance",
    "distanceText",
    "id",
    *(_RENAMED.get(name, camel(name)) for name in names(Event) if name not in _PER_DATE and name != "location"),
    "location",
    "placePrecision",
    "allDay",
    "endDateSource",
    "eventSchedule",
    "kind",
    "withdrawn",
    "firstSeen",
    "changedAt",
)
"""The names of an event's members in an answer, in their order."""
