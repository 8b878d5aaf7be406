"""What sites show of us is kept by name."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from aggregator.event import Event
from aggregator.query import EventQuery
from aggregator.store import Widget
from aggregator.store.store import Store

LIBRARY = Widget(
    name="library-main",
    query={"near": "Visalia, CA"},
    layout="list",
    link="source",
    title="At the library – aquí",
    pins=("b", "a"),
    picks=(),
    blocked=("chamber",),
    updated_at=datetime(2026, 10, 7, 18, 30, tzinfo=UTC),
)


def test_a_widget_comes_back_as_it_was_saved_and_the_last_one_holds(store: Store) -> None:
    store.save_widget(LIBRARY)
    store.save_widget(replace(LIBRARY, name="another"))
    store.save_widget(replace(LIBRARY, title=None))

    assert [widget.name for widget in store.widgets()] == ["another", "library-main"]
    assert store.widgets("library-main") == (replace(LIBRARY, title=None),)
    assert store.widgets("nosuch") == ()


def test_removing_says_whether_there_was_one(store: Store) -> None:
    store.save_widget(LIBRARY)

    assert (store.remove_widget("library-main"), store.remove_widget("library-main")) == (True, False)
    assert store.widgets() == ()


def test_saving_and_removing_make_kept_answers_old(store: Store) -> None:
    versions = [store.data_version()]
    store.save_widget(LIBRARY)
    versions.append(store.data_version())
    store.remove_widget("library-main")
    versions.append(store.data_version())

    assert versions == sorted(set(versions))


def test_events_are_named_by_id_and_one_that_another_tells_stands_for_that_one(
    store: Store, event: Callable[..., Event], write: Callable[..., int], now: datetime
) -> None:
    write(store, new=(event("a", name="New Year Business Mixer"), event("other")))
    write(store, name="library", new=(event("b", source="library", name="New Year Business Mixer"),))
    query = EventQuery(start=now, end=now + timedelta(days=30))
    before = asyncio.run(store.search(query)).hits
    mixers = {hit.id for hit in before if b"New Year" in hit.json}

    assert store.match({}, now) == 2
    survivor = next(hit.id for hit in asyncio.run(store.search(query)).hits if hit.id in mixers)

    (merged,) = mixers - {survivor}
    for ids in (mixers, {survivor}, {merged}):
        found = asyncio.run(store.search(replace(query, ids=frozenset(ids)))).hits
        assert [hit.id for hit in found] == [survivor]
    assert asyncio.run(store.search(replace(query, ids=frozenset({"nosuch"})))).hits == ()
