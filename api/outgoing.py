"""An answer on its way out: gathered while it is small, then kept; streamed when it is large; compressed either way."""

import gzip
import zlib
from collections.abc import Callable
from typing import Final

from starlette.types import Message, Scope, Send

from api.kept import Headers, Kept, accepts_gzip, find_header, is_worth_gzip, with_gzip, with_length

LARGEST: Final = 512 << 10
"""Bytes of one answer that are gathered; a longer one streams."""


class Outgoing:
    """Stands between the app and the server for one answer; `kept` is the answer when it is worth keeping."""

    def __init__(self, scope: Scope, send: Send, *, is_head: bool, is_wanted: Callable[[bytes], bool]) -> None:
        self.kept: Kept | None = None
        self.status = 500
        self._scope = scope
        self._send = send
        self._is_head = is_head
        self._is_wanted = is_wanted
        self._headers: Headers = []
        self._gathered: list[bytes] = []
        self._length = 0
        self._is_streaming = False
        self._packer: zlib._Compress | None = None
        accepted = find_header(scope["headers"], b"accept-encoding")
        self._wants_gzip = accepted is not None and accepts_gzip(accepted)

    @property
    def route(self) -> str:
        """The template of the path, which callers cannot make up."""
        return getattr(self._scope.get("route"), "path", "none")

    async def send(self, message: Message) -> None:
        """What the app sends, part by part."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self._headers = list(message["headers"])
            return
        is_last = not message.get("more_body", False)
        if self._is_streaming:
            await self._send_part(message.get("body", b""), is_last)
            return
        self._gathered.append(message.get("body", b""))
        self._length += len(self._gathered[-1])
        if is_last:
            await self._send_whole(b"".join(self._gathered))
        elif self._length > LARGEST:
            await self._begin_streaming()

    async def _send_whole(self, body: bytes) -> None:
        tag = find_header(self._headers, b"etag")
        is_packed = find_header(self._headers, b"content-encoding") is not None  # for this caller, not for any
        if self.status == 200 and tag and not is_packed and self._length <= LARGEST and self._is_wanted(tag):
            self.kept = Kept.of(self.route, self._headers, body)
            self.status = await self.kept.send(self._scope["headers"], self._send, is_head=self._is_head)
            return
        headers = with_length(self._headers, len(body)) if body else self._headers
        if self._wants_gzip and is_worth_gzip(headers, len(body)):
            body = gzip.compress(body, 1, mtime=0)
            headers = with_gzip(headers, len(body))
        await self._send_start(headers)
        await self._send_body(body, is_last=True)

    async def _begin_streaming(self) -> None:
        self._is_streaming = True
        headers = self._headers
        if self._wants_gzip:
            self._packer = zlib.compressobj(1, zlib.DEFLATED, 31)
            headers = with_gzip(headers, None)
        await self._send_start(headers)
        await self._send_part(b"".join(self._gathered), is_last=False)
        self._gathered.clear()

    async def _send_part(self, part: bytes, is_last: bool) -> None:
        if self._packer:
            part = self._packer.compress(part) + (self._packer.flush() if is_last else b"")
        await self._send_body(part, is_last)

    async def _send_start(self, headers: Headers) -> None:
        await self._send({"type": "http.response.start", "status": self.status, "headers": headers})

    async def _send_body(self, body: bytes, is_last: bool) -> None:
        body = b"" if self._is_head else body
        await self._send({"type": "http.response.body", "body": body, "more_body": not is_last})
