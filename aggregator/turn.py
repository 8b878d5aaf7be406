"""A turn: one source collected under a lease that is kept alive, and when it is due again."""

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from aggregator.alert import tell_if_news
from aggregator.collect import Collected, Tools, collect, note_defect
from aggregator.collect.pace import time_to_next
from aggregator.errors import HobnobError, StaleLeaseError, StatusError
from aggregator.run import Run
from aggregator.source import Source
from aggregator.store import Lease

log = logging.getLogger("hobnob.schedule")

LEASE = timedelta(seconds=60)
RENEWAL_SECONDS = LEASE.total_seconds() / 3
RUNS_LOOKED_AT = 20
GONE = 410


def new_owner() -> str:
    """A name for this process among all that work on the store."""
    return f"collector-{secrets.token_hex(6)}"


async def take_turn(source: Source, lease: Lease, tools: Tools) -> Run | None:
    """Collect under the lease, and say when the source is due again; None when somebody else has taken it over."""
    try:
        async with _kept_alive(lease, tools):
            collected = await _collect_whole(source, lease, tools)
            await asyncio.to_thread(_finish, source, lease, collected, tools)
            await tell_if_news(source.name, tools, tools.settings)
    except StaleLeaseError as error:
        log.warning("%s", error, extra={"source": source.name})
        return None
    run = collected.run
    why, fields = f" ({run.reason})" if run.reason else "", {"source": source.name, "outcome": run.outcome.value}
    log.info("%s: %s, %d events%s", source.name, run.outcome, run.kept, why, extra=fields)
    return run


async def _collect_whole(source: Source, lease: Lease, tools: Tools) -> Collected:
    """A defect of ours costs this source a run, not the others theirs, and is not met again at once."""
    try:
        return await collect(source, lease, tools)
    except HobnobError:
        raise
    except Exception as error:
        log.exception("%s: a defect", source.name, extra={"source": source.name})
        return await asyncio.to_thread(note_defect, source, lease, tools, error)


def _finish(source: Source, lease: Lease, collected: Collected, tools: Tools) -> None:
    runs, failure = tools.store.history(source.name, RUNS_LOOKED_AT), collected.failure
    failures = 0 if failure is None else 1 + tools.store.failures(source.name)
    length = time_to_next(
        source.every,
        runs,
        failures=failures,
        wait=getattr(failure, "retry_after", None),
        is_gone=isinstance(failure, StatusError) and failure.status == GONE,
        chance=secrets.SystemRandom().uniform(-1, 1),
    )
    tools.store.finish(
        lease,
        next_due_at=tools.now() + length,
        failures=failures,
        last_full_fetch_at=tools.now() if collected.is_full else None,
    )


@asynccontextmanager
async def _kept_alive(lease: Lease, tools: Tools) -> AsyncIterator[None]:
    """The lease is renewed while the block runs; losing it cancels the block, which ends in StaleLeaseError.

    What the block raises comes out as it is, not in the group of the task that stood beside it.
    """
    try:
        async with asyncio.TaskGroup() as group:
            renewal = group.create_task(_renew(lease, tools))
            try:
                yield
            finally:
                renewal.cancel()
    except BaseExceptionGroup as failures:
        raise failures.exceptions[0] from None


async def _renew(lease: Lease, tools: Tools) -> None:
    while True:
        await asyncio.sleep(RENEWAL_SECONDS)
        lease = await asyncio.to_thread(tools.store.renew, lease, tools.now() + LEASE)
