"""What a store's reads ask: a connection of either database, by the same SQL."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

Parameters = Sequence[Any] | Mapping[str, Any]

Ask = Callable[[str, tuple[Any, ...]], Iterable[Sequence[Any]]]
"""Reads by the same SQL, inside of a transaction that writes or outside of one."""


class Rows(Protocol):
    """What a statement found, to be read once."""

    def fetchone(self) -> Any:
        """The next row; None after the last."""

    def fetchall(self) -> list[Any]:
        """All that are left."""

    def __iter__(self) -> Iterator[Any]: ...


class Link(Protocol):
    """A connection that reads. SQL is SQLite's, as far as PostgreSQL has the same or `postgres/translate.py` turns it
    into that; values are bound by `?`, `?1` or `:name`.
    """

    def execute(self, sql: str, parameters: Parameters = (), /) -> Rows:
        """One statement."""
