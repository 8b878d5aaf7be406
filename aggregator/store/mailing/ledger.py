"""Writes what becomes of each letter: two phases, so that a letter never comes twice and none is lost in silence."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from secrets import token_hex

from sqlalchemy import Boolean, ColumnElement, Connection, Engine, bindparam, case, func, null, select, text, update
from sqlalchemy.dialects.postgresql import insert

from aggregator.codec import content_hash
from aggregator.errors import StoreError
from aggregator.store.bulk import asking, run_for_each, run_often, writing
from aggregator.store.instants import to_number
from aggregator.store.mailing.reading import read_due, read_waiting
from aggregator.store.mailing.subscribers import Due, drop_queued
from aggregator.store.mailing.tables import deliveries, letter_tokens, subscriptions, tellings
from aggregator.store.mailing.values import (
    BOUNCED,
    CONFIRMATION,
    OPEN,
    Delivery,
    Purpose,
    Settled,
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
# Statements of every letter are made once: to make one costs more than to run it.
_THIS = _IT.subscription == bindparam("its_subscription"), _IT.period == bindparam("its_period")
_MOVE = update(deliveries).where(*_THIS).values(stage=bindparam("to"), changed_at=bindparam("now"))
_CLAIM = _MOVE.values(attempts=_IT.attempts + 1, boot=bindparam("this_boot"))
_SETTLE = _MOVE.values(
    reason=bindparam("why"),
    next_attempt_at=func.coalesce(bindparam("again", type_=_IT.next_attempt_at.type), _IT.next_attempt_at),
    told=case((bindparam("was_told", type_=Boolean()), _IT.told), else_=null()),
)
_WANTED = select(subscriptions.c.number).where(
    subscriptions.c.number == bindparam("its_subscription"), subscriptions.c.state == bindparam("wanted")
)
_DOT = _MOVE.where(_IT.stage == Stage.SENDING.value, _IT.subscription.in_(_WANTED)).values(told=bindparam("hash"))
_TELL = insert(tellings).on_conflict_do_nothing()
_TOKEN = insert(letter_tokens)
_QUEUED = "subscription", "period", "stage", "reason", "due_at", "next_attempt_at", "message_key", "changed_at"
_QUEUE = insert(deliveries).values({name: bindparam(name) for name in _QUEUED}).on_conflict_do_nothing()
_NEXT = (
    update(subscriptions)
    .where(subscriptions.c.number == bindparam("its_number"))
    .values(next_due_at=bindparam("next", type_=subscriptions.c.next_due_at.type))
)
_NUMBER = re.compile("[0-9]{1,18}")
_BOOT = Path("/proc/sys/kernel/random/boot_id")


def recover(engine: Engine, now: datetime, boot: str) -> int:
    """After a sender died: what it had not handed over waits again; of what it was about to, nobody knows. How many.

    What waited for too long is given up.

    What a sender wrote outlives it, but not always the machine: only its claims are on the disk for certain. So of what
    was claimed before the machine stopped, nobody knows either.
    """
    still = update(deliveries).where(text(OPEN))
    waits = still.where(_IT.stage == Stage.SENDING.value, _IT.boot == boot)
    lost = still.where(_IT.stage.in_([Stage.SENDING.value, Stage.DOTTED.value]))
    reason = "the sender or its machine stopped while the server was taking it"
    old = still.where(_IT.stage == Stage.PENDING.value, _IT.due_at <= now - OPEN_FOR)
    with writing(engine) as connection:
        connection.execute(waits.values(stage=Stage.PENDING.value, changed_at=now))
        connection.execute(old.values(stage=Stage.FAILED.value, reason="not taken within 48 hours", changed_at=now))
        values = {"stage": Stage.UNKNOWN.value, "reason": reason, "changed_at": now}
        return connection.execute(lost.values(values)).rowcount


def queue_due(engine: Engine, now: datetime, due: Due, period: Period, limit: int) -> int:
    """Letters for the subscriptions that are due, once a period; how many subscriptions were looked at."""
    with writing(engine) as connection:
        found = read_due(asking(connection), now, limit)
        if found:
            run_for_each(connection, _QUEUE, [_letter(one, at, now, period) for one, at in found])
            moved = [{"its_number": one.number, "next": to_number(due(one.wish))} for one, _ in found]
            run_for_each(connection, _NEXT, moved)
    return len(found)


def claim(engine: Engine, now: datetime, boot: str, limit: int) -> tuple[Delivery, ...]:
    """Letters whose turn it is, the longest due first.

    Of a subscription only one: what its next letter tells depends on whether this one goes.
    """
    with writing(engine) as connection:
        found = read_waiting(asking(connection), now, limit)
        firsts: dict[int, Delivery] = {}
        for one in found:
            firsts.setdefault(one.subscription.number, one)
        claimed = tuple(firsts.values())
        if claimed:
            moved = _move(Stage.SENDING, now) | {"this_boot": boot}
            run_for_each(connection, _CLAIM, [moved | _key(one) for one in claimed])
    return claimed


def dot(
    engine: Engine,
    delivery: Delivery,
    *,
    sent: str,
    token: str,
    expires_at: datetime,
    now: datetime,
    before: Settled | None = None,
) -> bool:
    """Whether the letter may be ended: written before its dot, and no when it was stopped meanwhile.

    How the letter before ended is written in the same transaction.
    """
    is_first = delivery.period == CONFIRMATION
    number = delivery.subscription.number
    wanted = State.PENDING if is_first else State.CONFIRMED
    purpose = Purpose.CONFIRM if is_first else Purpose.LETTER
    link = {
        "hash": hash_token(token),
        "subscription": number,
        "purpose": purpose.value,
        "expires_at": to_number(expires_at),
    }
    told = {"hash": content_hash(sent.encode()), "text": sent}
    with writing(engine) as connection:
        if before is not None:
            _settle(connection, before, now)
        moved = _key(delivery) | _move(Stage.DOTTED, now)
        if run_often(connection, _DOT, {**moved, "wanted": wanted.value, "hash": told["hash"]}) != 1:
            return False
        run_often(connection, _TELL, told)
        run_often(connection, _TOKEN, link)
    return True


def settle(engine: Engine, settled: Settled, now: datetime) -> None:
    """How it ended, or that it waits for another attempt. What was not taken was not told."""
    with writing(engine) as connection:
        _settle(connection, settled, now)


def resolve(engine: Engine, name: str, stage: Stage, now: datetime) -> None:
    """A person's word on a letter that may have arrived: PENDING sends it again, SENT leaves it at that."""
    number, _, period = name.partition("/")
    found = update(deliveries).where(_IT.period == period, _IT.stage == Stage.UNKNOWN.value)
    values: dict[str, object] = {"stage": stage.value, "changed_at": now, "reason": "resolved by a person"}
    if stage is Stage.PENDING:
        values |= {"next_attempt_at": now, "due_at": now, "told": None}
    with writing(engine) as connection:
        here = found.where(_IT.subscription == (int(number) if _NUMBER.fullmatch(number) else -1))
        if connection.execute(here.values(values)).rowcount != 1:
            raise StoreError(f"{name}: is no letter of which nobody knows; `hobnob digest resolve` lists them")


def read_boot() -> str:
    """A name for this run of the machine; where the system has none, one that no other process has."""
    try:
        return _BOOT.read_text("ascii").strip()
    except OSError:
        return token_hex(16)


def hash_token(token: str) -> bytes:
    """What is kept of the end of a link; the token has 256 bits of chance, so a plain hash cannot be guessed."""
    return sha256(token.encode()).digest()


def _letter(one: Subscription, due_at: datetime, now: datetime, period: Period) -> dict[str, object]:
    is_late = now - due_at > LATEST
    values = (
        one.number,
        period(due_at, one.wish),
        (Stage.SKIPPED if is_late else Stage.PENDING).value,
        "due over a day before anything ran" if is_late else None,
        to_number(due_at),
        to_number(due_at),
        token_hex(16),
        to_number(now),
    )
    return dict(zip(_QUEUED, values, strict=True))


def _key(delivery: Delivery) -> dict[str, object]:
    return {"its_subscription": delivery.subscription.number, "its_period": delivery.period}


def _move(to: Stage, now: datetime) -> dict[str, object]:
    return {"to": to.value, "now": to_number(now)}


def _settle(connection: Connection, settled: Settled, now: datetime) -> None:
    one, reason, again = settled.delivery.subscription, settled.reason, settled.next_attempt_at
    told = {
        **_key(settled.delivery),
        **_move(settled.stage, now),
        "why": reason,
        "again": None if again is None else to_number(again),
        "was_told": settled.stage in (Stage.SENT, Stage.UNKNOWN),
    }
    run_often(connection, _SETTLE, told)
    if reason == BOUNCED and _bounces(connection, one, now) >= BOUNCES:
        suspended = update(subscriptions).where(_has_address(one))
        connection.execute(suspended.values(state=State.SUSPENDED.value, next_due_at=None))
        drop_queued(connection, one.number, "suspended", now)


def _bounces(connection: Connection, subscription: Subscription, now: datetime) -> int:
    """Refusals of the address lately, whatever it subscribed to."""
    its = select(subscriptions.c.number).where(_has_address(subscription))
    lately = select(func.count()).where(
        _IT.subscription.in_(its), _IT.reason == BOUNCED, _IT.changed_at > now - BOUNCES_IN
    )
    return int(connection.execute(lately).scalar_one())


def _has_address(subscription: Subscription) -> ColumnElement[bool]:
    return func.lower(subscriptions.c.address) == subscription.wish.address.lower()
