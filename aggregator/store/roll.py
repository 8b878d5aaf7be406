"""Time passes: dates long over go, and the next dates of series come in."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Row, func, select, update

from aggregator.codec import read_event
from aggregator.event import Event, Kind
from aggregator.reconcile import HORIZON, KEPT
from aggregator.store.bulk import asking, bump_version, writing
from aggregator.store.corrections import correct_all, sources_of, words_of
from aggregator.store.derived import MOST_DATES, add_dates, drop_dates, expand_dates
from aggregator.store.instants import to_second
from aggregator.store.rows import Date, Telling, telling_of
from aggregator.store.tables import events, listings, occurrences, sources
from aggregator.suggest import SUGGESTED

_AT_A_TIME = 500
"""Dates or series of one transaction, so that a collector's run does not wait long."""

_DAY = timedelta(days=1)
_IS_TOLD = sources.c.enabled & (sources.c.in_catalogue | (sources.c.platform == SUGGESTED))


def roll_forward(engine: Engine, now: datetime) -> int:
    """How many dates came or went; to be done daily. Nothing is fetched: the rules are in the store."""
    moved, last = 0, 0
    while dropped := _drop_old(engine, now):
        moved += dropped
    while short := _short(engine, now, last):
        moved += _extend(engine, short, now)
        last = short[-1].event
    return moved


def _drop_old(engine: Engine, now: datetime) -> int:
    old = select(occurrences.c.event, occurrences.c.start).where(occurrences.c.end <= to_second(now - KEPT))
    with writing(engine) as connection:
        dates = connection.execute(old.limit(_AT_A_TIME)).all()
        drop_dates(connection, dates)
        if dates:
            bump_version(connection)
    return len(dates)


def _short(engine: Engine, now: datetime, after: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """Series whose dates are known for less than the whole horizon, and how many each has. A source that was taken out
    of the catalogue or switched off tells no further dates; the site's own is in no catalogue.
    """
    e = events.c
    dates = select(func.count()).where(occurrences.c.event == e.event).scalar_subquery()
    query = (
        select(
            e.event,
            e.id,
            e.kind,
            e.sequence,
            e.first_seen,
            e.changed_at,
            e.withdrawn,
            e.expanded_to,
            e.merged_into,
            e.series,
            e.rhythm,
            e.members,
            listings.c.told,
        )
        .add_columns(dates.label("dates"))
        .join(listings, listings.c.event == e.event)
        .join(sources, sources.c.name == e.source)
        .where(e.expanded_to <= now + HORIZON - _DAY, e.event > after, _IS_TOLD)
        .order_by(e.event)
        .limit(_AT_A_TIME)
    )
    with writing(engine) as connection:
        return connection.execute(query).all()


def _extend(engine: Engine, series: Sequence[Row[*tuple[Any, ...]]], now: datetime) -> int:
    with writing(engine) as connection:
        short = [row for row in series if row.dates < MOST_DATES]
        tellings = correct_all(asking(connection), [_telling(row) for row in short], now)
        dated = [(t, _next_dates(connection, t.event, row, now)) for t, row in zip(tellings, short, strict=True)]
        add_dates(connection, dated)
        added = sum(len(dates) for _, dates in dated)
        if added:
            bump_version(connection)
    return added


def _next_dates(connection: Connection, event: Event, row: Row[*tuple[Any, ...]], now: datetime) -> list[Date]:
    begin = to_second(row.expanded_to)
    dates, expanded_to = expand_dates(event, row.expanded_to, now + HORIZON, MOST_DATES - row.dates)
    connection.execute(update(events).where(events.c.event == row.event).values(expanded_to=expanded_to))
    # A date that was running when the last expansion ended is already there.
    return [date for date in dates if date.start >= begin]


def _telling(row: Row[*tuple[Any, ...]]) -> Telling:
    telling = telling_of(row, read_event(words_of(row.told, row.members)), Kind(row.kind))
    return replace(telling, members=row.members, sources=sources_of(row.members))
