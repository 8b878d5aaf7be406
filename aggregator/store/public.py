"""What the public says, kept: suggestions until somebody settles them, and organisers' confirmations."""

import json
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from secrets import token_hex

from sqlalchemy import Connection, Engine, delete, func, insert, select, update

from aggregator.codec import read_event
from aggregator.errors import StoreError
from aggregator.event import Event, Kind
from aggregator.reconcile import KEPT, Changes, is_over
from aggregator.source import Source
from aggregator.store.bulk import bump_version, writing
from aggregator.store.kept import Asking
from aggregator.store.people import confirmations, suggestions
from aggregator.store.sources import write_source
from aggregator.store.tables import listings
from aggregator.store.write import write_changes
from aggregator.suggest import SOURCES, Standing, Suggestion

A_QUARTER = timedelta(days=90)
MOST_WAITING = 500
"""Suggestions that may wait for a person; more are turned away."""


def add_suggestion(engine: Engine, suggestion: Suggestion, now: datetime) -> int:
    """Its number; StoreError when too many wait already."""
    with writing(engine) as connection:
        waiting = suggestions.c.standing == Standing.WAITING.value
        if (
            connection.execute(select(func.count()).select_from(suggestions).where(waiting)).scalar_one()
            >= MOST_WAITING
        ):
            raise StoreError("too many suggestions wait to be looked at; try again in a few days")
        told = json.dumps(dict(suggestion.told), ensure_ascii=False)
        row = {"at": now, "subject": suggestion.subject.value, "told": told, "standing": Standing.WAITING.value}
        number = connection.execute(insert(suggestions).values(row)).inserted_primary_key
    return int(number[0]) if number else 0


def accept_event(engine: Engine, number: int, event: Event, source: Source, now: datetime) -> None:
    """The event of a suggestion into the source of the site's own; StoreError when the suggestion does not wait."""
    # Each store counts its own suggestions, and an archive brings what became of another's.
    event = replace(event, uid=f"{event.uid}-{token_hex(4)}")
    with writing(engine) as connection:
        _settle(connection, number, Standing.ACCEPTED, None, now)
        write_source(connection, source, now, in_catalogue=False)
        write_changes(connection, Changes(new=(event,)), source.name, source.kind, now)
        bump_version(connection)


def settle(engine: Engine, number: int, standing: Standing, reason: str | None, now: datetime) -> None:
    """StoreError when the suggestion does not wait."""
    with writing(engine) as connection:
        _settle(connection, number, standing, reason, now)


def _settle(connection: Connection, number: int, standing: Standing, reason: str | None, now: datetime) -> None:
    waiting = suggestions.c.number == number, suggestions.c.standing == Standing.WAITING.value
    told = {"standing": standing.value, "reason": reason, "settled_at": now}
    if connection.execute(update(suggestions).where(*waiting).values(told)).rowcount != 1:
        raise StoreError(f"{number}: no such suggestion waits; `hobnob suggestions list` has those that do")


def forget_over(connection: Connection, now: datetime) -> int:
    """Events of the site's own sources that ended so long ago that nobody is told of them; no run would see to it."""
    return sum(_forget_over(connection, source, now) for source in SOURCES)


def _forget_over(connection: Connection, source: str, now: datetime) -> int:
    told = connection.execute(select(listings.c.uid, listings.c.told).where(listings.c.source == source)).all()
    over = tuple(row.uid for row in told if is_over(read_event(row.told), now - KEPT))
    if over:
        write_changes(connection, Changes(expired=over), source, Kind.OTHER, now)
        bump_version(connection)
    return len(over)


def ask_confirmation(engine: Engine, asking: Asking) -> None:
    """Keep that an organiser is asked; StoreError when that was done less than a quarter ago."""
    with writing(engine) as connection:
        last = select(func.max(confirmations.c.asked_at)).where(confirmations.c.source == asking.source)
        asked_at = connection.execute(last).scalar_one()
        if asked_at is not None and asking.asked_at - asked_at < A_QUARTER:
            raise StoreError(f"{asking.source}: was asked on {asked_at:%Y-%m-%d}, and is asked once a quarter at most")
        connection.execute(insert(confirmations).values(asdict(asking)))


def forget_asking(engine: Engine, token_hash: str) -> None:
    """As if nobody had been asked: the letter was not sent."""
    with writing(engine) as connection:
        connection.execute(delete(confirmations).where(confirmations.c.token_hash == token_hash))


def confirm(engine: Engine, token_hash: str, now: datetime) -> bool:
    """Whether this confirmed it: an organiser who was asked, for the first time, and in time."""
    asked = confirmations.c.token_hash == token_hash, confirmations.c.expires_at > now
    with writing(engine) as connection:
        told = update(confirmations).where(*asked, confirmations.c.confirmed_at.is_(None))
        return connection.execute(told.values(confirmed_at=now)).rowcount == 1
