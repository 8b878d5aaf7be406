"""Serve the invented sites, collect them through the real pipeline, and answer questions about them."""

import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import uvicorn
from rich.console import Console

from aggregator.place.gazetteer import Gazetteer
from aggregator.settings import Settings, load_settings
from aggregator.source import Source
from aggregator.store import open_reader, open_store
from api.app import create_app
from api.cli.collect import collect_with_progress
from api.cli.demo.pages import site_maps
from api.cli.demo.site import serve_pages
from api.cli.demo.town import ZONE, Organisation, read_town
from api.cli.tools import now_in_utc
from sources.load import source_at

FIRST_QUERY = "http://127.0.0.1:{port}/v1/events?near=Visalia,+CA&within=15mi&when=next_7_days"


def run_demo(port: int, store: str | None) -> None:
    """Until Ctrl-C."""
    console = Console()
    console.print(
        "Hobnob's demo. The organisations and their events are [bold]invented[/]; the town, Visalia, CA, is real."
    )
    with _store_address(store) as address, _sites() as (sources, site_port):
        settings = _settings(address, port, site_port, sources)
        with open_store(address) as written:
            written.register(sources, now=now_in_utc())
            asyncio.run(collect_with_progress(sources, settings, written, console))
        _serve(settings, console)


def _serve(settings: Settings, console: Console) -> None:
    with open_reader(settings.store) as reader:
        app = create_app(reader, settings, Gazetteer.open())
        console.print(f"The API answers at http://127.0.0.1:{settings.port} (Ctrl-C ends it). Ask it first:")
        console.print(FIRST_QUERY.format(port=settings.port), soft_wrap=True, markup=False, highlight=False)
        uvicorn.run(app, host="127.0.0.1", port=settings.port, log_level="warning", access_log=False)


@contextmanager
def _sites() -> Iterator[tuple[tuple[Source, ...], int]]:
    town = read_town(datetime.now(ZONE).date())
    with serve_pages(dict(site_maps(town))) as port:
        yield tuple(map(_as_source, town)), port


def _as_source(organisation: Organisation) -> Source:
    options: dict[str, object] = {
        "kind": organisation.kind,
        "organizer": organisation.name,
        "time_zone": str(ZONE),
        "location": {"locality": "Visalia", "region": "CA", "country": "US"},
        "name": organisation.host.removesuffix(".example").replace(".", "_"),
        "fallbacks": [],
    }
    if organisation.rule:
        options |= {"rule": organisation.rule, "title": organisation.told["title"]}
    return source_at(organisation.url, organisation.platform, **options)


def _settings(address: str, port: int, site_port: int, sources: tuple[Source, ...]) -> Settings:
    """Exactly the demo's own server may be reached, under its organisations' host names."""
    hosts = {source.request.url.split("/")[2] for source in sources if source.request.url.startswith("http:")}
    return load_settings(
        store=address,
        port=port,
        contact="demo@hobnob.example",
        public_url=f"http://127.0.0.1:{port}",
        host_gap=0.0,
        allow_networks=(f"127.0.0.1/32:{site_port}",),
        connect=tuple(f"{host}:80=127.0.0.1:{site_port}" for host in sorted(hosts)),
    )


@contextmanager
def _store_address(store: str | None) -> Iterator[str]:
    if store is not None:
        yield store
        return
    with tempfile.TemporaryDirectory(prefix="hobnob-demo-") as folder:
        yield str(Path(folder) / "hobnob.db")
