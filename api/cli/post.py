"""Letters beside collecting: woken by the schedule, in a thread and a loop of their own, so that neither waits."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from aggregator.errors import StoreError
from aggregator.place.gazetteer import Gazetteer
from aggregator.schedule import Job
from aggregator.settings import Settings
from aggregator.store import Reader, open_reader
from aggregator.store.mailing import open_mailing
from api.digest.deliver import Circuit, Outgoing, Pass, deliver
from api.digest.gather import Writer
from api.digest.sender import Sender, has_sender, read_sender

if TYPE_CHECKING:
    from aggregator.store.mailing.mailing import Mailing

log = logging.getLogger("hobnob.digest")

WAKE_SECONDS = 10.0
"""How long somebody who subscribes waits for the letter that asks whether it was they."""

TIDY = timedelta(days=1)


@asynccontextmanager
async def open_post(
    settings: Settings, gazetteer: Gazetteer, now: Callable[[], datetime], is_stopped: Callable[[], bool]
) -> AsyncIterator[tuple[Job, ...]]:
    """The job of sending, as long as the block lasts; none where the settings name no sender."""
    if not has_sender(settings):
        yield ()
        return
    with ExitStack() as stack:
        store = stack.enter_context(open_reader(settings.store))
        mailing = stack.enter_context(open_mailing(settings.store))
        sender = read_sender(settings)
        outgoing = make_outgoing(store, mailing, settings, gazetteer, sender, now=now, is_stopped=is_stopped)
        log.info("letters go out from %s", sender.address)
        yield (Job(seconds=WAKE_SECONDS, do=Post(outgoing).wake),)


def make_outgoing(
    store: Reader,
    mailing: "Mailing",
    settings: Settings,
    gazetteer: Gazetteer,
    sender: Sender,
    *,
    now: Callable[[], datetime],
    is_stopped: Callable[[], bool],
) -> Outgoing:
    """All that a pass of sending works with."""
    return Outgoing(
        mailing=mailing,
        new_writer=partial(Writer, store, settings, gazetteer, sender),
        sender=sender,
        now=now,
        ca_file=settings.ca_file,
        is_stopped=is_stopped,
    )


class Post:
    """Remembers the rest that a failing server has, and when it tidied up; what is due only rows know."""

    def __init__(self, outgoing: Outgoing) -> None:
        self._outgoing = outgoing
        self._circuit = Circuit()
        self._tidied_at: datetime | None = None

    async def wake(self) -> None:
        """One pass, unless the server has a rest. A store that cannot be written is tried again at the next waking."""
        now = self._outgoing.now()
        if self._circuit.is_open(now):
            return
        try:
            done = await asyncio.to_thread(asyncio.run, self._pass(now))
        except StoreError as error:
            log.warning("no letters now: %s", error)
            return
        if done is not None:
            self._circuit.note(done, self._outgoing.now())
            if done.stages:
                log.info("letters: %s", ", ".join(f"{number} {one}" for one, number in sorted(done.stages.items())))

    async def _pass(self, now: datetime) -> Pass | None:
        if self._tidied_at is None or now - self._tidied_at >= TIDY:
            self._outgoing.mailing.forget_old(now)
            self._tidied_at = now
        return await deliver(self._outgoing)
