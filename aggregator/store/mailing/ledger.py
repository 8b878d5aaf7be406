"""Writes what becomes of each letter: two phases, so that a letter never comes twice and none is lost in silence."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from fcntl import LOCK_EX, LOCK_NB, flock
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, func, insert, select, update

from aggregator.errors import StoreError
from aggregator.store.bulk import writing
from aggregator.store.mailing.subscribers import Due, drop_queued
from aggregator.store.mailing.tables import deliveries, letter_tokens, subscriptions
from aggregator.store.mailing.values import (
    BOUNCED,
    CONFIRMATION,
    Consent,
    Delivery,
    Purpose,
    Stage,
    State,
    Subscription,
    Wish,
)

LATEST = timedelta(hours=24)
"""A letter that was due longer ago, because nothing ran, is skipped and said so."""

OPEN_FOR = timedelta(hours=48)
"""A letter that the server did not take by then is given up and said so."""

BOUNCES, BOUNCES_IN = 3, timedelta(days=30)
"""So many refusals of an address within that time suspend it."""

Period = Callable[[datetime, Wish], str]
"""What the ledger calls the week of a letter that is due then."""

_IT = deliveries.c


@contextmanager
def alone(path: Path) -> Iterator[bool]:
    """Whether nobody else sends letters of this store while the block runs; the system ends the claim of a dead one."""
    with path.with_name(f"{path.name}.sending").open("w") as file:
        try:
            flock(file, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def recover(engine: Engine, now: datetime) -> int:
    """After a sender died: what it had not handed over waits again; of what it was about to, nobody knows. How many."""
    waits = update(deliveries).where(_IT.stage == Stage.SENDING.value).values(stage=Stage.PENDING.value, changed_at=now)
    lost = {"stage": Stage.UNKNOWN.value, "reason": "the sender died while the server was taking it", "changed_at": now}
    with writing(engine) as connection:
        connection.execute(waits)
        return connection.execute(update(deliveries).where(_IT.stage == Stage.DOTTED.value).values(lost)).rowcount


def queue_due(engine: Engine, now: datetime, due: Due, period: Period, limit: int) -> int:
    """Letters for the subscriptions that are due, once a period; how many subscriptions were looked at."""
    its = subscriptions.c
    with writing(engine) as connection:
        found = connection.execute(
            select(subscriptions)
            .where(its.state == State.CONFIRMED.value, its.next_due_at <= now)
            .order_by(its.next_due_at)
            .limit(limit)
        ).all()
        for row in found:
            _queue(connection, row, now, period)
            wish = _wish(row)
            connection.execute(update(subscriptions).where(its.number == row.number).values(next_due_at=due(wish)))
    return len(found)


def claim(engine: Engine, now: datetime, limit: int) -> tuple[Delivery, ...]:
    """Letters whose turn it is, the longest due first; what waits for too long is given up here."""
    waiting = _IT.stage == Stage.PENDING.value
    old = update(deliveries).where(waiting, _IT.due_at <= now - OPEN_FOR)
    with writing(engine) as connection:
        connection.execute(old.values(stage=Stage.FAILED.value, reason="not taken within 48 hours", changed_at=now))
        rows = connection.execute(
            select(deliveries, subscriptions)
            .join(subscriptions, subscriptions.c.number == _IT.subscription)
            .where(waiting, _IT.next_attempt_at <= now)
            .order_by(_IT.next_attempt_at, _IT.subscription)
            .limit(limit)
        ).all()
        for row in rows:
            _move(connection, row.subscription, row.period, Stage.SENDING, now, attempts=row.attempts + 1)
    return tuple(map(_delivery, rows))


def dot(engine: Engine, delivery: Delivery, *, sent: str, token: str, expires_at: datetime, now: datetime) -> bool:
    """Whether the letter may be ended: written before its dot, and no when it was stopped meanwhile."""
    is_first = delivery.period == CONFIRMATION
    wanted = State.PENDING if is_first else State.CONFIRMED
    number = delivery.subscription.number
    still = select(subscriptions.c.number).where(
        subscriptions.c.number == number, subscriptions.c.state == wanted.value
    )
    with writing(engine) as connection:
        moved = connection.execute(
            update(deliveries)
            .where(_IT.subscription == number, _IT.period == delivery.period, _IT.stage == Stage.SENDING.value)
            .where(_IT.subscription.in_(still))
            .values(stage=Stage.DOTTED.value, sent=sent, changed_at=now)
        )
        if moved.rowcount != 1:
            return False
        purpose = Purpose.CONFIRM if is_first else Purpose.LETTER
        values = {"hash": hash_token(token), "purpose": purpose.value, "expires_at": expires_at}
        connection.execute(insert(letter_tokens).values(subscription=number, **values))
    return True


def settle(
    engine: Engine,
    delivery: Delivery,
    stage: Stage,
    now: datetime,
    *,
    reason: str | None = None,
    next_attempt_at: datetime | None = None,
) -> None:
    """How it ended, or that it waits for another attempt. What was not taken was not told."""
    number = delivery.subscription.number
    again = {} if next_attempt_at is None else {"next_attempt_at": next_attempt_at}
    told = {} if stage in (Stage.SENT, Stage.UNKNOWN) else {"sent": None}
    with writing(engine) as connection:
        _move(connection, number, delivery.period, stage, now, reason=reason, **again, **told)
        if reason == BOUNCED and _bounces(connection, delivery.subscription, now) >= BOUNCES:
            suspended = update(subscriptions).where(_has_address(delivery.subscription))
            connection.execute(suspended.values(state=State.SUSPENDED.value, next_due_at=None))
            drop_queued(connection, number, "suspended", now)


def resolve(engine: Engine, name: str, stage: Stage, now: datetime) -> None:
    """A person's word on a letter that may have arrived: PENDING sends it again, SENT leaves it at that."""
    number, _, period = name.partition("/")
    found = update(deliveries).where(_IT.period == period, _IT.stage == Stage.UNKNOWN.value)
    values: dict[str, object] = {"stage": stage.value, "changed_at": now, "reason": "resolved by a person"}
    if stage is Stage.PENDING:
        values |= {"next_attempt_at": now, "due_at": now, "sent": None}
    with writing(engine) as connection:
        here = found.where(_IT.subscription == (int(number) if number.isdecimal() else -1))
        if connection.execute(here.values(values)).rowcount != 1:
            raise StoreError(f"{name}: is no letter of which nobody knows; `hobnob digest resolve` lists them")


def hash_token(token: str) -> bytes:
    """What is kept of the end of a link; the token has 256 bits of chance, so a plain hash cannot be guessed."""
    return sha256(token.encode()).digest()


def _queue(connection: Connection, row: Any, now: datetime, period: Period) -> None:
    is_late = now - row.next_due_at > LATEST
    values = {
        "subscription": row.number,
        "period": period(row.next_due_at, _wish(row)),
        "stage": (Stage.SKIPPED if is_late else Stage.PENDING).value,
        "reason": "due over a day before anything ran" if is_late else None,
        "due_at": row.next_due_at,
        "next_attempt_at": row.next_due_at,
        "message_key": token_hex(16),
        "changed_at": now,
    }
    connection.execute(insert(deliveries).prefix_with("OR IGNORE").values(values))


def _move(connection: Connection, number: int, period: str, stage: Stage, now: datetime, **values: object) -> None:
    its = update(deliveries).where(_IT.subscription == number, _IT.period == period)
    connection.execute(its.values(stage=stage.value, changed_at=now, **values))


def _bounces(connection: Connection, subscription: Subscription, now: datetime) -> int:
    """Refusals of the address lately, whatever it subscribed to."""
    its = select(subscriptions.c.number).where(_has_address(subscription))
    lately = select(func.count()).where(
        _IT.subscription.in_(its), _IT.reason == BOUNCED, _IT.changed_at > now - BOUNCES_IN
    )
    return int(connection.execute(lately).scalar_one())


def _has_address(subscription: Subscription) -> ColumnElement[bool]:
    return func.lower(subscriptions.c.address) == subscription.wish.address.lower()


def _wish(row: Any) -> Wish:
    return Wish(**{name: getattr(row, name) for name in Wish.__slots__})


def _delivery(row: Any) -> Delivery:
    return Delivery(
        subscription=Subscription(
            number=row.number,
            wish=_wish(row),
            state=State(row.state),
            consent=Consent(words=row.consent_words, at=row.consent_at, channel=row.consent_channel),
            confirmed_at=row.confirmed_at,
            next_due_at=row.next_due_at,
        ),
        period=row.period,
        due_at=row.due_at,
        attempts=row.attempts + 1,
        message_key=row.message_key,
    )
