"""What a Reader stands on when its store is on PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from typing import Any, TypeVar

from aggregator.store.link import Link
from aggregator.store.postgres.bridge import await_, drive, greenlet_spawn, in_greenlet, loop_of_thread, run
from aggregator.store.postgres.links import FAILURES, Pool, PostgresLink, name_of, unread

T = TypeVar("T")

_POOLS: dict[tuple[str, asyncio.AbstractEventLoop], Pool] = {}
"""Of the loops that ask by themselves, for all readings of an address."""

_BEGIN = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"


class PostgresReading:
    """Asks from a thread of its own, and in a loop that was made `here` from that loop, without a thread between."""

    def __init__(self, address: str) -> None:
        self.name = name_of(address)
        self._address = address
        self._pool = Pool(address)

    @asynccontextmanager
    async def here(self) -> AsyncIterator[None]:
        """See `Reading`."""
        here = self._address, asyncio.get_running_loop()
        _POOLS[here] = Pool(self._address)
        try:
            yield
        finally:
            await _POOLS.pop(here).close()

    async def drive(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """See `Reading`."""
        return await drive(coroutine)

    async def together(self, read: Callable[[Link], T]) -> T:
        """See `Reading`; other work of the loop goes on meanwhile."""
        pool = self._pool_here()
        if pool is not None:
            return await _together(pool, read)
        done = asyncio.run_coroutine_threadsafe(_together(self._pool, read), loop_of_thread())
        return await asyncio.wrap_future(done)

    def together_now(self, read: Callable[[Link], T]) -> T:
        """See `Reading`."""
        return self._now(partial(_together, read=read))

    def look_up(self, read: Callable[[Link], T]) -> T:
        """See `Reading`."""
        return self._now(partial(_look_up, read=read))

    @contextmanager
    def snapshot(self) -> Iterator[Link]:
        """See `Reading`."""
        held = self._pool.connection()
        connection = run(held.__aenter__())
        try:
            run(connection.execute(_BEGIN))
            try:
                yield PostgresLink(connection, run)
            finally:
                run(connection.execute("ROLLBACK"))
        except FAILURES as error:
            raise unread(self._address, error) from error
        finally:
            run(held.__aexit__(None, None, None))

    def close(self) -> None:
        """See `Reading`."""
        run(self._pool.close())

    def _now(self, ask: Callable[[Pool], Coroutine[Any, Any, T]]) -> T:
        """In a driven coroutine its loop goes on meanwhile; elsewhere the caller waits."""
        pool = self._pool_here() if in_greenlet() else None
        return run(ask(self._pool)) if pool is None else await_(ask(pool))

    def _pool_here(self) -> Pool | None:
        return _POOLS.get((self._address, asyncio.get_running_loop()))


async def _together(pool: Pool, read: Callable[[Link], T]) -> T:
    async with pool.connection() as connection:
        await connection.execute(_BEGIN)
        try:
            return await greenlet_spawn(read, PostgresLink(connection, await_))
        finally:
            await connection.execute("ROLLBACK")


async def _look_up(pool: Pool, read: Callable[[Link], T]) -> T:
    async with pool.connection() as connection:
        return await greenlet_spawn(read, PostgresLink(connection, await_))
