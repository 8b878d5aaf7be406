"""Hobnob over the same pages, each a source of its own.

    python benchmarks/_collect_hobnob.py drafts FILE_WITH_ADDRESSES               # prints a Crawl as JSON
    python benchmarks/_collect_hobnob.py store FILE_WITH_ADDRESSES STORE          # prints two

`drafts` fetches and reads in guarded children. `store` is a whole run of each source into an empty store, and the run
after that, when nothing has changed.
"""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from _collect_crawl import NOW, SLOTS, Crawl, platform_of, processor_seconds

from aggregator.collect import Tools, collect
from aggregator.collect.walk import Walk
from aggregator.fetch import Fetcher, Tally
from aggregator.place.gazetteer import Gazetteer
from aggregator.run import Outcome
from aggregator.sandbox import Sandbox
from aggregator.settings import Settings
from aggregator.source import Source
from aggregator.store import open_store
from sources.load import source_at

Visit = Callable[[Source], Awaitable[int]]
"""One source; how many drafts or events it gave."""


def main() -> None:
    job, listed, *store = sys.argv[1:]
    sources = list(read_sources(Path(listed)))
    crawls = asyncio.run(read_drafts(sources) if job == "drafts" else fill_store(sources, *store))
    print("\n".join(one.to_json() for one in crawls))


def read_sources(listed: Path) -> Iterator[Source]:
    for number, url in enumerate(listed.read_text().split()):
        yield replace(source_at(url, platform_of(url)), name=f"source_{number}")


def settings_for(sources: Sequence[Source]) -> Settings:
    """Every host is at the port of this machine that its address names."""
    ends = {urlsplit(source.request.url).netloc for source in sources}
    port = next(iter(ends)).rpartition(":")[2]
    return Settings(
        connect=tuple(f"{end}=127.0.0.1:{port}" for end in ends),
        allow_networks=(f"127.0.0.1/32:{port}",),
        host_gap=0,
        fetch_slots=SLOTS,
    )


async def crawl(sources: Sequence[Source], visit: Visit) -> Crawl:
    """All of them, as many at once as there are slots."""
    places = asyncio.Semaphore(SLOTS)

    async def take(source: Source) -> int:
        async with places:
            return await visit(source)

    began, used = time.perf_counter(), processor_seconds()
    counts = await asyncio.gather(*map(take, sources))
    return Crawl(
        pages=len(sources),
        drafts=sum(counts),
        seconds=time.perf_counter() - began,
        processor=processor_seconds() - used,
    )


async def read_drafts(sources: Sequence[Source]) -> list[Crawl]:
    settings = settings_for(sources)
    async with Fetcher(settings) as fetcher, Sandbox(settings.parse_children) as sandbox:

        async def visit(source: Source) -> int:
            walked = await Walk(source=source, fetcher=fetcher, sandbox=sandbox, known={}, tally=Tally()).walk()
            assert not walked.gaps, walked.gaps
            return sum(len(told.drafts) for told in walked.told)

        return [await crawl(sources, visit)]


async def fill_store(sources: Sequence[Source], address: str) -> list[Crawl]:
    """At first, and a day later."""
    settings = settings_for(sources)
    gazetteer = Gazetteer.open()
    gazetteer.resolve("Visalia, CA")
    with open_store(address) as store, ThreadPoolExecutor(1) as writer:
        store.register(sources, now=NOW)
        async with Fetcher(settings) as fetcher, Sandbox(settings.parse_children) as sandbox:

            async def run(now: datetime) -> Crawl:
                tools = Tools(
                    store=store,
                    writer=writer,
                    fetcher=fetcher,
                    sandbox=sandbox,
                    gazetteer=gazetteer,
                    now=lambda: now,
                    settings=settings,
                )
                return await crawl(sources, lambda source: collect_one(source, tools))

            return [await run(NOW), await run(NOW + timedelta(days=1))]


async def collect_one(source: Source, tools: Tools) -> int:
    """As the schedule does it."""
    lease = tools.store.lease(source.name, tools.now(), owner="bench", ttl=timedelta(days=9))
    assert lease is not None
    collected = await collect(source, lease, tools)
    assert collected.run.outcome is Outcome.ACCEPTED, collected
    tools.store.finish(
        lease,
        next_due_at=tools.now() + source.every,
        last_full_fetch_at=tools.now() if collected.is_full else None,
    )
    return collected.run.kept


if __name__ == "__main__":
    main()
