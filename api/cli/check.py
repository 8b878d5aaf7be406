"""`hobnob check`: fetch a source once, write nothing, and show what was found, kept and dropped."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from rich.console import Console

from aggregator.collect.drafts import merge, to_events
from aggregator.collect.walk import Walk, Walked
from aggregator.errors import CatalogError, ParseError
from aggregator.fetch import Fetcher, NotModified, Tally
from aggregator.place.gazetteer import Gazetteer
from aggregator.sandbox import Sandbox
from aggregator.settings import Settings, load_settings
from aggregator.source import Request, Source
from api.cli.chosen import load_sources
from api.cli.init import require_contact
from sources.detect import Candidate, detect
from sources.load import source_at

SHOWN = 20


def check_source(name: str, catalogs: Sequence[Path] | None) -> int:
    """0 when something was kept, or the calendar is honestly empty; 1 when everything was dropped."""
    settings = load_settings()
    require_contact(settings)
    console = Console()
    source, walked = asyncio.run(_look(name, catalogs, settings, console))
    events, rejected = to_events(merge(walked.told), source, Gazetteer.open(settings.places))
    console.print(f"{len(events) + len(rejected)} found, {len(events)} kept, {len(rejected)} dropped", style="bold")
    for event in sorted(events.values(), key=lambda event: event.start_date.isoformat())[:SHOWN]:
        place = event.location.name or event.location.address.address_locality or "no place"
        console.print(
            f"  {event.start_date.isoformat()}  {event.name}  ({place}, {event.location.precision})", markup=False
        )
    for rejection in rejected[:SHOWN]:
        console.print(f"  dropped “{rejection.name}”: {rejection.reason}", style="red", markup=False)
    for gap in walked.gaps:
        console.print(f"  not whole: {gap}", style="yellow", markup=False)
    return 1 if rejected and not events else 0


async def _look(
    name: str, catalogs: Sequence[Path] | None, settings: Settings, console: Console
) -> tuple[Source, Walked]:
    async with Fetcher(settings) as fetcher, Sandbox(1) as sandbox:
        is_address = "://" in name
        ways = await _detect(name, fetcher, console) if is_address else (_find(name, settings, catalogs),)
        refusals = []
        for source in ways:
            walk = Walk(source=source, fetcher=fetcher, sandbox=sandbox, known={}, tally=Tally())
            try:
                return source, await walk.walk()
            except ParseError as error:
                refusals.append(f"{source.platform}: {error}")
        raise ParseError("; ".join(refusals) or f"{name}: no reader knows what this is")


def _find(name: str, settings: Settings, catalogs: Sequence[Path] | None) -> Source:
    for source in load_sources(settings, catalogs):
        if source.name == name:
            return source
    raise CatalogError(f"no source is called {name}; an address has :// in it")


async def _detect(url: str, fetcher: Fetcher, console: Console) -> tuple[Source, ...]:
    """A source for each platform that the page could be read with, best first."""
    page = await fetcher.fetch(Request(url=url))
    if isinstance(page, NotModified):
        raise ParseError(f"{url}: answers “not modified” to a first request")
    with ThreadPoolExecutor(max_workers=1) as thread:
        candidates = await asyncio.get_running_loop().run_in_executor(thread, lambda: tuple(detect(page)))
    for candidate in candidates:
        console.print(f"{candidate.platform}: {candidate.evidence}", markup=False)
    return tuple(map(_as_source, candidates, [url] * len(candidates)))


def _as_source(candidate: Candidate, url: str) -> Source:
    return source_at(url, candidate.platform)
