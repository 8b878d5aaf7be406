"""`hobnob add`: look at sites that are no source yet, show what they give, and write their rows."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from aggregator.errors import CatalogError, HobnobError
from aggregator.event import Kind
from aggregator.settings import Settings, load_settings
from aggregator.source import Source
from aggregator.survey import Guess, Survey, Surveyor, survey, write_row
from api.cli.chosen import load_sources
from api.cli.init import require_contact
from api.cli.survey import known_of, open_surveyor
from api.cli.surveyed import report, tell_in_one_line
from api.cli.tools import now_in_utc
from sources.load import load

USUAL = Path("sources.toml")
"""Where rows are written when no file is named."""


def add_sources(addresses: Sequence[str], catalog: Path | None, *, is_yes: bool) -> int:
    """0 when every address gave a row that was written, 1 otherwise."""
    settings = load_settings()
    require_contact(settings)
    console = Console(highlight=False, markup=False, soft_wrap=True)
    path = catalog or (Path(settings.catalogs[0]) if settings.catalogs else USUAL)
    urls = [url for address in addresses for url in _urls_of(address)]
    known = load_sources(settings, [path] if path.exists() else None)
    surveys = asyncio.run(_survey_all(urls, settings, known, console))
    written = [_write(found, path, console, is_yes=is_yes) for found in surveys if found]
    if len(urls) > 1:
        console.print(f"{sum(written)} of {len(urls)} addresses gave a source", style="bold")
    return 0 if sum(written) == len(urls) else 1


def _urls_of(address: str) -> list[str]:
    """The address, or those of a file: one a line, # begins a comment."""
    if "://" in address:
        return [address]
    path = Path(address)
    if not path.is_file():
        return [f"https://{address}"]
    lines = (line.partition("#")[0].strip() for line in path.read_text("utf-8").splitlines())
    return [line if "://" in line else f"https://{line}" for line in lines if line]


async def _survey_all(
    urls: Sequence[str], settings: Settings, known: Sequence[Source], console: Console
) -> list[Survey | None]:
    """One after the other, each knowing those before it."""
    found: list[Survey | None] = []
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    is_shown = console.is_terminal
    async with open_surveyor(settings, known) as opened:
        surveyor = opened
        with Progress(*columns, console=console, transient=True, disable=not is_shown) as progress:
            task = progress.add_task("Looking", total=len(urls))
            for url in urls:
                progress.update(task, description=f"Looking at {url[:60]}")
                found.append(await _survey(url, surveyor, now_in_utc(), console))
                surveyor = _learn(surveyor, found[-1])
                progress.advance(task)
    return found


async def _survey(url: str, surveyor: Surveyor, now: datetime, console: Console) -> Survey | None:
    try:
        found = await survey(url, surveyor, now)
    except HobnobError as error:
        console.print(f"{url}: {error}", style="red")
        return None
    report(found, console)
    return found


def _learn(surveyor: Surveyor, found: Survey | None) -> Surveyor:
    if found is None or found.best is None:
        return surveyor
    (source,) = load(write_row(found), found.url)
    return replace(surveyor, known=(*surveyor.known, known_of(source)))


def _write(found: Survey, path: Path, console: Console, *, is_yes: bool) -> bool:
    """Whether a row was written. What could not be read leaves a stub beside the catalogue, for a person to mend."""
    if found.best is None:
        if found.stub is not None:
            stub = path.with_name(f"{found.guess.name}.stub.toml")
            stub.write_text(f"# {found.stub_why}\n{write_row(found)}", "utf-8")
            console.print(f"{found.url}: a recipe to mend is in {stub}; try it with hobnob check --catalog {stub}")
        return False
    guess = found.guess if is_yes else _ask(found, console)
    if guess is None:
        return False
    text = write_row(found, guess)
    _append(text, path)
    console.print(f"{tell_in_one_line(found)}\nWrote {guess.name} to {path}. Next: hobnob collect --catalog {path}")
    return True


def _append(text: str, path: Path) -> None:
    """CatalogError when the file would no longer be a catalogue; it is then left as it was."""
    before = path.read_text("utf-8") if path.exists() else ""
    whole = f"{before.rstrip()}\n\n{text}" if before.strip() else text
    load(whole, str(path))
    beside = path.with_name(f"{path.name}.new")
    beside.write_text(whole, "utf-8")
    beside.replace(path)


def _ask(found: Survey, console: Console) -> Guess | None:
    """The guess as a person mends it; None when they do not want the row."""
    console.print(f"\n{write_row(found)}")
    with suppress(typer.Abort):
        if typer.confirm("Write this row? (you may then mend name, kind and organiser)", default=True):
            guess = found.guess
            return replace(
                guess,
                name=typer.prompt("Name", default=guess.name),
                kind=_kind(typer.prompt("Kind", default=guess.kind.value)),
                organizer=typer.prompt("Organiser", default=guess.organizer or "") or None,
            )
    return None


def _kind(text: str) -> Kind:
    try:
        return Kind(text.strip().lower())
    except ValueError as error:
        raise CatalogError(f"kind “{text}” is none of {', '.join(Kind)}") from error
