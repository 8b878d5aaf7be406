"""`hobnob run`, `serve` and `schedule`: the collector and the API, each a process of its own."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from aggregator.errors import CatalogError
from aggregator.place.gazetteer import Gazetteer
from aggregator.settings import Settings, load_settings
from aggregator.source import Source
from aggregator.store import open_reader, open_store
from api.cli.init import require_contact

STOP_SECONDS = 20
Child = subprocess.Popen[bytes]


def run_both(catalogs: Sequence[Path] | None, near: str | None, within: str | None, port: int | None) -> None:
    """Start both; when one ends, or on Ctrl-C or SIGTERM, stop the other."""
    settings = load_settings()
    require_contact(settings)
    if not _choose(settings, catalogs, near, within):
        raise CatalogError("there is no source in reach: name a file (--catalog) or a place (--near, --within)")
    with open_store(settings.store):
        pass
    choice = [*(f"--catalog={path}" for path in catalogs or ()), *_option("near", near), *_option("within", within)]
    with _child("schedule", *choice) as collector, _child("serve", *_option("port", port)) as server:
        _wait_for_either(collector, server)


def serve_api(port: int | None) -> None:
    """The API, from the store."""
    import uvicorn

    from api.app import create_app

    settings = load_settings(port=port)
    with open_reader(settings.store) as store:
        app = create_app(store, settings, Gazetteer.open(settings.places))
        uvicorn.run(
            app, host=settings.host, port=settings.port, access_log=False, proxy_headers=False, server_header=False
        )


def run_schedule(catalogs: Sequence[Path] | None, near: str | None, within: str | None) -> None:
    """Collect what is due, until SIGTERM or Ctrl-C."""
    from api.cli.tools import log_to_stderr, now_in_utc

    settings = load_settings()
    require_contact(settings)
    log_to_stderr(settings)
    catalogue = _choose(settings, catalogs, near, within)
    with open_store(settings.store) as store:
        store.register(catalogue, now=now_in_utc())
        asyncio.run(_schedule(catalogue, settings, store))


async def _schedule(catalogue: Sequence[Source], settings: Settings, store: object) -> None:
    from aggregator.schedule import run_schedule as tick
    from aggregator.store.store import Store
    from api.cli.tools import open_tools

    assert isinstance(store, Store)  # noqa: S101
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with open_tools(settings, store) as tools:
        await tick(catalogue, tools, settings.fetch_slots, stop)


def _choose(
    settings: Settings, catalogs: Sequence[Path] | None, near: str | None, within: str | None
) -> tuple[Source, ...]:
    from api.cli.chosen import choose_sources

    return choose_sources(settings, catalogs, Gazetteer.open(settings.places), near, within)


def _option(name: str, value: object) -> list[str]:
    return [] if value is None else [f"--{name}={value}"]


@contextmanager
def _child(*command: str) -> Iterator[Child]:
    """A `hobnob` of this very installation, wherever it is run from: -P keeps the folder's own `api` out."""
    child = subprocess.Popen([sys.executable, "-P", "-m", "api.cli", *command])  # noqa: S603 - our own program
    try:
        yield child
    finally:
        child.terminate()
        try:
            child.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _wait_for_either(*children: Child) -> None:
    """Returns on a signal; exits with the status of a child that ended by itself."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        while all(child.poll() is None for child in children):
            signal.sigtimedwait({signal.SIGCHLD}, 1)
    except KeyboardInterrupt:
        return
    ended = next(child for child in children if child.poll() is not None)
    sys.exit(ended.returncode or 1)
