"""From code that waits to code that awaits: asyncpg runs in a loop, and the store's functions are plain ones."""

import asyncio
from collections.abc import Coroutine, Generator
from functools import cache
from threading import Thread
from typing import Any, TypeVar

from greenlet import getcurrent
from sqlalchemy.util.concurrency import await_, greenlet_spawn

__all__ = ["await_", "drive", "greenlet_spawn", "in_greenlet", "loop_of_thread", "run"]

T = TypeVar("T")


@cache
def loop_of_thread() -> asyncio.AbstractEventLoop:
    """The loop of this process for all that is not asked from a loop: it runs in a thread of its own."""
    loop = asyncio.new_event_loop()
    Thread(target=loop.run_forever, name="hobnob-postgres", daemon=True).start()
    return loop


def run(coroutine: Coroutine[Any, Any, T]) -> T:
    """Do it in that loop, and wait for it; also for who runs in it."""
    if in_greenlet() and asyncio.get_running_loop() is loop_of_thread():
        return await_(coroutine)
    return asyncio.run_coroutine_threadsafe(coroutine, loop_of_thread()).result()


def in_greenlet() -> bool:
    """Whether `await_` can be called here."""
    return getattr(getcurrent(), "__sqlalchemy_greenlet_provider__", False)


async def drive(coroutine: Coroutine[Any, Any, T]) -> T:
    """What it gives; plain functions that it calls may reach the database through `await_`, however deep."""
    return await greenlet_spawn(_drive, coroutine)


def _drive(coroutine: Coroutine[Any, Any, T]) -> T:
    """As a task does: what the coroutine waits for is passed on to the task that really waits."""
    failure: BaseException | None = None
    while True:
        try:
            awaited = coroutine.send(None) if failure is None else coroutine.throw(failure)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]
        try:
            failure = None
            await_(_Passed(awaited))
        except BaseException as error:  # noqa: BLE001 - a cancellation too belongs to the coroutine
            failure = error


class _Passed:
    def __init__(self, awaited: Any) -> None:
        self._awaited = awaited

    def __await__(self) -> Generator[Any, None, None]:
        yield self._awaited
