"""What a Store stands on when it is on PostgreSQL: SQLAlchemy's engine on asyncpg, in a loop of its own."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import create_async_engine

from aggregator.errors import StoreError
from aggregator.store.postgres.bridge import await_, greenlet_spawn, in_greenlet, loop_of_thread, run
from aggregator.store.postgres.links import FAILURES, connect, name_of

P = ParamSpec("P")
T = TypeVar("T")

_ALONE = "set_config('lock_timeout', '{milliseconds:d}', true), pg_advisory_xact_lock({lock:d})"
_RELAXED = "set_config('synchronous_commit', 'off', true)"

TURN_SECONDS = 60.0
"""How long a writer waits for its turn: matching a large store takes seconds, and holds the turn."""


def connect_writing(address: str, *, lock: int, is_durable: bool, timeout: float = TURN_SECONDS) -> Engine:
    """An engine whose transactions come one after another, as SQLite's do: what is written counts on that.

    Those with another `lock` do not wait for these. When it is not durable, a crash of the database may lose the last
    commits, but no crash of the program does.
    """

    async def connect_or_tell() -> Any:
        try:
            return await connect(address, seconds=None, jit="off")
        except FAILURES as error:
            raise StoreError(f"{name_of(address)}: cannot be reached: {error or type(error).__name__}") from error

    engine = create_async_engine(
        "postgresql+asyncpg://", async_creator=connect_or_tell, hide_parameters=True, pool_size=2
    ).sync_engine

    @event.listens_for(engine, "checkout")
    def _is_there(connection: Any, *_: object) -> None:
        """The loop hears that the server went as soon as it turns, and what is written then is done anew with the next
        run: to ask before each transaction costs as much as a write.
        """
        if connection.driver_connection.is_closed():
            raise DisconnectionError

    alone = _ALONE.format(milliseconds=int(timeout * 1000), lock=lock)
    relaxed = [] if is_durable else [_RELAXED]

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        is_alone = connection.get_execution_options().get("is_alone", True)
        if first := [alone, *relaxed] if is_alone else relaxed:
            connection.exec_driver_sql("SELECT " + ", ".join(first))

    return engine


class PostgresWriting:
    """Runs the store's writing functions; from a loop, a thread, or neither."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def write(self, do: Callable[Concatenate[Engine, P], T], *given: P.args, **named: P.kwargs) -> T:
        """One of the functions that take an engine."""
        call = partial(do, self.engine, *given, **named)
        done = asyncio.run_coroutine_threadsafe(greenlet_spawn(call), loop_of_thread())
        return await_(asyncio.wrap_future(done)) if in_greenlet() else done.result()

    def close(self) -> None:
        """Let go of the connections."""
        run(greenlet_spawn(self.engine.dispose))
