"""What a letter is composed of: dates of events as they are now, and as they were told in letters before."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from operator import attrgetter
from typing import Any

from aggregator.event import EventStatus
from aggregator.render import occurrence_json
from aggregator.render.dated import Units
from aggregator.store import Hit, KeptGroup
from api.words import place_of

Key = tuple[str, int]
"""An event's id, and which of its dates."""

WITHDRAWN = "withdrawn"
OFF = frozenset({EventStatus.CANCELLED.value, EventStatus.POSTPONED.value, WITHDRAWN})
"""States in which nobody need come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One date of one event. `start` and `end` are UTC epoch seconds, `first_seen` microseconds since 1970.

    `series` is what its dates are folded by: a regular group's id, else the event's own if it has several dates, else
    empty. `rhythm` is that of the group, in words.
    """

    id: str
    occurrence: int
    start: int
    end: int
    first_seen: int
    members: Mapping[str, Any]
    series: str = ""
    rhythm: str | None = None

    @property
    def key(self) -> Key:
        """By which it is found again."""
        return self.id, self.occurrence

    @property
    def status(self) -> str:
        """schema.org's word, or `withdrawn` for what its source no longer shows."""
        return WITHDRAWN if self.members["withdrawn"] else str(self.members["eventStatus"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A date as a letter told it: what a reader of that letter would want to hear a change of."""

    id: str
    occurrence: int
    start: int
    start_text: str
    where: str
    status: str
    name: str
    series: str = ""

    @property
    def key(self) -> Key:
        """The same as that of its happening."""
        return self.id, self.occurrence


_VALUES = attrgetter(*Sent.__slots__)


def read_hit(
    hit: Hit, units: Units, groups: Mapping[tuple[str, str], KeptGroup], rhythms: Mapping[str, str]
) -> Happening:
    """From what the store answers. `groups` are by source and uid of their listings, `rhythms` by id of the group."""
    members = json.loads(occurrence_json(hit, units))
    kept = groups.get((members["source"], members["identifier"]))
    return Happening(
        id=hit.id,
        occurrence=hit.occurrence,
        start=hit.start,
        end=hit.end,
        first_seen=hit.first_seen,
        members=members,
        series=kept.group.id if kept else hit.id if hit.occurrence else "",
        rhythm=rhythms.get(kept.group.id) if kept else None,
    )


def told_by(sent: Sent, survivor: str, coming: Iterable[Happening]) -> Sent:
    """A date that was told before, as that of the event that tells it now: of a series the one of the same start."""
    its = next((one for one in coming if one.id == survivor and one.start == sent.start), None)
    if its is None:
        return replace(sent, id=survivor)
    return replace(sent, id=survivor, occurrence=its.occurrence, series=its.series)


def as_sent(happening: Happening) -> Sent:
    """What is kept of it once it is in a letter."""
    members = happening.members
    return Sent(
        id=happening.id,
        occurrence=happening.occurrence,
        start=happening.start,
        start_text=members["startDate"],
        where=place_of(members),
        status=happening.status,
        name=members["name"],
        series=happening.series,
    )


@lru_cache(maxsize=256)
def write_sent(sent: tuple[Sent, ...]) -> str:
    """JSON for the ledger."""
    return json.dumps([_VALUES(one) for one in sent], ensure_ascii=False, separators=(",", ":"))


@lru_cache(maxsize=256)
def read_sent(text: str) -> tuple[Sent, ...]:
    """What `write_sent` wrote."""
    return tuple(Sent(**dict(zip(Sent.__slots__, values, strict=True))) for values in json.loads(text))
