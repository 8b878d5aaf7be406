"""A host's turn over all machines: what the pace of fetching asks for, by what the store knows of visits."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from aggregator.errors import StoreError
from aggregator.fetch.pace import Visit
from aggregator.store.postgres.visits import SILENCE, Manners, Visits

log = logging.getLogger("hobnob.cli")

PAUSES = (0.02, 0.05, 0.1, 0.2, 0.4)
"""Seconds between looks whether others have left; the last for as long as it takes."""


@asynccontextmanager
async def visit(visits: Visits, host: str) -> AsyncIterator[Visit]:
    """Waits until nobody else is there, also while the database is away; the next one is told how the host is left."""
    found = await _wait(visits, host)
    visit = Visit(wait=found.wait, stop=found.stop, stopped_by=found.stopped_by)
    kept = asyncio.create_task(_keep(visits, host))
    try:
        yield visit
    finally:
        kept.cancel()
        try:
            await visits.leave(host, Manners(wait=visit.wait, stop=visit.stop, stopped_by=visit.stopped_by))
        except StoreError as error:
            log.warning("%s is free for others only in a moment: %s", host, error)


async def _wait(visits: Visits, host: str) -> Manners:
    pauses = iter(PAUSES)
    while True:
        try:
            found = await visits.take(host)
        except StoreError as error:
            log.warning("%s waits: %s", host, error)
            found = None
        if found:
            return found
        await asyncio.sleep(next(pauses, PAUSES[-1]))


async def _keep(visits: Visits, host: str) -> None:
    while True:
        await asyncio.sleep(SILENCE.total_seconds() / 3)
        with suppress(StoreError):
            await visits.keep(host)
