"""Reads the mailing's tables, without a transaction that writes: what a GET may do."""

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from aggregator.store.instants import to_moment, to_moment_or_none, to_number
from aggregator.store.link import Ask, Link
from aggregator.store.mailing.values import (
    OPEN,
    Consent,
    Delivery,
    Purpose,
    Stage,
    State,
    Subscription,
    Told,
    Unknown,
    Wish,
)

_COLUMNS = """
s.number, s.address, s.query, s.weekday, s.hour, s.zone, s.most, s.state, s.consent_words, s.consent_at,
s.consent_channel, s.confirmed_at, s.next_due_at
"""
# Made of constants of ours; what people ask is bound.
_BY_TOKEN = f"""
SELECT {_COLUMNS} FROM letter_tokens AS t JOIN subscriptions AS s ON s.number = t.subscription
WHERE t.hash = ? AND t.purpose = ? AND t.expires_at > ?
"""  # noqa: S608
_BY_NUMBER = f"SELECT {_COLUMNS} FROM subscriptions AS s WHERE s.number = ?"  # noqa: S608
_OF_ADDRESS = f"""
SELECT {_COLUMNS} FROM subscriptions AS s WHERE lower(s.address) = lower(?) AND s.state <> 'pending' ORDER BY s.number
"""  # noqa: S608
_ALL_OF_ADDRESS = f"SELECT {_COLUMNS} FROM subscriptions AS s WHERE lower(s.address) = lower(?) ORDER BY s.number"  # noqa: S608
_SENT = """
SELECT d.subscription, d.changed_at, t.text
FROM json_each(?) AS a CROSS JOIN deliveries AS d ON d.subscription = CAST(a.value AS INTEGER)
JOIN tellings AS t ON t.hash = d.told
WHERE d.period <> 'confirm' AND d.stage IN ('sent', 'dotted', 'unknown')
ORDER BY d.due_at
"""
_DUE = f"""
SELECT {_COLUMNS} FROM subscriptions AS s
WHERE s.state = 'confirmed' AND s.next_due_at <= ? ORDER BY s.next_due_at LIMIT ?
"""  # noqa: S608
_WAITING = f"""
SELECT d.period, d.due_at, d.attempts, d.message_key, {_COLUMNS}
FROM deliveries AS d JOIN subscriptions AS s ON s.number = d.subscription
WHERE d.{OPEN} AND d.stage = 'pending' AND d.next_attempt_at <= ? ORDER BY d.next_attempt_at, d.subscription LIMIT ?
"""  # noqa: S608
_LETTERS = "SELECT period, stage, due_at, reason FROM deliveries WHERE subscription = ? ORDER BY due_at"
_STAGES = "SELECT stage, count(*) FROM deliveries WHERE due_at >= ? GROUP BY stage"
_STATES = "SELECT state, count(*) FROM subscriptions GROUP BY state"
_UNKNOWN = f"""
SELECT subscription, period, changed_at FROM deliveries WHERE {OPEN} AND stage = 'unknown' ORDER BY changed_at
"""  # noqa: S608


def by_token(connection: Link, token_hash: bytes, purpose: Purpose, now: datetime) -> Subscription | None:
    """Whose link it is; None for one that was never sent, or is too old."""
    row = connection.execute(_BY_TOKEN, (token_hash, purpose.value, to_number(now))).fetchone()
    return read_row(row) if row else None


def by_number(connection: Link, number: int) -> Subscription | None:
    """One subscription."""
    row = connection.execute(_BY_NUMBER, (number,)).fetchone()
    return read_row(row) if row else None


def of_address(connection: Link, address: str, *, with_pending: bool = False) -> tuple[Subscription, ...]:
    """All that an address has, or once had and stopped."""
    statement = _ALL_OF_ADDRESS if with_pending else _OF_ADDRESS
    return tuple(map(read_row, connection.execute(statement, (address,))))


def sent_before(connection: Link, numbers: Collection[int]) -> dict[int, list[Told]]:
    """What each letter told, the oldest first, and when it was composed, of each of these subscriptions that had one.

    One that may have arrived counts as sent.
    """
    told: dict[int, list[Told]] = {}
    for number, at, sent in connection.execute(_SENT, (json.dumps(list(numbers)),)):
        told.setdefault(number, []).append((to_moment(at), sent))
    return told


def read_due(ask: Ask, now: datetime, limit: int) -> list[tuple[Subscription, datetime]]:
    """Subscriptions of which a letter is due, and since when, the longest due first."""
    found = map(read_row, ask(_DUE, (to_number(now), limit)))
    return [(one, one.next_due_at) for one in found if one.next_due_at]


def read_waiting(ask: Ask, now: datetime, limit: int) -> list[Delivery]:
    """Letters whose turn it is, the longest due first, each at the attempt that is to be made."""
    return [
        Delivery(
            subscription=read_row(row),
            period=period,
            due_at=to_moment(due_at),
            attempts=attempts + 1,
            message_key=message_key,
        )
        for period, due_at, attempts, message_key, *row in ask(_WAITING, (to_number(now), limit))
    ]


def letters_of(connection: Link, number: int) -> tuple[tuple[str, str, datetime, str | None], ...]:
    """Period, stage, when it was due, and why it got no further."""
    rows = connection.execute(_LETTERS, (number,))
    return tuple((period, stage, to_moment(due), reason) for period, stage, due, reason in rows)


def stages(connection: Link, since: datetime) -> dict[Stage, int]:
    """How many letters that were due since then are at each stage."""
    return {Stage(stage): number for stage, number in connection.execute(_STAGES, (to_number(since),))}


def states(connection: Link) -> dict[State, int]:
    """How many subscriptions there are in each state."""
    return {State(state): number for state, number in connection.execute(_STATES)}


def unknown(connection: Link) -> tuple[Unknown, ...]:
    """Letters of which nobody can say whether they arrived, the oldest first."""
    return tuple(
        Unknown(name=f"{number}/{period}", since=to_moment(at)) for number, period, at in connection.execute(_UNKNOWN)
    )


def read_row(row: Sequence[Any]) -> Subscription:
    """From `_COLUMNS` in their order."""
    number, address, query, weekday, hour, zone, most, state, words, at, channel, confirmed_at, next_due_at = row
    return Subscription(
        number=number,
        wish=Wish(address=address, query=query, weekday=weekday, hour=hour, zone=zone, most=most),
        state=State(state),
        consent=Consent(words=words, at=to_moment(at), channel=channel),
        confirmed_at=to_moment_or_none(confirmed_at),
        next_due_at=to_moment_or_none(next_due_at),
    )
