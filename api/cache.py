"""Finished answers kept in front of the app: the same question of the same data costs a look-up."""

import time
from collections.abc import Callable
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from api.kept import Kept
from api.outgoing import Outgoing
from api.tally import Tally

MOST_BYTES: Final = 64 << 20
MOST_ASKED: Final = 100_000
ROUTE: Final = "hobnob.route"
"""Where a scope says, when it was answered, by the template of which path that was."""

_RECHECK: Final = 0.05
"""Seconds between two looks at the clock's minute and the store's version."""
_READING: Final = frozenset({"GET", "HEAD"})
_METHODS: Final = _READING | {"POST", "PUT", "PATCH", "DELETE", "OPTIONS"}

Address = tuple[str, bytes]


class Cache:
    """Pure ASGI. What is asked a second time is kept, and found by its address, or by its tag in other words.

    All are forgotten when the minute changes (relative times then mean others), and when the store does.
    """

    def __init__(self, app: ASGIApp, version: Callable[[], object], tally: Tally, most_bytes: int = MOST_BYTES) -> None:
        self._app = app
        self._version = version
        self._tally = tally
        self._most_bytes = most_bytes
        self._by_address: dict[Address, Kept] = {}
        self._by_tag: dict[bytes, Kept] = {}
        self._asked: set[bytes] = set()
        self._size = 0
        self._state: object = None
        self._check_at = 0.0
        self.version: object = None
        """The store's, as it was a moment ago; None when it cannot be read."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        if began >= self._check_at:
            self._forget_if_stale(began)
        method = scope["method"]
        kept = self._by_address.get((scope["path"], scope["query_string"]))
        if kept is None or method not in _READING:
            await self._ask(scope, receive, send, began)
            return
        scope[ROUTE] = kept.route
        status = await kept.send(scope["headers"], send, is_head=method == "HEAD")
        self._tally.count(kept.route, method, status, time.perf_counter() - began)

    def find(self, tag: str) -> Kept | None:
        """The answer that bears this tag, whatever the words in which it was asked."""
        return self._by_tag.get(tag.removeprefix("W/").encode())

    async def _ask(self, scope: Scope, receive: Receive, send: Send, began: float) -> None:
        state, method, asked = self._state, scope["method"], scope
        if method == "HEAD":
            # A copy: the server reads its own again, and would wait for the body of a GET.
            scope = {**scope, "method": "GET"}
        outgoing = Outgoing(scope, send, is_head=method == "HEAD", is_wanted=self._is_wanted)
        try:
            await self._app(scope, receive, outgoing.send)
        finally:
            # The name of a method is the caller's to make up, and each would be a new series.
            asked[ROUTE] = outgoing.route
            known = method if method in _METHODS else "other"
            self._tally.count(outgoing.route, known, outgoing.status, time.perf_counter() - began)
            if method not in _READING:
                self._check_at = 0.0  # Whoever changes a thing sees it changed.
        if outgoing.kept and state is not None and state == self._state:
            self._keep((scope["path"], scope["query_string"]), outgoing.kept)

    def _is_wanted(self, tag: bytes) -> bool:
        """Whether this is the second time: most questions come once, and to keep those too costs more than to ask."""
        if tag in self._asked:
            return True
        if len(self._asked) >= MOST_ASKED:
            self._asked.clear()
        self._asked.add(tag)
        return False

    def _keep(self, address: Address, kept: Kept) -> None:
        known = self._by_tag.setdefault(kept.opaque, kept)
        self._size += _room(kept) if known is kept else 0
        if not kept.varies_by_language:
            self._by_address[address] = known
            self._size += len(address[1])
        if self._size > self._most_bytes:
            self._forget()

    def _forget_if_stale(self, now: float) -> None:
        self._check_at = now + _RECHECK
        try:
            self.version = self._version()
        except Exception:  # noqa: BLE001 - whatever it is, the app meets it too, and has words for it
            self.version = None
        state = None if self.version is None else (int(time.time()) // 60, self.version)
        if state is None or state != self._state:
            self._state = state
            self._forget()

    def _forget(self) -> None:
        self._asked.clear()
        self._by_address.clear()
        self._by_tag.clear()
        self._size = 0


def _room(kept: Kept) -> int:
    """Bytes of its forms; text is compressed to less than a third."""
    return len(kept.body) * 4 // 3 + 2000
