"""An editor's word as the store keeps it: which fields of which listings, and what is hidden; without SQLAlchemy."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from pydantic import TypeAdapter

from aggregator.codec import write_event
from aggregator.correct import Field, Override, Patch, correct, in_force
from aggregator.event import Event, When
from aggregator.store.instants import to_moment, to_moment_or_none
from aggregator.store.kept import Hide
from aggregator.store.link import Ask
from aggregator.store.rows import Telling

Key = tuple[str, str]
_TIMES = (Field.START_DATE, Field.END_DATE)
_PATCH = TypeAdapter(Patch)
_OF_SOURCES = " WHERE source IN (SELECT value FROM json_each(?))"
_OVERRIDES = (
    "SELECT number, source, uid, field, value, patch, why, by, since, until FROM corrections{where} ORDER BY number"
)
_HIDES = "SELECT source, uid, event, why, by, since FROM hides{where} ORDER BY since, source, uid"
_WITHHELD = """
SELECT l.source, l.uid FROM listings l JOIN events e ON e.event = l.event WHERE l.source = ?1 AND e.withheld
UNION SELECT source, uid FROM hides WHERE source = ?1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrections:
    """What holds at `now`, of some sources or of all."""

    overrides: Mapping[Key, Sequence[Override]]
    hidden: frozenset[Key]
    now: datetime

    def corrected(self, event: Event, keys: Collection[Key] = ()) -> Event:
        """As it is told; `keys` are the listings that it is made of, its own where none are given."""
        if not self.overrides:
            return event
        found = [one for key in keys or [(event.source, event.uid)] for one in self.overrides.get(key, ())]
        return correct(event, found, self.now) if found else event

    def corrected_as_date(self, event: Event, series: Iterable[Key]) -> Event:
        """With what holds of the series that it is a date of; not when that is."""
        found = [one for key in series for one in self.overrides.get(key, ()) if one.field not in _TIMES]
        return correct(event, found, self.now) if found else event

    def hides(self, keys: Iterable[Key]) -> bool:
        """Whether one of these listings is hidden, and so what they tell."""
        return bool(self.hidden) and not self.hidden.isdisjoint(keys)


def read_corrections(ask: Ask, now: datetime, sources: Iterable[str] | None = None) -> Corrections:
    """Those of these sources, or all."""
    overrides: dict[Key, list[Override]] = defaultdict(list)
    for override in read_overrides(ask, sources):
        overrides[override.key].append(override)
    hidden = frozenset((hide.source, hide.uid) for hide in read_hides(ask, sources))
    return Corrections(overrides=overrides, hidden=hidden, now=now)


def read_overrides(ask: Ask, sources: Iterable[str] | None = None) -> Iterator[Override]:
    """In the order in which they were made, those that have ended too."""
    for number, source, uid, field, value, patch, why, by, since, until in ask(*_of(_OVERRIDES, sources)):
        yield Override(
            number=number,
            source=source,
            uid=uid,
            field=Field(field),
            value=value,
            patch=read_patch(patch),
            why=why,
            by=by,
            since=to_moment(since),
            until=to_moment_or_none(until),
        )


def read_hides(ask: Ask, sources: Iterable[str] | None = None) -> Iterator[Hide]:
    """What is hidden, in the order in which it was."""
    for source, uid, event, why, by, since in ask(*_of(_HIDES, sources)):
        yield Hide(source=source, uid=uid, event=event, why=why, by=by, since=to_moment(since))


def read_withheld(ask: Ask, source: str) -> frozenset[Key]:
    """Listings of a source that are told nobody: hidden, or withheld since another source's that tells the same is."""
    return frozenset((its, uid) for its, uid in ask(_WITHHELD, (source,)))


def _of(sql: str, sources: Iterable[str] | None) -> tuple[str, tuple[Any, ...]]:
    if sources is None:
        return sql.format(where=""), ()
    return sql.format(where=_OF_SOURCES), (json.dumps(sorted(set(sources))),)


def write_patch(patch: Patch) -> str:
    """Only what differs from the default."""
    return _PATCH.dump_json(patch, exclude_defaults=True).decode()


def read_patch(text: str) -> Patch:
    """What `write_patch` was given; times are at a bare offset until they are put into an event."""
    return _PATCH.validate_json(text)


def keys_of(own: Key, members: str | None) -> tuple[Key, ...]:
    """The listings that an event is made of."""
    return tuple((source, uid) for source, uid in json.loads(members)["listings"]) if members else (own,)


def sources_of(members: str | None) -> tuple[str, ...]:
    """Who tells an event that is made of several listings, or is a date of a series."""
    told = json.loads(members) if members else {}
    return tuple(sorted({source for source, _ in (*told.get("listings", ()), *told.get("series", ()))}))


def words_of(told: str, members: str | None) -> str:
    """JSON of what the sources say, uncorrected: together, where the event is made of several listings."""
    return str(json.loads(members).get("told", told)) if members else told


def retold(event: Event, members: str | None) -> tuple[Event, str | None]:
    """The event as one of its listings has just told it, and its members with that word in the place of what they said
    together; still without the dates that events of their own tell.
    """
    if members is None:
        return event, None
    told = json.loads(members)
    apart = [read_when(start) for start, _ in told.get("apart", ())]
    event = replace(event, except_dates=(*event.except_dates, *apart)) if event.is_series else event
    return event, json.dumps(told | {"told": write_event(event).decode()})


def read_when(text: str) -> When:
    """A time of `members`, which a series is told without."""
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def correct_all(ask: Ask, tellings: Sequence[Telling], now: datetime) -> list[Telling]:
    """As they are to stand in the store: with the editor's word, and withheld where one of their listings is hidden."""
    sources = {source for telling in tellings for source in (telling.event.source, *telling.sources)}
    corrections = read_corrections(ask, now, sources) if sources else None
    if corrections is None or not (corrections.overrides or corrections.hidden):
        return list(tellings)
    return [_corrected(telling, corrections) for telling in tellings]


def _corrected(telling: Telling, corrections: Corrections) -> Telling:
    keys = keys_of((telling.event.source, telling.event.uid), telling.members)
    event = corrections.corrected(telling.event, keys)
    return replace(telling, event=event, withheld=telling.withheld or corrections.hides(keys))


def overrides_of(ask: Ask, own: Key, members: str | None, now: datetime) -> tuple[Override, ...]:
    """Those that hold for an event, by its listings."""
    keys = keys_of(own, members)
    return in_force((one for one in read_overrides(ask, {source for source, _ in keys}) if one.key in keys), now)
