"""The mailing: who gets letters, and the ledger of letters, in the store's file."""

from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from datetime import datetime
from types import TracebackType
from typing import Concatenate, ParamSpec, Self, TypeVar

from aggregator.store.database import LETTERS_LOCK, alone, is_postgres, open_reading, open_writing
from aggregator.store.link import Link
from aggregator.store.mailing import ledger, reading, subscribers
from aggregator.store.mailing.ledger import Period, hash_token
from aggregator.store.mailing.subscribers import Due
from aggregator.store.mailing.values import (
    Consent,
    Delivery,
    Purpose,
    Settled,
    Stage,
    State,
    Subscription,
    Told,
    Unknown,
    Wish,
)

P = ParamSpec("P")
T = TypeVar("T")


class Mailing:
    """Reads write nothing. It may be used from several threads, one call at a time.

    What a person asks for and what a sender claims outlives a power cut; how each letter of a claim fared outlives the
    sender only, since to wait for the disk at each of them would take most of the time (`ledger.recover`). PostgreSQL
    outlives the sender's machine, and keeps all of it.
    """

    def __init__(self, address: str) -> None:
        self._address = address
        self._durable = open_writing(address, lock=LETTERS_LOCK, is_durable=True)
        self._quick = open_writing(address, lock=LETTERS_LOCK, is_durable=is_postgres(address), is_kept=True)
        self._write = self._durable.write
        self._boot = "postgresql" if is_postgres(address) else ledger.read_boot()
        self._reading = open_reading(address)

    def ask(self, wish: Wish, consent: Consent, *, mailbox: str, sender: str, now: datetime) -> None:
        """Keep a wish, and queue the letter that asks whether it is wanted; LimitError when there are too many."""
        self._write(subscribers.ask, wish, consent, mailbox=mailbox, sender=sender, now=now)

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
        number = self._write(subscribers.confirm, hash_token(token), now, due)
        return None if number is None else self.subscription(number)

    def change(self, number: int, wish: Wish, due: Due) -> None:
        """Another day, hour or length; one that was stopped gets letters again."""
        self._write(subscribers.change, number, wish, due)

    def stop(self, number: int, now: datetime) -> None:
        """No letter more, nor one that is queued already."""
        self._write(subscribers.stop, number, now)

    def erase(self, address: str) -> int:
        """Forget an address and all that was kept of it; how many subscriptions it had."""
        return self._write(subscribers.erase, address)

    def forget_old(self, now: datetime) -> int:
        """What is no longer needed goes: daily; how many rows."""
        return self._write(subscribers.forget_old, now)

    def alone(self) -> AbstractContextManager[bool]:
        """Whether nobody else sends letters of this store while the block runs."""
        return alone(self._address)

    def recover(self, now: datetime) -> int:
        """After a sender died, by who sends alone: how many letters may have arrived, or not."""
        return self._write(ledger.recover, now, self._boot)

    def queue_due(self, now: datetime, due: Due, period: Period, *, limit: int = 500) -> int:
        """Letters for those subscriptions that are due, once a period; how many were looked at."""
        return self._write(ledger.queue_due, now, due, period, limit)

    def claim(self, now: datetime, *, limit: int) -> tuple[Delivery, ...]:
        """Letters whose turn it is."""
        return self._write(ledger.claim, now, self._boot, limit)

    def dot(
        self,
        delivery: Delivery,
        *,
        sent: str,
        token: str,
        expires_at: datetime,
        now: datetime,
        before: Settled | None = None,
    ) -> bool:
        """Whether a letter may be ended with its dot; no when it was stopped meanwhile. `before` is settled with it."""
        return self._quick.write(
            ledger.dot, delivery, sent=sent, token=token, expires_at=expires_at, now=now, before=before
        )

    def settle(self, settled: Settled, now: datetime) -> None:
        """How a letter ended, or when it is tried again."""
        self._quick.write(ledger.settle, settled, now)

    def sent_before(self, numbers: Collection[int]) -> dict[int, list[Told]]:
        """What each letter of these subscriptions told, the oldest first, and when it was composed."""
        return self._read(reading.sent_before, numbers)

    def unknown(self) -> tuple[Unknown, ...]:
        """Letters of which nobody can say whether they arrived."""
        return self._read(reading.unknown)

    def resolve(self, name: str, *, is_sent_again: bool, now: datetime) -> None:
        """A person's word on such a letter; StoreError when there is none of that name."""
        self._write(ledger.resolve, name, Stage.PENDING if is_sent_again else Stage.SENT, now)

    def stages(self, since: datetime) -> dict[Stage, int]:
        """How many letters that were due since then are at each stage."""
        return self._read(reading.stages, since)

    def states(self) -> dict[State, int]:
        """How many subscriptions there are in each state."""
        return self._read(reading.states)

    def close(self) -> None:
        """Let go of the database."""
        self._reading.close()
        self._durable.close()
        self._quick.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _read(self, read: Callable[Concatenate[Link, P], T], *asked: P.args, **named: P.kwargs) -> T:
        return self._reading.look_up(lambda link: read(link, *asked, **named))
