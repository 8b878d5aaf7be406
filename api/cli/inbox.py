"""What the public sends, into the store; which is opened for writing when the first of it comes."""

from datetime import datetime
from threading import Lock
from typing import TYPE_CHECKING

from aggregator.store import open_store
from aggregator.suggest import Suggestion

if TYPE_CHECKING:
    from aggregator.store.store import Store


class StoreInbox:
    """An Inbox (api.inbox). One at a time: a server that nobody writes to does without SQLAlchemy."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._store: Store | None = None
        self._lock = Lock()

    def suggest(self, suggestion: Suggestion, now: datetime) -> int:
        """Its number."""
        with self._lock:
            return self._opened().add_suggestion(suggestion, now)

    def confirm(self, token_hash: str, now: datetime) -> bool:
        """Whether it was the first time, and in time."""
        with self._lock:
            return self._opened().confirm(token_hash, now)

    def close(self) -> None:
        """Let go of the file."""
        if self._store is not None:
            self._store.close()

    def _opened(self) -> "Store":
        if self._store is None:
            self._store = open_store(self._address)
        return self._store
