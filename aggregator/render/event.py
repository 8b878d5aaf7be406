"""What is told of an event whatever its date: JSON in schema.org's words, and the VEVENT's lines."""

import json
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from operator import attrgetter
from typing import Any

from aggregator.event import Event, Kind, Place, VisitorTerms
from aggregator.render.privacy import keep_private
from aggregator.render.vevent import Telling, vevent_lines
from aggregator.render.words import camel, names, told

_PER_DATE = {"start_date", "end_date", "end_date_assumed", "rrule", "r_dates", "except_dates"}
_RENAMED = {"uid": "identifier"}
_TOLD_AS_IT_IS = tuple(name for name in names(Event) if name not in _PER_DATE and name != "location")
_NAMES = tuple(_RENAMED.get(name, camel(name)) for name in _TOLD_AS_IT_IS)
_VALUES = attrgetter(*_TOLD_AS_IT_IS)
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """`json`: the object without its opening brace and per-date members; `vevent`: from DTSTAMP to END:VEVENT."""

    json: bytes
    vevent: bytes


def render(  # noqa: PLR0913 - each is a member of the answer
    event: Event,
    *,
    id: str,  # noqa: A002 - the word that the JSON uses
    sequence: int,
    first_seen: datetime,
    changed_at: datetime,
    kind: Kind,
    withdrawn: bool,
    merged_into: str | None = None,
) -> Rendered:
    """Both forms; no e-mail address or telephone number gets through. Known members are always there:
    what is not known is null, and what there is none of is an empty list."""
    event = keep_private(event)
    telling = Telling(
        id=id,
        sequence=sequence,
        first_seen=first_seen,
        changed_at=changed_at,
        kind=kind,
        withdrawn=withdrawn,
        merged_into=merged_into,
    )
    text = _ENCODER.encode(_members(event, telling))
    return Rendered(json=text[1:].encode("utf-8", "replace"), vevent=vevent_lines(event, telling))


def event_members(event: Event) -> dict[str, Any]:
    """What an event tells by itself whatever its date, as JSON has it; also free of people's addresses and numbers."""
    return _own_members(keep_private(event))


def _members(event: Event, telling: Telling) -> dict[str, Any]:
    return {
        "id": telling.id,
        **_own_members(event),
        "kind": telling.kind,
        "withdrawn": telling.withdrawn,
        "mergedInto": telling.merged_into,
        "firstSeen": told(telling.first_seen),
        "changedAt": told(telling.changed_at),
    }


def _own_members(event: Event) -> dict[str, Any]:
    return {
        **dict(zip(_NAMES, _VALUES(event), strict=True)),
        "organizer": _told_before(event.organizer),
        "previousStartDate": told(event.previous_start_date),
        "offers": _told_before(event.offers),
        "visitorTerms": terms_members(event.visitor_terms),
        "meetingPeople": _told_before(event.meeting_people),
        "location": location_members(event.location),
        "placePrecision": event.location.precision,
        "allDay": event.is_all_day,
        "endDateSource": None if event.end_date is None else "assumed" if event.end_date_assumed else "stated",
        "eventSchedule": _schedule(event),
    }


_told_before = lru_cache(maxsize=4096)(told)
"""For what the events of a source have in common; nobody may change what it gives. So it is with `location_members`."""


@lru_cache(maxsize=4096)
def location_members(place: Place) -> dict[str, Any] | None:
    members: dict[str, Any] = told(place)
    del members["precision"]
    if not any(members["address"].values()):
        members["address"] = None
    return members if any(members.values()) else None


@lru_cache(maxsize=4096)
def terms_members(terms: VisitorTerms) -> dict[str, Any] | None:
    """None where nothing is known; else each term, and for each the words it was read from."""
    if terms == VisitorTerms():
        return None
    members: dict[str, Any] = told(terms)
    return {**members, "evidence": [{**one, "about": camel(one["about"])} for one in members["evidence"]]}


def _schedule(event: Event) -> dict[str, Any] | None:
    """schema.org/Schedule's exceptDate and scheduleTimezone, and the rule itself as RFC 5545 writes it. Dates without
    a rule are told one by one already."""
    if not event.rrule:
        return None
    return {
        "rrule": event.rrule,
        "exceptDate": told(event.except_dates),
        "scheduleTimezone": event.time_zone,
    }


EVENT_MEMBERS = (
    "startDate",
    "endDate",
    "distance",
    "distanceText",
    "nextDates",
    "id",
    *_NAMES,
    "location",
    "placePrecision",
    "allDay",
    "endDateSource",
    "eventSchedule",
    "kind",
    "withdrawn",
    "mergedInto",
    "firstSeen",
    "changedAt",
)
"""The names of an event's members in an answer, in their order."""
