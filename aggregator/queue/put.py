"""What is due, put on the queue; what is on it already is not put there twice."""

import asyncio
from collections.abc import Sequence

from pgqueuer.queries import Queries

from aggregator.collect import Tools
from aggregator.queue.line import Line

SOURCE = "hobnob_source"
LETTERS = "hobnob_letters"
"""The two kinds of jobs."""

MOST = 2000
"""How many sources a tick looks at: those that have been due longest, whether they are queued or not."""


FORGET_SECONDS = 3600.0


class Queue:
    """The end of the queue at which jobs are put."""

    def __init__(self, line: Line) -> None:
        self._queries = Queries(line)

    async def put_due(self, tools: Tools) -> None:
        """One tick: a job for each source that is due and that nobody is at."""
        await self._put(SOURCE, await asyncio.to_thread(tools.store.due_sources, tools.now(), MOST))

    async def put_letters(self) -> None:
        """One job for all letters: its worker looks for those whose turn it is."""
        await self._put(LETTERS, ["all"])

    async def forget(self) -> None:
        """What PgQueuer notes of each job is nobody's: runs tell what became of them."""
        await self._queries.clear_queue_log()

    async def _put(self, kind: str, names: Sequence[str]) -> None:
        if names:
            count = len(names)
            await self._queries.enqueue(
                [kind] * count,
                [name.encode() for name in names],
                [0] * count,
                dedupe_key=[f"{kind} {name}" for name in names],
                on_conflict="skip",
            )
