"""What goes for good: a source with all that it told, and what an organiser or the operator does not want told."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, Engine, delete, insert, select, update

from aggregator.codec import read_event
from aggregator.reading.text import fold
from aggregator.store.bulk import bump_version, chunks, writing
from aggregator.store.derived import forget
from aggregator.store.grouped import read_group
from aggregator.store.grouping import is_vetoed_group
from aggregator.store.kept import Change
from aggregator.store.note import note
from aggregator.store.tables import events, groups, listings, pages, runs, sources, vetoes
from aggregator.veto import is_vetoed


def purge(engine: Engine, source: str, uids: Iterable[str] | None, now: datetime) -> int:
    """How many listings went; with all of them the source itself goes, its runs and its pages."""
    with writing(engine) as connection:
        gone = _remove(connection, source, None if uids is None else list(uids), "the operator took it away", now)
        if uids is None:
            for table in (runs, pages, groups):
                connection.execute(delete(table).where(table.c.source == source))
            connection.execute(delete(sources).where(sources.c.name == source))
        bump_version(connection)
    return gone


def veto(engine: Engine, words: str, reason: str, now: datetime) -> int:
    """How many listings went. What a later run sees of it is dropped before it is written."""
    folded = fold(words)
    with writing(engine) as connection:
        connection.execute(delete(vetoes).where(vetoes.c.words == folded))
        connection.execute(insert(vetoes).values(words=folded, reason=reason, since=now))
        gone = remove_vetoed(connection, (folded,), now)
        bump_version(connection)
    return gone


def remove_vetoed(connection: Connection, words: Collection[str], now: datetime) -> int:
    """How many listings went by these vetoes, all folded."""
    _remove_groups(connection, words)
    told = connection.execute(select(listings.c.source, listings.c.uid, listings.c.told)).all()
    hit = [(row.source, row.uid) for row in told if is_vetoed(read_event(row.told), words)]
    for source in {source for source, _ in hit}:
        _remove(connection, source, [uid for its, uid in hit if its == source], "not to be told here", now)
    # A page that did not change would not be read again, and the veto's end would bring nothing back.
    connection.execute(update(sources).values(last_full_fetch_at=None))
    return len(hit)


def _remove_groups(connection: Connection, words: Collection[str]) -> None:
    kept = map(read_group, connection.execute(select(groups.c.told)).scalars())
    gone = [one.group.id for one in kept if is_vetoed_group(one, words)]
    for chunk in chunks(gone):
        connection.execute(delete(groups).where(groups.c.id.in_(chunk)))


def lift_veto(engine: Engine, words: str) -> bool:
    """Whether there was one."""
    with writing(engine) as connection:
        is_gone = connection.execute(delete(vetoes).where(vetoes.c.words == fold(words))).rowcount == 1
        if is_gone:
            connection.execute(update(sources).values(last_full_fetch_at=None))
    return is_gone


def _remove(connection: Connection, source: str, uids: Sequence[str] | None, reason: str, now: datetime) -> int:
    connection.execute(update(sources).where(sources.c.name == source).values(settled_as=None))
    its = (
        select(listings.c.event, listings.c.uid, listings.c.told, events.c.id, events.c.withheld)
        .join(events, events.c.event == listings.c.event)
        .where(listings.c.source == source)
    )
    found = [row for row in connection.execute(its).all() if uids is None or row.uid in set(uids)]
    told = [row for row in found if not row.withheld]
    note(connection, ((Change.REMOVED, row.id, read_event(row.told), None, reason) for row in told), now)
    numbers = [row.event for row in found]
    forget(connection, numbers)
    for chunk in chunks(numbers):
        connection.execute(delete(listings).where(listings.c.event.in_(chunk)))
        connection.execute(delete(events).where(events.c.event.in_(chunk)))
    return len(found)
