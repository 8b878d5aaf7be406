"""Turns: what is due, who holds it, and that two of anything do no harm."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from aggregator.errors import StaleLeaseError
from aggregator.event import Kind
from aggregator.reconcile import Changes
from aggregator.run import Outcome, Run
from aggregator.source import Source
from aggregator.store.store import Store

MINUTE = timedelta(minutes=1)


@pytest.fixture
def registered(store: Store, source: Callable[..., Source], now: datetime) -> Store:
    store.register([source("a"), source("b"), source("c")], now=now)
    return store


def names(store: Store, now: datetime, limit: int = 10) -> list[str]:
    return [lease.source for lease in store.due(now, limit=limit, owner="me", ttl=MINUTE)]


def test_a_new_source_is_due_at_once_and_a_leased_one_is_not(registered: Store, now: datetime) -> None:
    assert names(registered, now, limit=2) == ["a", "b"]
    assert names(registered, now) == ["c"]
    assert names(registered, now) == []


def test_a_lease_that_ran_out_is_taken_over_with_a_higher_token(registered: Store, now: datetime) -> None:
    first = registered.lease("a", now, owner="me", ttl=MINUTE)
    assert first is not None
    assert registered.lease("a", now, owner="you", ttl=MINUTE) is None

    second = registered.lease("a", now + MINUTE, owner="you", ttl=MINUTE)

    assert second is not None
    assert second.token > first.token
    with pytest.raises(StaleLeaseError, match="me"):
        registered.renew(first, now + 2 * MINUTE)
    with pytest.raises(StaleLeaseError):
        registered.finish(first, next_due_at=now)
    assert registered.renew(second, now + 3 * MINUTE).until == now + 3 * MINUTE


def test_a_job_takes_its_own_lease_over_and_nobody_elses(registered: Store, now: datetime) -> None:
    first = registered.lease_if_due("a", now, owner="job 7", ttl=MINUTE)
    assert first is not None

    assert registered.lease_if_due("a", now, owner="job 8", ttl=MINUTE) is None
    again = registered.lease_if_due("a", now, owner="job 7", ttl=MINUTE)

    assert again is not None
    assert again.token > first.token
    with pytest.raises(StaleLeaseError):
        registered.renew(first, now + MINUTE)


def test_a_source_that_is_not_due_gives_a_job_no_lease(registered: Store, now: datetime) -> None:
    (lease, *_) = registered.due(now, limit=1, owner="me", ttl=MINUTE)
    registered.finish(lease, next_due_at=now + MINUTE)
    registered.pause("b", None)
    registered.enable("b", enabled=False)

    assert registered.due_sources(now, 9) == ("c",)
    assert registered.lease_if_due("a", now, owner="job", ttl=MINUTE) is None
    assert registered.lease_if_due("b", now, owner="job", ttl=MINUTE) is None
    assert registered.lease_if_due("a", now + MINUTE, owner="job", ttl=MINUTE) is not None


def test_with_its_run_a_source_stops_being_due(registered: Store, now: datetime) -> None:
    lease = registered.lease("a", now, owner="me", ttl=MINUTE)
    assert lease is not None
    run = Run(source="a", started_at=now, finished_at=now, outcome=Outcome.ACCEPTED, reason="")

    registered.apply(Changes(), run, lease=lease, now=now, due_at=now + 5 * MINUTE)

    assert registered.due_sources(now + 2 * MINUTE, 9) == ("b", "c")
    assert registered.due_sources(now + 5 * MINUTE, 9) == ("b", "c", "a")


def test_a_finished_source_is_due_when_it_was_said(registered: Store, now: datetime) -> None:
    (lease, *_) = registered.due(now, limit=1, owner="me", ttl=MINUTE)
    registered.finish(lease, next_due_at=now + 6 * MINUTE, failures=2, last_full_fetch_at=now)

    assert "a" not in names(registered, now + 5 * MINUTE)
    assert names(registered, now + 7 * MINUTE) == ["b", "c", "a"]
    status = registered.sources()[0]
    assert (status.failures, status.last_full_fetch_at, status.next_due_at) == (2, now, now + 6 * MINUTE)


def test_a_source_that_left_the_catalogue_is_not_due(
    registered: Store, source: Callable[..., Source], now: datetime
) -> None:
    registered.register([source("a")], now=now)

    assert names(registered, now) == ["a"]
    assert [status.in_catalogue for status in registered.sources()] == [True, False, False]


def test_a_source_that_is_switched_off_is_not_due_until_it_is_on(registered: Store, now: datetime) -> None:
    registered.enable("a", enabled=False)
    assert names(registered, now) == ["b", "c"]

    registered.enable("a", enabled=True)
    assert names(registered, now) == ["a"]


def test_only_a_changed_source_is_due_again(registered: Store, source: Callable[..., Source], now: datetime) -> None:
    for lease in registered.due(now, limit=3, owner="me", ttl=MINUTE):
        registered.finish(lease, next_due_at=now + timedelta(hours=6))

    registered.register([source("a"), source("b", Kind.CIVIC), source("c")], now=now + MINUTE)

    assert names(registered, now + MINUTE) == ["b"]
    assert registered.sources()[1].kind is Kind.CIVIC


def test_two_schedulers_never_hold_the_same_source(
    registered: Store, new_store: Callable[[], Store], source: Callable[..., Source], now: datetime
) -> None:
    registered.register([source(f"s{number:03d}") for number in range(100)], now=now)
    other = Store(registered._address)

    taken: list[str] = []
    for _ in range(10):
        taken += names(registered, now, limit=7)
        taken += names(other, now, limit=7)
    other.close()

    assert len(taken) == len(set(taken)) == 100


def test_a_few_sources_that_are_collected_by_hand_leave_the_others_in_the_catalogue(
    registered: Store, source: Callable[..., Source], now: datetime
) -> None:
    def listed() -> set[str]:
        return {status.name for status in registered.sources() if status.in_catalogue}

    registered.register([source("a")], now=now, is_whole=False)
    assert listed() == {"a", "b", "c"}

    registered.register([source("a")], now=now)
    assert listed() == {"a"}
