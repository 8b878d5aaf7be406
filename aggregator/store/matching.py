"""What several sources tell of one happening is told once: found in the background, and written when it differs."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, delete, insert, or_, select, tuple_

from aggregator.event import Event, GeoCoordinates, Kind, ends_at
from aggregator.match import Cluster, Judged, Matched, Say, Told, Word, cluster, merge
from aggregator.query import Every
from aggregator.render import render
from aggregator.sift import Role
from aggregator.store.bulk import bump_version, chunks, writing
from aggregator.store.codec import read_event, write_event
from aggregator.store.corrections import Corrections, keys_of, read_corrections, words_of
from aggregator.store.derived import tell
from aggregator.store.kept import Change
from aggregator.store.note import Noted, note, noted_hiding
from aggregator.store.people import hides
from aggregator.store.rows import Telling
from aggregator.store.tables import events, listings, match_words

Known = Row[*tuple[Any, ...]]

_ROWS = (
    select(listings.c.source, listings.c.uid, listings.c.told, listings.c.content_hash)
    .add_columns(events.c.event, events.c.id, events.c.sequence, events.c.first_seen, events.c.changed_at)
    .add_columns(events.c.kind, events.c.merged_into, events.c.members, events.c.json)
    .add_columns(events.c.series, events.c.rhythm)
    .join(events, events.c.event == listings.c.event)
    .add_columns(events.c.withheld, events.c.withdrawn)
    .where(
        or_(
            listings.c.withdrawn_at.is_(None),
            tuple_(listings.c.source, listings.c.uid).in_(select(hides.c.source, hides.c.uid)),
        )
    )
)
"""What is hidden is matched even when its source no longer shows it: others that tell the same stay hidden with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Whose word a source's is: what the catalogue says of it."""

    role: Role = "organiser"
    trust: int = 50
    home: GeoCoordinates | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """How a listing's event is to stand: as itself, with others' words, or told by another event."""

    row: Known
    event: Event
    merged_into: str | None = None
    members: str | None = None
    sources: tuple[str, ...] = ()
    withheld: bool = False

    @property
    def telling(self) -> Telling:
        """As it would be written now, but for what rises with each change."""
        row = self.row
        return Telling(
            event=self.event,
            kind=Kind(row.kind),
            number=row.event,
            id=row.id,
            sequence=row.sequence,
            first_seen=row.first_seen,
            changed_at=row.changed_at,
            withdrawn=row.withdrawn,
            merged_into=self.merged_into,
            members=self.members,
            sources=self.sources,
            withheld=self.withheld,
            series=row.series,
            rhythm=row.rhythm and Every(row.rhythm),
        )


def match(engine: Engine, standings: Mapping[str, Standing], now: datetime) -> int:
    """How many events are told otherwise than before. What changed meanwhile is left to the next time."""
    with engine.connect() as connection:
        rows = connection.execute(_ROWS).all()
        words, corrections = tuple(_words(connection)), read_corrections(connection.exec_driver_sql, now)
    told = {(row.source, row.uid): row for row in rows}
    found = _cluster(rows, standings, words, now)
    changed = [wanted for group in found.clusters for wanted in _stand(group, told, corrections) if _differs(wanted)]
    if not changed:
        return 0
    with writing(engine) as connection:
        current = {
            row.event: row.content_hash
            for chunk in chunks([wanted.row.event for wanted in changed])
            for row in connection.execute(_ROWS.where(listings.c.event.in_(chunk)))
        }
        ready = [wanted for wanted in changed if current.get(wanted.row.event) == wanted.row.content_hash]
        tell(connection, [_next(wanted.telling, now) for wanted in ready], now=now)
        note(connection, (_noted(wanted, corrections) for wanted in ready), now)
        if ready:
            bump_version(connection)
    return len(ready)


def questions(engine: Engine, standings: Mapping[str, Standing], now: datetime) -> tuple[Judged, ...]:
    """Pairs that a person may decide."""
    with engine.connect() as connection:
        return _cluster(connection.execute(_ROWS).all(), standings, tuple(_words(connection)), now).questions


def say(engine: Engine, word: Word) -> None:
    """Keep a person's word; a later one on the same pair takes its place."""
    (one_source, one_uid), (other_source, other_uid) = word.pair
    key = {"one_source": one_source, "one_uid": one_uid, "other_source": other_source, "other_uid": other_uid}
    with writing(engine) as connection:
        connection.execute(delete(match_words).where(*(match_words.c[name] == value for name, value in key.items())))
        connection.execute(insert(match_words).values(**key, say=word.say.value, said_at=word.said_at))


def _words(connection: Connection) -> Iterator[Word]:
    for row in connection.execute(select(match_words)):
        one, other = (row.one_source, row.one_uid), (row.other_source, row.other_uid)
        yield Word(one=one, other=other, say=Say(row.say), said_at=row.said_at)


def _cluster(rows: Iterable[Known], standings: Mapping[str, Standing], words: Iterable[Word], now: datetime) -> Matched:
    """Of single dates that are not over, by their sources' own words; a series stands for itself."""
    told = (_told(row, standings.get(row.source, Standing())) for row in rows)
    return cluster([one for one in told if not one.event.is_series and _is_to_come(one.event, now)], words)


def _told(row: Known, standing: Standing) -> Told:
    return Told(event=read_event(row.told), role=standing.role, trust=standing.trust, home=standing.home)


def _is_to_come(event: Event, now: datetime) -> bool:
    return ends_at(event.start_date, event.end_date, event.time_zone) > now


def _stand(group: Cluster, told: Mapping[tuple[str, str], Known], corrections: Corrections) -> Iterator[Wanted]:
    """The event that tells it already goes on to tell it, else that of whose word counts first; all its members' words
    are its own, and the others are told by it; on what they make together the editor's word is put. Where one is hidden
    all are.
    """
    rows = [told[member.key] for member in group.members]
    if corrections.hides(member.key for member in group.members):
        for row, member in zip(rows, group.members, strict=True):
            yield Wanted(row=row, event=member.event, merged_into=row.merged_into, members=row.members, withheld=True)
        return
    if len(rows) == 1:
        yield Wanted(row=rows[0], event=corrections.corrected(group.members[0].event))
        return
    merged = merge(group)
    leader = min(rows, key=lambda row: (row.members is None, (row.source, row.uid) != _key(merged.event), row.event))
    origins = {origin.field: list(origin.key) for origin in merged.origins}
    why = [{"one": list(one.one), "other": list(one.other), "evidence": _tell(one)} for one in group.why]
    event = replace(merged.event, source=leader.source, uid=leader.uid)
    told_as = {"listings": [list(key) for key in merged.members], "origins": origins, "why": why}
    members = json.dumps(told_as | {"told": write_event(event).decode()})
    corrected = corrections.corrected(event, merged.members)
    sources = tuple(sorted({row.source for row in rows}))
    for row, member in zip(rows, group.members, strict=True):
        if row.event == leader.event:
            yield Wanted(row=row, event=corrected, members=members, sources=sources)
        else:
            yield Wanted(row=row, event=member.event, merged_into=leader.id)


def _key(event: Event) -> tuple[str, str]:
    return event.source, event.uid


def _tell(judged: Judged) -> list[str]:
    return [one.why for one in judged.verdict.evidence]


def _differs(wanted: Wanted) -> bool:
    row, telling = wanted.row, wanted.telling
    if row.merged_into != wanted.merged_into or row.withheld != wanted.withheld:
        return True
    if row.withheld:
        return False
    if row.members is None and wanted.members is None:
        return False
    rendered = render(
        telling.event,
        id=telling.id,
        sequence=telling.sequence,
        first_seen=telling.first_seen,
        changed_at=telling.changed_at,
        kind=telling.kind,
        withdrawn=telling.withdrawn,
        merged_into=telling.merged_into,
    )
    return bool(rendered.json != row.json or row.members != wanted.members)


def _next(telling: Telling, now: datetime) -> Telling:
    return replace(telling, sequence=telling.sequence + 1, changed_at=now)


def _noted(wanted: Wanted, corrections: Corrections) -> Noted:
    if wanted.withheld != wanted.row.withheld:
        return noted_hiding(wanted.row.id, wanted.event, is_hidden=wanted.withheld)
    row = wanted.row
    keys = keys_of((row.source, row.uid), row.members)
    before = corrections.corrected(read_event(words_of(row.told, row.members)), keys)
    if wanted.merged_into is not None:
        return Change.MERGED, row.id, wanted.event, None, f"it is told as {wanted.merged_into}"
    if wanted.members is not None:
        return Change.CHANGED, row.id, wanted.event, before, "others tell of it too"
    what = Change.RETURNED if row.merged_into is not None else Change.CHANGED
    return what, row.id, wanted.event, None, "it is told apart again"
