"""What a mail server answers, in order, however many commands were said before it is asked for (RFC 5321, 2920)."""

import asyncio
from collections import deque

MOST_AT_ONCE, MOST_UNREAD = 4096, 65_536
"""Octets that are read at a time, and of one answer; no mail server needs so many."""


class Answers(asyncio.BufferedProtocol):
    """The codes of answers that came and were not asked for yet; their words are not kept.

    When the connection breaks, what came before is still told, then ConnectionError.
    """

    def __init__(self) -> None:
        self._codes: deque[int] = deque()
        self._fresh, self._unread = bytearray(MOST_AT_ONCE), bytearray()
        self._waiter: asyncio.Future[None] | None = None
        self.is_over = False

    @property
    def is_quiet(self) -> bool:
        """Whether the server said nothing that was not asked for yet, and is still there."""
        return not (self._codes or self._unread or self.is_over)

    async def next(self, seconds: float) -> int:
        """Its code; ConnectionError when none comes any more, TimeoutError when none comes by then."""
        if not self._codes:
            async with asyncio.timeout(seconds):
                await self._wait()
        return self._codes.popleft()

    async def _wait(self) -> None:
        while not self._codes:
            if self.is_over:
                raise ConnectionError("the mail server hung up")
            self._waiter = asyncio.get_running_loop().create_future()
            await self._waiter

    def get_buffer(self, sizehint: int) -> bytearray:  # noqa: ARG002 - asyncio's
        """Called by the transport."""
        return self._fresh

    def buffer_updated(self, nbytes: int) -> None:
        """Called by the transport. What is no answer of SMTP is as good as none, and so is all that follows."""
        self._unread += self._fresh[:nbytes]
        *lines, self._unread = self._unread.split(b"\n")
        for line in lines:
            if not line[:3].isdigit():
                return self._end()
            # `250-` is followed by more of the same answer, `250 ` and `250` by none.
            if line[3:4] != b"-":
                self._codes.append(int(line[:3]))
        if len(self._unread) > MOST_UNREAD:
            return self._end()
        return self._wake()

    def eof_received(self) -> None:
        """Called by the transport, which then closes itself."""
        self._end()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's
        """Called by the transport."""
        self._end()

    def _end(self) -> None:
        self.is_over = True
        self._wake()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
