"""Robots: what a site lets programs read (RFC 9309)."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from protego import Protego

from aggregator.errors import AddressRefusedError, FetchError, RobotsRefusedError
from aggregator.fetch.exchange import Budget, Exchange, Question, Reply
from aggregator.fetch.pace import Pace
from aggregator.fetch.result import Tally
from aggregator.fetch.target import Origin, Target, read_redirect, read_target

PRODUCT = "Hobnob"
MAX_HOPS = 5
READ_BYTES = 500 * 1024
KEEP_SECONDS = 86_400.0
KEEP_UNREACHABLE_SECONDS = 300.0
"""A site whose robots.txt cannot be had is not asked for it again for each page of a run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What one authority says. `refusal` is why nothing at all may be fetched."""

    parsed: Protego
    fresh_until: float
    refusal: str | None = None


@dataclass(slots=True)
class Authority:
    """Its rules once they are known; the lock lets one fetch ask for them and the others wait."""

    asking: asyncio.Lock = field(default_factory=asyncio.Lock)
    rules: Rules | None = None


class Robots:
    """Rules by authority, at most a day old."""

    def __init__(
        self, exchange: Exchange, pace: Pace, deadline: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._exchange = exchange
        self._pace = pace
        self._deadline = deadline
        self._clock = clock
        self._authorities: dict[Origin, Authority] = {}

    async def check(self, target: Target, tally: Tally) -> None:
        """RobotsRefusedError when `target` may not be fetched; its Crawl-delay is kept from here on."""
        rules = await self._rules(target.origin, tally)
        if rules.refusal:
            raise RobotsRefusedError(f"{target.url}: {rules.refusal}")
        if not rules.parsed.can_fetch(target.url, PRODUCT):
            raise RobotsRefusedError(f"{target.url}: {target.origin}/robots.txt disallows it")

    async def _rules(self, origin: Origin, tally: Tally) -> Rules:
        authority = self._authorities.setdefault(origin, Authority())
        async with authority.asking:
            if authority.rules is None or authority.rules.fresh_until <= self._clock():
                authority.rules = await self._ask(origin, tally)
                self._pace.slow_down(origin, authority.rules.parsed.crawl_delay(PRODUCT) or 0.0)
            return authority.rules

    async def _ask(self, origin: Origin, tally: Tally) -> Rules:
        now = self._clock()
        try:
            reply = await self._follow(origin, tally)
        except AddressRefusedError:
            raise
        except FetchError as error:
            refusal = f"its robots.txt cannot be had, so nothing may be fetched ({error})"
            return Rules(parsed=parse(b""), fresh_until=now + KEEP_UNREACHABLE_SECONDS, refusal=refusal)
        if reply is None or 400 <= reply.status < 500:
            return Rules(parsed=parse(b""), fresh_until=now + KEEP_SECONDS)
        if reply.status != 200:
            refusal = f"its robots.txt answers {reply.status}, so nothing may be fetched"
            return Rules(parsed=parse(b""), fresh_until=now + KEEP_UNREACHABLE_SECONDS, refusal=refusal)
        return Rules(parsed=parse(reply.body), fresh_until=now + KEEP_SECONDS)

    async def _follow(self, origin: Origin, tally: Tally) -> Reply | None:
        """The reply at the end of the redirects; None when there are more than five, which counts as no robots.txt."""
        target = read_target(f"{origin}/robots.txt")
        budget = Budget(self._deadline)
        for _ in range(MAX_HOPS + 1):
            question = Question(
                target=target, limit=READ_BYTES, headers=(("Accept", "text/plain,*/*;q=0.8"),), is_start=True
            )
            reply = await self._exchange.ask(question, budget, tally)
            if reply.location is None:
                return reply
            target = read_redirect(target, reply.location)
        return None


def parse(body: bytes) -> Protego:
    """The rules in the first READ_BYTES; a last line that was cut is left out."""
    if len(body) >= READ_BYTES:
        body = body[: body.rfind(b"\n") + 1]
    return Protego.parse(body.decode("utf-8-sig", "replace"))
