"""`hobnob work`: collect what is on the queue, until it is told to stop."""

import asyncio
import logging
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from aggregator.errors import SettingsError
from aggregator.queue import Worker, install, open_line
from aggregator.schedule import NEWS_SECONDS, News
from aggregator.settings import Settings, load_settings
from aggregator.source import Source
from aggregator.store import open_store
from aggregator.store.database import is_postgres
from aggregator.store.store import Store
from api.cli.chosen import load_sources
from api.cli.course import metrics_served
from api.cli.init import require_contact
from api.cli.logs import log_to_stderr
from api.cli.post import open_post
from api.cli.signals import stop_of_loop
from api.cli.tools import give_way, now_in_utc, open_tools
from api.cli.tracing import traced
from api.cli.watch import Watch

log = logging.getLogger("hobnob.cli")


def run_work(catalogs: Sequence[Path] | None, slots: int | None) -> None:
    """Until Ctrl-C or SIGTERM; a second one does not wait for what is under way."""
    settings = load_settings()
    require_contact(settings)
    if not is_postgres(settings.store):
        raise SettingsError("work is shared out on PostgreSQL only (HOBNOB_STORE); `hobnob run` collects by itself")
    log_to_stderr(settings)
    give_way()
    load = partial(load_sources, settings, catalogs)
    watch = Watch(catalogs or [Path(path) for path in settings.catalogs], load)
    with traced(), metrics_served(settings), open_store(settings.store) as store:
        asyncio.run(_work({source.name: source for source in load()}, settings, store, watch.news, slots))


async def _work(sources: dict[str, Source], settings: Settings, store: Store, news: News, slots: int | None) -> None:
    stop = stop_of_loop()
    await install(settings.store)
    async with (
        open_tools(settings, store) as tools,
        open_post(settings, tools.gazetteer, now_in_utc, stop.is_set) as also,
        open_line(settings.store, stop) as line,
    ):
        log.info("working on what is due of %d sources", len(sources))
        renewal = asyncio.create_task(_renew(sources, news))
        worker = Worker(sources, tools, next((job.do for job in also), None))
        await worker.work(line, slots or max(2, settings.fetch_slots), stop)
        renewal.cancel()


async def _renew(sources: dict[str, Source], news: News) -> None:
    """The scheduler knows the catalogue's rows; who works only needs to know how to read them."""
    while True:
        await asyncio.sleep(NEWS_SECONDS)
        newer = await asyncio.to_thread(news)
        if newer is not None:
            sources.clear()
            sources.update({source.name: source for source in newer})
