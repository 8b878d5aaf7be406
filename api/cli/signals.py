"""How a command is told to stop."""

import asyncio
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


def stop_of_loop() -> asyncio.Event:
    """Set by the first Ctrl-C or SIGTERM while this loop runs; a second one waits for nothing."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()

    def be_stopped() -> None:
        stop.set()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, be_stopped)
    return stop
