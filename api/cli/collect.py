"""`hobnob collect`: run sources once, with progress."""

import asyncio
import contextlib
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.text import Text

from aggregator.errors import CatalogError
from aggregator.run import Outcome, Run
from aggregator.schedule import Report, collect_now
from aggregator.settings import Settings, load_settings
from aggregator.source import Source
from aggregator.store import open_store
from aggregator.store.store import Store
from api.cli.chosen import choose_sources
from api.cli.init import require_contact
from api.cli.logs import log_to_stderr
from api.cli.signals import stop_on_sigterm
from api.cli.tools import give_way, now_in_utc, open_tools
from api.cli.words import count, plain

COLOURS = {Outcome.ACCEPTED: "green", Outcome.QUARANTINED: "magenta", Outcome.PARTIAL: "yellow", Outcome.FAILED: "red"}


def collect_once(
    names: Sequence[str], catalogs: Sequence[Path] | None, near: str | None, within: str | None, *, is_all: bool
) -> int:
    """0 when every run was accepted, 1 otherwise."""
    settings = load_settings()
    require_contact(settings)
    log_to_stderr(settings, "warning")
    stop_on_sigterm()
    give_way()
    console = Console(stderr=True)
    catalogue = choose_sources(settings, catalogs, near, within)
    with open_store(settings.store) as store:
        store.register(catalogue, now=now_in_utc(), is_whole=False)
        chosen = _choose(catalogue, names, store, is_all=is_all)
        if not chosen:
            console.print(f"None of {count(len(catalogue), 'source')} is due; --all runs them all the same.")
        runs = asyncio.run(collect_with_progress(chosen, settings, store, console, catalogue))
    return 0 if all(run is not None and run.outcome is Outcome.ACCEPTED for run in runs) else 1


async def collect_with_progress(
    chosen: Sequence[Source],
    settings: Settings,
    store: Store,
    console: Console,
    catalogue: Sequence[Source] = (),
) -> list[Run | None]:
    """Each source's line as it ends, and how many are left."""
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("Collecting", total=len(chosen))
        report = _reporter(progress, task, chosen)
        async with open_tools(settings, store) as tools:
            runs = await collect_now(chosen, tools, settings.fetch_slots, report, catalogue)
    for source, run in zip(chosen, runs, strict=True):
        if run is None:
            console.print(f"{'left out':11}  {source.name}: another collector is at it", highlight=False, markup=False)
    return runs


def describe(source: Source, run: Run, name_width: int, platform_width: int) -> Text:
    """One line for a person: what the source gave, and why not more; names are padded to these widths."""
    counts = ", ".join(f"{number:,} {word}" for number, word in _counts(run) if number) or "nothing new"
    return Text.assemble(
        (f"{run.outcome:11}", COLOURS[run.outcome]),
        f"  {source.name:{name_width}}  {source.platform:{platform_width}}  {count(run.kept, 'event')}: {counts}",
        f" - {plain(run.reason)}" if run.reason else "",
    )


def _counts(run: Run) -> list[tuple[int, str]]:
    return [
        (run.new, "new"),
        (run.changed, "changed"),
        (run.cancelled, "cancelled"),
        (run.unseen, "not seen"),
        (run.withdrawn, "withdrawn"),
        (len(run.rejected), "dropped"),
    ]


def _reporter(progress: Progress, task: TaskID, chosen: Sequence[Source]) -> Report:
    widths = [max((len(word) for word in words), default=0) for words in zip(*map(_words, chosen), strict=True)]

    def report(source: Source, run: Run) -> None:
        with contextlib.suppress(BrokenPipeError):
            progress.console.print(describe(source, run, *widths), soft_wrap=True)
        progress.advance(task)

    return report


def _words(source: Source) -> tuple[str, str]:
    return source.name, source.platform


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
