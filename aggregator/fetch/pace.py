"""Pace: one request at a time per host, with a pause after each, and a limit over all hosts."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field

from aggregator.errors import StatusError
from aggregator.fetch.target import Origin

PUBLIC_GAP = 2.0
MAX_CRAWL_DELAY = 60.0


@dataclass(slots=True)
class Host:
    """When a host may be asked next, on the monotonic clock, and what it asked of us."""

    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    free_at: float = 0.0
    crawl_delay: float = 0.0
    stopped_until: float = 0.0
    stopped_by: int = 429


@dataclass(slots=True)
class Visit:
    """What a host is owed: seconds until it may be asked, and for which it asked to be left alone, by which status."""

    wait: float = 0.0
    stop: float = 0.0
    stopped_by: int = 429


Visiting = Callable[[str], AbstractAsyncContextManager[Visit]]
"""One turn at a host over all machines: what is owed at its begin; at its end, what is told the next one."""


@asynccontextmanager
async def visit_alone(_host: str) -> AsyncIterator[Visit]:
    """For a program that is the only one: what it remembers itself is enough."""
    yield Visit()


class Pace:
    """`gap` is the seconds between two requests to an allowed network; a public host gets PUBLIC_GAP at least."""

    def __init__(
        self,
        slots: int,
        gap: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        visiting: Visiting = visit_alone,
    ) -> None:
        self._slots = asyncio.Semaphore(slots)
        self._gap = gap
        self._clock = clock
        self._sleep = sleep
        self._visiting = visiting
        self._hosts: dict[Origin, Host] = {}

    @asynccontextmanager
    async def turn(self, origin: Origin, is_public: Callable[[], bool]) -> AsyncIterator[None]:
        """Waits for the host first and for a slot last, so that a slow host takes no slot from others.

        `is_public` is asked at the end, when the address is known. StatusError while the host wants to be left alone.
        """
        host = self._host(origin)
        self._refuse_if_stopped(origin, host)
        async with host.turn, self._visiting(str(origin)) as visit:
            if visit.stop > 0:
                self.stop(origin, visit.stop, visit.stopped_by)
            self._refuse_if_stopped(origin, host)
            wait = max(host.free_at - self._clock(), visit.wait)
            if wait > 0:
                await self._sleep(wait)
            async with self._slots:
                try:
                    yield
                finally:
                    self._leave(host, visit, is_public=is_public())

    def _leave(self, host: Host, visit: Visit, *, is_public: bool) -> None:
        now, least = self._clock(), max(self._gap, PUBLIC_GAP) if is_public else self._gap
        visit.wait = max(least, host.crawl_delay)
        visit.stop, visit.stopped_by = max(host.stopped_until - now, 0.0), host.stopped_by
        host.free_at = now + visit.wait

    def slow_down(self, origin: Origin, crawl_delay: float) -> None:
        """Keeps robots.txt's Crawl-delay, up to a minute."""
        self._host(origin).crawl_delay = min(max(crawl_delay, 0.0), MAX_CRAWL_DELAY)

    def stop(self, origin: Origin, seconds: float, status: int) -> None:
        """No request to this host before that many seconds have gone."""
        host = self._host(origin)
        host.stopped_until = max(host.stopped_until, self._clock() + seconds)
        host.stopped_by = status

    def _host(self, origin: Origin) -> Host:
        return self._hosts.setdefault(origin, Host())

    def _refuse_if_stopped(self, origin: Origin, host: Host) -> None:
        left = host.stopped_until - self._clock()
        if left > 0:
            message = f"{origin}: asked to be left alone for another {left:.0f} s"
            raise StatusError(message, host.stopped_by, retry_after=left)
