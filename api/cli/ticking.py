"""`hobnob schedule` on PostgreSQL: one at a time ticks, over all machines, and workers do what it puts on the queue."""

import asyncio
import logging
from collections.abc import Sequence
from functools import partial

from aggregator.collect import Tools
from aggregator.queue import Queue, install, open_line
from aggregator.queue.put import FORGET_SECONDS
from aggregator.schedule import Job, News, keep_time
from aggregator.settings import Settings
from aggregator.source import Source
from aggregator.store.database import TICKING_LOCK
from aggregator.store.postgres.alone import held
from api.cli.post import WAKE_SECONDS
from api.digest.sender import has_sender

log = logging.getLogger("hobnob.cli")


async def tick_alone(
    catalogue: Sequence[Source], tools: Tools, settings: Settings, stop: asyncio.Event, news: News
) -> None:
    """Wait until nobody else ticks, tick until `stop` or until the claim is lost, and wait again."""
    await install(settings.store)
    by_name = {source.name: source for source in catalogue}
    while not stop.is_set():
        log.info("waiting to be the one that ticks")
        async with held(settings.store, TICKING_LOCK, stop) as over, open_line(settings.store, over) as line:
            if over.is_set():
                continue
            log.info("this scheduler ticks")
            queue = Queue(line)
            also = [Job(seconds=FORGET_SECONDS, do=queue.forget)]
            if has_sender(settings):
                also.append(Job(seconds=WAKE_SECONDS, do=queue.put_letters))
            await keep_time(by_name, tools, partial(queue.put_due, tools), over, news=news, also=also)
