"""Jobs taken from the queue: the very turn that a scheduler of one machine takes, under a lease that is the job's."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from datetime import timedelta
from typing import Any

from pgqueuer.core.qm import QueueManager
from pgqueuer.domain.errors import RetryRequested
from pgqueuer.models import Job
from pgqueuer.queries import Queries

from aggregator.collect import Tools
from aggregator.errors import StoreError
from aggregator.queue.line import Line
from aggregator.queue.put import LETTERS, SOURCE
from aggregator.source import Source
from aggregator.turn import LEASE, take_turn

log = logging.getLogger("hobnob.queue")

SILENCE = timedelta(seconds=6)
"""A worker that was not heard of for so long has lost its jobs; it is heard of twice as often."""

LOOK = timedelta(seconds=1)
"""So often a worker looks for jobs of others that fell silent; what is put on the queue it is told of at once."""

BATCH = 4
"""Jobs taken at a time at most: few, so that all workers have some."""

GRACE_SECONDS = 10.0
"""How long a job may go on when its worker is stopped; then it is handed back."""

ELSEWHERE = timedelta(seconds=20)
"""When a job is offered again whose source this worker's catalogue does not have."""

FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=1), timedelta(seconds=30)


class Worker:
    """Collects the sources that it knows, so many at a time; `letters` is what sends those whose turn it is."""

    def __init__(
        self, sources: Mapping[str, Source], tools: Tools, letters: Callable[[], Awaitable[None]] | None = None
    ) -> None:
        self._sources = sources
        self._tools = tools
        self._letters = letters
        self._running: set[asyncio.Task[None]] = set()

    async def work(self, line: Line, slots: int, stop: asyncio.Event) -> None:
        """Until `stop`: then no new jobs, and those that do not end soon are handed back. `slots` is 2 at least."""
        manager = QueueManager(Queries(line))
        manager.entrypoint(SOURCE)(self._in_turn(stop, self._collect))
        if self._letters:
            manager.entrypoint(LETTERS)(self._in_turn(stop, self._send))
        stopping = asyncio.create_task(self._hand_back(manager, stop))
        try:
            await manager.run(
                dequeue_timeout=LOOK,
                batch_size=max(1, min(BATCH, slots // 2)),
                max_concurrent_tasks=slots,
                heartbeat_timeout=SILENCE,
                log_aggregation_interval=timedelta(0),
            )
        except StoreError as error:
            if not stop.is_set():
                raise
            log.warning("%s; others take over what was not finished", error)
        finally:
            stopping.cancel()

    async def _collect(self, job: Job) -> None:
        name = (job.payload or b"").decode()
        source = self._sources.get(name)
        if source is None:
            raise RetryRequested(ELSEWHERE, f"{name}: not in this worker's catalogue")
        store, now = self._tools.store, self._tools.now()
        lease = await asyncio.to_thread(store.lease_if_due, name, now, owner=f"job {job.id}", ttl=LEASE)
        if lease:
            await take_turn(source, lease, self._tools)

    async def _send(self, _job: Job) -> None:
        assert self._letters  # noqa: S101 - else this kind of job is not taken
        await self._letters()

    def _in_turn(
        self, stop: asyncio.Event, do: Callable[[Job], Coroutine[Any, Any, None]]
    ) -> Callable[[Job], Coroutine[Any, Any, None]]:
        """The same, handed back when the worker is stopped, and tried again when the store cannot be reached."""

        async def turn(job: Job) -> None:
            task = asyncio.create_task(do(job))
            self._running.add(task)
            task.add_done_callback(self._running.discard)
            try:
                await task
            except StoreError as error:
                log.warning("%s; again later", error)
                raise _later(job, error) from error
            except RetryRequested:
                raise
            except Exception as error:
                log.exception("job %d broke; again later", job.id)
                raise _later(job, error) from error
            except asyncio.CancelledError:
                if not (stop.is_set() and task.cancelled()):
                    raise
                raise RetryRequested(timedelta(0), "its worker was stopped") from None

        return turn

    async def _hand_back(self, manager: QueueManager, stop: asyncio.Event) -> None:
        await stop.wait()
        manager.shutdown.set()
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=GRACE_SECONDS)
            for task in late:
                task.cancel()


def _later(job: Job, error: Exception) -> RetryRequested:
    """By the same job: another one would have to wait until its lease is over."""
    return RetryRequested(min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(job.attempts, 5)), str(error))
