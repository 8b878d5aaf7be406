"""One pass over the letters whose turn it is: each is written, handed over, and its end noted."""

import logging
from collections import Counter
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from aggregator.errors import DeliveryError, QueryError, StoreError
from aggregator.store.mailing import BOUNCED, CONFIRMATION, Delivery, Stage
from aggregator.store.mailing.mailing import Mailing
from api.digest.gather import Writer, Written
from api.digest.period import next_send, period_of
from api.digest.sender import Sender
from api.digest.smtp import Connection, Ending, Handed

log = logging.getLogger("hobnob.digest")

CLAIMED = 100
"""Letters that are taken at a time; they wait again when the pass ends early."""

FAILURES = 3
"""Connections in a row that broke or were refused; then the pass ends, and the server has a rest."""

LONGEST_PAUSE = timedelta(minutes=30)
PUT_OFF_FOR = timedelta(hours=24)
"""A letter that the server puts off (grey-listing) is tried again for so long."""

LONGEST_WAIT = timedelta(hours=4)

Verdict = tuple[Stage, str | None, datetime | None]
"""A letter's next stage, why, and when it is tried again."""


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
    failures, writer = 0, outgoing.new_writer()
    async with AsyncExitStack() as stack:
        connection: Connection | None = None
        while claimed := outgoing.mailing.claim(outgoing.now(), limit=CLAIMED):
            for delivery in claimed:
                if outgoing.is_stopped():
                    return
                written = await _write(outgoing, writer, delivery, done)
                if written is None:
                    continue
                if connection is None or not connection.is_open:
                    connection = await _connect(outgoing, stack, failures)
                handed = await _hand_over(outgoing, connection, delivery, written)
                done.stages[_settle(outgoing, delivery, handed)] += 1
                is_broken = handed.ending in (Ending.LOST, Ending.UNKNOWN)
                failures = failures + 1 if is_broken else 0
                if failures >= FAILURES:
                    raise DeliveryError("the mail server broke off three times in a row")


async def _connect(outgoing: Outgoing, stack: AsyncExitStack, failures: int) -> Connection:
    """A new connection; after a failure the next ones are tried at once, then DeliveryError."""
    while True:
        try:
            connection = Connection(outgoing.sender.smtp_url, outgoing.sender.domain, outgoing.ca_file)
            return await stack.enter_async_context(connection)
        except DeliveryError:
            failures += 1
            if failures >= FAILURES:
                raise


async def _write(outgoing: Outgoing, writer: Writer, delivery: Delivery, done: Pass) -> Written | None:
    """The letter; None when there is nothing to send, which is noted. A defect of ours costs this letter only."""
    try:
        written = await writer.write(delivery, outgoing.now())
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
    outgoing.mailing.settle(delivery, stage, outgoing.now(), reason=reason)
    done.stages[stage] += 1
    return None


async def _hand_over(outgoing: Outgoing, connection: Connection, delivery: Delivery, written: Written) -> Handed:
    def dot() -> bool:
        return outgoing.mailing.dot(
            delivery, sent=written.sent, token=written.token, expires_at=written.expires_at, now=outgoing.now()
        )

    to = delivery.subscription.wish.address
    return await connection.hand_over(outgoing.sender.address, to, written.message, dot)


def _settle(outgoing: Outgoing, delivery: Delivery, handed: Handed) -> Stage:
    """Note how it ended; what was stopped is noted already by who stopped it."""
    now = outgoing.now()
    stage, reason, again = judge(delivery, handed, now)
    if stage is not Stage.SKIPPED:
        outgoing.mailing.settle(delivery, stage, now, reason=reason, next_attempt_at=again)
    if stage in (Stage.FAILED, Stage.UNKNOWN):
        log.warning("letter %s: %s: %s", delivery.name, stage, reason)
    return stage


def judge(delivery: Delivery, handed: Handed, now: datetime) -> Verdict:
    """What an ending means; pure."""
    code = "" if handed.code is None else f" ({handed.code})"
    if handed.ending is Ending.LATER:
        return _put_off(delivery, now, code)
    is_address_bad = handed.ending is Ending.BOUNCED and delivery.period != CONFIRMATION
    return {
        Ending.TAKEN: (Stage.SENT, None, None),
        Ending.STOPPED: (Stage.SKIPPED, None, None),
        Ending.UNKNOWN: (Stage.UNKNOWN, "the connection broke while the server was taking it", None),
        Ending.LOST: (Stage.PENDING, f"the connection broke before the server took it{code}", now),
        Ending.BOUNCED: (Stage.FAILED, BOUNCED if is_address_bad else f"the server refused it{code}", None),
        Ending.REFUSED: (Stage.FAILED, f"the server refused it{code}", None),
    }[handed.ending]


def _put_off(delivery: Delivery, now: datetime, code: str) -> Verdict:
    again = now + min(timedelta(minutes=1) * 2 ** min(delivery.attempts, 10), LONGEST_WAIT)
    if again > delivery.due_at + PUT_OFF_FOR:
        return Stage.FAILED, f"put off for a day{code}", None
    return Stage.PENDING, f"put off by the server{code}", again
