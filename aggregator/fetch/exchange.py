"""Exchange: one question to one host and its answer, at that host's pace, within the deadline and the caps."""

import asyncio
import time
from collections.abc import AsyncIterable, AsyncIterator, Callable, Mapping
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, cast

import httpcore
import httpx

from aggregator.errors import DeadlineError, FetchError
from aggregator.fetch.body import read_body, read_start
from aggregator.fetch.pace import Pace
from aggregator.fetch.result import Tally
from aggregator.fetch.retry_after import SHORTEST, read_retry_after
from aggregator.fetch.target import Target
from aggregator.fetch.transport import DroppedError, GuardedTransport
from aggregator.fetch.walls import SAMPLE

FRAMING = 1 << 20
"""Bytes of headers and chunk sizes that may come with a body."""

ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
WHOLE = frozenset({200, 203})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
BUSY = frozenset({429, 503})
BODILESS = frozenset({204, 205, 304})


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked. `limit` is bytes, on the wire and inflated; with `is_start` what is over it is left unread."""

    target: Target
    limit: int
    method: Literal["GET", "POST"] = "GET"
    body: bytes | None = None
    headers: tuple[tuple[str, str], ...] = ()
    is_start: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came. `headers` has lower-case names; the body of a redirect is not read, that of an error only begun."""

    target: Target
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def by_name(self) -> Mapping[str, str]:
        """The headers, those of the same name joined by commas (RFC 9110, 5.3)."""
        joined: dict[str, str] = {}
        for name, value in self.headers:
            joined[name] = f"{joined[name]}, {value}" if name in joined else value
        return joined

    @property
    def location(self) -> str | None:
        """Where it redirects to."""
        return self.by_name().get("location") if self.status in REDIRECTS else None

    def retry_after(self, now: datetime) -> float | None:
        """Seconds that the site asks to be left alone."""
        return read_retry_after(self.by_name().get("retry-after"), now)


class Budget:
    """The seconds that a fetch may spend on the network over all its hops; waiting for a host's turn costs nothing."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._left = seconds

    @asynccontextmanager
    async def spend(self) -> AsyncIterator[None]:
        """Raises TimeoutError when nothing is left."""
        started = time.monotonic()
        try:
            async with asyncio.timeout(self._left):
                yield
        finally:
            self._left -= time.monotonic() - started


class Counted(AsyncIterator[bytes]):
    """The chunks of a body, counted as they come."""

    def __init__(self, chunks: AsyncIterable[bytes], tally: Tally) -> None:
        self._chunks = aiter(chunks)
        self._tally = tally

    async def __anext__(self) -> bytes:
        chunk = await anext(self._chunks)
        self._tally.bytes_read += len(chunk)
        return chunk


class Exchange:
    """Asks through the one transport."""

    def __init__(self, transport: GuardedTransport, pace: Pace, user_agent: str, now: Callable[[], datetime]) -> None:
        self._transport = transport
        self._pace = pace
        self._now = now
        self._headers = (("User-Agent", user_agent), ("Accept-Encoding", "gzip"))

    async def ask(self, question: Question, budget: Budget, tally: Tally) -> Reply:
        """Once more when the connection ends before any answer: an idle one may have been closed at that moment."""
        try:
            return await self._ask_once(question, budget, tally)
        except DroppedError:
            if question.method != "GET":
                raise
        return await self._ask_once(question, budget, tally)

    async def _ask_once(self, question: Question, budget: Budget, tally: Tally) -> Reply:
        origin, url = question.target.origin, question.target.url
        async with self._pace.turn(origin, lambda: self._transport.is_public(origin)):
            tally.requests += 1
            try:
                async with budget.spend():
                    reply = await self._converse(question, tally)
            except TimeoutError as error:
                raise DeadlineError(f"{url}: no whole answer within {budget.seconds:g} s") from error
            except FetchError as error:
                raise type(error)(f"{url}: {error}") from error
            except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException, OSError) as error:
                raise FetchError(f"{url}: {str(error) or type(error).__name__}") from error
            if reply.status in BUSY:
                self._pace.stop(origin, reply.retry_after(self._now()) or SHORTEST, reply.status)
        return reply

    async def _converse(self, question: Question, tally: Tally) -> Reply:
        response = await self._transport.handle_async_request(self._request(question))
        async with aclosing(response):
            reply = Reply(
                target=question.target,
                status=response.status_code,
                headers=tuple((name.decode().lower(), value.decode("latin-1")) for name, value in response.headers.raw),
                body=b"",
            )
            return replace(
                reply, body=await _read(Counted(cast("httpx.AsyncByteStream", response.stream), tally), reply, question)
            )

    def _request(self, question: Question) -> httpx.Request:
        asked = {name.lower() for name, _ in question.headers}
        accept = () if "accept" in asked else (("Accept", ACCEPT),)
        headers = (*self._headers, *accept, *question.headers)
        return httpx.Request(
            question.method,
            question.target.parsed,
            headers=[(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers],
            content=question.body,
            extensions={"origin": question.target.origin, "limit": question.limit + FRAMING},
        )


async def _read(chunks: AsyncIterable[bytes], reply: Reply, question: Question) -> bytes:
    headers = reply.by_name()
    if reply.status in BODILESS or reply.location is not None:
        return b""
    if reply.status not in WHOLE:
        return await read_start(chunks, headers, SAMPLE)
    if question.is_start:
        return await read_start(chunks, headers, question.limit)
    return await read_body(chunks, headers, question.limit)
