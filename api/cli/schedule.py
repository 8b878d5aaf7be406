"""`hobnob schedule`: collect what is due, or on PostgreSQL put it on the queue, until it is told to stop."""

import asyncio
import logging
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from aggregator import schedule
from aggregator.settings import Settings, load_settings
from aggregator.source import Source
from aggregator.store import open_store
from aggregator.store.database import is_postgres
from aggregator.store.store import Store
from api.cli.chosen import choose_sources
from api.cli.course import metrics_served
from api.cli.init import require_contact
from api.cli.logs import log_to_stderr
from api.cli.post import open_post
from api.cli.signals import stop_of_loop
from api.cli.tools import give_way, now_in_utc, open_tools
from api.cli.tracing import traced
from api.cli.watch import Watch

log = logging.getLogger("hobnob.cli")


def run_schedule(catalogs: Sequence[Path] | None, near: str | None, within: str | None) -> None:
    """Until Ctrl-C or SIGTERM; a second one does not wait for the runs that are under way."""
    settings = load_settings()
    require_contact(settings)
    log_to_stderr(settings)
    give_way()
    catalogue = choose_sources(settings, catalogs, near, within)
    with traced(), metrics_served(settings), open_store(settings.store) as store:
        store.register(catalogue, now=now_in_utc())
        log.info("collecting from %d sources", len(catalogue))
        paths = catalogs or [Path(path) for path in settings.catalogs]
        watch = Watch(paths, partial(choose_sources, settings, catalogs, near, within))
        asyncio.run(_tick(catalogue, settings, store, watch))


async def _tick(catalogue: Sequence[Source], settings: Settings, store: Store, watch: Watch) -> None:
    stop = stop_of_loop()
    is_shared = is_postgres(settings.store)
    async with open_tools(settings, store, reads_pages=not is_shared) as tools:
        if is_shared:
            from api.cli.ticking import tick_alone

            await tick_alone(catalogue, tools, settings, stop, watch.news)
        else:
            async with open_post(settings, tools.gazetteer, now_in_utc, stop.is_set) as also:
                await schedule.run_schedule(catalogue, tools, settings.fetch_slots, stop, watch.news, also)
