"""The `hobnob` command: what can be asked of it; each command imports what it needs when it runs."""

import os
import sys
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated

import typer

from aggregator.errors import HobnobError
from api.cli.digest import digest_app
from api.cli.examining import doctor_app
from api.cli.matching import match_app
from api.cli.moving import add_moving
from api.cli.store import store_app
from api.cli.widget import widget_app
from api.cli.word import add_commands
from api.cli.working import work_

app = typer.Typer(
    name="hobnob",
    help="Finds the local events where people meet in person, and tells them by place and date.",
    add_completion=False,
    pretty_exceptions_enable=False,
)
sources_app = typer.Typer(help="Show the sources and their health; accept or reject what was held back.")
app.add_typer(sources_app, name="sources")
app.add_typer(doctor_app, name="doctor")
app.add_typer(match_app, name="match")
app.add_typer(digest_app, name="digest")
app.add_typer(widget_app, name="widget")
app.add_typer(store_app, name="store")

Near = Annotated[str | None, typer.Option(help="A town, a postcode, or latitude,longitude.")]
Within = Annotated[str | None, typer.Option(help="How far around it: 15mi, 25km.")]
Catalogs = Annotated[list[Path] | None, typer.Option("--catalog", help="A catalogue file; may be given again.")]
Names = Annotated[list[str] | None, typer.Argument(help="Names of sources; all that are due when none is given.")]
Port = Annotated[int | None, typer.Option(help="The port to listen on.", min=0, max=65535)]


def main() -> None:
    """Run a command. What a person can mend is one line on standard error and exit code 2; Ctrl-C ends it quietly."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal may not know every letter
    try:
        status = app(prog_name="hobnob", standalone_mode=False)
        sys.stdout.flush()
    except BrokenPipeError:
        # What is left is for nobody; the interpreter would complain when it flushes at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 1
    except (HobnobError, typer.TyperException, OSError) as error:
        sys.stderr.write(f"hobnob: {_explain(error)}\n")
        status = 2
    sys.exit(status)


def _explain(error: Exception) -> str:
    from api.cli.words import plain

    if isinstance(error, typer.TyperException):
        command = getattr(getattr(error, "ctx", None), "command_path", "hobnob")
        return f"{plain(error.format_message()).rstrip('.')}; see `{command} --help`"
    if isinstance(error, OSError) and error.filename is not None and error.strerror:
        return plain(f"{error.filename}: {error.strerror}")
    return plain(str(error))


def _show_version(is_asked: bool) -> None:
    if is_asked:
        from aggregator import __version__

        typer.echo(f"hobnob {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def _common(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", help="Say the version and stop.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    del version
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command()
def demo(
    port: Annotated[int, typer.Option(help="The port of the API.", min=0, max=65535)] = 8000,
    store: Annotated[str | None, typer.Option(help="Keep the store here; a temporary one otherwise.")] = None,
) -> None:
    """Show it all: invented organisations of a real town, collected and served on this machine."""
    from api.cli.demo import run_demo

    run_demo(port, store)


@app.command()
def init(
    contact: Annotated[
        str | None, typer.Option(help="Who runs this: an address or page site owners can reach.")
    ] = None,
    public_url: Annotated[str | None, typer.Option(help="Where people will reach this Hobnob.")] = None,
    place: Annotated[str | None, typer.Option(help="The place it serves, such as “Visalia, CA”.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a hobnob.toml that is there.")] = False,
) -> None:
    """Write hobnob.toml: asks for what the options do not say."""
    from api.cli.init import write_settings

    write_settings(contact, public_url, place, is_forced=force)


@app.command()
def run(catalog: Catalogs = None, near: Near = None, within: Within = None, port: Port = None) -> None:
    """Collect on a schedule and serve the API, each in a process of its own, until Ctrl-C."""
    from api.cli.run import run_both

    run_both(catalog, near, within, port)


@app.command()
def collect(
    names: Names = None,
    catalog: Catalogs = None,
    near: Near = None,
    within: Within = None,
    all_: Annotated[bool, typer.Option("--all", help="All sources, whether due or not.")] = False,
) -> None:
    """Run due sources once; exit 0 when all were accepted."""
    from api.cli.collect import collect_once

    raise typer.Exit(collect_once(names or [], catalog, near, within, is_all=all_))


@app.command()
def serve(port: Port = None) -> None:
    """Serve the API from the store."""
    from api.cli.serve import serve_api

    serve_api(port)


@app.command()
def schedule(catalog: Catalogs = None, near: Near = None, within: Within = None) -> None:
    """Collect on a schedule, without serving; on PostgreSQL, put what is due on the queue."""
    from api.cli.schedule import run_schedule

    run_schedule(catalog, near, within)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def events(
    context: typer.Context,
    near: Near = None,
    within: Within = None,
    when: Annotated[str | None, typer.Option(help="today, tonight, weekend, next_7_days, …")] = None,
    format_: Annotated[str, typer.Option("--format", help="table, json, ics, rss, geojson, csv or jsonld.")] = "table",
) -> None:
    """Ask for events as the API does; every other parameter of /v1/events is an option too (--kind chamber)."""
    from api.cli.events import show_events

    show_events({"near": near, "within": within, "when": when}, context.args, format_)


@app.command()
def check(
    name: Annotated[str, typer.Argument(help="A source's name, or an address.")], catalog: Catalogs = None
) -> None:
    """Fetch a source once and write nothing: show what was found, kept and dropped, and why."""
    from api.cli.check import check_source

    raise typer.Exit(check_source(name, catalog))


@app.command()
def add(
    addresses: Annotated[list[str], typer.Argument(help="Addresses of sites, or files with one address a line.")],
    catalog: Annotated[Path | None, typer.Option("--catalog", help="The catalogue file to write to.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Write without asking.")] = False,
) -> None:
    """Look at sites that are no source yet, show what they give, and write their rows."""
    from api.cli.add import add_sources

    raise typer.Exit(add_sources(addresses, catalog, is_yes=yes))


@app.command()
def platforms(format_: Annotated[str, typer.Option("--format", help="table or json.")] = "table") -> None:
    """List what can be read, and how."""
    from api.cli.platforms import show_platforms

    show_platforms(format_)


app.command("work")(work_)
add_moving(app)
add_commands(app)


@app.command()
def read(
    file: Annotated[str, typer.Argument(help="A saved page or feed, or - for standard input.")],
    url: Annotated[str | None, typer.Option(help="Where the page came from.")] = None,
    time_zone: Annotated[str | None, typer.Option(help="The zone of times that state none.")] = None,
    now: Annotated[str | None, typer.Option(help="The moment to read dates without a year at.")] = None,
    window: Annotated[str | None, typer.Option(help="START/END: only dates that overlap it.")] = None,
    format_: Annotated[str, typer.Option("--format", help="A platform's name, or auto.")] = "auto",
) -> None:
    """Read one saved page or feed; print one JSON object a line for each event."""
    from api.cli.read import print_events

    print_events(file, url=url, time_zone=time_zone, now=now, window=window, platform=format_)


@sources_app.callback(invoke_without_command=True)
def list_sources(
    context: typer.Context,
    format_: Annotated[str, typer.Option("--format", help="table or json.")] = "table",
) -> None:
    """Show each source: when it ran, what it gave, its health."""
    if context.invoked_subcommand is None:
        from api.cli.sources import show_sources

        show_sources(format_)


Run_ = Annotated[int | None, typer.Option("--run", help="The number of the run; the last held-back one otherwise.")]


@sources_app.command()
def accept(name: str, run_id: Run_ = None) -> None:
    """Apply what a held-back run found."""
    from api.cli.sources import accept_run

    accept_run(name, run_id)


@sources_app.command()
def pause(
    name: str,
    until: Annotated[str | None, typer.Option(help="A day; until it is resumed otherwise.")] = None,
) -> None:
    """Collect a source no more for a while."""
    from api.cli.sources import pause_source, with_store

    with_store(lambda store: pause_source(store, name, until))


@sources_app.command()
def resume(name: str) -> None:
    """Collect a source again, now."""
    from api.cli.sources import resume_source, with_store

    with_store(lambda store: resume_source(store, name))


@sources_app.command()
def remove(
    name: str,
    purge: Annotated[bool, typer.Option("--purge", help="Take away all that it told, and its runs.")] = False,
) -> None:
    """Switch a source off, or take it away as if it had never been."""
    from api.cli.sources import remove_source, with_store

    with_store(lambda store: remove_source(store, name, is_purged=purge))


@sources_app.command()
def veto(
    words: Annotated[str, typer.Argument(help="An organiser, a source or a host.")],
    reason: Annotated[str, typer.Option(help="Who asked, and when.")] = "the organiser asked",
    lift: Annotated[bool, typer.Option("--lift", help="Tell of it again.")] = False,
) -> None:
    """Tell nothing more of an organiser, whatever source tells of it."""
    from api.cli.sources import lift_veto, veto_words, with_store

    with_store(lambda store: lift_veto(store, words) if lift else veto_words(store, words, reason))


@sources_app.command()
def vetoes() -> None:
    """List what is told by nobody, and why."""
    from api.cli.sources import show_vetoes

    show_vetoes()


@sources_app.command()
def reject(name: str, run_id: Run_ = None) -> None:
    """Forget what a held-back run found."""
    from api.cli.sources import reject_run

    reject_run(name, run_id)
