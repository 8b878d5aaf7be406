"""What a Store stands on: one protocol, for SQLite here and for PostgreSQL in a room of its own."""

from collections.abc import Callable
from pathlib import Path
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from sqlalchemy import Engine

from aggregator.store.engine import connect_writing

P = ParamSpec("P")
T = TypeVar("T")


class Writing(Protocol):
    """Runs functions that take an engine, each to its end before it returns."""

    def write(self, do: Callable[Concatenate[Engine, P], T], *given: P.args, **named: P.kwargs) -> T:
        """What `do` gives; StoreError when nothing could be written."""

    def close(self) -> None:
        """Let go of the database."""


class SqliteWriting:
    """Where it is called: a write waits for the disk, seldom for another's write."""

    def __init__(self, path: Path, *, is_durable: bool = False, is_kept: bool = False) -> None:
        self._engine = connect_writing(path, is_durable=is_durable, is_kept=is_kept)

    def write(self, do: Callable[Concatenate[Engine, P], T], *given: P.args, **named: P.kwargs) -> T:
        """See `Writing`."""
        return do(self._engine, *given, **named)

    def close(self) -> None:
        """See `Writing`."""
        self._engine.dispose()
