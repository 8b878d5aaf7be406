"""An editor's word into the store: what it concerns is told anew at once, from what its sources said."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Row, delete, insert, select, tuple_

from aggregator.codec import read_event
from aggregator.correct import Field, Override, Patch
from aggregator.errors import StoreError
from aggregator.event import Kind
from aggregator.store.archived_words import KeptCorrection, KeptHide
from aggregator.store.bulk import asking, bump_version, chunks, writing
from aggregator.store.corrections import (
    Corrections,
    Key,
    keys_of,
    read_corrections,
    read_hides,
    read_overrides,
    sources_of,
    words_of,
    write_patch,
)
from aggregator.store.derived import tell
from aggregator.store.kept import Change
from aggregator.store.note import Noted, note, noted_hiding
from aggregator.store.people import corrections, hides
from aggregator.store.rows import Telling, telling_of
from aggregator.store.tables import events, listings

Known = Row[*tuple[Any, ...]]

_ROWS = (
    select(listings.c.source, listings.c.uid, listings.c.told)
    .add_columns(events.c.event, events.c.id, events.c.sequence, events.c.first_seen, events.c.changed_at)
    .add_columns(events.c.kind, events.c.merged_into, events.c.members, events.c.withheld, events.c.withdrawn)
    .add_columns(events.c.series, events.c.rhythm)
    .join(events, events.c.event == listings.c.event)
)
FROM_AN_ARCHIVE = "an archive"
_A_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What an editor says of one field of an event; `value` is what was typed, and `patch` what it means."""

    field: Field
    value: str
    patch: Patch
    why: str
    by: str
    until: datetime | None = None


def add_override(engine: Engine, event_id: str, correction: Correction, now: datetime) -> Override:
    """Keep it for the event's own listing, and tell the event by it; StoreError for an id that is not known."""
    with writing(engine) as connection:
        row = _row_of(connection, event_id)
        word = {name: getattr(correction, name) for name in ("value", "why", "by", "until")}
        word |= {"source": row.source, "uid": row.uid, "since": now}
        patch = {"field": correction.field.value, "patch": write_patch(correction.patch)}
        reason = f"an editor corrected {correction.field}: {correction.why}"
        with _retelling(connection, [(row.source, row.uid)], now, reason):
            number = connection.execute(insert(corrections).values(word | patch)).inserted_primary_key
    return Override(number=int(number[0]) if number else 0, field=correction.field, patch=correction.patch, **word)


def undo_override(engine: Engine, number: int, now: datetime) -> Override:
    """Take it back, and tell the event as it was without it; StoreError when there is none of that number."""
    with writing(engine) as connection:
        found = next((one for one in read_overrides(asking(connection)) if one.number == number), None)
        if found is None:
            raise StoreError(f"{number}: there is no such correction; `hobnob correct` lists them")
        with _retelling(connection, [found.key], now, f"the correction of {found.field} was undone"):
            connection.execute(delete(corrections).where(corrections.c.number == number))
    return found


def end_overrides(engine: Engine, now: datetime) -> tuple[Key, ...]:
    """Let go of those whose time is over; whose they were, one each."""
    with writing(engine) as connection:
        if not _ended(connection, now):
            return ()
    with writing(engine) as connection:
        ended = _ended(connection, now)
        firsts = [one.until for one in ended if one.until]
        keys, numbers = {one.key for one in ended}, [one.number for one in ended]
        reason = "the time of an editor's correction is over"
        with _retelling(connection, keys, now, reason, told_at=min(firsts, default=now) - _A_MOMENT):
            for chunk in chunks(numbers):
                connection.execute(delete(corrections).where(corrections.c.number.in_(chunk)))
    return tuple(one.key for one in ended)


def _ended(connection: Connection, now: datetime) -> list[Override]:
    every = read_overrides(asking(connection))
    return [one for one in every if one.until is not None and one.until <= now]


def hide(engine: Engine, event_id: str, why: str, by: str, now: datetime) -> tuple[Key, ...]:
    """Withhold the event and every listing that it is made of; those. StoreError for an unknown id."""
    with writing(engine) as connection:
        row = _teller_of(connection, event_id)
        keys = keys_of((row.source, row.uid), row.members)
        known = {(one.source, one.uid) for one in read_hides(asking(connection))}
        told = {"event": row.id, "why": why, "by": by, "since": now}
        rows = [{"source": source, "uid": uid} | told for source, uid in keys if (source, uid) not in known]
        with _retelling(connection, keys, now, ""):
            if rows:
                connection.execute(insert(hides), rows)
    return keys


def unhide(engine: Engine, event_id: str, now: datetime) -> tuple[Key, ...]:
    """Tell the event again, and the listings that were hidden with it; those. StoreError when it is not hidden."""
    with writing(engine) as connection:
        found = _hidden_with(connection, event_id)
        with _retelling(connection, found, now, ""):
            for chunk in chunks(found):
                connection.execute(delete(hides).where(tuple_(hides.c.source, hides.c.uid).in_(chunk)))
    return tuple(found)


def merge_words(
    connection: Connection, told: Iterable[KeptCorrection], hidden: Iterable[KeptHide], now: datetime
) -> int:
    """Take over an archive's words that are not known here, and tell by them what is there; how many they were."""
    known = {(*one.key, one.field, one.since) for one in read_overrides(asking(connection))}
    words = [one for one in told if (one.source, one.uid, one.field, one.since) not in known]
    held = {(one.source, one.uid) for one in read_hides(asking(connection))}
    gone = [asdict(one) | {"by": FROM_AN_ARCHIVE} for one in hidden if (one.source, one.uid) not in held]
    keys = {(one.source, one.uid) for one in words} | {(one["source"], one["uid"]) for one in gone}
    if not keys:
        return 0
    with _retelling(connection, keys, now, "an editor corrected it where it came from"):
        for table, rows in ((corrections, list(map(_row, words))), (hides, gone)):
            if rows:
                connection.execute(insert(table), rows)
    return len(words) + len(gone)


def _row(told: KeptCorrection) -> dict[str, object]:
    row = {name: getattr(told, name) for name in ("source", "uid", "value", "why", "since", "until")}
    return row | {"field": told.field.value, "patch": write_patch(told.patch), "by": FROM_AN_ARCHIVE}


def _hidden_with(connection: Connection, event_id: str) -> list[Key]:
    known = list(read_hides(asking(connection)))
    row = connection.execute(_ROWS.where(events.c.id == event_id)).one_or_none()
    own = {(row.source, row.uid)} if row else set()
    ids = {event_id, *(one.event for one in known if (one.source, one.uid) in own)}
    found = [(one.source, one.uid) for one in known if one.event in ids]
    if not found:
        raise StoreError(f"{event_id}: is not hidden; `hobnob hide` lists what is")
    return found


def _row_of(connection: Connection, event_id: str) -> Known:
    row = connection.execute(_ROWS.where(events.c.id == event_id)).one_or_none()
    if row is None:
        raise StoreError(f"{event_id}: there is no such event")
    return row


def _teller_of(connection: Connection, event_id: str) -> Known:
    """The event that tells this one: itself, or the one that it was merged into."""
    row = _row_of(connection, event_id)
    return row if row.merged_into is None else _teller_of(connection, row.merged_into)


@contextmanager
def _retelling(
    connection: Connection, keys: Collection[Key], now: datetime, reason: str, *, told_at: datetime | None = None
) -> Iterator[None]:
    """What the block changes is seen in the events of these listings. They were told last by what held at `told_at`."""
    before = read_corrections(asking(connection), told_at or now)
    yield
    after = read_corrections(asking(connection), now)
    rows = _concerned(connection, keys)
    pairs = [(_telling(row, before, before), _telling(row, before, after)) for row in rows]
    changed = [(old, new) for old, new in pairs if (old.event, old.withheld) != (new.event, new.withheld)]
    tell(connection, [replace(new, sequence=new.sequence + 1, changed_at=now) for _, new in changed], now=now)
    note(connection, (noted for old, new in changed for noted in _noted(old, new, reason)), now)
    bump_version(connection)


def _concerned(connection: Connection, keys: Collection[Key]) -> Sequence[Known]:
    """The listings' own events, and those that tell them."""
    listed = tuple_(listings.c.source, listings.c.uid)
    own = [row for chunk in chunks(keys) for row in connection.execute(_ROWS.where(listed.in_(chunk)))]
    ids = {row.merged_into for row in own if row.merged_into is not None} - {row.id for row in own}
    tellers = [row for chunk in chunks(ids) for row in connection.execute(_ROWS.where(events.c.id.in_(chunk)))]
    return [*own, *tellers]


def _telling(row: Known, before: Corrections, now: Corrections) -> Telling:
    """As the event is told by `now`; what is withheld for another listing's sake stays so until the next matching."""
    keys = keys_of((row.source, row.uid), row.members)
    is_by_others = row.withheld and not before.hides(keys)
    event = now.corrected(read_event(words_of(row.told, row.members)), keys)
    return replace(
        telling_of(row, event, Kind(row.kind)),
        members=row.members,
        sources=sources_of(row.members),
        withheld=is_by_others or now.hides(keys),
    )


def _noted(old: Telling, new: Telling, reason: str) -> Iterator[Noted]:
    """Nobody is told of what is withheld, nor twice of what another event tells, nor of what no source shows."""
    if old.withheld != new.withheld:
        yield from noted_hiding(new)
    elif not (new.withheld or new.is_hidden):
        yield Change.CHANGED, new.id, new.event, old.event, reason
