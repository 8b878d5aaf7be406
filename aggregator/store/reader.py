"""The reading side of a store: all that an API's process needs, and on SQLite without SQLAlchemy or a thread."""

from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import replace
from datetime import datetime
from types import TracebackType
from typing import Any, Concatenate, ParamSpec, Self, TypeVar

from aggregator.correct import Override
from aggregator.event import Event
from aggregator.match import Judged
from aggregator.query import EventQuery
from aggregator.reconcile import Listing
from aggregator.run import Outcome, Run
from aggregator.store import addresses, alike, grouped, ledger, news, said, search, seen, why
from aggregator.store.answer import Answer, Hints, Hit
from aggregator.store.corrections import Corrections, Key, read_corrections, read_hides, read_overrides, read_withheld
from aggregator.store.database import open_reading
from aggregator.store.facets import Facets, count_facets
from aggregator.store.kept import (
    Asking,
    Candidate,
    Hide,
    KeptEdition,
    KeptGroup,
    News,
    Settled,
    SourceStatus,
    StoredPage,
    Widget,
)
from aggregator.store.link import Link
from aggregator.store.outbound import Snapshot
from aggregator.store.questions import read_questions
from aggregator.store.view import Counts, Dates, View
from aggregator.suggest import KeptSuggestion

P = ParamSpec("P")
T = TypeVar("T")

_STREAMED = 200
"""Hits that a feed reads at a time: no reading lasts longer, so that the write-ahead log can be tidied."""


class Reader:
    """Answers from the store at an address, which is there and up to date."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._reading = open_reading(address)
        self._counts = Counts()
        self._dates = Dates()

    def here(self) -> AbstractAsyncContextManager[None]:
        """To be asked from this loop, as long as the block lasts, which is faster than from elsewhere."""
        return self._reading.here()

    def drive(self, coroutine: Coroutine[Any, Any, T]) -> Awaitable[T]:
        """The same work, in which reads that are not awaited do not hold up the loop that is `here`."""
        return self._reading.drive(coroutine)

    async def search(self, query: EventQuery, *, brief: bool = False) -> Answer:
        """A page of hits, brief ones when no feed is made of them; QueryError names what cannot be answered."""
        return await self._search(search.search, query, brief=brief)

    async def total(self, query: EventQuery) -> int:
        """How many hits there are on all pages; TOTAL_CAP + 1 means more than TOTAL_CAP."""
        return await self._search(search.count, query)

    async def facets(self, query: EventQuery) -> Facets:
        """How many dates the query finds of each kind, cost, weekday, organiser and so on."""
        return await self._search(count_facets, query)

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
        return await self._search(search.dates_of_event, event_id, now, limit)

    async def nearest_hint(self, query: EventQuery) -> Hints:
        """What an empty answer leaves unsaid: the nearest match within 500 km, and the first here after the window."""
        return await self._search(search.hints, query)

    def explain(self, query: EventQuery, event_id: str, now: datetime) -> why.Why | None:
        """Why an event is in the answer or not; None for an id that is not known."""
        return self._reading.together_now(lambda link: why.explain(self._view(link), query, event_id, now))

    def merged_into(self, event_id: str) -> str | None:
        """The id of the event that tells this one; None when it tells itself, or is not known."""
        return self._look_up(search.merged_into, event_id)

    def last_seen(self, event_ids: Iterable[str]) -> dict[str, datetime]:
        """By id, when any of the sources that tell an event last showed it."""
        return self._look_up(seen.last_seen, event_ids)

    def labels_alike(self, kind: str, name: str) -> list[str]:
        """Organisers (`o`) or tags (`t`), folded, whose names are written like this one; only itself if it is there."""
        return self._look_up(alike.labels_alike, kind, name)

    def as_of(self, now: datetime) -> datetime:
        """Up to when writes are seen: `now`, unless this reads a replica that is behind."""
        return self._reading.as_of(now)

    def data_version(self) -> int:
        """A number that rises with each change of what is told: part of a cache's key."""
        return self._look_up(search.data_version)

    def sources(self) -> tuple[SourceStatus, ...]:
        """All sources by name, and how they are doing."""
        return self._look_up(ledger.source_statuses)

    def source(self, name: str) -> SourceStatus | None:
        """One source, and how it is doing; None when there is none of that name."""
        return next(iter(self._look_up(ledger.source_statuses, name)), None)

    def failures(self, source: str) -> int:
        """How many runs in a row had no answer."""
        return self._look_up(ledger.failures, source)

    def due_sources(self, now: datetime, limit: int) -> tuple[str, ...]:
        """The names of sources that have been due longest and that nobody is at."""
        return self._look_up(ledger.due_sources, now, limit)

    def last_full_fetch(self, source: str) -> datetime | None:
        """When all pages of a source were last asked for without conditions."""
        return self._look_up(ledger.last_full_fetch, source)

    def history(self, source: str, limit: int, outcome: Outcome | None = None) -> tuple[Run, ...]:
        """The last runs of a source, newest first; only those that ended so, where an outcome is given."""
        return self._look_up(ledger.history, source, limit, outcome)

    def settled(self, source: str, reading_as: str, now: datetime) -> tuple[Run, Settled] | None:
        """The last accepted run of a source, when the same pages read the way that is named would tell nothing else."""
        return self._look_up(ledger.settled, source, reading_as, now)

    def questions(self) -> tuple[Judged, ...]:
        """Pairs of listings that may be one happening, as the last matching found them: for a person to decide."""
        return self._look_up(lambda connection: read_questions(connection.execute))

    def vetoes(self) -> dict[str, str]:
        """What is told by nobody, folded, and why."""
        return self._look_up(ledger.vetoes)

    def corrections(self, now: datetime, *sources: str) -> Corrections:
        """An editor's word on listings of these sources, or of all: what holds now."""
        return self._look_up(lambda connection: read_corrections(connection.execute, now, sources or None))

    def overrides(self) -> tuple[Override, ...]:
        """All corrections in the order in which they were made, those whose time is over too."""
        return self._look_up(lambda connection: tuple(read_overrides(connection.execute)))

    def uncorrected(self, event_id: str) -> Event:
        """What the sources say of an event; StoreError for an id that is not known."""
        return self._look_up(search.word_of_sources, event_id)

    def suggestions(self) -> tuple[KeptSuggestion, ...]:
        """What the public suggested, in the order in which it came, settled or not."""
        return self._look_up(said.read_suggestions)

    def asking(self, token_hash: str) -> Asking | None:
        """The letter whose token has this hash; None when there was none."""
        return self._look_up(said.read_asking, token_hash)

    def confirmed_at(self, source: str) -> datetime | None:
        """When its organiser last said that a source is right."""
        return self._look_up(said.confirmed_at, source)

    def ids_of(self, listings: Iterable[Key]) -> dict[Key, str]:
        """The ids of the events that tell these listings."""
        return self._look_up(search.ids_of, listings)

    def hides(self) -> tuple[Hide, ...]:
        """What is hidden, in the order in which it was."""
        return self._look_up(lambda connection: tuple(read_hides(connection.execute)))

    def withheld(self, source: str) -> frozenset[Key]:
        """Listings of a source that are told nobody, hidden by themselves or with another source's."""
        return self._look_up(lambda connection: read_withheld(connection.execute, source))

    def widgets(self, name: str | None = None) -> tuple[Widget, ...]:
        """What sites show of us: all that is saved, by name, or the one of that name."""
        return self._look_up(ledger.widgets, name)

    def edition(self, name: str) -> KeptEdition | None:
        """The letter that an editor published under this name; None when there is none."""
        return self._look_up(said.read_edition, name)

    def editions(self, limit: int, before: str | None = None) -> tuple[KeptEdition, ...]:
        """Letters that editors published, the newest first: those before the one of a name, where one is given."""
        return self._look_up(said.read_editions, limit, before)

    def groups(self, source: str | None = None) -> tuple[KeptGroup, ...]:
        """The regular groups of a source, or all, by id."""
        return self._look_up(grouped.read_groups, source)

    def address_blocks(self) -> list[tuple[int, int]]:
        """Numbers of the blocks of events that are told, and when one of each last changed, in microseconds."""
        return self._look_up(addresses.read_blocks)

    def addresses(self, block: int, after: int, limit: int) -> list[addresses.Told]:
        """The first events of a block with numbers over `after`."""
        return self._look_up(addresses.read_block, block, after, limit)

    def news(self, after: int, limit: int) -> tuple[News, ...]:
        """The first changes after that number, in the order in which they were written."""
        return self._look_up(news.read_news, after, limit)

    def last_news_before(self, moment: datetime) -> int:
        """The number of the last change before then; 0 when there is none."""
        return self._look_up(news.last_before, moment)

    def news_bounds(self) -> tuple[int, int]:
        """The number of the first change that is still kept, and of the last there ever was."""
        return self._look_up(news.bounds)

    def candidate(self, run_id: int) -> Candidate:
        """What a quarantined run saw; StoreError when it kept nothing."""
        return self._look_up(ledger.candidate, run_id)

    def stored_listings(self, source: str, seen: Mapping[str, Event] | None = None) -> dict[str, Listing]:
        """What a source told so far, by uid; faster where the events that it shows now are given."""
        return self._look_up(ledger.stored_listings, source, seen or {})

    def told(self, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Event]:
        """What sources said of these listings, each a source and a uid, where they are known."""
        return self._look_up(ledger.told, keys)

    def stored_pages(self, source: str) -> dict[str, StoredPage]:
        """The last answers to the requests of a source, by request."""
        return self._look_up(ledger.stored_pages, source)

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """All that is kept of the town, as it is now, for as long as the block lasts."""
        with self._reading.snapshot() as link:
            yield Snapshot(link)

    def close(self) -> None:
        """Let go of the database."""
        self._reading.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    async def _search(self, ask: Callable[Concatenate[View, P], T], *asked: P.args, **named: P.kwargs) -> T:
        """All statements of a search see one state of the store, whatever is written meanwhile."""
        return await self._reading.together(lambda link: ask(self._view(link), *asked, **named))

    def _view(self, link: Link) -> View:
        version = search.data_version(link)
        self._counts.refresh(link, version)
        return View(link, version, self._counts, self._dates)

    def _look_up(self, read: Callable[Concatenate[Link, P], T], *asked: P.args, **named: P.kwargs) -> T:
        return self._reading.look_up(lambda link: read(link, *asked, **named))
