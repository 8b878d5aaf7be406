"""The mailing: who gets letters, and the ledger of letters, in the store's file."""

import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Concatenate, ParamSpec, Self, TypeVar

from aggregator.errors import StoreError
from aggregator.store.engine import connect_reading, connect_writing
from aggregator.store.mailing import ledger, reading, subscribers
from aggregator.store.mailing.ledger import Period, hash_token
from aggregator.store.mailing.subscribers import Due
from aggregator.store.mailing.values import Consent, Delivery, Purpose, Stage, State, Subscription, Unknown, Wish

P = ParamSpec("P")
T = TypeVar("T")


class Mailing:
    """Reads write nothing. It may be used from several threads, one call at a time.

    What a person asks for and what a sender claims outlives a power cut; how each letter of a claim fared outlives the
    sender only, since to wait for the disk at each of them would take most of the time (`ledger.recover`).
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._engine = connect_writing(path, is_durable=True)
        self._quick = connect_writing(path)
        self._boot = ledger.read_boot()
        self._connection = connect_reading(path)

    def ask(self, wish: Wish, consent: Consent, *, mailbox: str, sender: str, now: datetime) -> None:
        """Keep a wish, and queue the letter that asks whether it is wanted; LimitError when there are too many."""
        subscribers.ask(self._engine, wish, consent, mailbox=mailbox, sender=sender, now=now)

    def find(self, token: str, purpose: Purpose, now: datetime) -> Subscription | None:
        """Whose link ends in this; None for one that was never sent, is used, or is too old."""
        return self._read(reading.by_token, hash_token(token), purpose, now)

    def subscription(self, number: int) -> Subscription | None:
        """One by its number."""
        return self._read(reading.by_number, number)

    def of_address(self, address: str, *, with_pending: bool = False) -> tuple[Subscription, ...]:
        """All that an address has or had."""
        return self._read(reading.of_address, address, with_pending=with_pending)

    def letters_of(self, number: int) -> tuple[tuple[str, str, datetime, str | None], ...]:
        """Its letters: period, stage, when it was due, and why it got no further."""
        return self._read(reading.letters_of, number)

    def confirm(self, token: str, now: datetime, due: Due) -> Subscription | None:
        """The subscription that is confirmed now; None when the link is used, too old, or nobody's."""
        number = subscribers.confirm(self._engine, hash_token(token), now, due)
        return None if number is None else self.subscription(number)

    def change(self, number: int, wish: Wish, due: Due) -> None:
        """Another day, hour or length; one that was stopped gets letters again."""
        subscribers.change(self._engine, number, wish, due)

    def stop(self, number: int, now: datetime) -> None:
        """No letter more, nor one that is queued already."""
        subscribers.stop(self._engine, number, now)

    def erase(self, address: str) -> int:
        """Forget an address and all that was kept of it; how many subscriptions it had."""
        return subscribers.erase(self._engine, address)

    def forget_old(self, now: datetime) -> int:
        """What is no longer needed goes: daily; how many rows."""
        return subscribers.forget_old(self._engine, now)

    def alone(self) -> AbstractContextManager[bool]:
        """Whether nobody else sends letters of this store while the block runs."""
        return ledger.alone(self._path)

    def recover(self, now: datetime) -> int:
        """After a sender died, by who sends alone: how many letters may have arrived, or not."""
        return ledger.recover(self._engine, now, self._boot)

    def queue_due(self, now: datetime, due: Due, period: Period, *, limit: int = 500) -> int:
        """Letters for those subscriptions that are due, once a period; how many were looked at."""
        return ledger.queue_due(self._engine, now, due, period, limit)

    def claim(self, now: datetime, *, limit: int) -> tuple[Delivery, ...]:
        """Letters whose turn it is."""
        return ledger.claim(self._engine, now, self._boot, limit)

    def dot(self, delivery: Delivery, *, sent: str, token: str, expires_at: datetime, now: datetime) -> bool:
        """Whether a letter may be ended with its dot; no when it was stopped meanwhile."""
        return ledger.dot(self._quick, delivery, sent=sent, token=token, expires_at=expires_at, now=now)

    def settle(
        self,
        delivery: Delivery,
        stage: Stage,
        now: datetime,
        *,
        reason: str | None = None,
        next_attempt_at: datetime | None = None,
    ) -> None:
        """How a letter ended, or when it is tried again."""
        ledger.settle(self._quick, delivery, stage, now, reason=reason, next_attempt_at=next_attempt_at)

    def sent_before(self, number: int) -> tuple[tuple[datetime, str], ...]:
        """What each letter of a subscription told, the oldest first, and when it was composed."""
        return self._read(reading.sent_before, number)

    def unknown(self) -> tuple[Unknown, ...]:
        """Letters of which nobody can say whether they arrived."""
        return self._read(reading.unknown)

    def resolve(self, name: str, *, is_sent_again: bool, now: datetime) -> None:
        """A person's word on such a letter; StoreError when there is none of that name."""
        ledger.resolve(self._engine, name, Stage.PENDING if is_sent_again else Stage.SENT, now)

    def stages(self, since: datetime) -> dict[Stage, int]:
        """How many letters that were due since then are at each stage."""
        return self._read(reading.stages, since)

    def states(self) -> dict[State, int]:
        """How many subscriptions there are in each state."""
        return self._read(reading.states)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()
        self._engine.dispose()
        self._quick.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _read(self, read: Callable[Concatenate[sqlite3.Connection, P], T], *asked: P.args, **named: P.kwargs) -> T:
        try:
            return read(self._connection, *asked, **named)
        except sqlite3.Error as error:
            raise StoreError(f"{self._path}: not read: {error}") from error
