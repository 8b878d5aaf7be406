"""A claim that one process holds at a time, over all machines: it ends with the connection that holds it."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any

from aggregator.store.postgres.bridge import run
from aggregator.store.postgres.links import FAILURES, WAIT_SECONDS, connect, unread

log = logging.getLogger("hobnob.store")

_LOOK_SECONDS = 1.0
"""So often who waits for a claim looks whether it is free, and who has it shows that he lives."""

_SILENCE = "6s"
"""After so long PostgreSQL ends the session of who has the claim and shows no life: he may be stopped, not dead."""


@contextmanager
def alone(address: str, lock: int) -> Iterator[bool]:
    """Whether nobody else holds the lock while the block runs."""
    try:
        connection = run(connect(address))
        is_ours = run(connection.fetchval("SELECT pg_try_advisory_lock($1)", lock))
    except FAILURES as error:
        raise unread(address, error) from error
    try:
        yield is_ours
    finally:
        run(connection.close(timeout=WAIT_SECONDS))


@asynccontextmanager
async def held(address: str, lock: int, stop: asyncio.Event) -> AsyncIterator[asyncio.Event]:
    """Waits until the lock is ours. The event is set when it is not any more, and with `stop`, also while waiting."""
    over = asyncio.Event()
    connection = await _take(address, lock, stop)
    if connection is None:
        over.set()
        yield over
        return
    connection.add_termination_listener(lambda _connection: over.set())
    pulse = asyncio.create_task(_show_life(connection, over, stop))
    try:
        yield over
    finally:
        pulse.cancel()
        with suppress(*FAILURES):
            await connection.close(timeout=_LOOK_SECONDS)


async def _take(address: str, lock: int, stop: asyncio.Event) -> Any:
    """The connection that holds the lock; None once `stop` is set. A database that is away is waited for."""
    connection = None
    while not stop.is_set():
        try:
            connection = connection or await connect(address, idle_session_timeout=_SILENCE)
            if await connection.fetchval("SELECT pg_try_advisory_lock($1)", lock):
                return connection
        except FAILURES as error:
            log.warning("%s", unread(address, error))
            _drop(connection)
            connection = None
        await _pause(stop)
    _drop(connection)
    return None


def _drop(connection: Any) -> None:
    if connection is not None:
        connection.terminate()


async def _show_life(connection: Any, over: asyncio.Event, stop: asyncio.Event) -> None:
    try:
        while not stop.is_set():
            await connection.fetchval("SELECT 1")
            await _pause(stop)
    except FAILURES as error:
        log.warning("a claim is lost: %s", error or type(error).__name__)
    over.set()


async def _pause(stop: asyncio.Event) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), _LOOK_SECONDS)
