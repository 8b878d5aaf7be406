"""Serve the invented sites, collect them through the real pipeline, and answer questions about them."""

import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path

from rich.console import Console

from aggregator.errors import StoreError
from aggregator.place.gazetteer import Gazetteer
from aggregator.settings import Settings, load_settings
from aggregator.source import Source
from aggregator.store import open_store
from aggregator.store.store import Store
from aggregator.suggest import SOURCES
from api.app import create_app
from api.cli.collect import collect_with_progress
from api.cli.demo.pages import site_maps
from api.cli.demo.site import serve_pages
from api.cli.demo.town import ZONE, Organisation, read_town
from api.cli.inbox import StoreInbox
from api.cli.serve import address_of, listen, serve
from api.cli.signals import stop_on_sigterm
from api.cli.tools import now_in_utc
from sources.load import source_at

GREETING = "Hobnob's demo: invented organisations and events, in a real town, Visalia, CA."
FIRST_QUERY = "{address}/v1/events?near=Visalia,+CA&within=15mi&when=next_7_days"


def run_demo(port: int, store: str | None) -> None:
    """Until Ctrl-C or SIGTERM, which end it quietly whatever it is at."""
    stop_on_sigterm()
    with suppress(KeyboardInterrupt), listen("127.0.0.1", port) as listener, _store_address(store) as address:
        console, api = Console(soft_wrap=True, highlight=False), address_of(listener)
        console.print(GREETING)
        with _sites() as (sources, site_port), open_store(address) as kept:
            settings = _settings(address, api, site_port, sources)
            _refuse_others(kept, sources, address)
            kept.register(sources, now=now_in_utc())
            asyncio.run(collect_with_progress(sources, settings, kept, console))
            console.print(f"Open {api}/ in a browser.")
            console.print(f"The API answers at {api} until you press Ctrl-C. Ask it first:")
            console.print(FIRST_QUERY.format(address=api), markup=False)
            with closing(StoreInbox(address)) as inbox:
                serve(create_app(kept, settings, Gazetteer.open(settings.places), inbox=inbox), listener, kept)


def _refuse_others(kept: Store, sources: tuple[Source, ...], address: str) -> None:
    """Invented events are not mixed with real ones."""
    if {status.name for status in kept.sources()} - {source.name for source in sources} - {*SOURCES}:
        raise StoreError(f"{address}: holds other sources than the demo's; give the demo a store of its own")


@contextmanager
def _sites() -> Iterator[tuple[tuple[Source, ...], int]]:
    town = read_town(datetime.now(ZONE).date())
    with serve_pages(dict(site_maps(town))) as port:
        yield tuple(map(as_source, town)), port


def as_source(organisation: Organisation) -> Source:
    """Its row of a catalogue."""
    options: dict[str, object] = {
        "kind": organisation.kind,
        "organizer": organisation.name,
        "time_zone": str(ZONE),
        "location": {"locality": "Visalia", "region": "CA", "country": "US"},
        "name": organisation.host.removesuffix(".example").replace(".", "_"),
        "fallbacks": [],
    }
    if "recipe" in organisation.told:
        options["recipe"] = organisation.told["recipe"]
    if organisation.rule:
        options |= {"rule": organisation.rule, "title": organisation.told["title"]}
    return source_at(organisation.url, organisation.platform, **options)


def _settings(address: str, api: str, site_port: int, sources: tuple[Source, ...]) -> Settings:
    """Exactly the demo's own server may be reached, under its organisations' host names."""
    hosts = {source.request.url.split("/")[2] for source in sources if source.request.url.startswith("http:")}
    return load_settings(
        store=address,
        contact="demo@hobnob.example",
        place="Visalia, CA",
        public_url=api,
        host_gap=0.0,
        suggestions=True,
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
