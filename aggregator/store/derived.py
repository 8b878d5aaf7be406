"""The rows that follow from an event: its dates, index cells, labels and words; written, replaced, taken away."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, column, delete, insert, literal, select, table, tuple_

from aggregator.event import Event, GeoCoordinates, Occurrence, ends_at
from aggregator.reconcile import HORIZON, KEPT
from aggregator.recurrence import expand, is_endless
from aggregator.store.bulk import asking, chunks, delete_rows, insert_rows
from aggregator.store.corrections import correct_all
from aggregator.store.rows import (
    CellKey,
    Date,
    Row,
    Telling,
    cell_keys,
    cell_rows,
    dates_of,
    event_row,
    label_rows,
    occurrence_rows,
    text_row,
    with_rhythm,
)
from aggregator.store.tables import cell_counts, cells, events, labels, occurrences, texts
from aggregator.store.words import plain_words

MOST_DATES = 500
"""Dates of one series that are kept at a time; roll_forward adds the next ones as these pass."""

_APART = " hobnobsfield "
"""A word between the texts of an event, so that no phrase begins in one and ends in the next."""

_KEEP_WORDS = """
INSERT INTO words
SELECT event, to_tsvector('simple', told) FROM unnest($1::bigint[], $2::text[]) AS these(event, told)
"""
"""On PostgreSQL: what is looked for there instead of FTS5's table."""

_FAR = timedelta(days=3660)

_REPLACE = " ON CONFLICT (event) DO UPDATE SET " + ", ".join(
    f"{column.name} = excluded.{column.name}" for column in events.columns if not column.primary_key
)
_COUNT = " ON CONFLICT (cell) DO UPDATE SET dates = cell_counts.dates + excluded.dates"


def tell(connection: Connection, tellings: Sequence[Telling], *, now: datetime, new: bool = False) -> Sequence[Telling]:
    """Write the events and all that follows from them, in the place of what did so before; as they are told now: with
    the editor's corrections, and with nothing that leads to what is withheld.
    """
    if not new:
        forget(connection, [telling.number for telling in tellings])
    tellings = [with_rhythm(one) for one in correct_all(asking(connection), tellings, now)]
    planned = [(telling, *_plan_shown(telling, now)) for telling in tellings]
    rows = [event_row(telling, expanded_to) for telling, _, expanded_to in planned]
    insert_rows(connection, events, rows, "" if new else _REPLACE)
    shown = [telling for telling in tellings if not telling.withheld]
    insert_rows(connection, texts, (words := [text_row(telling.number, telling.event) for telling in shown]))
    index_words(connection, words)
    insert_rows(connection, labels, sorted({row for t in shown for row in label_rows(t)}))
    add_dates(connection, [(telling, dates) for telling, dates, _ in planned])
    return tellings


def _plan_shown(telling: Telling, now: datetime) -> tuple[list[Date], datetime | None]:
    return ([], None) if telling.withheld else plan_dates(telling.event, now)


def plan_dates(event: Event, now: datetime) -> tuple[list[Date], datetime | None]:
    """The dates to keep now, and up to when a series is then known; None when there are no more to come."""
    start, end = now - KEPT, now + HORIZON
    if not event.is_series:
        is_kept = ends_at(event.start_date, event.end_date, event.time_zone) > start
        only = Occurrence(start=event.start_date, end=event.end_date)
        return dates_of(event, [only] if is_kept else []), None
    return expand_dates(event, start, end)


def expand_dates(
    event: Event, start: datetime, end: datetime, limit: int = MOST_DATES
) -> tuple[list[Date], datetime | None]:
    """The dates of a series between two times, and up to when it is then known."""
    found = expand(event, start, end, limit=limit)
    if len(found) == limit:
        end = ends_at(found[-1].start, None, event.time_zone) + timedelta(seconds=1)
    goes_on = is_endless(event) or bool(expand(event, end, end + _FAR, limit=1))
    return dates_of(event, found), end if goes_on else None


def add_dates(connection: Connection, dated: Iterable[tuple[Telling, Sequence[Date]]]) -> None:
    """Dates that are not there yet, and their place in the index."""
    dates: list[Row] = []
    places: list[Row] = []
    for telling, found in dated:
        dates += occurrence_rows(telling.number, found)
        places += cell_rows(telling, found)
    insert_rows(connection, occurrences, dates)
    # In the index's own order each page of it is written once; the key's three numbers are never all the same.
    insert_rows(connection, cells, sorted(places))
    _count(connection, Counter(map(itemgetter(0), places)))


def drop_dates(connection: Connection, dates: Iterable[tuple[int, int]]) -> None:
    """Dates, given as (event, start), out of the store and its index."""
    for chunk in chunks(dates):
        o, e = occurrences.c, events.c
        query = select(o.event, o.start, o.span, e.latitude, e.longitude).join(events, e.event == o.event)
        _drop(connection, connection.execute(query.where(tuple_(o.event, o.start).in_(chunk))).all())


def forget(connection: Connection, numbers: Sequence[int]) -> None:
    """Take away all that follows from these events, but not the events themselves."""
    for chunk in chunks(numbers):
        o, e = occurrences.c, events.c
        query = select(o.event, o.start, o.span, e.latitude, e.longitude).join(events, e.event == o.event)
        _drop(connection, connection.execute(query.where(o.event.in_(chunk))).all())
        connection.execute(delete(labels).where(labels.c.event.in_(chunk)))
        _unindex_words(connection, chunk)
        connection.execute(delete(texts).where(texts.c.event.in_(chunk)))


def _drop(connection: Connection, dates: Iterable[Any]) -> None:
    keys: list[CellKey] = []
    gone: list[Row] = []
    for event, start, span, latitude, longitude in dates:
        geo = None if latitude is None else GeoCoordinates(latitude=latitude, longitude=longitude)
        keys += cell_keys(event, geo, start, span)
        gone.append((event, start))
    delete_rows(connection, cells, sorted(keys))
    delete_rows(connection, occurrences, gone)
    counts = Counter(cell for cell, *_ in keys)
    _count(connection, {cell: -count for cell, count in counts.items()})
    connection.execute(delete(cell_counts).where(cell_counts.c.dates <= 0, cell_counts.c.cell.in_(list(counts))))


def _count(connection: Connection, counts: Mapping[Any, int]) -> None:
    insert_rows(connection, cell_counts, counts.items(), _COUNT)


def index_words(connection: Connection, rows: Sequence[Row]) -> None:
    if rows and connection.dialect.name == "sqlite":
        sql = "INSERT INTO words (rowid, name, description, organizer, place) VALUES (?, ?, ?, ?, ?)"
        connection.exec_driver_sql(sql, list(rows))
    elif rows:
        told = [(number, plain_words(_APART.join(map(str, texts)))) for number, *texts in rows]
        connection.exec_driver_sql(_KEEP_WORDS, tuple(map(list, zip(*told, strict=True))))


def _unindex_words(connection: Connection, numbers: Sequence[int]) -> None:
    """FTS5 is told the old words to take them out (sqlite.org/fts5.html, 4.4.3)."""
    if connection.dialect.name != "sqlite":
        connection.execute(delete(table("words", column("event"))).where(column("event").in_(numbers)))
    else:
        old = select(literal("delete"), *texts.columns).where(texts.c.event.in_(numbers))
        columns = ("words", "rowid", "name", "description", "organizer", "place")
        connection.execute(insert(table("words", *map(column, columns))).from_select(columns, old))
