"""What a Store stands on when it is on PostgreSQL: SQLAlchemy's engine on asyncpg, in a loop of its own."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Concatenate, ParamSpec, TypeVar

import asyncpg
from sqlalchemy import Connection, Engine, event
from sqlalchemy.ext.asyncio import create_async_engine

from aggregator.store.postgres.bridge import await_, greenlet_spawn, in_greenlet, loop_of_thread, run
from aggregator.store.postgres.links import WAIT_SECONDS

P = ParamSpec("P")
T = TypeVar("T")

_BEGIN = "SELECT set_config('lock_timeout', '{milliseconds:d}', true), pg_advisory_xact_lock({lock:d})"
_RELAXED = "SELECT set_config('synchronous_commit', 'off', true)"


def connect_writing(address: str, *, lock: int, is_durable: bool, timeout: float = WAIT_SECONDS) -> Engine:
    """An engine whose transactions come one after another, as SQLite's do: what is written counts on that.

    Those with another `lock` do not wait for these. When it is not durable, a crash of the database may lose the last
    commits, but no crash of the program does.
    """

    async def connect() -> asyncpg.Connection:
        return await asyncpg.connect(
            address, timeout=WAIT_SECONDS, server_settings={"application_name": "hobnob", "jit": "off"}
        )

    engine = create_async_engine(
        "postgresql+asyncpg://", async_creator=connect, hide_parameters=True, pool_pre_ping=True, pool_size=2
    ).sync_engine

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(_BEGIN.format(milliseconds=int(timeout * 1000), lock=lock))
        if not is_durable:
            connection.exec_driver_sql(_RELAXED)

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
