"""Paging: every event once, in order, whatever is written meanwhile; and only with a cursor of the same question."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aggregator.errors import QueryError
from aggregator.event import Event, EventStatus, GeoCoordinates, Kind
from aggregator.query import Choice, EventQuery, Sort
from aggregator.store import Answer, Hit
from aggregator.store.store import Store

WRITES = st.lists(
    st.tuples(st.sampled_from(("new", "changed", "expired")), st.integers(0, 19), st.integers(1, 25)), max_size=3
)


def search(store: Store, query: EventQuery) -> Answer:
    return asyncio.run(store.search(query))


@pytest.fixture
def query(now: datetime, fresno: GeoCoordinates) -> EventQuery:
    return EventQuery(start=now, end=now + timedelta(days=30), center=fresno, within=50_000, limit=2)


def place(sort: Sort, hit: Hit) -> tuple[Any, ...]:
    return (hit.distance, hit.start, hit.id) if sort is Sort.DISTANCE else (hit.start, hit.id)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    order=st.tuples(st.sampled_from((Sort.START, Sort.DISTANCE, Sort.FIRST_SEEN)), st.integers(1, 4)),
    staying=st.lists(st.integers(1, 25), min_size=1, max_size=12),
    passing=st.lists(st.integers(1, 25), min_size=20, max_size=20),
    writes=st.lists(WRITES, max_size=12),
)
def test_paging_gives_every_event_once_and_in_order_while_others_come_and_go(
    new_store: Callable[[], Store],
    write: Callable[..., int],
    event: Callable[..., Event],
    query: EventQuery,
    *,
    order: tuple[Sort, int],
    staying: list[int],
    passing: list[int],
    writes: list[list[tuple[str, int, int]]],
) -> None:
    store, (sort, limit) = new_store(), order
    stay = [event(f"stay{number}", days) for number, days in enumerate(staying)]
    others = {f"pass{number}": event(f"pass{number}", days) for number, days in enumerate(passing)}
    there = set(list(others)[::2])
    write(store, new=(*stay, *(others[uid] for uid in there)))
    ids = dict(
        store._look_up(lambda link: link.execute("SELECT uid, id FROM listings JOIN events USING (event)").fetchall())
    )
    asked = replace(query, sort=sort, limit=limit)
    hits: list[Hit] = []

    while True:
        answer = search(store, asked)
        hits += answer.hits
        if answer.next is None:
            break
        asked = replace(asked, cursor=answer.next)
        for what, number, days in writes.pop() if writes else []:
            uid = f"pass{number}"
            if (what == "new") != (uid in there):
                write(store, **{what: (uid if what == "expired" else event(uid, days, name="Moved"),)})
                there = there - {uid} if what == "expired" else there | {uid}

    seen = [hit.id for hit in hits]
    assert [seen.count(ids[event.uid]) for event in stay] == [1] * len(stay)
    if sort is not Sort.FIRST_SEEN:
        assert [place(sort, hit) for hit in hits] == sorted(place(sort, hit) for hit in hits)
    store.close()


CHANGED = [
    {"within": 60_000.0},
    {"center": GeoCoordinates(latitude=36.0, longitude=-119.0)},
    {"kind": Choice(any_of=frozenset({Kind.CHAMBER}))},
    {"tag": Choice(none_of=frozenset({"x"}))},
    {"words": "mixer"},
    {"sort": Sort.DISTANCE},
    {"weekdays": frozenset({1, 2, 3, 4, 5, 6})},
    {"time_from": time(9)},
    {"status": frozenset(EventStatus)},
]


@pytest.mark.parametrize("other", CHANGED, ids=lambda other: next(iter(other)))
def test_the_cursor_of_another_query_is_refused(
    store: Store, event: Callable[..., Event], write: Callable[..., int], query: EventQuery, other: dict[str, Any]
) -> None:
    write(store, new=tuple(event(str(number), number) for number in range(1, 6)))
    cursor = search(store, query).next

    with pytest.raises(QueryError, match="another query") as caught:
        search(store, replace(query, cursor=cursor, **other))

    assert caught.value.param == "cursor"
    assert len(search(store, replace(query, cursor=cursor, limit=3)).hits) == 3


@pytest.mark.parametrize("cursor", ["", "x", "é", "AAAA", "A" * 64, "_" * 67, "=" * 8, "\x00"])
def test_what_is_no_cursor_is_refused(store: Store, query: EventQuery, cursor: str) -> None:
    with pytest.raises(QueryError, match="cursor"):
        search(store, replace(query, cursor=cursor))


def test_a_window_that_moved_on_with_the_clock_goes_on_where_it_was(
    store: Store, event: Callable[..., Event], write: Callable[..., int], query: EventQuery
) -> None:
    write(store, new=tuple(event(str(number), number) for number in range(1, 6)))
    first = search(store, query)
    hours = timedelta(hours=3)

    later = replace(query, cursor=first.next, start=query.start + hours, end=query.end + hours, limit=100)
    next_week = replace(later, start=query.start + timedelta(days=7))

    assert len(first.hits) + len(search(store, later).hits) == 5
    with pytest.raises(QueryError, match="another query"):
        search(store, next_week)
