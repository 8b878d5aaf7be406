"""How a command is told to stop."""

import signal


def stop_on_sigterm() -> None:
    """A supervisor's stop is a person's Ctrl-C, KeyboardInterrupt: what was begun is closed."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
