"""What a search sees: one state of the store, and how many dates each cell of its index holds."""

from collections.abc import Iterable
from math import inf
from time import monotonic
from typing import NamedTuple

from aggregator.store.answer import Hit
from aggregator.store.link import Link

_REST = 1.0
"""Seconds between two readings of all counts, which take some milliseconds, while collectors write all the time."""

_MOST_DATES = 8192
"""About 2 kB each."""

Key = tuple[int, int]
"""An event's number and a start."""


class Counts:
    """Dates by cell, kept in memory, since every search asks for them."""

    def __init__(self) -> None:
        self._dates: dict[int, int] = {}
        self._version = -1
        self._read_at = -inf
        self._is_exact = False

    def refresh(self, connection: Link, version: int) -> None:
        """Count again if the data are no longer of this version; but not again within a second."""
        if version != self._version and monotonic() - self._read_at >= _REST:
            self._dates = dict(connection.execute("SELECT cell, dates FROM cell_counts"))
            self._version, self._read_at = version, monotonic()
        self._is_exact = version == self._version

    def of(self, cells: Iterable[int]) -> dict[int, int]:
        """Those of the cells that hold dates: all of them, as long as it is not sure that one is empty."""
        dates = self._dates
        if self._is_exact:
            return {cell: dates[cell] for cell in cells if cell in dates}
        return {cell: dates.get(cell, 0) for cell in cells}


class Dates:
    """Brief hits kept in memory, without distance and lines: whatever is asked, the next dates of a place are told."""

    def __init__(self) -> None:
        self._kept: tuple[int, dict[Key, Hit]] = (-1, {})

    def of(self, version: int) -> dict[Key, Hit]:
        """Those that are known of that version of the store; to be added to."""
        kept_of, known = self._kept
        if kept_of != version or len(known) > _MOST_DATES:
            # One assignment, so that no other thread adds what is old to what is new.
            _, known = self._kept = version, {}
        return known


class View(NamedTuple):
    """One state of the store: the connection is in a transaction."""

    connection: Link
    data_version: int
    counts: Counts
    dates: Dates
