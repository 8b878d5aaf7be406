"""What is due, and when: a tick looks for due rows, and each one found is collected under a lease."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from time import perf_counter

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from aggregator.collect import Tools
from aggregator.errors import StoreError
from aggregator.run import Run
from aggregator.source import Source
from aggregator.store.matching import Standing
from aggregator.suggest import SOURCES
from aggregator.turn import LEASE, new_owner, take_turn

log = logging.getLogger("hobnob.schedule")

TICK_SECONDS = 5.0
NEWS_SECONDS = 20.0
MATCH_SECONDS = 60.0
REST = 9
"""Times as long as a matching took, the next one waits."""

Turns = set[asyncio.Task[Run | None]]

Report = Callable[[Source, Run], None]
"""Told of each run when it is over."""

News = Callable[[], Iterable[Source] | None]
"""The catalogue, when it is newer than it was; None otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Something else to wake so often. What is due it reads from rows: a waking that was missed costs nothing."""

    seconds: float
    do: Callable[[], Awaitable[None]]


async def start_due(sources: Mapping[str, Source], tools: Tools, slots: int, owner: str, turns: Turns) -> None:
    """One tick: take as many due sources as there are free slots, and start their turns."""
    free = slots - len(turns)
    leases = await asyncio.to_thread(tools.store.due, tools.now(), limit=free, owner=owner, ttl=LEASE) if free else ()
    for lease in leases:
        if lease.source not in sources:  # another collector's catalogue is newer than ours: it is theirs to take
            await asyncio.to_thread(tools.store.renew, lease, tools.now())
            continue
        turn = asyncio.create_task(take_turn(sources[lease.source], lease, tools), name=lease.source)
        turns.add(turn)
        turn.add_done_callback(partial(_end, turns))


def _end(turns: Turns, turn: asyncio.Task[Run | None]) -> None:
    """Nobody waits for a turn, so what broke it is told here; its lease runs out, and it is taken again."""
    turns.discard(turn)
    error = None if turn.cancelled() else turn.exception()
    if error:
        log.error("%s: not collected: %s", turn.get_name(), error, exc_info=error, extra={"source": turn.get_name()})


async def collect_now(
    sources: Iterable[Source], tools: Tools, slots: int, report: Report, catalogue: Iterable[Source] = ()
) -> list[Run | None]:
    """Run these once, due or not, and report each; None stands for one that another collector is at. What they tell is
    matched with the rest of the `catalogue`.
    """
    sources, began = tuple(sources), tools.now()
    owner, places = new_owner(), asyncio.Semaphore(slots)

    async def turn(source: Source) -> Run | None:
        async with places:
            lease = await asyncio.to_thread(tools.store.lease, source.name, tools.now(), owner=owner, ttl=LEASE)
            run = await take_turn(source, lease, tools) if lease else None
        if run is not None:
            report(source, run)
        return run

    runs = await asyncio.gather(*map(turn, sources))
    await roll_forward(tools)
    await match(tools, {source.name: source for source in (*catalogue, *sources)}, Looked(at=began))
    return runs


def has_news(run: Run) -> bool:
    """Whether a run changed what is told."""
    return bool(run.new or run.changed or run.withdrawn)


async def run_schedule(
    sources: Iterable[Source],
    tools: Tools,
    slots: int,
    stop: asyncio.Event,
    news: News = lambda: None,
    also: Iterable[Job] = (),
) -> None:
    """Tick until `stop`; then no new turns, and those that run are finished. `news` is asked for a newer catalogue, and
    `also` are woken beside it.
    """
    by_name = {source.name: source for source in sources}
    turns: Turns = set()
    try:
        await keep_time(
            by_name, tools, partial(start_due, by_name, tools, slots, new_owner(), turns), stop, news=news, also=also
        )
    finally:
        await asyncio.gather(*turns, return_exceptions=True)


async def keep_time(
    by_name: dict[str, Source],
    tools: Tools,
    tick: Callable[[], Awaitable[None]],
    stop: asyncio.Event,
    *,
    news: News = lambda: None,
    also: Iterable[Job] = (),
) -> None:
    """Tick, and do what is to be done daily or after each change, until `stop`; what was begun is finished."""
    scheduler = AsyncIOScheduler(timezone="UTC")
    every = {"trigger": "interval", "coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    # APScheduler has a clock of its own, and makes up for what was missed.
    at_once = {"next_run_time": datetime.now(UTC)}
    jobs: set[asyncio.Task[None] | None] = set()
    roll = (jobs, roll_forward, tools)
    scheduler.add_job(_do, args=(jobs, renew_catalogue, by_name, tools, news), seconds=NEWS_SECONDS, **every)
    scheduler.add_job(_do, args=(jobs, tick), seconds=TICK_SECONDS, **at_once, **every)
    scheduler.add_job(_do, args=roll, hours=24, **at_once, **every)
    scheduler.add_job(_do, args=(jobs, regroup, tools), hours=24, **every)
    scheduler.add_job(_do, args=(jobs, match, tools, by_name, Looked()), seconds=MATCH_SECONDS, **every)
    for job in also:
        scheduler.add_job(_do, args=(jobs, job.do), seconds=job.seconds, **at_once, **every)
    scheduler.start()
    try:
        await stop.wait()
    finally:
        scheduler.pause()
        await asyncio.sleep(0)  # a job that was started this very moment begins, and is among `jobs`
        await asyncio.gather(*filter(None, jobs), return_exceptions=True)
        scheduler.shutdown(wait=False)


async def _do(jobs: set[asyncio.Task[None] | None], job: Callable[..., Awaitable[None]], *given: object) -> None:
    """Do a job that is waited for: the scheduler would cancel it at its end, and log that as an error. What the store
    cannot do now is done at the next waking.
    """
    task = asyncio.current_task()
    jobs.add(task)
    try:
        await job(*given)
    except StoreError as error:
        log.warning("%s", error)
    finally:
        jobs.discard(task)


async def renew_catalogue(sources: dict[str, Source], tools: Tools, news: News) -> None:
    """Take over a newer catalogue, when there is one: what is new in it is due at once."""
    newer = await asyncio.to_thread(news)
    if newer is None:
        return
    catalogue = tuple(newer)
    await asyncio.to_thread(tools.store.register, catalogue, now=tools.now())
    sources.clear()
    sources.update({source.name: source for source in catalogue})


async def regroup(tools: Tools) -> None:
    """Look at the groups of every source anew: time passes, and some have not met."""
    for status in await asyncio.to_thread(tools.store.sources):
        await asyncio.to_thread(tools.store.regroup, status.name, tools.now())


@dataclass(slots=True)
class Looked:
    """The version of the store that was looked at last, when, and until when the next time is put off."""

    version: int = -1
    at: datetime | None = None
    rest_until: datetime | None = None


async def match(tools: Tools, sources: Mapping[str, Source], last: Looked) -> None:
    """Find groups, and tell once what several sources tell, when something has changed. A tenth of the time at most is
    spent on it. Corrections whose time is over end here.
    """
    await asyncio.to_thread(tools.store.end_corrections, tools.now())
    version, began = await asyncio.to_thread(tools.store.data_version), perf_counter()
    if version == last.version or (last.rest_until and tools.now() < last.rest_until):
        return
    for status in await asyncio.to_thread(tools.store.sources):
        run = status.last_run
        if run and has_news(run) and (last.at is None or run.finished_at >= last.at):
            await asyncio.to_thread(tools.store.regroup, status.name, tools.now())
    last.at = tools.now()
    await asyncio.to_thread(tools.store.match, standings(sources.values()), tools.now())
    last.version = await asyncio.to_thread(tools.store.data_version)
    last.rest_until = tools.now() + timedelta(seconds=REST * (perf_counter() - began))


def standings(sources: Iterable[Source]) -> dict[str, Standing]:
    """Whose word each source's is; what the public suggested counts least."""
    told = {one.name: Standing(role=one.sieve.role, trust=one.sieve.trust, home=one.location.geo) for one in sources}
    return dict.fromkeys(SOURCES, Standing(role="aggregator", trust=0)) | told


async def roll_forward(tools: Tools) -> None:
    """Tell the dates of rules further ahead, and forget what is long over."""
    await asyncio.to_thread(tools.store.roll_forward, tools.now())
    await asyncio.to_thread(tools.store.prune, tools.now())
