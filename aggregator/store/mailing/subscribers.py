"""Writes who gets a letter: asking, confirming, changing, stopping, and erasing."""

from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import blake2b
from secrets import token_hex

from sqlalchemy import Connection, Engine, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from aggregator.errors import LimitError
from aggregator.store.bulk import writing
from aggregator.store.mailing.tables import (
    deliveries,
    letter_tokens,
    salts,
    subscription_requests,
    subscriptions,
    tellings,
)
from aggregator.store.mailing.values import CONFIRMATION, Consent, Purpose, Stage, State, Wish

PENDING_FOR = timedelta(days=7)
"""A wish that nobody confirmed is forgotten then."""

LEDGER_FOR = timedelta(days=400)
_UNTOLD = delete(tellings).where(
    tellings.c.hash.not_in(select(deliveries.c.told).where(deliveries.c.told.is_not(None)).distinct())
)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MOST_OF_SENDER, MOST_OF_ALL = 5, 500
"""In an hour."""
MOST_OF_ADDRESS = 3
"""Letters that ask for a confirmation, in seven days; and one in a day."""

Due = Callable[[Wish], datetime]
"""When the next letter of such a wish is due."""


def ask(engine: Engine, wish: Wish, consent: Consent, *, mailbox: str, sender: str, now: datetime) -> None:
    """Keep the wish, and queue the letter that asks for a confirmation; LimitError for too many of a sender or of all.

    `mailbox` is what is counted of the address, `sender` what is counted of who asks. Above the limits of a mailbox
    nothing is kept, and nobody is told: whoever asks learns nothing of the address.
    """
    with writing(engine) as connection:
        salt = connection.execute(select(salts.c.value).where(salts.c.name == "requests")).scalar_one()
        address_hash, sender_hash = _hash(salt, mailbox), _hash(salt, sender)
        _refuse_too_many(connection, sender_hash, now)
        is_open = _has_room(connection, address_hash, now)
        connection.execute(
            insert(subscription_requests)
            .values(at=now, address_hash=address_hash if is_open else b"", sender_hash=sender_hash)
            .on_conflict_do_nothing()
        )
        if is_open:
            _keep(connection, wish, consent, now)


def confirm(engine: Engine, token_hash: bytes, now: datetime, due: Due) -> int | None:
    """The number of the subscription that is confirmed now; None when the link is used, too old, or nobody's.

    The same search of the same address is one subscription: the newer wish takes the place of the older, whose letters
    stay told.
    """
    with writing(engine) as connection:
        token = letter_tokens.c
        asked = connection.execute(
            select(subscriptions)
            .join(letter_tokens, token.subscription == subscriptions.c.number)
            .where(token.hash == token_hash, token.purpose == Purpose.CONFIRM.value, token.expires_at > now)
            .where(subscriptions.c.state == State.PENDING.value)
        ).one_or_none()
        if asked is None:
            return None
        wish = Wish(**{name: getattr(asked, name) for name in Wish.__slots__})
        number = int(_same(connection, wish) or asked.number)
        values = {name: getattr(wish, name) for name in Wish.__slots__} | {
            "consent_words": asked.consent_words,
            "consent_at": now,
            "consent_channel": asked.consent_channel,
        }
        if number != asked.number:
            connection.execute(delete(subscriptions).where(subscriptions.c.number == asked.number))
        connection.execute(delete(letter_tokens).where(token.hash == token_hash))
        _change(connection, number, **values, state=State.CONFIRMED.value, confirmed_at=now, next_due_at=due(wish))
        return number


def change(engine: Engine, number: int, wish: Wish, due: Due) -> None:
    """Another day, hour or length; one that was stopped or suspended gets letters again."""
    with writing(engine) as connection:
        values = {"weekday": wish.weekday, "hour": wish.hour, "most": wish.most}
        _change(connection, number, **values, state=State.CONFIRMED.value, next_due_at=due(wish))


def stop(engine: Engine, number: int, now: datetime) -> None:
    """No letter more, nor one that is queued already."""
    with writing(engine) as connection:
        _change(connection, number, state=State.UNSUBSCRIBED.value, next_due_at=None)
        drop_queued(connection, number, "unsubscribed", now)


def erase(engine: Engine, address: str) -> int:
    """Forget an address with all that was kept of it, in the file and its journal; how many subscriptions it had."""
    with writing(engine) as connection:
        gone = connection.execute(delete(subscriptions).where(func.lower(subscriptions.c.address) == address.lower()))
        connection.execute(_UNTOLD)
    if engine.dialect.name == "sqlite":
        _empty_journal(engine)
    return gone.rowcount


def _empty_journal(engine: Engine) -> None:
    """It holds the pages as they were; with it emptied, no copy is left."""
    with engine.connect() as connection:
        connection.rollback()
        connection.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")


def forget_old(engine: Engine, now: datetime) -> int:
    """Wishes that nobody confirmed, links and letters that are too old, what only those told, and who asked over a week
    ago.
    """
    statements = (
        delete(subscriptions).where(
            subscriptions.c.state == State.PENDING.value, subscriptions.c.consent_at < now - PENDING_FOR
        ),
        delete(letter_tokens).where(letter_tokens.c.expires_at < now),
        delete(deliveries).where(deliveries.c.due_at < now - LEDGER_FOR),
        _UNTOLD,
        delete(subscription_requests).where(subscription_requests.c.at < now - PENDING_FOR),
    )
    with writing(engine) as connection:
        return sum(connection.execute(statement).rowcount for statement in statements)


def drop_queued(connection: Connection, number: int, reason: str, now: datetime) -> None:
    """Letters that nobody has begun to hand over, or that are not handed over yet."""
    waiting = deliveries.c.stage.in_([Stage.PENDING.value, Stage.SENDING.value])
    dropped = update(deliveries).where(deliveries.c.subscription == number, waiting)
    connection.execute(dropped.values(stage=Stage.SKIPPED.value, reason=reason, changed_at=now))


def _keep(connection: Connection, wish: Wish, consent: Consent, now: datetime) -> None:
    number = connection.execute(
        insert(subscriptions)
        .values(
            **{name: getattr(wish, name) for name in Wish.__slots__},
            state=State.PENDING.value,
            consent_words=consent.words,
            consent_at=consent.at,
            consent_channel=consent.channel,
        )
        .returning(subscriptions.c.number)
    ).scalar_one()
    letter = {"period": CONFIRMATION, "stage": Stage.PENDING.value, "due_at": now, "next_attempt_at": now}
    connection.execute(
        insert(deliveries).values(subscription=number, message_key=token_hex(16), changed_at=now, **letter)
    )


def _refuse_too_many(connection: Connection, sender_hash: bytes, now: datetime) -> None:
    asked = subscription_requests.c
    lately = select(func.count()).where(asked.at > now - HOUR)
    if connection.execute(lately.where(asked.sender_hash == sender_hash)).scalar_one() >= MOST_OF_SENDER:
        raise LimitError(f"more than {MOST_OF_SENDER} subscriptions from one sender in an hour: try again later")
    if connection.execute(lately).scalar_one() >= MOST_OF_ALL:
        raise LimitError(f"more than {MOST_OF_ALL} subscriptions in an hour: try again later")


def _has_room(connection: Connection, address_hash: bytes, now: datetime) -> bool:
    asked = subscription_requests.c
    its = select(func.count()).where(asked.address_hash == address_hash)
    in_a_day = connection.execute(its.where(asked.at > now - DAY)).scalar_one()
    in_a_week = connection.execute(its.where(asked.at > now - PENDING_FOR)).scalar_one()
    return in_a_day == 0 and in_a_week < MOST_OF_ADDRESS


def _same(connection: Connection, wish: Wish) -> int | None:
    known = select(subscriptions.c.number).where(
        func.lower(subscriptions.c.address) == wish.address.lower(),
        subscriptions.c.query == wish.query,
        subscriptions.c.state != State.PENDING.value,
    )
    return connection.execute(known.order_by(subscriptions.c.number)).scalars().first()


def _change(connection: Connection, number: int, **values: object) -> None:
    connection.execute(update(subscriptions).where(subscriptions.c.number == number).values(values))


def _hash(salt: bytes, text_: str) -> bytes:
    return blake2b(text_.encode(), key=salt, digest_size=16).digest()
