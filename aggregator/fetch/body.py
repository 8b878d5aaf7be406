"""Bodies: read raw, inflated here, and capped."""

import re
import zlib
from collections.abc import AsyncIterable, Iterator, Mapping

from aggregator.errors import FetchError, TooLargeError

PIECE = 256 * 1024
"""Bytes that are inflated at once."""

MAX_MEMBERS = 1000
"""gzip members in one body; each costs time and may hold nothing."""

GZIP = frozenset({"gzip", "x-gzip"})
LENGTH = re.compile(r"\d{1,18}")
END_MARKS = (b"</html>", b"</rss>", b"</feed>", b"</rdf:rdf>", b"end:vcalendar", b"}", b"]")


class Plain:
    """A body that is not compressed."""

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """The chunk itself."""
        yield chunk

    def finish(self) -> bytes:
        """Nothing is left."""
        return b""


class Gzip:
    """gzip of one or several members (RFC 1952), in pieces of at most PIECE bytes."""

    def __init__(self) -> None:
        self._members = 0
        self._stream = self._open()

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """What the chunk inflates to; zlib.error for what is not gzip."""
        while chunk:
            if self._stream.eof:
                self._stream = self._open()
            yield self._stream.decompress(chunk, PIECE)
            chunk = self._stream.unused_data or self._stream.unconsumed_tail

    def finish(self) -> bytes:
        """What is left; zlib.error when the end is missing."""
        rest = self._stream.flush()
        if not self._stream.eof:
            raise zlib.error("it breaks off")
        return rest

    def _open(self) -> "zlib._Decompress":
        self._members += 1
        if self._members > MAX_MEMBERS:
            raise zlib.error(f"more than {MAX_MEMBERS} members")
        return zlib.decompressobj(wbits=31)


def choose_reader(headers: Mapping[str, str]) -> Plain | Gzip:
    """`headers` has lower-case names; FetchError for an encoding that was not asked for."""
    encoding = headers.get("content-encoding", "").strip().lower()
    if encoding in GZIP:
        return Gzip()
    if encoding in {"", "identity"}:
        return Plain()
    raise FetchError(f"Content-Encoding {encoding[:40]!r} was not asked for")


async def read_body(chunks: AsyncIterable[bytes], headers: Mapping[str, str], limit: int) -> bytes:
    """The whole body, inflated. TooLargeError over `limit`, FetchError for a broken one; neither names the address."""
    length = headers.get("content-length", "")
    if LENGTH.fullmatch(length) and int(length) > limit:
        raise TooLargeError(f"{length} bytes are promised, more than {limit}")
    body = await read_start(chunks, headers, limit + 1)
    if len(body) > limit:
        raise TooLargeError(f"more than {limit} bytes")
    return body


async def read_start(chunks: AsyncIterable[bytes], headers: Mapping[str, str], size: int) -> bytes:
    """The first `size` bytes of the inflated body; no more is read than they need."""
    reader = choose_reader(headers)
    body = bytearray()
    try:
        async for chunk in chunks:
            for piece in reader.feed(chunk):
                body += piece
                if len(body) >= size:
                    return bytes(body[:size])
        body += reader.finish()
    except zlib.error as error:
        raise FetchError(f"the gzip is broken ({error})") from error
    return bytes(body[:size])


def is_whole(headers: Mapping[str, str], body: bytes) -> bool:
    """False for a body whose end nobody vouches for: no length, no chunks, no gzip, and no end mark of its own."""
    if headers.keys() & {"content-length", "transfer-encoding"} or headers.get("content-encoding", "") in GZIP:
        return True
    return body[-200:].rstrip().lower().endswith(END_MARKS)
