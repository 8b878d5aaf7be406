"""`hobnob check`: fetch a source once, write nothing, and show what was found, kept and dropped."""

import asyncio
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from aggregator.collect.drafts import merge, to_events
from aggregator.collect.walk import Walk, Walked
from aggregator.errors import CatalogError, HobnobError, ParseError
from aggregator.event import Event, starts_at
from aggregator.fetch import Fetcher, NotModified, Tally
from aggregator.fetch.fetcher import now_in_utc
from aggregator.place.gazetteer import Gazetteer
from aggregator.run import Rejection
from aggregator.sandbox import Sandbox
from aggregator.settings import Settings, load_settings
from aggregator.source import Request, Source, dated
from api.cli.chosen import load_sources
from api.cli.init import require_contact
from api.cli.words import count, plain
from sources.detect import detect
from sources.load import source_at

SHOWN = 20
"""How many of the kept events are shown; what was dropped is shown whole."""


def check_source(name: str, catalogs: Sequence[Path] | None) -> int:
    """0 when something was kept, or the calendar is honestly empty; 1 when everything was dropped."""
    settings = load_settings()
    require_contact(settings)
    console = Console(highlight=False, markup=False, soft_wrap=True)
    source, walked = asyncio.run(_look(name, catalogs, settings, console))
    events, rejected = to_events(merge(walked.told), source, Gazetteer.open(settings.places))
    _show(events, rejected, walked.gaps, console)
    return 1 if rejected and not events else 0


def _show(events: Mapping[str, Event], rejected: Sequence[Rejection], gaps: Sequence[str], console: Console) -> None:
    found = len(events) + len(rejected)
    console.print(f"{found} found, {len(events)} kept, {len(rejected)} dropped", style="bold")
    for event in sorted(events.values(), key=lambda event: starts_at(event.start_date, event.time_zone))[:SHOWN]:
        console.print(f"  {_line(event)}")
    if len(events) > SHOWN:
        console.print(f"  … and {count(len(events) - SHOWN, 'event')} later")
    for rejection in rejected:
        console.print(f"  dropped “{plain(rejection.name)}”: {plain(rejection.reason)}", style="red")
    for gap in gaps:
        console.print(f"  not whole: {plain(gap)}", style="yellow")


def _line(event: Event) -> str:
    when = f"{event.start_date:%a %Y-%m-%d}" if event.is_all_day else f"{event.start_date:%a %Y-%m-%d %H:%M}"
    place = event.location.name or event.location.address.address_locality or "no place"
    notes = plain(", ".join((place, event.location.precision, *event.doubts)))
    return f"{when}  {plain(event.name)}  ({notes})"


async def _look(
    name: str, catalogs: Sequence[Path] | None, settings: Settings, console: Console
) -> tuple[Source, Walked]:
    """What the first way gives that can be read; its fallbacks come after a source, as when it is collected."""
    async with Fetcher(settings) as fetcher, Sandbox(1) as sandbox:
        ways = await _detect(name, fetcher, console) if "://" in name else _find(name, settings, catalogs)
        refusals = []
        for way in ways:
            source = replace(way, request=dated(way.request, now_in_utc()))
            walk = Walk(source=source, fetcher=fetcher, sandbox=sandbox, known={}, tally=Tally())
            try:
                return source, await walk.walk()
            except HobnobError as error:
                refusals.append(f"{source.platform}: {error}")
        raise ParseError("; ".join(refusals) or f"{name}: no reader knows what this is")


def _find(name: str, settings: Settings, catalogs: Sequence[Path] | None) -> tuple[Source, ...]:
    for source in load_sources(settings, catalogs):
        if source.name == name:
            return source, *source.fallbacks
    raise CatalogError(f"no source is called {name}; an address has :// in it")


async def _detect(url: str, fetcher: Fetcher, console: Console) -> tuple[Source, ...]:
    """A source for each platform that the page could be read with, best first."""
    page = await fetcher.fetch(Request(url=url))
    if isinstance(page, NotModified):
        raise ParseError(f"{url}: answers “not modified” to a first request")
    with ThreadPoolExecutor(max_workers=1) as thread:
        candidates = await asyncio.get_running_loop().run_in_executor(thread, lambda: tuple(detect(page)))
    for candidate in candidates:
        console.print(f"{candidate.platform}: {plain(candidate.evidence)}")
    return tuple(source_at(candidate.url, candidate.platform) for candidate in candidates)
