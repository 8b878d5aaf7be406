"""Which regular groups answer a question, and what is told of each; pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aggregator.event import GeoCoordinates, Place, starts_at
from aggregator.group.group import Group, Meeting, State
from aggregator.group.rhythm import how_often
from aggregator.group.words import words_of
from aggregator.place.sphere import metres_between
from aggregator.query import BoundingBox, EventQuery, Every
from aggregator.reading.text import fold
from aggregator.render.dated import Units, distance_text
from aggregator.render.event import location_members, terms_members
from aggregator.render.words import told
from aggregator.store import KeptGroup

STATES = tuple(state.value for state in State)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What only groups are asked for: any of `states`."""

    states: frozenset[str] = frozenset({State.ACTIVE.value, State.QUIET.value})


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A group that answers, how far it is, and when it meets next."""

    kept: KeptGroup
    distance: float | None
    next_start: datetime | None

    @property
    def key(self) -> str:
        """By next meeting, then id; those of which no date is known come last."""
        at = self.next_start.timestamp() if self.next_start else 10**11
        return f"{at:012.0f}{self.kept.group.id}"


def find(groups: Iterable[KeptGroup], query: EventQuery, wanted: Wanted, now: datetime) -> list[Found]:
    """Those that pass every filter, in order of their next meeting."""
    found = (_judge(kept, query, wanted, now) for kept in groups)
    return sorted(filter(None, found), key=lambda one: one.key)


def _judge(kept: KeptGroup, query: EventQuery, wanted: Wanted, now: datetime) -> Found | None:
    group = kept.group
    coming = [at for at in map(_start_of(group), group.meetings) if at >= query.start]
    distance = _distance(group.place, query.center)
    passes = (
        group.state.value in wanted.states
        and how_often(group.rhythm.rrules) in (query.rhythm or Every)
        and (query.confirmed_within is None or now - group.last_confirmed <= query.confirmed_within)
        and _is_there(group.place, query, distance)
        and _is_asked_for(kept, query)
        and any(at < query.end for at in coming or [query.start])
    )
    return Found(kept=kept, distance=distance, next_start=min(coming, default=None)) if passes else None


def _start_of(group: Group) -> Callable[[Meeting], datetime]:
    return lambda meeting: starts_at(meeting.start, group.time_zone)


def _distance(place: Place, center: GeoCoordinates | None) -> float | None:
    return metres_between(place.geo, center) if place.geo and center else None


def _is_there(place: Place, query: EventQuery, distance: float | None) -> bool:
    if query.center is not None and (distance is None or (query.within is not None and distance > query.within)):
        return False
    return query.bbox is None or (place.geo is not None and _is_in(place.geo, query.bbox))


def _is_in(geo: GeoCoordinates, box: BoundingBox) -> bool:
    is_between = box.west <= geo.longitude <= box.east
    if box.west > box.east:
        is_between = geo.longitude >= box.west or geo.longitude <= box.east
    return is_between and box.south <= geo.latitude <= box.north


def _is_asked_for(kept: KeptGroup, query: EventQuery) -> bool:
    group = kept.group
    names = [fold(group.organizer.name)] if group.organizer else []
    tags = [fold(word) for word in kept.keywords]
    weekdays = {meeting.start.weekday() for meeting in group.meetings}
    text = fold(" ".join(filter(None, (group.name, *names, kept.description))))
    return (
        kept.kind in query.kind
        and kept.source in query.source
        and _has_any(names, query.org.any_of, query.org.none_of)
        and _has_any(tags, query.tag.any_of, query.tag.none_of)
        and (not query.weekdays or bool(weekdays & query.weekdays))
        and (not query.visitors or kept.terms.visitors in query.visitors)
        and (not query.newcomer or bool(kept.terms.newcomers_expected))
        and (query.words is None or all(word in text for word in fold(query.words).replace('"', " ").split()))
    )


def _has_any(names: list[str], any_of: frozenset[str], none_of: frozenset[str]) -> bool:
    wanted, unwanted = set(map(fold, any_of)), set(map(fold, none_of))
    return (not wanted or bool(wanted.intersection(names))) and not unwanted.intersection(names)


def group_members(kept: KeptGroup, distance: float | None, units: Units) -> dict[str, Any]:
    """As JSON has it; with evidence for all that a stranger may rely on."""
    group, rhythm = kept.group, kept.group.rhythm
    return {
        "id": group.id,
        "name": group.name,
        "kind": kept.kind.value,
        "organizer": told(group.organizer),
        "location": location_members(group.place),
        "placePrecision": group.place.precision.value,
        "distance": None if distance is None else round(distance),
        "distanceText": None if distance is None else distance_text(distance, units),
        "timeZone": group.time_zone,
        "rhythm": {**told(rhythm), "words": words_of(rhythm), "every": how_often(rhythm.rrules).value},
        "howKnown": group.how_known.value,
        "counted": group.counted,
        "confidence": round(group.confidence, 3),
        "reasons": list(group.reasons),
        "state": group.state.value,
        "meetings": [_meeting(meeting) for meeting in group.meetings],
        "visitorTerms": terms_members(kept.terms),
        "url": kept.url,
        "description": kept.description,
        "keywords": list(kept.keywords),
        "sources": sorted({source for source, _ in group.listings} | {kept.source}),
        "firstSeen": told(group.first_seen),
        "lastSeen": told(group.last_seen),
        "lastConfirmed": told(group.last_confirmed),
    }


def _meeting(meeting: Meeting) -> Mapping[str, str]:
    return {"startDate": meeting.start.isoformat(), "certainty": meeting.certainty.value}
