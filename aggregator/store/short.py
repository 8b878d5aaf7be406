"""An engine for short transactions, one after another."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine


class KeptEngine(Engine):
    """Its one connection is kept from one transaction to the next: to take and return it costs more than a short one.

    For one transaction at a time, from whichever thread.
    """

    _kept: Connection | None = None

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """See `Engine.begin`."""
        if self._kept is None:
            self._kept = self.connect()
        with self._kept.begin():
            yield self._kept

    def dispose(self, close: bool = True) -> None:
        """See `Engine.dispose`."""
        if self._kept is not None:
            self._kept.close()
            self._kept = None
        super().dispose(close)
