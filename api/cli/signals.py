"""How a command is told to stop."""

import signal
from types import FrameType


def stop_on_sigterm() -> None:
    """A supervisor's stop is a person's Ctrl-C: what was begun is closed."""
    signal.signal(signal.SIGTERM, _interrupt)


def _interrupt(number: int, frame: FrameType | None) -> None:
    """As Ctrl-C does now: while asyncio runs, it has that cancel the main task instead of breaking into any line."""
    handler = signal.getsignal(signal.SIGINT)
    if callable(handler):
        handler(number, frame)
