"""An archive's town into a store: one transaction, vetoes first, nothing newer overwritten by what is older."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any, Protocol

from sqlalchemy import Connection, Engine, Row, func, insert, select, update

from aggregator.codec import content_hash, read_event, write_event
from aggregator.query import Every
from aggregator.store.archive import KeptListing, KeptSource, KeptVeto
from aggregator.store.archived_words import KeptCorrection, KeptHide
from aggregator.store.bulk import asking, bump_version, chunks, insert_rows, next_numbers, reserve_numbers, writing
from aggregator.store.correcting import merge_words
from aggregator.store.corrections import Corrections, read_corrections, retold, sources_of
from aggregator.store.derived import tell
from aggregator.store.instants import to_number
from aggregator.store.kept import Change
from aggregator.store.note import Noted, note
from aggregator.store.removal import remove_vetoed
from aggregator.store.rows import Telling, new_id, number_of
from aggregator.store.tables import events, listings, sources, vetoes
from aggregator.veto import is_vetoed

REASON = "it came with an archive"
"""Of a change that an import makes."""

Known = Row[*tuple[Any, ...]]


class Town(Protocol):
    """What an archive holds, in order; the listings may be many, and are read as they are taken."""

    def vetoes(self) -> Iterable[KeptVeto]:
        """What is told by nobody."""

    def sources(self) -> Iterable[KeptSource]:
        """By name."""

    def corrections(self) -> Iterable[KeptCorrection]:
        """In the order in which they were made."""

    def hides(self) -> Iterable[KeptHide]:
        """By source and uid."""

    def listings(self) -> Iterable[KeptListing]:
        """By source and uid."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What an import changed. `corrections` are an editor's words, hidden listings too; `left` are sources that the
    store knows newer; `gone` went by a veto that came.
    """

    vetoes: int
    sources: int
    new: int
    changed: int
    vetoed: int
    gone: int
    left: tuple[str, ...]
    corrections: int = 0

    def __bool__(self) -> bool:
        return any((self.vetoes, self.sources, self.new, self.changed, self.corrections))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Import:
    connection: Connection
    vetoes: frozenset[str]
    left: frozenset[str]
    is_first: bool
    now: datetime


def take_in(engine: Engine, town: Town, now: datetime) -> Taken:
    """All of it or nothing; what was taken in before changes nothing."""
    with writing(engine) as connection:
        is_first = connection.execute(select(listings.c.uid).limit(1)).first() is None
        came = _merge_vetoes(connection, town.vetoes())
        gone = remove_vetoed(connection, came, now) if came else 0
        added, left = _merge_sources(connection, town.sources(), now)
        words = merge_words(connection, town.corrections(), town.hides(), now)
        told = frozenset(connection.execute(select(vetoes.c.words)).scalars())
        taking = _Import(connection=connection, vetoes=told, left=frozenset(left), is_first=is_first, now=now)
        counts = sum((_take(taking, some) for some in chunks(town.listings())), Counter[str]())
        taken = Taken(
            vetoes=len(came),
            sources=added,
            new=counts["new"],
            changed=counts["changed"],
            vetoed=counts["vetoed"],
            gone=gone,
            left=tuple(left),
            corrections=words,
        )
        if gone or taken:
            _end_leases(connection)
            connection.execute(update(sources).values(settled_as=None))
            bump_version(connection)
    return taken


def _end_leases(connection: Connection) -> None:
    """A run that compared its pages with what was told before is late now, and is done again."""
    held = update(sources).where(sources.c.lease_owner.is_not(None))
    connection.execute(held.values(lease_owner=None, lease_until=None, lease_token=sources.c.lease_token + 1))


def _merge_vetoes(connection: Connection, told: Iterable[KeptVeto]) -> list[str]:
    """The words of those that were not there; of one that was there, the store's own reason stays."""
    known = set(connection.execute(select(vetoes.c.words)).scalars())
    new = [veto for veto in told if veto.words not in known]
    if new:
        connection.execute(insert(vetoes), [asdict(veto) for veto in new])
    return [veto.words for veto in new]


def _merge_sources(connection: Connection, told: Iterable[KeptSource], now: datetime) -> tuple[int, list[str]]:
    """How many were not known, and which of the others are known newer than they are told here."""
    known = {row.name: row for row in _ages(connection)}
    new, left = [], []
    for source in told:
        if source.name not in known:
            new.append(source)
        elif _is_newer(known[source.name], source):
            left.append(source.name)
        elif known[source.name].last_seen is None:
            _complete(connection, source)
    if new:
        connection.execute(insert(sources), [_source_row(source, now) for source in new])
    return len(new), left


def _ages(connection: Connection) -> Sequence[Known]:
    seen = select(func.max(listings.c.last_seen)).where(listings.c.source == sources.c.name).scalar_subquery()
    return connection.execute(select(sources.c.name, sources.c.last_complete_at, seen.label("last_seen"))).all()


def _is_newer(known: Known, source: KeptSource) -> bool:
    at = known.last_complete_at
    return at is not None and (source.last_complete_at is None or at > source.last_complete_at)


def _complete(connection: Connection, source: KeptSource) -> None:
    """A source that told nothing yet takes its age too."""
    of_it = sources.c.name == source.name, sources.c.last_complete_at.is_(None)
    connection.execute(update(sources).where(*of_it).values(last_complete_at=source.last_complete_at))


def _source_row(source: KeptSource, now: datetime) -> dict[str, object]:
    """Due at once. It is read by the catalogue's row from the next time that there is one: no hash is like this one."""
    return asdict(source) | {"config_hash": b"", "next_due_at": now}


def _take(taking: _Import, told: Sequence[KeptListing]) -> Counter[str]:
    """How many were new, changed, and vetoed."""
    wanted = [one for one in told if one.event.source not in taking.left]
    allowed = [one for one in wanted if not is_vetoed(one.event, taking.vetoes)]
    known = {(row.source, row.uid): row for row in _known(taking.connection, allowed)}
    new = [one for one in allowed if one.key not in known]
    newer = [(known[one.key], one) for one in allowed if one.key in known and _is_later(known[one.key], one)]
    _add(taking, new)
    _replace(taking, newer)
    return Counter(new=len(new), changed=len(newer), vetoed=len(wanted) - len(allowed))


def _known(connection: Connection, told: Iterable[KeptListing]) -> Iterator[Known]:
    for source, some in groupby(told, key=lambda one: one.event.source):
        query = (
            select(listings.c.source, listings.c.uid, listings.c.last_seen, listings.c.unseen_runs, listings.c.told)
            .add_columns(events.c.event, events.c.id, events.c.sequence, events.c.first_seen, events.c.changed_at)
            .add_columns(events.c.merged_into, events.c.members, events.c.withheld, events.c.series, events.c.rhythm)
            .add_columns(sources.c.last_complete_at)
            .join(events, events.c.event == listings.c.event)
            .join(sources, sources.c.name == listings.c.source)
            .where(listings.c.source == source, listings.c.uid.in_([one.event.uid for one in some]))
        )
        yield from connection.execute(query)


def _is_later(known: Known, told: KeptListing) -> bool:
    """Whether the archive heard of it after the store did. What is not unseen was seen by the last accepted run."""
    seen = [known.last_seen, known.changed_at]
    if not known.unseen_runs and known.last_complete_at is not None:
        seen.append(known.last_complete_at)
    return all(max(told.last_seen, told.changed_at) > at for at in seen)


def _add(taking: _Import, new: Sequence[KeptListing]) -> None:
    """With its own id; and with its own number where that is free, so that ids and numbers are in one order."""
    tellings = list(_new_tellings(taking, new))
    shown = [t for t in tell(taking.connection, tellings, now=taking.now, new=True) if not t.withdrawn | t.withheld]
    note(taking.connection, ((Change.NEW, t.id, t.event, None, REASON) for t in shown), taking.now)
    rows = (_listing_row(one, telling.number) for one, telling in zip(new, tellings, strict=True))
    insert_rows(taking.connection, listings, rows)


def _new_tellings(taking: _Import, new: Sequence[KeptListing]) -> Iterator[Telling]:
    taken = _taken(taking.connection, new)
    reserve_numbers(taking.connection, max((number_of(one.id) for one in new), default=0))
    for one in new:
        number = number_of(one.id)
        if number in taken:
            (number,) = next_numbers(taking.connection, 1)
        event_id = new_id(number) if one.id in taken else one.id
        taken |= {number, event_id}
        changed_at = one.changed_at if taking.is_first else taking.now
        yield _telling(one, number, event_id, one.sequence, changed_at)


def _taken(connection: Connection, new: Sequence[KeptListing]) -> set[int | str]:
    """Numbers and ids of other events."""
    numbers, ids = [number_of(one.id) for one in new], [one.id for one in new]
    held = events.c.event.in_(numbers) | events.c.id.in_(ids)
    return {value for row in connection.execute(select(events.c.event, events.c.id).where(held)) for value in row}


def _replace(taking: _Import, newer: Sequence[tuple[Known, KeptListing]]) -> None:
    """Known events keep their id and first date, and are changed now: who asks for changes since then is to hear it."""
    tellings = [_retold(one, row, taking.now) for row, one in newer]
    corrections = read_corrections(asking(taking.connection), taking.now)
    told = zip(tell(taking.connection, tellings, now=taking.now), newer, strict=True)
    shown = ((t, row) for t, (row, _) in told if not t.withheld and t.merged_into is None)
    note(taking.connection, (_noted(t, row, corrections) for t, row in shown), taking.now)
    for _, one in newer:
        of_it = listings.c.source == one.event.source, listings.c.uid == one.event.uid
        taking.connection.execute(update(listings).where(*of_it).values(_told(one)))


def _retold(one: KeptListing, row: Known, now: datetime) -> Telling:
    """As it stands here among others until the next matching: withheld, merged, or without dates told apart."""
    telling = _telling(one, row.event, row.id, max(row.sequence + 1, one.sequence), now, row.first_seen)
    event, members = retold(one.event, None if telling.withdrawn else row.members)
    return replace(
        telling,
        event=event,
        members=members,
        sources=sources_of(members),
        merged_into=row.merged_into,
        withheld=row.withheld,
        series=row.series,
        rhythm=row.rhythm and Every(row.rhythm),
    )


def _noted(telling: Telling, row: Known, corrections: Corrections) -> Noted:
    return Change.CHANGED, telling.id, telling.event, corrections.corrected(read_event(row.told)), REASON


def _told(one: KeptListing) -> dict[str, object]:
    text = write_event(one.event)
    seen = {name: getattr(one, name) for name in ("last_seen", "unseen_runs", "unseen_since", "withdrawn_at")}
    return seen | {"told": text.decode(), "content_hash": content_hash(text)}


def _telling(
    one: KeptListing, number: int, event_id: str, sequence: int, changed_at: datetime, first: datetime | None = None
) -> Telling:
    return Telling(
        event=one.event,
        kind=one.kind,
        number=number,
        id=event_id,
        sequence=sequence,
        first_seen=first or one.first_seen,
        changed_at=changed_at,
        withdrawn=one.withdrawn_at is not None,
    )


def _listing_row(one: KeptListing, number: int) -> tuple[object, ...]:
    """A row of `listings`, columns in order."""
    text = write_event(one.event)
    moments = (one.unseen_since, one.withdrawn_at)
    unseen_since, withdrawn_at = (None if at is None else to_number(at) for at in moments)
    seen = to_number(one.first_seen), to_number(one.last_seen)
    return (*one.key, number, text.decode(), content_hash(text), *seen, one.unseen_runs, unseen_since, withdrawn_at)
