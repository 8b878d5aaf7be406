"""What several sources tell of one happening is told once: found in the background, and written when it differs."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from sqlalchemy import Connection, Engine, case, delete, insert, or_, select, tuple_

from aggregator.codec import read_event
from aggregator.event import EventStatus, GeoCoordinates, ends_at, starts_at
from aggregator.match import AHEAD, Gist, Matched, Say, Told, Word, cluster_all, read_gist
from aggregator.recurrence import expand
from aggregator.sift import Role
from aggregator.store.bulk import asking, bump_version, chunks, insert_rows, writing
from aggregator.store.corrections import Corrections, keys_of, read_corrections, words_of
from aggregator.store.derived import tell
from aggregator.store.kept import Change
from aggregator.store.note import Noted, note, noted_hiding
from aggregator.store.people import hides, questions
from aggregator.store.questions import question_rows, read_questions
from aggregator.store.rows import Telling
from aggregator.store.stand import Known, Wanted, stand
from aggregator.store.tables import events, listings, match_words, sources

_ROWS = (
    select(listings.c.source, listings.c.uid, listings.c.told, listings.c.content_hash)
    .add_columns(events.c.event, events.c.id, events.c.sequence, events.c.first_seen, events.c.changed_at)
    .add_columns(events.c.merged_into, events.c.members, events.c.withheld, events.c.withdrawn)
    .add_columns(events.c.series, events.c.rhythm, sources.c.kind.label("source_kind"))
    .add_columns(case((events.c.members.is_not(None), events.c.json)).label("json"))
    .join(events, events.c.event == listings.c.event)
    .join(sources, sources.c.name == listings.c.source)
    .where(
        or_(
            listings.c.withdrawn_at.is_(None),
            tuple_(listings.c.source, listings.c.uid).in_(select(hides.c.source, hides.c.uid)),
        )
    )
)
"""What is hidden is matched even when its source no longer shows it: others that tell the same stay hidden with it.
What answers show of an event is looked at where it tells others' words too, and is most of a row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Whose word a source's is: what the catalogue says of it."""

    role: Role = "organiser"
    trust: int = 50
    home: GeoCoordinates | None = None


_UNKNOWN = Standing()


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What is told otherwise than before, and all that was looked at, as it stands now."""

    changed: Sequence[Wanted]
    rows: Collection[Known]


def match(engine: Engine, standings: Mapping[str, Standing], now: datetime) -> Done:
    """Tell once what several sources tell. What changed meanwhile is left to the next time."""
    with writing(engine) as connection:
        rows = read_rows(connection)
        words, corrections = tuple(_words(connection)), read_corrections(asking(connection), now)
        asked = read_questions(asking(connection))
    told = {(row.source, row.uid): row for row in rows}
    found = _cluster(rows, standings, words, now)
    changed = [wanted for wanted in stand(found, told, corrections, now) if wanted.differs]
    if not changed and asked == found.questions:
        return Done(changed=(), rows=rows)
    with writing(engine) as connection:
        if asked != found.questions:
            connection.execute(delete(questions))
            insert_rows(connection, questions, question_rows(found.questions))
        current = {row.event: row.content_hash for row in _rows_of(connection, changed)}
        ready = [wanted for wanted in changed if current.get(wanted.row.event) == wanted.row.content_hash]
        tell(connection, [_next(wanted.telling, now) for wanted in ready], now=now)
        note(connection, (noted for wanted in ready for noted in _noted(wanted, corrections)), now)
        if ready:
            bump_version(connection)
        told.update(((row.source, row.uid), row) for row in _rows_of(connection, ready))
    return Done(changed=ready, rows=told.values())


def read_rows(connection: Connection) -> Sequence[Known]:
    """Of all listings that are matched."""
    return connection.execute(_ROWS).all()


def _rows_of(connection: Connection, changed: Iterable[Wanted]) -> Iterator[Known]:
    for chunk in chunks([wanted.row.event for wanted in changed]):
        yield from connection.execute(_ROWS.where(listings.c.event.in_(chunk)))


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
    """Of what is not over, by its sources' own words."""
    told = (_told(row, standings.get(row.source, _UNKNOWN)) for row in rows)
    return cluster_all([one for one in told if _is_to_come(one, now)], words, now)


def _told(row: Known, standing: Standing) -> Told:
    return Told(
        gist=read_gist(row.told),
        read=partial(read_event, row.told),
        role=standing.role,
        trust=standing.trust,
        home=standing.home,
    )


def _is_to_come(told: Told, now: datetime) -> bool:
    gist = told.gist
    begins = starts_at(gist.start, gist.time_zone)
    if not gist.is_series:
        return begins > now or ends_at(gist.start, gist.end, gist.time_zone) > now
    return (now <= begins < now + AHEAD and _takes_place(gist)) or bool(expand(told.event, now, now + AHEAD, limit=1))


def _takes_place(gist: Gist) -> bool:
    """Whether nothing is told by which its first date could be left out."""
    return not gist.except_dates and not any("UNTIL" in rule.upper() for rule in gist.rrule)


def _next(telling: Telling, now: datetime) -> Telling:
    return replace(telling, sequence=telling.sequence + 1, changed_at=now)


def _noted(wanted: Wanted, corrections: Corrections) -> Iterator[Noted]:
    row, event = wanted.row, wanted.event
    why = "it is told apart again" if wanted.members is None else "others tell of it too"
    if wanted.withheld != row.withheld:
        yield from noted_hiding(wanted.telling)
    elif wanted.merged_into is not None:
        yield Change.MERGED, row.id, event, None, f"it is told as {wanted.merged_into}"
    elif row.merged_into is not None:
        yield Change.RETURNED, row.id, event, None, why
    elif wanted.is_news:
        before = read_event(words_of(row.told, row.members))
        was = corrections.corrected(before, keys_of((row.source, row.uid), row.members))
        is_off = event.event_status is EventStatus.CANCELLED is not was.event_status
        yield Change.CANCELLED if is_off else Change.CHANGED, row.id, event, was, why
