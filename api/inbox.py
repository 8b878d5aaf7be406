"""What the public may send that is kept, which `hobnob serve` brings along."""

from datetime import datetime
from typing import Protocol

from aggregator.suggest import Suggestion


class Inbox(Protocol):
    """Each call blocks, and raises a StoreError when it cannot be done."""

    def suggest(self, suggestion: Suggestion, now: datetime) -> int:
        """Keep it for the operator; its number."""
        ...

    def confirm(self, token_hash: str, now: datetime) -> bool:
        """Keep an organiser's word; whether it was the first time, and in time."""
        ...
