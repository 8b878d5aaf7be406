"""A small real HTTP server on loopback, and fetchers that are allowed to reach exactly it."""

import asyncio
import inspect
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import pytest

from aggregator.fetch import Fetcher
from aggregator.settings import Settings


@dataclass(frozen=True)
class Asked:
    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    connection: int


Answer = bytes | Callable[[Asked], bytes | Awaitable[bytes]]


@dataclass
class Site:
    """`answers` are raw bytes by path, or functions that give them; `asked` is what came, robots.txt left out."""

    answers: dict[str, Answer] = field(default_factory=dict)
    log: list[Asked] = field(default_factory=list)
    port: int = 0
    connections: int = 0
    serving: list[asyncio.Task[None] | None] = field(default_factory=list)

    @property
    def asked(self) -> list[Asked]:
        return [asked for asked in self.log if asked.target != "/robots.txt"]

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    @staticmethod
    def reply(body: bytes = b"", status: str = "200 OK", **headers: str) -> bytes:
        lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        return "\r\n".join([*lines, "", ""]).encode("latin-1") + body

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        number = self.connections
        self.serving.append(asyncio.current_task())
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while await self._answer(reader, writer, number):
                pass
        writer.close()
        with suppress(OSError, asyncio.CancelledError):
            await writer.wait_closed()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, connection: int) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, target, _ = head[0].split(" ")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        asked = Asked(method, target, headers, body, connection)
        self.log.append(asked)
        answer = self.answers.get(target.partition("?")[0], self.reply(b"none", "404 Not Found"))
        if callable(answer):
            given = answer(asked)
            answer = await given if inspect.isawaitable(given) else given
        writer.write(answer)
        await writer.drain()
        lower = answer.partition(b"\r\n\r\n")[0].lower()
        return b"connection: close" not in lower and (b"content-length" in lower or b" 304 " in lower)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    site = Site()
    server = await asyncio.start_server(site.serve, "127.0.0.1", 0)
    site.port = server.sockets[0].getsockname()[1]
    yield site
    server.close()
    for task in site.serving:
        task.cancel()
    await asyncio.gather(*site.serving)


@pytest.fixture
def settings(site: Site) -> Callable[..., Settings]:
    """Settings that allow this site and nothing else; `names` are hosts that lead to it."""

    def make(*names: str, **more: object) -> Settings:
        given: dict[str, object] = {
            "allow_networks": (f"127.0.0.1/32:{site.port}",),
            "connect": tuple(f"{name}:80=127.0.0.1:{site.port}" for name in names),
            "host_gap": 0,
            "deadline": 5,
            "contact": "events@operator.example",
        }
        return Settings(**{**given, **more})

    return make


@pytest.fixture
def open_fetcher(settings: Callable[..., Settings]) -> Callable[..., object]:
    @asynccontextmanager
    async def fetcher(*names: str, resolve: object = None, **more: object) -> AsyncIterator[Fetcher]:
        async with Fetcher(settings(*names, **more), resolve=resolve) as opened:
            yield opened

    return fetcher
