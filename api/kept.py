"""One finished answer, in every form in which it leaves."""

import gzip
import re
from dataclasses import dataclass
from typing import Final

from starlette.types import Message, Send

Headers = list[tuple[bytes, bytes]]

_SMALLEST_GZIP: Final = 500
"""Bytes; below this the gzip header and trailer eat what is saved."""
_GZIP: Final = re.compile(rb"\bgzip\b(?! *; *q=0(?:\.0*)? *(?:,|$))", re.IGNORECASE)
_OF_A_304: Final = {b"etag", b"cache-control", b"vary", b"access-control-allow-origin"}


@dataclass(slots=True, kw_only=True)
class Kept:
    """Plain, compressed when first wanted so, and "you have it already". `opaque` is the quoted part of the ETag."""

    route: str
    opaque: bytes
    headers: Headers
    plain: tuple[Message, Message]
    not_modified: tuple[Message, Message]
    compressed: tuple[Message, Message] | None = None

    @property
    def varies_by_language(self) -> bool:
        """Whether who asks the same address may be due another answer."""
        return any(name == b"vary" and b"accept-language" in value.lower() for name, value in self.headers)

    @classmethod
    def of(cls, route: str, headers: Headers, body: bytes) -> "Kept":
        """From a whole answer of status 200 with an ETag."""
        return cls(
            route=route,
            opaque=(find_header(headers, b"etag") or b"").removeprefix(b"W/"),
            headers=headers,
            plain=_messages(200, with_length(headers, len(body)), body),
            not_modified=_messages(304, [pair for pair in headers if pair[0] in _OF_A_304], b""),
        )

    @property
    def body(self) -> bytes:
        """The plain one."""
        body: bytes = self.plain[1]["body"]
        return body

    async def send(self, request: Headers, send: Send, *, is_head: bool) -> int:
        """What a caller with these headers needs of it; the status that was sent."""
        wants_gzip = False
        for name, value in request:
            # Weak comparison (RFC 9110, 8.8.3.2): with or without W/, alone or in a list.
            if name == b"if-none-match" and (self.opaque in value or value == b"*"):
                await send(self.not_modified[0])
                await send(self.not_modified[1])
                return 304
            if name == b"accept-encoding":
                wants_gzip = accepts_gzip(value)
        start, body = (self.compressed or self._compress()) if wants_gzip else self.plain
        await send(start)
        await send(_NOTHING if is_head else body)
        return 200

    def _compress(self) -> tuple[Message, Message]:
        packed = gzip.compress(self.body, 1, mtime=0) if is_worth_gzip(self.headers, len(self.body)) else None
        self.compressed = _messages(200, with_gzip(self.headers, len(packed)), packed) if packed else self.plain
        return self.compressed


def accepts_gzip(accept_encoding: bytes) -> bool:
    """Whether gzip is named, and not refused by a weight of nothing (RFC 9110, 12.5.3)."""
    return _GZIP.search(accept_encoding) is not None


def is_worth_gzip(headers: Headers, length: int) -> bool:
    """All that we answer is text; what is small, or packed already, stays as it is."""
    return length >= _SMALLEST_GZIP and find_header(headers, b"content-encoding") is None


def find_header(headers: Headers, wanted: bytes) -> bytes | None:
    """The first header of that name, in lower case."""
    return next((value for name, value in headers if name == wanted), None)


def with_length(headers: Headers, length: int) -> Headers:
    """The headers with this length and no other."""
    return [pair for pair in headers if pair[0] != b"content-length"] + [(b"content-length", str(length).encode())]


def with_gzip(headers: Headers, length: int | None) -> Headers:
    """The headers of the compressed form; its length, if it is known yet."""
    rest = [*(pair for pair in headers if pair[0] != b"content-length"), (b"content-encoding", b"gzip")]
    return rest if length is None else with_length(rest, length)


def _messages(status: int, headers: Headers, body: bytes) -> tuple[Message, Message]:
    start = {"type": "http.response.start", "status": status, "headers": headers}
    return start, {"type": "http.response.body", "body": body}


_NOTHING: Message = {"type": "http.response.body", "body": b""}
