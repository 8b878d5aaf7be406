"""Reads the mailing's tables, without a transaction that writes: what a GET may do."""

from datetime import datetime
from typing import Any

from aggregator.store.instants import to_moment, to_moment_or_none, to_number
from aggregator.store.link import Link
from aggregator.store.mailing.values import Consent, Purpose, Stage, State, Subscription, Unknown, Wish

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
SELECT changed_at, sent FROM deliveries
WHERE subscription = ? AND period <> 'confirm' AND stage IN ('sent', 'dotted', 'unknown') AND sent IS NOT NULL
ORDER BY due_at
"""
_LETTERS = "SELECT period, stage, due_at, reason FROM deliveries WHERE subscription = ? ORDER BY due_at"
_STAGES = "SELECT stage, count(*) FROM deliveries WHERE due_at >= ? GROUP BY stage"
_STATES = "SELECT state, count(*) FROM subscriptions GROUP BY state"
_UNKNOWN = "SELECT subscription, period, changed_at FROM deliveries WHERE stage = 'unknown' ORDER BY changed_at"


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


def sent_before(connection: Link, number: int) -> tuple[tuple[datetime, str], ...]:
    """What each letter told, the oldest first, and when it was composed. One that may have arrived counts as sent."""
    return tuple((to_moment(at), sent) for at, sent in connection.execute(_SENT, (number,)))


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


def read_row(row: tuple[Any, ...]) -> Subscription:
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
