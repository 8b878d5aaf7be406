"""How many suggestions one sender may make, and all together; kept in memory, and forgotten within the hour."""

import math
import secrets
from collections import deque
from datetime import datetime, timedelta
from hashlib import blake2s

MOST_OF_ONE, MOST_OF_ALL = 5, 100
WITHIN = timedelta(hours=1)


class Senders:
    """Counts what was let in within the hour. A sender is known by a hash that only this run of the server can make."""

    def __init__(self) -> None:
        self._secret = secrets.token_bytes(16)
        self._times: deque[tuple[datetime, bytes]] = deque()

    def admit(self, address: str, now: datetime) -> int | None:
        """None when one more may come, and is counted; else in how many seconds to try again."""
        while self._times and now - self._times[0][0] >= WITHIN:
            self._times.popleft()
        sender = blake2s(address.encode(), key=self._secret, digest_size=8).digest()
        own = [at for at, one in self._times if one == sender]
        first = own[0] if len(own) >= MOST_OF_ONE else None
        if first is None and len(self._times) >= MOST_OF_ALL:
            first = self._times[0][0]
        if first is not None:
            return max(1, math.ceil((WITHIN - (now - first)).total_seconds()))
        self._times.append((now, sender))
        return None
