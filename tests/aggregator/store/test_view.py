"""What a search knows of the store before it asks: the version of the data, and how many dates each cell holds."""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from aggregator.errors import StoreError
from aggregator.event import Event, GeoCoordinates, Place, Precision
from aggregator.query import EventQuery, Sort
from aggregator.store import Answer, Hit
from aggregator.store.store import Store
from aggregator.store.view import Dates

OAKHURST = Place(geo=GeoCoordinates(latitude=37.3280, longitude=-119.6493), precision=Precision.TOWN)
REST = (False, None, b"}", 1, 0)
BRIEF = {"id": "", "occurrence": 0, "vevent": b""}


@pytest.fixture
def query(now: datetime, fresno: GeoCoordinates) -> EventQuery:
    return EventQuery(start=now, end=now + timedelta(days=30), center=fresno, within=20_000)


def search(store: Store, query: EventQuery) -> Answer:
    return asyncio.run(store.search(query))


@pytest.mark.parametrize("rest", [0, 3600])
def test_what_was_written_is_found_whether_dates_were_counted_again_or_not(
    store: Store,
    event: Callable[..., Event],
    write: Callable[..., int],
    query: EventQuery,
    monkeypatch: pytest.MonkeyPatch,
    rest: float,
) -> None:
    monkeypatch.setattr("aggregator.store.view._REST", rest)
    write(store, new=(event("a"),))
    first = search(store, query)
    start = query.start + timedelta(days=3)
    fair = event("fair", start_date=start, end_date=start + timedelta(days=5), location=OAKHURST)

    write(store, new=(fair, event("nowhere", location=Place())))

    then = search(store, replace(query, center=OAKHURST.geo))
    assert [(len(answer.hits), answer.unplaced) for answer in (first, then)] == [(1, 0), (1, 1)]


def test_a_brief_hit_is_the_same_without_what_only_feeds_tell(
    store: Store, event: Callable[..., Event], write: Callable[..., int], query: EventQuery
) -> None:
    write(store, new=tuple(event(str(n), rrule=("FREQ=WEEKLY;COUNT=2",)) for n in range(3)))

    whole = search(store, replace(query, limit=4))
    brief = asyncio.run(store.search(replace(query, limit=4), brief=True))

    assert brief == whole._replace(hits=tuple(hit._replace(**BRIEF) for hit in whole.hits))
    assert all(hit.id and hit.occurrence and hit.vevent for hit in whole.hits)


@pytest.mark.parametrize("most", [0, 8192])
def test_a_brief_hit_that_was_told_before_is_told_anew_once_it_has_changed(
    store: Store,
    event: Callable[..., Event],
    write: Callable[..., int],
    query: EventQuery,
    monkeypatch: pytest.MonkeyPatch,
    most: int,
) -> None:
    monkeypatch.setattr("aggregator.store.view._MOST_DATES", most)
    write(store, new=(event("a"), event("b", rrule=("FREQ=WEEKLY;COUNT=2",))))
    asked = [query, replace(query, sort=Sort.DISTANCE), query]
    before = [asyncio.run(store.search(each, brief=True)) for each in asked]

    write(store, changed=(event("a", name="Another name"),))

    after = asyncio.run(store.search(query, brief=True))
    assert [len(answer.hits) for answer in (*before, after)] == [3, 3, 3, 3]
    assert before[0] == before[2]
    assert [b"Another name" in hit.json for hit in after.hits].count(True) == 1


def test_what_is_known_of_one_version_is_not_told_in_another() -> None:
    dates, old, new = Dates(), Hit("then", None, 5, 5, *REST), Hit("now", None, 5, 5, *REST)
    of_old = dates.of(1)
    dates.of(2)[1, 5] = new

    of_old[1, 5] = old

    assert (dates.of(2), dates.of(1)) == ({(1, 5): new}, {})


@pytest.mark.parametrize("ask", [Store.data_version, Store.sources, lambda store: store.history("chamber", 5)])
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_file_that_is_no_longer_a_store_is_an_error_of_the_store(store: Store, ask: Callable[[Store], Any]) -> None:
    ask(store)
    with closing(sqlite3.connect(store._address, isolation_level=None)) as other:
        for table in ("counters", "sources", "runs"):
            other.execute(f"ALTER TABLE {table} RENAME TO lost_{table}")

    with pytest.raises(StoreError, match="not read"):
        ask(store)
