"""What the commands that collect work with, opened together and closed together."""

import os
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from functools import partial

from aggregator.collect import Tools
from aggregator.fetch import Fetcher
from aggregator.fetch.pace import Visiting, visit_alone
from aggregator.place.gazetteer import Gazetteer
from aggregator.place.geocode import Geocoder, census, nominatim
from aggregator.sandbox import Sandbox
from aggregator.settings import Settings
from aggregator.source import Page, Request
from aggregator.store.database import is_postgres
from aggregator.store.store import Store

PROVIDERS = {"nominatim": nominatim, "census": census}


def now_in_utc() -> datetime:
    """The clock on the wall."""
    return datetime.now(UTC)


@asynccontextmanager
async def open_tools(settings: Settings, store: Store, *, reads_pages: bool = True) -> AsyncIterator[Tools]:
    """Children are started and sockets opened here, and gone when the block ends; no children for who reads no page."""
    async with AsyncExitStack() as stack:
        visiting = await stack.enter_async_context(_open_visiting(settings.store))
        fetcher = await stack.enter_async_context(Fetcher(settings, visiting=visiting))
        yield Tools(
            store=store,
            writer=stack.enter_context(ThreadPoolExecutor(max_workers=1, thread_name_prefix="writer")),
            fetcher=fetcher,
            sandbox=await stack.enter_async_context(Sandbox(settings.parse_children if reads_pages else 0)),
            gazetteer=Gazetteer.open(settings.places),
            now=now_in_utc,
            geocoder=make_geocoder(settings, store, fetcher),
            settings=settings,
        )


@asynccontextmanager
async def _open_visiting(address: str) -> AsyncIterator[Visiting]:
    """Where several machines may collect, a host has one visitor at a time over all of them."""
    if not is_postgres(address):
        yield visit_alone
        return
    from aggregator.store.postgres.visits import open_visits
    from api.cli.visiting import visit

    async with open_visits(address) as visits:
        yield partial(visit, visits)


def make_geocoder(settings: Settings, store: Store, fetcher: Fetcher) -> Geocoder | None:
    """The one that the operator turned on, behind the same guarded door as everything; None when it is off."""
    if settings.geocoder == "off":
        return None
    provider = PROVIDERS[settings.geocoder]

    async def fetch(request: Request) -> bytes:
        answer = await fetcher.fetch(request)
        return answer.body if isinstance(answer, Page) else b""

    at = (settings.geocoder_url,) if settings.geocoder_url else ()
    return Geocoder(fetch, store.geocodes(now_in_utc), provider(*at))


def give_way() -> None:
    """Let others on this machine go first, for as long as this process lives; so do the children that it starts.

    Beside a full collect the API's p99 was five to sixteen times its idle one, and is up to 1.2 times so.
    """
    os.nice(10)
