"""What a run writes, and what it does not."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from aggregator.errors import StaleLeaseError, StoreError
from aggregator.event import Event, EventStatus, Kind, Organization, Place
from aggregator.query import EventQuery
from aggregator.reconcile import Changes, reconcile
from aggregator.run import Outcome, Rejection, Run
from aggregator.store import Candidate, Hit, Lease, StoredPage
from aggregator.store.store import Store

TABLES = ("listings", "events", "occurrences", "cells", "cell_counts", "labels", "texts")


@pytest.fixture
def found(now: datetime) -> Callable[..., list[Hit]]:
    """Everything told in the next 400 days, or what is asked for."""

    def search(store: Store, **asked: Any) -> list[Hit]:
        query = EventQuery(start=now, end=now + timedelta(days=400), limit=1000)
        return list(asyncio.run(store.search(replace(query, **asked))).hits)

    return search


def content(store: Store, rows: Callable[..., Any]) -> dict[str, Any]:
    return {table: rows(store, table) for table in TABLES}


def test_a_new_event_is_found_with_what_was_rendered(
    store: Store, event: Callable[..., Event], write: Callable[..., int], found: Callable[..., list[Hit]]
) -> None:
    write(store, new=(event("a"),))

    (hit,) = found(store)

    assert hit.start_text == "2026-06-03T17:00:00-07:00"
    assert hit.end_text == "2026-06-03T19:00:00-07:00"
    assert hit.end - hit.start == 7200
    assert b'"name":"Mixer a"' in hit.json
    assert hit.vevent.endswith(b"END:VEVENT\r\n")
    assert len(hit.id) >= 12


def test_a_stored_event_comes_back_equal(store: Store, event: Callable[..., Event], write: Callable[..., int]) -> None:
    told = (event("a"), event("b", start_date=date(2026, 6, 5), end_date=None), event("c", rrule=("FREQ=WEEKLY",)))

    write(store, new=told)

    assert {uid: listing.event for uid, listing in store.stored_listings("chamber").items()} == {
        event.uid: event for event in told
    }


def test_what_is_seen_again_word_for_word_is_not_read_back(
    store: Store, event: Callable[..., Event], write: Callable[..., int]
) -> None:
    write(store, new=(event("a"), event("b")))
    seen = {"a": event("a"), "b": event("b", name="Breakfast")}

    stored = store.stored_listings("chamber", seen)

    assert stored["a"].event is seen["a"]
    assert stored["b"].event == event("b")


def test_a_run_in_which_nothing_changed_writes_nothing_but_itself(
    store: Store, event: Callable[..., Event], write: Callable[..., int], rows: Callable[..., Any], now: datetime
) -> None:
    told = (event("a"), event("b", rrule=("FREQ=WEEKLY",)))
    write(store, new=told)
    before, version = content(store, rows), store.data_version()
    later = now + timedelta(hours=6)

    stored = store.stored_listings("chamber")
    changes = reconcile(stored, {event.uid: event for event in told}, is_complete=True, now=later)
    write(store, at=later, **{name: getattr(changes, name) for name in ("new", "changed", "unseen", "expired")})

    assert content(store, rows) == before
    assert store.data_version() == version
    assert len(store.history("chamber", 10)) == 2
    assert store.stored_listings("chamber")["a"].last_seen == later


def test_a_change_that_is_none_is_not_written(
    store: Store, event: Callable[..., Event], write: Callable[..., int], rows: Callable[..., Any], now: datetime
) -> None:
    write(store, new=(event("a"),))
    before = content(store, rows)

    write(store, changed=(event("a"),), at=now + timedelta(hours=6))

    assert content(store, rows) == before


def test_a_changed_event_keeps_its_id_and_counts_its_changes(
    store: Store, event: Callable[..., Event], write: Callable[..., int], found: Callable[..., list[Hit]], now: datetime
) -> None:
    write(store, new=(event("a"),))
    (before,) = found(store)

    write(store, changed=(event("a", days=9, name="Breakfast"),), at=now + timedelta(hours=6))

    (after,) = found(store)
    assert (after.id, after.occurrence) == (before.id, before.occurrence)
    assert after.start == before.start + 7 * 86_400
    assert b"Breakfast" in after.json
    assert b"SEQUENCE:1" in after.vevent
    assert found(store, words="breakfast")
    assert not found(store, words="mixer")
    assert store.data_version() == 3


def test_a_cancelled_event_is_still_told(
    store: Store, event: Callable[..., Event], write: Callable[..., int], found: Callable[..., list[Hit]]
) -> None:
    write(store, new=(event("a"),))

    write(store, changed=(event("a", event_status=EventStatus.CANCELLED),), cancelled=("a",))

    (hit,) = found(store, status=frozenset({EventStatus.CANCELLED}))
    assert b"EventCancelled" in hit.json
    assert not found(store, status=frozenset({EventStatus.SCHEDULED}))


def test_an_unseen_event_is_told_until_it_is_withdrawn_and_again_when_it_is_back(
    store: Store, event: Callable[..., Event], write: Callable[..., int], found: Callable[..., list[Hit]], now: datetime
) -> None:
    write(store, new=(event("a"),))
    days = [now + timedelta(days=day) for day in range(1, 5)]

    write(store, unseen=("a",), at=days[0])
    write(store, unseen=("a",), at=days[1])
    listing = store.stored_listings("chamber")["a"]
    assert (listing.unseen_runs, listing.unseen_since, listing.last_seen) == (2, days[0], now)
    assert found(store)

    write(store, unseen=("a",), withdrawn=("a",), at=days[2])
    assert store.stored_listings("chamber")["a"].withdrawn_at == days[2]
    assert not found(store)
    (tombstone,) = found(store, updated_since=days[2])
    assert b'"withdrawn":true' in tombstone.json

    write(store, seen_again=("a",), at=days[3])
    listing = store.stored_listings("chamber")["a"]
    assert (listing.unseen_runs, listing.unseen_since, listing.withdrawn_at) == (0, None, None)
    (hit,) = found(store)
    assert b'"withdrawn":false' in hit.json


def test_an_expired_event_leaves_nothing(
    store: Store, database: str, event: Callable[..., Event], write: Callable[..., int], rows: Callable[..., Any]
) -> None:
    write(store, new=(event("a", rrule=("FREQ=DAILY;COUNT=5",)), event("b")))

    write(store, expired=("a", "b"))

    assert content(store, rows) == {table: [] for table in TABLES}
    assert rows(store, "words_docsize" if database == "sqlite" else "words") == []


def test_an_event_number_is_never_used_again(
    store: Store, event: Callable[..., Event], write: Callable[..., int], found: Callable[..., list[Hit]]
) -> None:
    write(store, new=(event("a"),))
    (first,) = found(store)
    write(store, expired=("a",))

    write(store, new=(event("a"),))

    (second,) = found(store)
    assert second.id > first.id


@pytest.mark.parametrize("uid", ["a", "b"])
def test_two_sources_with_one_uid_do_not_touch_each_other(
    store: Store, event: Callable[..., Event], write: Callable[..., int], found: Callable[..., list[Hit]], uid: str
) -> None:
    write(store, new=(event(uid),))
    write(store, name="club", kind=Kind.NETWORKING, new=(event(uid, source="club", name="Ours"),))

    write(store, name="club", expired=(uid,))

    (hit,) = found(store)
    assert b"Mixer" in hit.json


@pytest.mark.parametrize("is_same", [False, True])
def test_a_late_collector_writes_nothing(
    store: Store,
    event: Callable[..., Event],
    lease: Callable[..., Lease],
    run: Callable[..., Run],
    rows: Callable[..., Any],
    now: datetime,
    *,
    is_same: bool,
) -> None:
    held = lease(store)
    taken = lease(store, at=now + timedelta(minutes=2))

    with pytest.raises(StaleLeaseError, match="chamber"):
        store.apply(Changes() if is_same else Changes(new=(event("a"),)), run(), lease=held, now=now)
    assert content(store, rows) == {table: [] for table in TABLES}
    assert store.history("chamber", 10) == ()
    assert store.source("chamber").last_complete_at is None  # type: ignore[union-attr]

    store.apply(Changes(new=(event("a"),)), run(), lease=taken, now=now)
    assert len(rows(store, "events")) == 1


def test_a_run_that_fails_half_way_leaves_nothing(
    store: Store, event: Callable[..., Event], write: Callable[..., int], rows: Callable[..., Any]
) -> None:
    write(store, new=(event("a"),))
    before = content(store, rows)

    with pytest.raises(StoreError, match=r"(?i)unique"):
        write(store, new=(event("b"), event("a")))

    assert content(store, rows) == before
    assert len(store.history("chamber", 10)) == 1


def test_a_run_is_read_as_it_was_written(
    store: Store, lease: Callable[..., Lease], run: Callable[..., Run], now: datetime
) -> None:
    told = run(
        outcome=Outcome.PARTIAL,
        requests=3,
        bytes_read=12_345,
        not_modified=True,
        found=5,
        kept=4,
        rejected=(Rejection(name="“Mixer”", reason="no start"),),
    )

    run_id = store.apply(Changes(), told, lease=lease(store), now=now)

    assert store.history("chamber", 1) == (replace(told, id=run_id),)
    assert store.history("chamber", 1, Outcome.ACCEPTED) == ()


def test_what_a_quarantined_run_saw_can_be_had_and_changes_nothing(
    store: Store, event: Callable[..., Event], lease: Callable[..., Lease], run: Callable[..., Run], now: datetime
) -> None:
    seen = Candidate(seen=(event("a"), event("b")), is_complete=True)
    held = lease(store)

    run_id = store.apply(Changes(), run(outcome=Outcome.QUARANTINED), lease=held, now=now, candidate=seen)
    other = store.apply(Changes(), run(), lease=held, now=now)

    assert store.candidate(run_id) == seen
    assert store.stored_listings("chamber") == {}
    with pytest.raises(StoreError, match="not quarantined"):
        store.candidate(other)


def test_only_the_last_answer_to_a_request_is_kept(
    store: Store, lease: Callable[..., Lease], run: Callable[..., Run], now: datetime
) -> None:
    page = StoredPage(request="GET /", etag='"1"', body_hash=b"1", reading=b'{"drafts":[]}', parser="1", fetched_at=now)
    other = replace(page, request="GET /2", etag=None, last_modified="Mon, 01 Jun 2026 12:00:00 GMT")
    held = lease(store)

    store.apply(Changes(), run(), lease=held, now=now, pages=(page, other))
    newer = replace(page, etag='"2"', body_hash=b"2")
    store.apply(Changes(), run(), lease=held, now=now, pages=(newer,))

    assert store.stored_pages("chamber") == {"GET /": newer, "GET /2": other}


def test_an_endless_series_rolls_forward_without_a_fetch(
    store: Store, event: Callable[..., Event], write: Callable[..., int], found: Callable[..., list[Hit]], now: datetime
) -> None:
    write(store, new=(event("weekly", rrule=("FREQ=WEEKLY",)), event("thrice", rrule=("FREQ=WEEKLY;COUNT=3",))))
    before = len(found(store))
    assert store.roll_forward(now) == 0
    later = now + timedelta(days=140)

    moved = store.roll_forward(later)

    hits = found(store, start=now - timedelta(days=60), end=later + timedelta(days=500))
    starts = [datetime.fromtimestamp(hit.start, UTC) for hit in hits]
    assert moved > 20
    assert min(starts) >= later - timedelta(days=31)
    assert max(starts) >= later + timedelta(days=392)
    assert len(set(starts)) == len(starts)
    assert abs(len(starts) - before) <= 6
    assert store.roll_forward(later) == 0


def test_the_dates_of_an_event_that_is_over_are_dropped_after_thirty_days(
    store: Store, event: Callable[..., Event], write: Callable[..., int], rows: Callable[..., Any], now: datetime
) -> None:
    write(store, new=(event("a", days=1), event("b", days=60)))

    store.roll_forward(now + timedelta(days=30))
    assert len(rows(store, "occurrences")) == 2
    store.roll_forward(now + timedelta(days=32))
    assert len(rows(store, "occurrences")) == 1

    counted = dict(rows(store, "cell_counts"))
    assert sum(counted.values()) == len(rows(store, "cells"))


def test_counts_of_cells_are_those_of_the_index_whatever_was_written(
    store: Store, event: Callable[..., Event], write: Callable[..., int], rows: Callable[..., Any], now: datetime
) -> None:
    nowhere = event("c", location=Place(), organizer=Organization(name="Nowhere"))
    write(store, new=(event("a", rrule=("FREQ=WEEKLY",)), event("b"), nowhere))
    write(store, changed=(event("b", days=5), replace(nowhere, location=event("a").location)))
    write(store, expired=("a",))
    store.roll_forward(now + timedelta(days=20))

    index: dict[int, int] = {}
    for cell, *_ in rows(store, "cells"):
        index[cell] = index.get(cell, 0) + 1
    assert dict(rows(store, "cell_counts")) == index


def test_a_single_date_years_ahead_is_told(
    store: Store, event: Callable[..., Event], write: Callable[..., int], found: Callable[..., list[Hit]], now: datetime
) -> None:
    write(store, new=(event("far", days=900),))

    assert found(store, end=now + timedelta(days=1000))
