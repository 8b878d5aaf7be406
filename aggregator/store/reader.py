"""The reading side of a store: all that an API's process needs, without SQLAlchemy and without a thread."""

import sqlite3
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from aggregator.errors import StoreError
from aggregator.event import Event
from aggregator.query import EventQuery
from aggregator.reconcile import Listing
from aggregator.run import Outcome, Run
from aggregator.store import ledger, search
from aggregator.store.answer import Answer, Hints, Hit
from aggregator.store.engine import connect_reading
from aggregator.store.kept import Candidate, SourceStatus, StoredPage

_STREAMED = 200
"""Hits that a feed reads at a time: no reading lasts longer, so that the write-ahead log can be tidied."""


class Reader:
    """Answers from a SQLite file. Searches take well under a millisecond, and run inline: a thread would cost more."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._searching = connect_reading(path)
        self._ledger = connect_reading(path)

    async def search(self, query: EventQuery) -> Answer:
        """A page of hits; QueryError names a parameter that cannot be answered."""
        with self._snapshot() as connection:
            return search.search(connection, query)

    async def total(self, query: EventQuery) -> int:
        """How many hits there are on all pages; TOTAL_CAP + 1 means more than TOTAL_CAP."""
        with self._snapshot() as connection:
            return search.count(connection, query)

    async def stream(self, query: EventQuery, limit: int = 10_000) -> AsyncIterator[Hit]:
        """The first `limit` hits, for feeds. Ask for one more to see whether a feed is cut."""
        left = limit
        while left > 0:
            answer = await self.search(replace(query, limit=min(left, _STREAMED)))
            for hit in answer.hits:
                yield hit
            if answer.next is None:
                return
            left -= len(answer.hits)
            query = replace(query, cursor=answer.next)

    async def event(self, event_id: str, *, now: datetime, limit: int = 20) -> tuple[Hit, ...]:
        """The next dates of an event, or its last one; none for an id that is not known, or an event long over."""
        with self._snapshot() as connection:
            return search.dates_of_event(connection, event_id, now, limit)

    async def nearest_hint(self, query: EventQuery) -> Hints:
        """What an empty answer leaves unsaid: the nearest match within 500 km, and the first here after the window."""
        with self._snapshot() as connection:
            return search.hints(connection, query)

    def data_version(self) -> int:
        """A number that rises with each change of what is told: part of a cache's key."""
        return search.data_version(self._ledger)

    def sources(self) -> tuple[SourceStatus, ...]:
        """All sources by name, and how they are doing."""
        return ledger.source_statuses(self._ledger)

    def last_full_fetch(self, source: str) -> datetime | None:
        """When all pages of a source were last asked for without conditions."""
        return ledger.last_full_fetch(self._ledger, source)

    def history(self, source: str, limit: int, outcome: Outcome | None = None) -> tuple[Run, ...]:
        """The last runs of a source, newest first; only those that ended so, where an outcome is given."""
        return ledger.history(self._ledger, source, limit, outcome)

    def candidate(self, run_id: int) -> Candidate:
        """What a quarantined run saw; StoreError when it kept nothing."""
        return ledger.candidate(self._ledger, run_id)

    def stored_listings(self, source: str, seen: Mapping[str, Event] | None = None) -> dict[str, Listing]:
        """What a source told so far, by uid; faster where the events that it shows now are given."""
        return ledger.stored_listings(self._ledger, source, seen or {})

    def stored_pages(self, source: str) -> dict[str, StoredPage]:
        """The last answers to the requests of a source, by request."""
        return ledger.stored_pages(self._ledger, source)

    def close(self) -> None:
        """Let go of the file."""
        self._searching.close()
        self._ledger.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def _snapshot(self) -> Iterator[sqlite3.Connection]:
        """One state of the store for all statements of a search, whatever is written meanwhile."""
        try:
            self._searching.execute("BEGIN")
            try:
                yield self._searching
            finally:
                self._searching.execute("ROLLBACK")
        except sqlite3.Error as error:
            raise StoreError(f"{self._path}: not read: {error}") from error
