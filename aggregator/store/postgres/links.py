"""A connection of asyncpg as the store's reads ask it, and the pool that it comes from."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from aggregator.errors import StoreError
from aggregator.store.link import Parameters
from aggregator.store.postgres.translate import translate

MOST_CONNECTIONS = 8
"""Of one pool: a process has a pool for each loop that asks."""

WAIT_SECONDS = 5.0
"""How long a connection, and a statement of a reader, may take."""

_STATEMENTS = 1024

FAILURES = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError)
"""What a database that is gone, or refuses, raises."""


class _Connection(asyncpg.Connection):  # type: ignore[misc]
    async def reset(self, **_: object) -> None:
        """Nothing is left that the next one would meet: a transaction that saw something has ended."""


class Found:
    """Rows of a statement, all of them here."""

    def __init__(self, rows: list[Any]) -> None:
        self._rows = iter(rows)

    def fetchone(self) -> Any:
        """The next; None after the last."""
        return next(self, None)

    def fetchall(self) -> list[Any]:
        """All that are left."""
        return list(self)

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> tuple[Any, ...]:
        return tuple(next(self._rows))


class PostgresLink:
    """`wait` turns a coroutine into its result where the link is used."""

    def __init__(self, connection: Any, wait: Callable[[Coroutine[Any, Any, Any]], Any]) -> None:
        self._connection = connection
        self._wait = wait

    def execute(self, sql: str, parameters: Parameters = ()) -> Found:
        """One statement, as SQLite has it."""
        translated = translate(sql)
        return Found(self._wait(self._connection.fetch(translated.sql, *translated.arguments(parameters))))


class Pool:
    """Connections of one loop, made when they are needed, with more of PostgreSQL's settings."""

    def __init__(self, address: str, **settings: str) -> None:
        self._address = address
        self._settings = {"application_name": "hobnob", "jit": "off", **settings}
        self._pool: Any = None
        self._lock = asyncio.Lock()

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Any]:
        """One for the block; StoreError when the database cannot be reached or does not answer."""
        try:
            pool = self._pool or await self._open()
            async with pool.acquire(timeout=WAIT_SECONDS) as connection:
                yield connection
        except FAILURES as error:
            raise unread(self._address, error) from error

    async def _open(self) -> Any:
        async with self._lock:
            if self._pool is None:
                self._pool = await asyncpg.create_pool(
                    self._address,
                    min_size=0,
                    max_size=MOST_CONNECTIONS,
                    connection_class=_Connection,
                    statement_cache_size=_STATEMENTS,
                    max_cached_statement_lifetime=0,
                    timeout=WAIT_SECONDS,
                    command_timeout=WAIT_SECONDS,
                    server_settings=self._settings,
                )
        return self._pool

    async def close(self) -> None:
        """Let go of all connections."""
        if self._pool is not None:
            await self._pool.close()


async def connect(address: str, seconds: float | None = WAIT_SECONDS, **settings: str) -> Any:
    """One of its own, with more of PostgreSQL's settings, whose statements may take so long; one of `FAILURES` when it
    cannot be had.
    """
    server_settings = {"application_name": "hobnob", **settings}
    return await asyncpg.connect(
        address, timeout=WAIT_SECONDS, command_timeout=seconds, server_settings=server_settings
    )


def name_of(address: str) -> str:
    """The address without name and password."""
    parts = urlsplit(address)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def unread(address: str, error: BaseException) -> StoreError:
    """What is told of a database that does not answer."""
    return StoreError(f"{name_of(address)}: not read: {error or type(error).__name__}")
