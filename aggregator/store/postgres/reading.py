"""What a Reader stands on when its store is on PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from functools import partial
from math import inf
from time import monotonic
from typing import Any, NamedTuple, Self, TypeVar

from aggregator.store.link import Link
from aggregator.store.postgres.bridge import await_, drive, greenlet_spawn, in_greenlet, loop_of_thread, run
from aggregator.store.postgres.links import FAILURES, Pool, PostgresLink, name_of, unread

T = TypeVar("T")

_POOLS: dict[tuple[str, asyncio.AbstractEventLoop], "_Pools"] = {}
"""Of the loops that ask by themselves, for all readings of an address."""

_BEGIN = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_AGAIN = "ROLLBACK AND CHAIN"
"""Ends a transaction and begins the next in one round trip: until it asks something, that one sees nothing yet, and
keeps PostgreSQL from tidying up nothing.
"""

_BEHIND = """
SELECT CASE WHEN pg_is_in_recovery() AND pg_last_wal_receive_lsn() IS DISTINCT FROM pg_last_wal_replay_lsn()
  THEN pg_last_xact_replay_timestamp() END
"""
"""Up to when a replica has done what it was told; NULL for one that has done all of it, and for no replica."""

_LAG_SECONDS = 1.0

_OUR_PLAN = {
    "plan_cache_mode": "force_generic_plan",
    "join_collapse_limit": "1",
    "from_collapse_limit": "1",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "enable_sort": "off",
    "max_parallel_workers_per_gather": "0",
}
"""How a search goes through the index is decided by counts of cells (`plan.py`), and its joins are written in that
order; to plan it anew for each place takes longer than to run it.
"""


class _Pools(NamedTuple):
    searches: Pool
    looks: Pool

    @classmethod
    def at(cls, address: str) -> Self:
        return cls(Pool(address, **_OUR_PLAN), Pool(address))

    async def close(self) -> None:
        await self.searches.close()
        await self.looks.close()


class PostgresReading:
    """Asks from a thread of its own, and in a loop that was made `here` from that loop, without a thread between."""

    def __init__(self, address: str) -> None:
        self.name = name_of(address)
        self._address = address
        self._pools = _Pools.at(address)
        self._behind: datetime | None = None
        self._asked_at = -inf

    @asynccontextmanager
    async def here(self) -> AsyncIterator[None]:
        """See `Reading`."""
        here = self._address, asyncio.get_running_loop()
        _POOLS[here] = _Pools.at(self._address)
        try:
            yield
        finally:
            await _POOLS.pop(here).close()

    async def drive(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """See `Reading`."""
        return await drive(coroutine)

    async def together(self, read: Callable[[Link], T]) -> T:
        """See `Reading`; other work of the loop goes on meanwhile."""
        pools = self._pools_here()
        if pools is not None:
            return await _together(pools, read)
        done = asyncio.run_coroutine_threadsafe(_together(self._pools, read), loop_of_thread())
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
        held = self._pools.looks.connection()
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

    def as_of(self, now: datetime) -> datetime:
        """See `Reading`; asked for once a second."""
        if monotonic() - self._asked_at >= _LAG_SECONDS:
            self._behind = self.look_up(lambda link: link.execute(_BEHIND).fetchone()[0])
            self._asked_at = monotonic()
        return min(now, self._behind or now)

    def close(self) -> None:
        """See `Reading`."""
        run(self._pools.close())

    def _now(self, ask: Callable[[_Pools], Coroutine[Any, Any, T]]) -> T:
        """In a driven coroutine its loop goes on meanwhile; elsewhere the caller waits."""
        pools = self._pools_here() if in_greenlet() else None
        return run(ask(self._pools)) if pools is None else await_(ask(pools))

    def _pools_here(self) -> _Pools | None:
        return _POOLS.get((self._address, asyncio.get_running_loop()))


async def _together(pools: _Pools, read: Callable[[Link], T]) -> T:
    async with pools.searches.connection() as connection:
        if not connection.is_in_transaction():
            await connection.execute(_BEGIN)
        try:
            return await greenlet_spawn(read, PostgresLink(connection, await_))
        finally:
            await connection.execute(_AGAIN)


async def _look_up(pools: _Pools, read: Callable[[Link], T]) -> T:
    async with pools.looks.connection() as connection:
        return await greenlet_spawn(read, PostgresLink(connection, await_))
