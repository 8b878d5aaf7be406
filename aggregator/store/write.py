"""One run into the store: one transaction, all of it or nothing; what did not change is not written."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, bindparam, case, delete, func, select, update

from aggregator.codec import content_hash, read_event, write_event
from aggregator.errors import StaleLeaseError
from aggregator.event import Event, EventStatus, Kind
from aggregator.query import Every
from aggregator.reconcile import Changes
from aggregator.run import Outcome, Run
from aggregator.store.bulk import (
    asking,
    bump_version,
    chunks,
    find_often,
    insert_rows,
    next_numbers,
    writing,
)
from aggregator.store.corrections import Corrections, read_corrections, retold, sources_of
from aggregator.store.derived import forget, tell
from aggregator.store.instants import to_number
from aggregator.store.kept import Candidate, Change, Lease, Settled, StoredPage
from aggregator.store.note import Noted, note
from aggregator.store.pages import keep_pages
from aggregator.store.rows import Telling, new_id
from aggregator.store.runs import add_run
from aggregator.store.tables import events, listings, sources

Known = Mapping[str, Row[*tuple[Any, ...]]]

# Statements that every run needs are made once: to make one costs as much as to run it.
_SOURCE = sources.c.name == bindparam("of_source")
_LEASE = select(sources.c.kind).where(_SOURCE, sources.c.lease_token == bindparam("token")).with_for_update()
_COMPLETED = (
    update(sources)
    .where(_SOURCE, sources.c.lease_token == bindparam("token"))
    .values(last_complete_at=bindparam("at"), settled_as=bindparam("way"), settled_until=bindparam("end"))
    .returning(sources.c.kind)
)
_UNSETTLED = update(sources).where(_SOURCE).values(settled_as=None)
_PUT_OFF = update(sources).where(_SOURCE).values(next_due_at=bindparam("due"))
_KNOWN = (
    select(listings.c.uid, listings.c.told, listings.c.content_hash, listings.c.withdrawn_at)
    .add_columns(events.c.event, events.c.id, events.c.sequence, events.c.first_seen, events.c.merged_into)
    .add_columns(events.c.withheld, events.c.series, events.c.rhythm, events.c.members)
    .join(events, events.c.event == listings.c.event)
    .where(listings.c.source == bindparam("of_source"), listings.c.uid.in_(bindparam("uids", expanding=True)))
)
_TOLD_OTHERWISE = (
    update(listings)
    .where(listings.c.source == bindparam("of_source"), listings.c.uid == bindparam("of_uid"))
    .values(told=bindparam("told"), content_hash=bindparam("content_hash"))
)


def apply(  # noqa: PLR0913 - all that is written with a run
    engine: Engine,
    changes: Changes,
    run: Run,
    *,
    lease: Lease,
    now: datetime,
    pages: Iterable[StoredPage] = (),
    candidate: Candidate | None = None,
    due_at: datetime | None = None,
    settled: Settled | None = None,
) -> int:
    """Write what a run found, and the run itself; its id. StaleLeaseError, and nothing written, for a late one."""
    is_same = run.outcome is Outcome.ACCEPTED and not changes
    with writing(engine) as connection:
        kind = _complete(connection, lease, run, settled) if is_same else check_lease(connection, lease)
        run_id = add_run(connection, run, candidate)
        keep_pages(connection, lease.source, pages)
        if changes and write_changes(connection, changes, lease.source, kind, now):
            bump_version(connection)
        if run.outcome is Outcome.ACCEPTED and not is_same:
            _complete(connection, lease, run, settled)
        elif run.outcome is Outcome.PARTIAL:
            connection.execute(_UNSETTLED, {"of_source": lease.source})
        if due_at:
            connection.execute(_PUT_OFF, {"of_source": lease.source, "due": due_at})
    return run_id


def check_lease(connection: Connection, lease: Lease) -> Kind:
    """The kind of the source, once it is sure that nobody else has taken it over."""
    return _kind(find_often(connection, _LEASE, {"of_source": lease.source, "token": lease.token}), lease)


def _complete(connection: Connection, lease: Lease, run: Run, settled: Settled | None) -> Kind:
    """As `check_lease`, and with it that all was read; for a run that changes nothing that is one statement."""
    way, end = (settled.reading_as, to_number(settled.until)) if settled else (None, None)
    told = {"of_source": lease.source, "token": lease.token, "at": to_number(run.finished_at), "way": way, "end": end}
    return _kind(find_often(connection, _COMPLETED, told), lease)


def _kind(row: Sequence[str] | None, lease: Lease) -> Kind:
    if row is None:
        raise StaleLeaseError(f"{lease.source}: {lease.owner}'s lease {lease.token} is over; nothing was written")
    return Kind(row[0])


def write_changes(connection: Connection, changes: Changes, source: str, kind: Kind, now: datetime) -> bool:
    """Whether anything changed that people are told."""
    known = _known(connection, source, changes)
    changed = [event for event in changes.changed if _differs(known[event.uid], event)]
    again = _back(known, changes, changed)
    gone = [(uid, read_event(known[uid].told)) for uid in changes.withdrawn]
    added = _add(connection, changes.new, kind, now)
    corrections = read_corrections(asking(connection), now, [source])
    seen = [event for event in changed if _is_seen(known[event.uid], event, corrections)]
    tell(
        connection,
        [_next(known[event.uid], event, kind, now) for event in (*seen, *again)]
        + [_next(known[uid], event, kind, now, withdrawn=True) for uid, event in gone],
        now=now,
    )
    noted = _told_otherwise(known, changes, seen, again, gone, corrections)
    note(connection, (*_told_anew(added), *noted), now)
    _update_listings(connection, changed)
    _mark_seen(connection, source, changes.seen_again, now)
    _mark_unseen(connection, source, changes, now)
    _expire(connection, source, [known[uid].event for uid in changes.expired])
    return any((changes.new, changed, again, gone, changes.expired))


def _told_anew(added: Sequence[Telling]) -> Iterator[Noted]:
    for telling in (telling for telling in added if not telling.withheld):
        yield Change.NEW, telling.id, telling.event, None, None


def _is_seen(row: Row[*tuple[Any, ...]], event: Event, corrections: Corrections) -> bool:
    """Whether people are told otherwise now: what only differs in a field that an editor corrected is not."""
    if row.withdrawn_at is not None:
        return True
    return corrections.corrected(event) != corrections.corrected(read_event(row.told))


def _told_otherwise(
    known: Known,
    changes: Changes,
    changed: Sequence[Event],
    again: Sequence[Event],
    gone: Sequence[tuple[str, Event]],
    corrections: Corrections,
) -> Iterator[Noted]:
    """Of what is withheld nobody is told; of what another event tells, by the next matching."""
    told = corrections.corrected
    shown = {uid for uid, row in known.items() if not row.withheld and row.merged_into is None}
    for event in map(told, (event for event in changed if event.uid in shown)):
        row = known[event.uid]
        is_off = event.uid in changes.cancelled and event.event_status is EventStatus.CANCELLED
        what = Change.CANCELLED if is_off else Change.CHANGED if row.withdrawn_at is None else Change.RETURNED
        yield what, row.id, event, told(read_event(row.told)), None
    for event in (event for event in again if event.uid in shown):
        yield Change.RETURNED, known[event.uid].id, told(event), None, "its source shows it again"
    for uid, event in ((uid, event) for uid, event in gone if uid in shown):
        reason = "its source no longer shows it; nobody said it is cancelled"
        yield Change.WITHDRAWN, known[uid].id, told(event), None, reason


def _known(connection: Connection, source: str, changes: Changes) -> Known:
    uids = {event.uid for event in changes.changed}.union(changes.seen_again, changes.withdrawn, changes.expired)
    return {
        row.uid: row
        for chunk in chunks(sorted(uids))
        for row in connection.execute(_KNOWN, {"of_source": source, "uids": chunk})
    }


def _differs(row: Row[*tuple[Any, ...]], event: Event) -> bool:
    return bool(row.content_hash != content_hash(write_event(event)))


def _back(known: Known, changes: Changes, changed: Sequence[Event]) -> list[Event]:
    """Withdrawn events that are shown again as they were."""
    told = {event.uid for event in changed}
    back = (uid for uid in changes.seen_again if known[uid].withdrawn_at is not None and uid not in told)
    return [read_event(known[uid].told) for uid in back]


def _next(row: Row[*tuple[Any, ...]], event: Event, kind: Kind, now: datetime, *, withdrawn: bool = False) -> Telling:
    event, members = retold(event, None if withdrawn else row.members)
    return Telling(
        event=event,
        kind=kind,
        number=row.event,
        id=row.id,
        sequence=row.sequence + 1,
        first_seen=row.first_seen,
        changed_at=now,
        withdrawn=withdrawn,
        merged_into=row.merged_into,
        withheld=row.withheld,
        members=members,
        sources=sources_of(members),
        series=row.series,
        rhythm=row.rhythm and Every(row.rhythm),
    )


def _add(connection: Connection, new: Sequence[Event], kind: Kind, now: datetime) -> Sequence[Telling]:
    numbers = next_numbers(connection, len(new)) if new else range(0)
    tellings = [
        Telling(
            event=event,
            kind=kind,
            number=number,
            id=new_id(number),
            sequence=0,
            first_seen=now,
            changed_at=now,
            withdrawn=False,
        )
        for number, event in zip(numbers, new, strict=True)
    ]
    told_now = tell(connection, tellings, now=now, new=True)
    seen = to_number(now)
    told = ((event, number, write_event(event)) for number, event in zip(numbers, new, strict=True))
    rows = (
        (event.source, event.uid, number, text.decode(), content_hash(text), seen, seen, 0, None, None)
        for event, number, text in told
    )
    insert_rows(connection, listings, rows)
    return told_now


def _update_listings(connection: Connection, changed: Sequence[Event]) -> None:
    told = [(event, write_event(event)) for event in changed]
    rows = [
        {"of_source": event.source, "of_uid": event.uid, "told": text.decode(), "content_hash": content_hash(text)}
        for event, text in told
    ]
    if rows:
        connection.execute(_TOLD_OTHERWISE, rows)


def _mark_seen(connection: Connection, source: str, uids: Sequence[str], now: datetime) -> None:
    for chunk in chunks(uids):
        of_them = update(listings).where(listings.c.source == source, listings.c.uid.in_(chunk))
        connection.execute(of_them.values(unseen_runs=0, unseen_since=None, withdrawn_at=None, last_seen=now))


def _mark_unseen(connection: Connection, source: str, changes: Changes, now: datetime) -> None:
    """What was there run after run was last seen by the source's last accepted run; only now is that kept apart."""
    if not changes.unseen:
        return
    before = select(sources.c.last_complete_at).where(sources.c.name == source).scalar_subquery()
    last_seen = case(
        (listings.c.unseen_runs == 0, func.coalesce(before, listings.c.last_seen)), else_=listings.c.last_seen
    )
    for chunk in chunks(changes.unseen):
        of_them = update(listings).where(listings.c.source == source, listings.c.uid.in_(chunk))
        since = func.coalesce(listings.c.unseen_since, to_number(now))
        runs = listings.c.unseen_runs + 1
        connection.execute(of_them.values(unseen_runs=runs, unseen_since=since, last_seen=last_seen))
    for chunk in chunks(changes.withdrawn):
        of_them = update(listings).where(listings.c.source == source, listings.c.uid.in_(chunk))
        connection.execute(of_them.values(withdrawn_at=now))


def _expire(connection: Connection, source: str, numbers: Sequence[int]) -> None:
    forget(connection, numbers)
    for chunk in chunks(numbers):
        connection.execute(delete(listings).where(listings.c.source == source, listings.c.event.in_(chunk)))
        connection.execute(delete(events).where(events.c.event.in_(chunk)))
