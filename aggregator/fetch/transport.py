"""Transport: the one place that opens a connection, and only to an address that the guard has checked."""

import ssl
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

import certifi
import httpcore
import httpx

from aggregator.errors import FetchError, SettingsError, TooLargeError
from aggregator.fetch.guard import Destination, Guard
from aggregator.fetch.target import Origin

CONNECT_SECONDS = 5.0
KEEP_SECONDS = 15.0
MAX_HEADERS = 100
MAX_HEADER_BYTES = 64 * 1024


class Wire(httpcore.AsyncNetworkStream):
    """A stream that counts what it reads, framing included: a body of one byte may come in a kilobyte of chunk."""

    def __init__(self, stream: httpcore.AsyncNetworkStream) -> None:
        self._stream = stream
        self.received = 0
        self.allowed = 0

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - httpcore's signature
        chunk = await self._stream.read(max_bytes, timeout)
        self.received += len(chunk)
        if self.received > self.allowed:
            raise TooLargeError(f"more than {self.allowed} bytes on the wire")
        return chunk

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._stream.aclose()

    def get_extra_info(self, name: str) -> Any:
        return self._stream.get_extra_info(name)


class Line(httpcore.AsyncHTTP11Connection):
    """One connection to one origin."""

    MAX_INCOMPLETE_EVENT_SIZE = MAX_HEADER_BYTES

    def __init__(self, origin: Origin, wire: Wire) -> None:
        asked = httpcore.Origin(origin.scheme.encode(), origin.host.encode(), origin.port)
        super().__init__(asked, wire, keepalive_expiry=KEEP_SECONDS)
        self.wire = wire

    def is_reusable(self) -> bool:
        """Not when more came than was asked for: it would be read as the answer to the next request."""
        return self.is_idle() and not self.has_expired() and not self._h11_state.trailing_data[0]


class Answer(httpx.AsyncByteStream):
    """A body as it comes from the line, which is kept for the next request if it may be."""

    def __init__(self, response: httpcore.Response, line: Line, keep: Callable[[Line], Awaitable[None]]) -> None:
        self._response = response
        self._chunks = response.aiter_stream()
        self._line = line
        self._keep = keep

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._chunks

    async def aclose(self) -> None:
        await self._response.aclose()
        await self._keep(self._line)


class GuardedTransport(httpx.AsyncBaseTransport):
    """httpx's transport without its pool, which scans all connections for each request, and without a client above.

    So there are no cookies, redirects, proxies or decoding to switch off.
    """

    def __init__(self, guard: Guard, tls: ssl.SSLContext, max_idle: int) -> None:
        self._guard = guard
        self._tls = tls
        self._max_idle = max_idle
        self._idle: OrderedDict[Origin, Line] = OrderedDict()
        self._private: set[Origin] = set()

    def is_public(self, origin: Origin) -> bool:
        """Whether the origin's addresses were public when it was last connected to; so, too, when it never was."""
        return origin not in self._private

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """`request.extensions` has `origin`, an Origin, and `limit`, the bytes its answer may have on the wire."""
        origin: Origin = request.extensions["origin"]
        line = await self._take(origin)
        line.wire.received, line.wire.allowed = 0, request.extensions["limit"]
        try:
            response = await line.handle_async_request(_as_asked(request))
            _check_headers(response.headers)
        except BaseException as error:
            await line.aclose()
            if isinstance(error, httpcore.NetworkError | httpcore.ProtocolError) and not line.wire.received:
                raise DroppedError(str(error) or "the connection was reset") from error
            raise
        stream = Answer(response, line, partial(self._keep, origin))
        return httpx.Response(response.status, headers=response.headers, stream=stream)

    async def _keep(self, origin: Origin, line: Line) -> None:
        """Keeps the line for the next request, and closes the one that has waited longest when there are too many."""
        if not line.is_reusable():
            await line.aclose()
            return
        self._idle[origin] = line
        if len(self._idle) > self._max_idle:
            await self._idle.popitem(last=False)[1].aclose()

    async def aclose(self) -> None:
        while self._idle:
            await self._idle.popitem()[1].aclose()

    async def _take(self, origin: Origin) -> Line:
        line = self._idle.pop(origin, None)
        if line and line.is_reusable():
            return line
        if line:
            await line.aclose()
        destination = await self._guard.destination(origin.host, origin.port)
        (self._private.discard if destination.is_public else self._private.add)(origin)
        stream = await _connect(destination)
        if origin.scheme == "https":
            stream = await stream.start_tls(self._tls, origin.host, CONNECT_SECONDS)
        return Line(origin, Wire(stream))


class DroppedError(FetchError):
    """The connection ended before the first byte of an answer; the one failure that is worth another try."""


async def _connect(destination: Destination) -> httpcore.AsyncNetworkStream:
    """The addresses in turn: one that does not answer may have a neighbour that does."""
    *others, last = destination.addresses
    for address in others:
        try:
            return await _connect_to(address, destination.port)
        except (httpcore.ConnectError, httpcore.ConnectTimeout):
            continue
    return await _connect_to(last, destination.port)


async def _connect_to(address: str, port: int) -> httpcore.AsyncNetworkStream:
    return await httpcore.AnyIOBackend().connect_tcp(address, port, timeout=CONNECT_SECONDS)


def _as_asked(request: httpx.Request) -> httpcore.Request:
    address = httpcore.URL(
        scheme=request.url.raw_scheme,
        host=request.url.raw_host,
        port=request.extensions["origin"].port,
        target=request.url.raw_path,
    )
    return httpcore.Request(request.method, address, headers=request.headers.raw, content=request.stream)


def _check_headers(headers: list[tuple[bytes, bytes]]) -> None:
    names = {name.lower() for name, _ in headers}
    if len(headers) > MAX_HEADERS or sum(len(name) + len(value) for name, value in headers) > MAX_HEADER_BYTES:
        raise TooLargeError(f"more than {MAX_HEADERS} headers or {MAX_HEADER_BYTES} bytes of them")
    if {b"content-length", b"transfer-encoding"} <= names:
        raise FetchError("Content-Length and Transfer-Encoding contradict each other")


def trust(ca_file: Path | None) -> ssl.SSLContext:
    """The system's certificates (certifi's where there are none), and the operator's own besides."""
    context = ssl.create_default_context()
    paths = ssl.get_default_verify_paths()
    if not (paths.cafile or paths.capath):
        context.load_verify_locations(certifi.where())
    if ca_file:
        try:
            context.load_verify_locations(ca_file)
        except OSError as error:
            raise SettingsError(f"ca_file {ca_file}: {error.strerror or error}") from error
    context.set_alpn_protocols(["http/1.1"])
    return context
