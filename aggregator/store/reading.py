"""What a Reader stands on: one protocol, for SQLite here and for PostgreSQL in a room of its own."""

import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from contextlib import AbstractAsyncContextManager, AbstractContextManager, asynccontextmanager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, TypeVar

from aggregator.errors import StoreError
from aggregator.store.engine import connect_reading
from aggregator.store.link import Link

T = TypeVar("T")


class Reading(Protocol):
    """Every call raises StoreError when the database cannot be read."""

    name: str

    def here(self) -> AbstractAsyncContextManager[None]:
        """To be asked from this loop, as long as the block lasts, which is faster than from elsewhere."""

    def drive(self, coroutine: Coroutine[Any, Any, T]) -> Awaitable[T]:
        """The same work, in which reads that are not awaited do not hold up the loop that is `here`."""

    async def together(self, read: Callable[[Link], T]) -> T:
        """All statements of `read` see one state of the store, whatever is written meanwhile."""

    def together_now(self, read: Callable[[Link], T]) -> T:
        """The same for who does not await."""

    def look_up(self, read: Callable[[Link], T]) -> T:
        """Each statement by itself."""

    def snapshot(self) -> AbstractContextManager[Link]:
        """One state for as long as the block lasts."""

    def as_of(self, now: datetime) -> datetime:
        """Up to when writes of others are seen."""

    def close(self) -> None:
        """Let go of the database."""


class SqliteReading:
    """Searches take well under a millisecond, and run inline: a thread would cost more."""

    def __init__(self, path: Path) -> None:
        self.name = str(path)
        self._searching = connect_reading(path)
        self._ledger = connect_reading(path, is_hot=False)

    @asynccontextmanager
    async def here(self) -> AsyncIterator[None]:
        """See `Reading`."""
        yield

    def drive(self, coroutine: Coroutine[Any, Any, T]) -> Awaitable[T]:
        """See `Reading`."""
        return coroutine

    async def together(self, read: Callable[[Link], T]) -> T:
        """See `Reading`."""
        return self.together_now(read)

    def together_now(self, read: Callable[[Link], T]) -> T:
        """See `Reading`."""
        try:
            self._searching.execute("BEGIN")
            try:
                return read(self._searching)
            finally:
                self._searching.execute("ROLLBACK")
        except sqlite3.Error as error:
            raise self._unread(error) from error

    def look_up(self, read: Callable[[Link], T]) -> T:
        """See `Reading`."""
        try:
            return read(self._ledger)
        except sqlite3.Error as error:
            raise self._unread(error) from error

    @contextmanager
    def snapshot(self) -> Iterator[Link]:
        """See `Reading`."""
        try:
            self._ledger.execute("BEGIN")
            try:
                yield self._ledger
            finally:
                self._ledger.execute("ROLLBACK")
        except sqlite3.Error as error:
            raise self._unread(error) from error

    def as_of(self, now: datetime) -> datetime:
        """See `Reading`."""
        return now

    def close(self) -> None:
        """See `Reading`."""
        self._searching.close()
        self._ledger.close()

    def _unread(self, error: sqlite3.Error) -> StoreError:
        return StoreError(f"{self.name}: not read: {error}")
