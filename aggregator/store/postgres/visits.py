"""Hosts visited from several machines: who is there, and when it may be asked again, by the database's clock."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from secrets import token_hex
from typing import Any

from aggregator.store.postgres.links import Pool
from aggregator.store.postgres.schema import migrating

SILENCE = timedelta(seconds=9)
"""A visit that was not kept alive for so long is over: who was there is dead or was stopped."""

_MAKE = """
CREATE TABLE IF NOT EXISTS visits (
  host text PRIMARY KEY, holder text NOT NULL, held_until timestamptz NOT NULL,
  free_at timestamptz NOT NULL, stopped_until timestamptz NOT NULL, stopped_by integer NOT NULL
)
"""
_FORGET = """
DELETE FROM visits WHERE greatest(held_until, free_at, stopped_until) < clock_timestamp() - interval '1 day'
"""
_TAKE = """
INSERT INTO visits AS v (host, holder, held_until, free_at, stopped_until, stopped_by)
VALUES ($1, $2, clock_timestamp() + $3, clock_timestamp(), clock_timestamp(), 0)
ON CONFLICT (host) DO UPDATE SET holder = excluded.holder, held_until = excluded.held_until
WHERE v.held_until <= clock_timestamp() OR v.holder = excluded.holder
RETURNING extract(epoch FROM free_at - clock_timestamp())::float8,
  extract(epoch FROM stopped_until - clock_timestamp())::float8, stopped_by
"""
_KEEP = "UPDATE visits SET held_until = clock_timestamp() + $3 WHERE host = $1 AND holder = $2"
_LEAVE = """
UPDATE visits SET held_until = clock_timestamp(), free_at = clock_timestamp() + $3,
  stopped_until = clock_timestamp() + $4, stopped_by = $5
WHERE host = $1 AND holder = $2
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """What a host is owed: seconds until it may be asked, and for which it asked to be left alone, by which status."""

    wait: float
    stop: float
    stopped_by: int


class Visits:
    """Of one process, which has one turn at a host at a time. Each call raises StoreError when the database is away."""

    def __init__(self, address: str) -> None:
        # A crash of the database may forget the last visits: half a second's, and a host is asked once too soon.
        self._pool = Pool(address, synchronous_commit="off")
        self._holder = token_hex(8)

    async def take(self, host: str) -> Manners | None:
        """What is owed, once nobody else is there; None while somebody is."""
        row = await self._ask(_TAKE, host, SILENCE)
        return Manners(wait=max(row[0], 0.0), stop=max(row[1], 0.0), stopped_by=row[2]) if row else None

    async def keep(self, host: str) -> None:
        """Be there for longer."""
        await self._ask(_KEEP, host, SILENCE)

    async def leave(self, host: str, manners: Manners) -> None:
        """Let others go there, and tell them what is owed."""
        wait, stop = timedelta(seconds=manners.wait), timedelta(seconds=manners.stop)
        await self._ask(_LEAVE, host, wait, stop, manners.stopped_by)

    async def close(self) -> None:
        """Let go of the connections."""
        await self._pool.close()

    async def _ask(self, statement: str, host: str, *given: object) -> Any:
        async with self._pool.connection() as connection:
            return await connection.fetchrow(statement, host, self._holder, *given)


@asynccontextmanager
async def open_visits(address: str) -> AsyncIterator[Visits]:
    """From this loop, as long as the block lasts. The table is made where it is missing: nothing of worth is in it."""
    async with migrating(address) as connection:
        await connection.execute(_MAKE)
        await connection.execute(_FORGET)
    visits = Visits(address)
    try:
        yield visits
    finally:
        await visits.close()
