"""Runs that are not believed: nothing is applied, one alert is logged, and a person's word settles it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from aggregator.collect import settle_candidate
from aggregator.errors import StoreError
from aggregator.run import Outcome, Run
from aggregator.sift import Sieve
from aggregator.source import Source

pytestmark = pytest.mark.anyio

URL = "chamber.example/events.ics"
TEN = tuple(range(10))


@pytest.fixture
def chamber(a_source: Callable[..., Source]) -> Source:
    return a_source("chamber")


@pytest.fixture
async def held(collector: Any, web_site: Any, chamber: Source, calendar: Any) -> Run:
    """A second run that saw two of ten events, and was held back."""
    web_site.pages[URL] = calendar(*TEN)
    await collector.run(chamber)
    web_site.pages[URL] = calendar(0, 1, 20)
    run: Run = await collector.run(chamber, hours=6)
    return run


async def test_a_run_that_is_held_back_applies_nothing(collector: Any, held: Run, web_site: Any) -> None:
    assert held.outcome is Outcome.QUARANTINED
    assert held.reason.startswith("2 of 10 expected events are still there")
    assert collector.told().keys() == set("0123456789")


@pytest.mark.parametrize(("months", "outcome"), [({1, 2}, Outcome.ACCEPTED), (set(), Outcome.QUARANTINED)])
async def test_out_of_season_an_empty_calendar_is_believed(
    collector: Any, web_site: Any, chamber: Source, calendar: Any, months: set[int], outcome: Outcome
) -> None:
    chamber = replace(chamber, sieve=Sieve(active_months=frozenset(months), expect_min=3))
    web_site.pages[URL] = calendar(*TEN)
    await collector.run(chamber)
    web_site.pages[URL] = calendar()

    run = await collector.run(chamber, hours=6)

    assert (run.outcome, run.expected) == (outcome, 0 if months else 3)


async def test_after_a_run_that_was_held_back_the_page_of_before_is_still_known(
    collector: Any, held: Run, web_site: Any, chamber: Source, calendar: Any
) -> None:
    web_site.pages[URL] = calendar(*TEN)

    run = await collector.run(chamber, hours=6)

    assert (run.outcome, run.not_modified, run.bytes_read) == (Outcome.ACCEPTED, True, 0)


async def test_a_run_that_a_person_accepts_is_applied(collector: Any, held: Run, chamber: Source) -> None:
    run = settle(collector, held)

    assert (run.outcome, run.new, run.withdrawn) == (Outcome.ACCEPTED, 1, 8)
    assert {uid for uid, one in collector.store.stored_listings("chamber").items() if not one.withdrawn_at} == {
        *("0", "1", "20")
    }
    following = await collector.run(chamber, hours=6)
    assert (following.new, following.changed, following.unseen) == (0, 0, 0)


async def test_a_page_that_goes_back_after_a_person_accepted_it_is_seen_as_it_is(
    collector: Any, held: Run, web_site: Any, chamber: Source, calendar: Any
) -> None:
    settle(collector, held)
    web_site.pages[URL] = calendar(*TEN)

    run = await collector.run(chamber, hours=6)

    assert (run.outcome, run.not_modified) == (Outcome.ACCEPTED, True)
    assert {uid for uid, one in collector.store.stored_listings("chamber").items() if one.unseen_runs} == {"20"}


async def test_a_run_that_a_person_rejects_is_forgotten(collector: Any, held: Run) -> None:
    assert held.id
    collector.store.reject(held.id)

    with pytest.raises(StoreError, match=f"run {held.id}"):
        settle(collector, held)
    assert len(collector.told()) == 10


async def test_a_run_is_accepted_only_while_nothing_newer_was_believed(
    collector: Any, held: Run, web_site: Any, chamber: Source, calendar: Any
) -> None:
    web_site.pages[URL] = calendar(*TEN)
    await collector.run(chamber, hours=6)

    with pytest.raises(StoreError, match=f"after run {held.id} a newer one was accepted"):
        settle(collector, held)
    assert len(collector.told()) == 10


def settle(collector: Any, held: Run) -> Run:
    now = collector.clock()
    lease = collector.store.lease("chamber", now, owner="a person", ttl=timedelta(minutes=1))
    try:
        return settle_candidate("chamber", held.id or 0, lease, collector.store, now)
    finally:
        collector.store.finish(lease, next_due_at=now)


async def test_a_bad_source_is_told_of_once_until_it_was_well_again(
    collector: Any, web_site: Any, chamber: Source, calendar: Any, new_reply: Any, caplog: pytest.LogCaptureFixture
) -> None:
    good, bad, broken = calendar(*TEN), calendar(0), new_reply(status=500)

    for answer in (good, bad, bad, broken, bad, bad, good, bad, bad):
        web_site.pages[URL] = answer
        await collector.run(chamber, hours=6)

    alerts = [told.getMessage() for told in caplog.records if told.levelname == "ERROR"]
    assert len(alerts) == 2
    assert "1 of 10 expected events are still there" in alerts[0]


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        (b"<!doctype html><p>We have a new site", Outcome.QUARANTINED),
        (b"", Outcome.FAILED),
        (b" \r\n", Outcome.FAILED),
        (b"<!doctype html><script>let a =", Outcome.FAILED),
    ],
    ids=["a page of another kind", "nothing", "white space", "the beginning of a page"],
)
async def test_a_whole_page_that_is_no_calendar_any_more_is_held_back_and_less_than_one_is_a_failure(
    collector: Any, web_site: Any, chamber: Source, calendar: Any, body: bytes, outcome: Outcome
) -> None:
    web_site.pages[URL] = calendar(*TEN)
    await collector.run(chamber)
    web_site.pages[URL] = body

    run = await collector.run(chamber, hours=6)

    assert run.outcome is outcome
    assert run.reason.startswith("0 of 10 expected" if outcome is Outcome.QUARANTINED else "http://chamber.example")
    assert len(collector.told()) == 10
