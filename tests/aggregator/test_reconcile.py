"""What a run changes, and what it must never change."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.event import Event, EventStatus
from aggregator.reconcile import KEPT, UNSEEN_TIME, Changes, Listing, reconcile, settled_until

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def an_event(
    uid: str = "1", *, name: str = "Mixer", days: float = 7, status: EventStatus = EventStatus.SCHEDULED
) -> Event:
    start = NOW + timedelta(days=days)
    return Event(
        source="chamber",
        uid=uid,
        name=name,
        start_date=start,
        end_date=start + timedelta(hours=1),
        time_zone="UTC",
        event_status=status,
    )


def a_listing(
    event: Event, *, runs: int = 0, unseen: datetime | None = None, withdrawn: datetime | None = None
) -> Listing:
    return Listing(
        event=event, first_seen=NOW, last_seen=NOW, unseen_runs=runs, unseen_since=unseen, withdrawn_at=withdrawn
    )


def apply(stored: dict[str, Listing], changes: Changes, now: datetime) -> dict[str, Listing]:
    """What a store does with Changes, in memory."""
    listings = {uid: listing for uid, listing in stored.items() if uid not in changes.expired}
    for event in (*changes.new, *changes.changed):
        known = listings.get(event.uid) or a_listing(event)
        listings[event.uid] = replace(known, event=event, last_seen=now)
    for uid in changes.seen_again:
        listings[uid] = replace(listings[uid], unseen_runs=0, unseen_since=None, withdrawn_at=None)
    for uid in changes.unseen:
        known = listings[uid]
        gone = now if uid in changes.withdrawn else known.withdrawn_at
        listings[uid] = replace(
            known, unseen_runs=known.unseen_runs + 1, unseen_since=known.unseen_since or now, withdrawn_at=gone
        )
    return listings


events = st.builds(
    an_event,
    uid=st.sampled_from("abcdefgh"),
    name=st.sampled_from(["Mixer", "Coffee"]),
    days=st.floats(0.1, 90),
    status=st.sampled_from(EventStatus),
)
shown = st.lists(events, max_size=8).map(lambda told: {event.uid: event for event in told})


@given(first=shown, second=shown)
def test_applying_the_changes_gives_what_was_seen(first: dict[str, Event], second: dict[str, Event]) -> None:
    stored = apply({}, reconcile({}, first, is_complete=True, now=NOW), NOW)

    changed = apply(stored, reconcile(stored, second, is_complete=True, now=NOW), NOW)

    assert {uid: listing.event for uid, listing in changed.items() if listing.unseen_since is None} == second
    assert set(changed) == {*first, *second}


@given(first=shown, second=shown)
def test_a_run_that_is_seen_twice_changes_nothing_the_second_time(
    first: dict[str, Event], second: dict[str, Event]
) -> None:
    stored = apply({}, reconcile({}, first, is_complete=True, now=NOW), NOW)
    stored = apply(stored, reconcile(stored, second, is_complete=True, now=NOW), NOW)

    again = reconcile(stored, second, is_complete=True, now=NOW)

    assert replace(again, unseen=(), withdrawn=()) == Changes()
    assert set(again.unseen) == set(first) - set(second)


@given(first=shown, second=shown)
def test_an_incomplete_run_misses_nothing(first: dict[str, Event], second: dict[str, Event]) -> None:
    stored = apply({}, reconcile({}, first, is_complete=True, now=NOW), NOW)

    changes = reconcile(stored, second, is_complete=False, now=NOW)

    assert (changes.unseen, changes.withdrawn) == ((), ())


@pytest.mark.parametrize(
    ("runs", "since", "is_withdrawn"),
    [
        (2, NOW - UNSEEN_TIME, True),
        (1, NOW - UNSEEN_TIME * 2, False),
        (2, NOW - UNSEEN_TIME + timedelta(minutes=1), False),
        (9, NOW - UNSEEN_TIME * 2, True),
    ],
)
def test_an_event_is_withdrawn_after_three_complete_runs_and_48_hours(
    runs: int, since: datetime, is_withdrawn: bool
) -> None:
    stored = {"1": a_listing(an_event("1"), runs=runs, unseen=since)}

    changes = reconcile(stored, {}, is_complete=True, now=NOW)

    assert changes.unseen == ("1",)
    assert changes.withdrawn == (("1",) if is_withdrawn else ())


def test_a_past_event_is_not_missed() -> None:
    stored = {"1": a_listing(an_event("1", days=-2))}

    assert not reconcile(stored, {}, is_complete=True, now=NOW)


def test_an_event_is_forgotten_thirty_days_after_its_end_and_not_before() -> None:
    old = a_listing(an_event("old", days=-31))
    recent = a_listing(an_event("recent", days=-29))

    changes = reconcile({"old": old, "recent": recent}, {}, is_complete=True, now=NOW)

    assert changes.expired == ("old",)
    assert timedelta(days=30) == KEPT


def test_what_ended_long_ago_is_not_taken_in() -> None:
    assert not reconcile({}, {"1": an_event("1", days=-31)}, is_complete=True, now=NOW)
    assert reconcile({}, {"1": an_event("1", days=-29)}, is_complete=True, now=NOW).new


def test_a_cancellation_is_told_once() -> None:
    cancelled = an_event("1", status=EventStatus.CANCELLED)

    first = reconcile({"1": a_listing(an_event("1"))}, {"1": cancelled}, is_complete=True, now=NOW)
    second = reconcile({"1": a_listing(cancelled)}, {"1": cancelled}, is_complete=True, now=NOW)

    assert first.cancelled == ("1",)
    assert second.cancelled == ()


def test_an_endless_series_that_was_withdrawn_is_forgotten_after_thirty_days() -> None:
    series = replace(an_event("1"), rrule=("FREQ=WEEKLY",))
    gone = a_listing(series, runs=5, unseen=NOW - timedelta(days=40), withdrawn=NOW - timedelta(days=31))

    assert reconcile({"1": gone}, {}, is_complete=True, now=NOW).expired == ("1",)
    assert not reconcile({"1": a_listing(series)}, {}, is_complete=True, now=NOW).expired


def test_what_is_still_on_the_page_but_not_understood_is_not_missed() -> None:
    stored = {"1": a_listing(an_event("1"))}

    assert not reconcile(stored, {}, is_complete=True, unread={"1"}, now=NOW)
    assert reconcile(stored, {}, is_complete=True, unread={"2"}, now=NOW).unseen == ("1",)


def test_a_date_told_apart_from_its_series_is_withdrawn_with_it_told_again() -> None:
    series = replace(an_event("s"), rrule=("FREQ=WEEKLY",))
    moved = replace(an_event("s/2"), super_event="s")
    stored = {"s": a_listing(series), "s/2": a_listing(moved)}

    assert reconcile(stored, {"s": series}, is_complete=True, now=NOW).withdrawn == ("s/2",)
    assert reconcile(stored, {}, is_complete=True, now=NOW).withdrawn == ()


past_and_coming = st.builds(an_event, uid=st.sampled_from("abcdefgh"), days=st.floats(-29, 90))
any_shown = st.lists(past_and_coming, max_size=8).map(lambda told: {event.uid: event for event in told})


@given(first=any_shown, second=any_shown, part=st.floats(0, 1, exclude_max=True))
def test_until_it_is_settled_the_same_events_change_nothing(
    first: dict[str, Event], second: dict[str, Event], part: float
) -> None:
    stored = apply({}, reconcile({}, first, is_complete=True, now=NOW), NOW)
    changes = reconcile(stored, second, is_complete=True, now=NOW)
    end = NOW + timedelta(days=200)

    until = settled_until(stored, second, changes, end)

    applied = apply(stored, changes, NOW)
    assert (until is None) is bool(changes.unseen)
    if until is not None:
        assert NOW < until <= end
        assert not reconcile(applied, second, is_complete=True, now=NOW + part * (until - NOW))
    if until is not None and until != end:
        assert reconcile(applied, second, is_complete=True, now=until + timedelta(seconds=1)).expired


def test_a_series_that_is_no_longer_shown_is_compared_each_time() -> None:
    series = replace(an_event(), rrule="FREQ=WEEKLY")
    stored = {"1": a_listing(series, withdrawn=NOW)}

    assert settled_until(stored, {}, Changes(), NOW + KEPT) is None
