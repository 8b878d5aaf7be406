"""PgQueuer's way to the database: one connection, made again whenever it is lost."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any, Self, TypeVar

import asyncpg
from pgqueuer.adapters.drivers.asyncpg import Relay
from pgqueuer.core.tm import TaskManager
from pgqueuer.ports.driver import Driver, NotifyCallback

from aggregator.store.postgres.links import FAILURES, connect, unread

log = logging.getLogger("hobnob.queue")

T = TypeVar("T")

PAUSES = (0.1, 0.2, 0.5, 1.0, 2.0)
"""Seconds from one try to the next; the last for as long as it takes."""

_GONE = (
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.TooManyConnectionsError,
    OSError,
    TimeoutError,
)


@asynccontextmanager
async def open_line(address: str, stop: asyncio.Event) -> AsyncIterator["Line"]:
    """A line for the block; it connects when it is asked."""
    line = Line(address, stop)
    try:
        yield line
    finally:
        await line.close()


class Line(Driver):
    """A statement waits out a restart of the database, and is asked again: each of PgQueuer's may be asked twice. Once
    `stop` is set it fails at once, with a StoreError.
    """

    def __init__(self, address: str, stop: asyncio.Event) -> None:
        self._address = address
        self._stop = stop
        self._lock = asyncio.Lock()
        self._connection: Any = None
        self._listeners: list[tuple[str, Relay]] = []
        self._shutdown = asyncio.Event()

    async def fetch(self, query: str, *args: object) -> list[dict[str, object]]:
        """Rows, by the names of their columns."""
        return [dict(row) for row in await self._ask(lambda connection: connection.fetch(query, *args))]

    async def execute(self, query: str, *args: object) -> str:
        """PostgreSQL's word on what was done."""
        return str(await self._ask(lambda connection: connection.execute(query, *args)))

    async def notify(self, channel: str, payload: str) -> None:
        """Tell all who listen."""
        await self.execute("SELECT pg_notify($1, $2)", channel, payload)

    async def add_listener(self, channel: str, callback: NotifyCallback) -> None:
        """Heard on every connection from now on; what is told while there is none is not heard."""
        relay = Relay(callback)
        await self._ask(lambda connection: connection.add_listener(channel, relay))
        self._listeners.append((channel, relay))

    @property
    def shutdown(self) -> asyncio.Event:
        """See `Driver`."""
        return self._shutdown

    @property
    def tm(self) -> TaskManager:
        """See `Driver`."""
        return TaskManager()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        """PgQueuer leaves it before its last words are written, so it is closed by who opened it."""

    async def close(self) -> None:
        """Let go of the connection."""
        if self._connection is not None:
            with suppress(*FAILURES):
                await self._connection.close(timeout=1)

    async def _ask(self, ask: Callable[[Any], Awaitable[T]]) -> T:
        async with self._lock:
            pauses = iter(PAUSES)
            while True:
                try:
                    return await ask(await self._connected())
                except FAILURES as error:
                    if not self._is_gone(error):
                        raise
                    if self._stop.is_set():
                        raise unread(self._address, error) from error
                    await self._pause(next(pauses, PAUSES[-1]), error)

    async def _connected(self) -> Any:
        if self._connection is None or self._connection.is_closed():
            self._connection = connection = await connect(self._address)
            for channel, relay in self._listeners:
                await connection.add_listener(channel, relay)
        return self._connection

    def _is_gone(self, error: BaseException) -> bool:
        """Whether it is the connection that failed, and not what was asked."""
        return isinstance(error, _GONE) or self._connection is None or bool(self._connection.is_closed())

    async def _pause(self, seconds: float, error: BaseException) -> None:
        log.warning("%s; again in %g s", unread(self._address, error), seconds)
        if self._connection is not None:
            self._connection.terminate()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stop.wait(), seconds)
