"""One pass over the letters whose turn it is: each is written, handed over, and its end noted."""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from aggregator.errors import DeliveryError, QueryError, StoreError
from aggregator.store.mailing import Delivery, Settled, Stage, Told
from aggregator.store.mailing.mailing import Mailing
from api.digest.gather import Writer, Written
from api.digest.period import next_send, period_of
from api.digest.sender import Sender
from api.digest.smtp import Connection, Ending, Handed
from api.digest.verdict import judge

log = logging.getLogger("hobnob.digest")

CLAIMED = 100
"""Letters that are taken at a time; they wait again when the pass ends early."""

FAILURES = 3
"""Connections in a row that broke or were refused; then the pass ends, and the server has a rest."""

LONGEST_PAUSE = timedelta(minutes=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """What a pass works with; `now` is the clock, and `is_stopped` ends it after the letter that it is at."""

    mailing: Mailing
    new_writer: Callable[[], Writer]
    sender: Sender
    now: Callable[[], datetime]
    ca_file: Path | None = None
    is_stopped: Callable[[], bool] = lambda: False


@dataclass(slots=True)
class Pass:
    """What became of the letters of a pass. `trouble` says why it ended early."""

    stages: Counter[Stage] = field(default_factory=Counter)
    trouble: str | None = None


@dataclass(slots=True)
class Circuit:
    """Opens when the server fails: 1, 2, 4, up to 30 minutes, and closes with the first pass without trouble."""

    failures: int = 0
    open_until: datetime | None = None

    def is_open(self, now: datetime) -> bool:
        """Whether the server still has its rest."""
        return self.open_until is not None and now < self.open_until

    def note(self, done: Pass, now: datetime) -> None:
        """After a pass."""
        if done.trouble is None:
            self.failures, self.open_until = 0, None
            return
        pause = min(timedelta(minutes=1) * 2 ** min(self.failures, 10), LONGEST_PAUSE)
        self.failures, self.open_until = self.failures + 1, now + pause
        log.warning("letters wait for %d minutes: %s", pause.total_seconds() // 60, done.trouble)


async def deliver(outgoing: Outgoing) -> Pass | None:
    """Send all that is due; None when somebody else is at it. No letter is sent twice, and none is lost in silence."""
    with outgoing.mailing.alone() as is_alone:
        if not is_alone:
            return None
        mailing, done = outgoing.mailing, Pass()
        if lost := mailing.recover(outgoing.now()):
            log.warning("%d letters may have arrived, or not: see `hobnob digest resolve`", lost)
        try:
            queue_due(mailing, outgoing.now())
            await _deliver_all(outgoing, done)
        except (DeliveryError, StoreError) as error:
            done.trouble = str(error)
        finally:
            mailing.recover(outgoing.now())
        return done


def queue_due(mailing: Mailing, now: datetime) -> None:
    """A row in the ledger for each subscription that is due: from here on rows decide, not clocks."""
    while mailing.queue_due(now, lambda wish: next_send(wish, now), period_of):
        pass


async def _deliver_all(outgoing: Outgoing, done: Pass) -> None:
    async with AsyncExitStack() as stack:
        courier = Courier(outgoing, done, stack)
        try:
            while claimed := outgoing.mailing.claim(outgoing.now(), limit=CLAIMED):
                if not await courier.carry(claimed):
                    return
        finally:
            courier.settle()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A letter that is written."""

    delivery: Delivery
    written: Written

    @property
    def to(self) -> str:
        """Whose it is."""
        return self.delivery.subscription.wish.address


class Courier:
    """Brings letters to the server, one after the other over one connection, and notes how each ended.

    That a letter was taken is noted together with the dot of the next where that follows at once: one transaction a
    letter, and one letter at most of which nobody knows when the sender is killed.
    """

    def __init__(self, outgoing: Outgoing, done: Pass, stack: AsyncExitStack) -> None:
        self._outgoing, self._done, self._stack = outgoing, done, stack
        self._writer = outgoing.new_writer()
        self._connection: Connection | None = None
        self._failures = 0
        self._taken: Settled | None = None

    async def carry(self, claimed: Sequence[Delivery]) -> bool:
        """All of these; False when the pass was stopped meanwhile."""
        letters = self._write_all(claimed)
        # The next is written first, so that it may begin with the end of the one before.
        ready, following = await anext(letters, None), await anext(letters, None)
        while ready is not None:
            if self._outgoing.is_stopped():
                return False
            # One more is written while the server takes this one.
            after_next = asyncio.ensure_future(anext(letters, None))
            try:
                await self._carry(ready, following)
            finally:
                ready, following = following, await after_next
        return True

    def settle(self) -> None:
        """Note what is not noted yet."""
        if self._taken is not None:
            self._outgoing.mailing.settle(self._taken, self._outgoing.now())
            self._taken = None

    async def _write_all(self, claimed: Sequence[Delivery]) -> AsyncIterator[Ready]:
        told = self._outgoing.mailing.sent_before([one.subscription.number for one in claimed])
        for delivery in claimed:
            before = told.get(delivery.subscription.number, [])
            if (written := await self._write(delivery, before)) is not None:
                yield Ready(delivery=delivery, written=written)

    async def _write(self, delivery: Delivery, before: Sequence[Told]) -> Written | None:
        """The letter; None when there is nothing to send, which is noted. A defect of ours costs this letter only."""
        try:
            written = await self._writer.write(delivery, before, self._outgoing.now())
        except QueryError as error:
            stage, reason = Stage.FAILED, f"its search cannot be asked: {error}"
        except StoreError:
            raise
        except Exception as error:
            log.exception("letter %s: a defect", delivery.name)
            stage, reason = Stage.FAILED, f"a defect: {type(error).__name__}"
        else:
            if written is not None:
                return written
            stage, reason = Stage.EMPTY, "nothing to tell"
        self._outgoing.mailing.settle(Settled(delivery=delivery, stage=stage, reason=reason), self._outgoing.now())
        self._done.stages[stage] += 1
        return None

    async def _carry(self, ready: Ready, following: Ready | None) -> None:
        connection = await self._connect()
        handed = await connection.begin(ready.to)
        if handed is None:
            to_next = None if following is None else following.to
            handed = await connection.end(ready.written.message, lambda: self._dot(ready), to_next)
        self._note(judge(ready.delivery, handed, self._outgoing.now()), handed)
        if connection.begun is None:
            self.settle()
        if self._failures >= FAILURES:
            raise DeliveryError("the mail server broke off three times in a row")

    async def _connect(self) -> Connection:
        """The connection, or a new one; after a failure the next ones are tried at once, then DeliveryError."""
        while self._connection is None or not self._connection.is_open:
            self.settle()
            sender = self._outgoing.sender
            connection = Connection(sender.smtp_url, sender.domain, sender.address, self._outgoing.ca_file)
            try:
                self._connection = await self._stack.enter_async_context(connection)
            except DeliveryError:
                self._failures += 1
                if self._failures >= FAILURES:
                    raise
        return self._connection

    def _dot(self, ready: Ready) -> bool:
        written, mailing = ready.written, self._outgoing.mailing
        is_wanted = mailing.dot(
            ready.delivery,
            sent=written.sent,
            token=written.token,
            expires_at=written.expires_at,
            now=self._outgoing.now(),
            before=self._taken,
        )
        self._taken = None
        return is_wanted

    def _note(self, settled: Settled, handed: Handed) -> None:
        """What was stopped is noted already by who stopped it."""
        self._done.stages[settled.stage] += 1
        if settled.stage is Stage.SENT:
            self.settle()
            self._taken = settled
        elif settled.stage is not Stage.SKIPPED:
            self._outgoing.mailing.settle(settled, self._outgoing.now())
        if settled.stage in (Stage.FAILED, Stage.UNKNOWN):
            log.warning("letter %s: %s: %s", settled.delivery.name, settled.stage, settled.reason)
        is_broken = handed.ending in (Ending.LOST, Ending.UNKNOWN)
        self._failures = self._failures + 1 if is_broken else 0
