"""`hobnob collect`: run sources once, with progress."""

import asyncio
import contextlib
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from aggregator.errors import CatalogError
from aggregator.place.gazetteer import Gazetteer
from aggregator.run import Outcome, Run
from aggregator.schedule import Report, collect_now
from aggregator.settings import Settings, load_settings
from aggregator.source import Source
from aggregator.store import open_store
from aggregator.store.store import Store
from api.cli.chosen import choose_sources
from api.cli.init import require_contact
from api.cli.tools import log_to_stderr, now_in_utc, open_tools

COLOURS = {Outcome.ACCEPTED: "green", Outcome.QUARANTINED: "magenta", Outcome.PARTIAL: "yellow", Outcome.FAILED: "red"}


def collect_once(
    names: Sequence[str], catalogs: Sequence[Path] | None, near: str | None, within: str | None, *, is_all: bool
) -> int:
    """0 when every run was accepted, 1 otherwise."""
    settings = load_settings()
    require_contact(settings)
    log_to_stderr(settings)
    catalogue = choose_sources(settings, catalogs, Gazetteer.open(settings.places), near, within)
    with open_store(settings.store) as store:
        store.register(catalogue, now=now_in_utc())
        chosen = _choose(catalogue, names, store, is_all=is_all)
        runs = asyncio.run(collect_with_progress(chosen, settings, store, Console(stderr=True)))
    return 0 if all(run is not None and run.outcome is Outcome.ACCEPTED for run in runs) else 1


async def collect_with_progress(
    chosen: Sequence[Source], settings: Settings, store: Store, console: Console
) -> list[Run | None]:
    """Each source's line as it ends, and how many are left."""
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("Collecting", total=len(chosen))
        report = _reporter(progress, task)
        async with open_tools(settings, store) as tools:
            return await collect_now(chosen, tools, settings.fetch_slots, report)


def describe(run: Run) -> str:
    """One line for a person: what the source gave, and why not more."""
    colour = COLOURS[run.outcome]
    counts = ", ".join(f"{count} {word}" for count, word in _counts(run) if count) or "nothing new"
    reason = f" - {run.reason}" if run.reason else ""
    return f"[{colour}]{run.outcome:11}[/] {run.source}: {run.kept} events ({counts}){reason}"


def _counts(run: Run) -> list[tuple[int, str]]:
    return [
        (run.new, "new"),
        (run.changed, "changed"),
        (run.cancelled, "cancelled"),
        (run.unseen, "not seen"),
        (run.withdrawn, "withdrawn"),
        (len(run.rejected), "dropped"),
    ]


def _reporter(progress: Progress, task: object) -> Report:
    def report(source: Source, run: Run) -> None:
        del source
        with contextlib.suppress(BrokenPipeError):
            progress.console.print(describe(run), highlight=False, soft_wrap=True)
        progress.advance(task)  # type: ignore[arg-type]

    return report


def _choose(catalogue: Sequence[Source], names: Sequence[str], store: Store, *, is_all: bool) -> tuple[Source, ...]:
    """The named ones, else all, else those that are due."""
    known = {source.name: source for source in catalogue}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise CatalogError(f"no source is called {', '.join(unknown)}; `hobnob sources` lists them")
    if names:
        return tuple(known[name] for name in names)
    if is_all:
        return tuple(catalogue)
    now = now_in_utc()
    due = {status.name for status in store.sources() if status.enabled and status.next_due_at <= now}
    return tuple(source for source in catalogue if source.name in due)
