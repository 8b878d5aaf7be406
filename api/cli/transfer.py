"""`hobnob export` and `hobnob import`: a town as one archive."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from aggregator import __version__
from aggregator.settings import load_settings
from aggregator.store import open_store
from aggregator.store.archive import (
    FORMAT,
    LISTINGS,
    MANIFEST,
    SOURCES,
    VETOES,
    Manifest,
    write_listing,
    write_manifest,
    write_source,
    write_veto,
)
from aggregator.store.archived_words import CORRECTIONS, HIDES, write_correction, write_hide
from aggregator.store.inbound import Taken
from aggregator.store.outbound import Snapshot
from api.cli.known import open_known_reader
from api.cli.own import CATALOGS, PLACES, OwnFile, own_files, plan_files, write_file
from api.cli.tools import now_in_utc
from api.cli.words import count
from api.cli.zipped import Members, open_town, write_zip

Advance = Callable[[], None]


def export_town(file: Path, catalogs: Sequence[Path] | None) -> None:
    """All of the store, and the operator's own files; the same store gives the same bytes."""
    settings = load_settings()
    files = own_files(settings, catalogs)
    with open_known_reader(settings.store) as store, store.snapshot() as town:
        manifest = _manifest(town, files)
        with _progress("Writing", manifest.counts.listings) as advance:
            write_zip(file, _members(town, manifest, files, advance))
    print(f"{file}: {_tell(manifest)}, {file.stat().st_size:,} bytes")


def import_town(file: Path, store: str | None, *, is_forced: bool) -> None:
    """All of it is read and checked before anything is written; then the store, in one transaction, then the files."""
    settings = load_settings(store=store)
    with open_town(file) as town:
        with _progress("Checking", town.manifest.counts.listings) as advance:
            town.watch(advance)
            town.check()
        files = plan_files(town.own_files(), is_forced=is_forced)
        with open_store(settings.store) as opened, _progress("Reading", town.manifest.counts.listings) as advance:
            town.watch(advance)
            taken = opened.take_in(town, now_in_utc())
    for own in files:
        write_file(own)
    for line in _report(file, taken, files):
        print(line)


def _manifest(town: Snapshot, files: Sequence[OwnFile]) -> Manifest:
    folders = [file.folder for file in files]
    counts = replace(town.counts(), catalogs=folders.count(CATALOGS), places=folders.count(PLACES))
    return Manifest(format=FORMAT, hobnob=__version__, moment=town.moment(), counts=counts)


def _members(town: Snapshot, manifest: Manifest, files: Sequence[OwnFile], advance: Advance) -> Members:
    yield MANIFEST, [write_manifest(manifest)]
    yield VETOES, map(write_veto, town.vetoes())
    yield SOURCES, map(write_source, town.sources())
    yield CORRECTIONS, map(write_correction, town.corrections())
    yield HIDES, map(write_hide, town.hides())
    yield LISTINGS, _write_listings(town, advance)
    for file in files:
        yield file.folder + file.name, [file.text.encode()]


def _write_listings(town: Snapshot, advance: Advance) -> Iterator[bytes]:
    for listing in town.listings():
        yield write_listing(listing)
        advance()


def _tell(manifest: Manifest) -> str:
    counts = manifest.counts
    told = f"{count(counts.listings, 'event')} of {count(counts.sources, 'source')}, {_vetoes(counts.vetoes)}"
    return f"{told}, {count(counts.catalogs + counts.places, 'file')} of yours"


def _report(file: Path, taken: Taken, files: Sequence[OwnFile]) -> Iterator[str]:
    """One line, and one for each thing that a person should know of."""
    told = f"{count(taken.new, 'new event')}, {taken.changed:,} changed, {count(taken.sources, 'new source')}"
    kept_away = f", {count(taken.vetoed, 'event')} vetoed" if taken.vetoed else ""
    yield f"{file}: {told}, {_vetoes(taken.vetoes)} more{kept_away}" if taken else f"{file}: nothing new{kept_away}"
    if taken.corrections:
        yield f"{count(taken.corrections, 'word')} of its editor taken over"
    if taken.gone:
        yield f"{count(taken.gone, 'event')} of this store went by its vetoes"
    if taken.left:
        yield f"left as they are, since they were collected here later: {', '.join(taken.left)}"
    if files:
        yield f"wrote {', '.join(own.name for own in files)}: name catalogues in `catalogs`, places in `places`"


def _vetoes(number: int) -> str:
    return f"{number:,} veto{'' if number == 1 else 'es'}"


@contextmanager
def _progress(doing: str, total: int) -> Iterator[Advance]:
    """A bar for a person who looks on; nothing for a file or another program."""
    console = Console(stderr=True)
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(doing, total=total)
        yield lambda: progress.advance(task)
