"""Writes down what changed for people, in the transaction that changes it: so nothing is missed, nor told twice."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlalchemy import Connection

from aggregator.event import Event
from aggregator.render.difference import differences
from aggregator.render.privacy import private_name
from aggregator.store.bulk import insert_rows, next_numbers
from aggregator.store.instants import to_number
from aggregator.store.kept import Change
from aggregator.store.rows import Telling
from aggregator.store.tables import changes

Noted = tuple[Change, str, Event, Event | None, str | None]
"""What happened, the event's id, the event as it is told, as it was told before, and why."""


def note(connection: Connection, noted: Iterable[Noted], now: datetime) -> None:
    """Numbers rise in the order in which transactions end, since there is one writer at a time."""
    at, listed = to_number(now), list(noted)
    if listed:
        numbers = next_numbers(connection, len(listed), "changes")
        insert_rows(connection, changes, (_row(number, at, *one) for number, one in zip(numbers, listed, strict=True)))


def noted_hiding(telling: Telling) -> Iterator[Noted]:
    """Who was told of it is told that it is gone, or there again; not why, which is the operator's. What another event
    tells, or no source shows, is not there again.
    """
    if telling.withheld:
        yield Change.REMOVED, telling.id, telling.event, None, "it is not shown here"
    elif not telling.is_hidden:
        yield Change.RETURNED, telling.id, telling.event, None, "it is shown here again"


def _row(
    number: int, at: int, change: Change, event_id: str, event: Event, before: Event | None, reason: str | None
) -> tuple[object, ...]:
    fields = differences(before, event) if before is not None and before != event else {}
    told = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
    return number, at, change.value, event_id, event.source, private_name(event), told, reason
