"""How often one sender may do a thing, and all together; kept in memory, and forgotten within the hour."""

import math
import secrets
from collections import deque
from datetime import datetime, timedelta
from hashlib import blake2s

MOST_OF_ONE, MOST_OF_ALL = 5, 100
WITHIN = timedelta(hours=1)


class Senders:
    """Counts what was done within the hour. A sender is known by a hash that only this run of the server can make."""

    def __init__(self, of_one: int = MOST_OF_ONE, of_all: int = MOST_OF_ALL) -> None:
        self._of_one, self._of_all = of_one, of_all
        self._secret = secrets.token_bytes(16)
        self._times: deque[tuple[datetime, bytes]] = deque()

    def admit(self, address: str, now: datetime) -> int | None:
        """None when one more may come, and is counted; else in how many seconds to try again."""
        seconds = self.wait(address, now)
        if seconds is None:
            self.count(address, now)
        return seconds

    def wait(self, address: str, now: datetime) -> int | None:
        """In how many seconds to try again; None when that is now."""
        while self._times and now - self._times[0][0] >= WITHIN:
            self._times.popleft()
        sender = self._hash(address)
        own = [at for at, one in self._times if one == sender]
        first = own[0] if len(own) >= self._of_one else None
        if first is None and len(self._times) >= self._of_all:
            first = self._times[0][0]
        return None if first is None else max(1, math.ceil((WITHIN - (now - first)).total_seconds()))

    def count(self, address: str, now: datetime) -> None:
        """One more."""
        self._times.append((now, self._hash(address)))

    def _hash(self, address: str) -> bytes:
        return blake2s(address.encode(), key=self._secret, digest_size=8).digest()
