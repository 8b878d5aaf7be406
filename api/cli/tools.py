"""What the commands that collect work with, opened together and closed together."""

import logging
import sys
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime

from aggregator.collect import Tools
from aggregator.fetch import Fetcher
from aggregator.place.gazetteer import Gazetteer
from aggregator.sandbox import Sandbox
from aggregator.settings import Settings
from aggregator.store.store import Store


def now_in_utc() -> datetime:
    """The clock on the wall."""
    return datetime.now(UTC)


@asynccontextmanager
async def open_tools(settings: Settings, store: Store) -> AsyncIterator[Tools]:
    """Children are started and sockets opened here, and gone when the block ends."""
    async with AsyncExitStack() as stack:
        yield Tools(
            store=store,
            writer=stack.enter_context(ThreadPoolExecutor(max_workers=1, thread_name_prefix="writer")),
            fetcher=await stack.enter_async_context(Fetcher(settings)),
            sandbox=await stack.enter_async_context(Sandbox(settings.parse_children)),
            gazetteer=Gazetteer.open(settings.places),
            now=now_in_utc,
        )


def log_to_stderr(settings: Settings) -> None:
    """Lines of Hobnob's own and warnings of its libraries."""
    logging.basicConfig(
        stream=sys.stderr, level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    logging.getLogger("hobnob").setLevel(settings.log_level.upper())
