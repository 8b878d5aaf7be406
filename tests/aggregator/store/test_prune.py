"""What nobody will ask for again goes, and nothing else."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from aggregator.confirm import hash_of, new_asking
from aggregator.errors import StoreError
from aggregator.reconcile import Changes
from aggregator.run import Outcome, Run
from aggregator.store import Candidate, Lease, StoredPage
from aggregator.store.store import Store


@pytest.fixture
def settle(store: Store, run: Callable[..., Run], lease: Callable[..., Lease]) -> Callable[..., int]:
    def write(at: datetime, outcome: Outcome = Outcome.ACCEPTED, **more: Any) -> int:
        held = lease(store, at=at)
        number = store.apply(Changes(), run(at=at, outcome=outcome), lease=held, now=at, **more)
        store.finish(held, next_due_at=at)
        return number

    return write


def test_readings_go_after_sixty_days_and_candidates_after_thirty(
    store: Store, settle: Callable[..., int], now: datetime
) -> None:
    page = StoredPage(request="GET /", body_hash=b"1", reading=b"{}", parser="1", fetched_at=now)
    settle(now, pages=(page, replace(page, request="GET /2", fetched_at=now + timedelta(days=5))))
    held = settle(now, Outcome.QUARANTINED, candidate=Candidate(seen=(), is_complete=True))

    assert store.prune(now + timedelta(days=29)) == 0
    assert store.candidate(held).is_complete
    assert store.prune(now + timedelta(days=61)) == 2
    assert store.stored_pages("chamber").keys() == {"GET /2"}
    with pytest.raises(StoreError):
        store.candidate(held)


def test_what_an_organiser_was_asked_in_vain_goes_after_a_year_and_what_they_confirmed_stays(
    store: Store, now: datetime
) -> None:
    for source, token in (("chamber", "yes"), ("library", "no")):
        store.ask_confirmation(new_asking(source, token, now))
    assert store.confirm(hash_of("yes"), now + timedelta(days=1))

    assert store.prune(now + timedelta(days=399)) == 0
    assert store.prune(now + timedelta(days=401)) == 1
    assert store.asking(hash_of("no")) is None
    assert store.confirmed_at("chamber") == now + timedelta(days=1)


def test_runs_go_after_a_year_but_for_the_last_hundred_and_the_last_that_was_accepted(
    store: Store, settle: Callable[..., int], now: datetime
) -> None:
    accepted = settle(now)
    runs = [settle(now + timedelta(hours=hour), Outcome.FAILED) for hour in range(103)]

    assert store.prune(now + timedelta(days=390)) == 0
    assert store.prune(now + timedelta(days=420)) == 3
    assert [run.id for run in store.history("chamber", 200)] == [*reversed(runs[3:]), accepted]
