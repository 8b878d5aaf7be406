"""What runs of one source do to what is told: a real site, a real child, a real store, and days that pass at once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from aggregator.collect import collect
from aggregator.errors import StaleLeaseError
from aggregator.event import EventStatus
from aggregator.place.extra import load_places
from aggregator.place.gazetteer import Gazetteer
from aggregator.run import Outcome
from aggregator.source import Source
from aggregator.trace import watched_by

pytestmark = pytest.mark.anyio

URL = "chamber.example/events.ics"
TEN = tuple(range(10))


@pytest.fixture
def chamber(a_source: Callable[..., Source]) -> Source:
    return a_source("chamber")


@pytest.fixture
def steps() -> Iterator[list[str]]:
    """The stretches of work of a run, as they begin."""
    seen: list[str] = []

    @contextmanager
    def watch(name: str, _told: dict[str, str]) -> Iterator[Any]:
        if name in {"fetch", "parse", "normalize", "apply"}:
            seen.append(name)
        yield SimpleNamespace(tell=lambda _name, _value: None)

    with watched_by(watch):
        yield seen


async def test_a_first_run_tells_all_there_is(collector: Any, web_site: Any, chamber: Source, calendar: Any) -> None:
    web_site.pages[URL] = calendar(*TEN)

    run = await collector.run(chamber)

    assert (run.outcome, run.found, run.kept, run.new, run.not_modified) == (Outcome.ACCEPTED, 10, 10, 10, False)
    assert run.bytes_read == len(web_site.pages[URL])
    assert len(collector.told()) == 10


@pytest.mark.parametrize("has_etags", [True, False], ids=["said by 304", "seen from the body"])
async def test_a_run_in_which_nothing_changed_writes_nothing(
    collector: Any, web_site: Any, chamber: Source, calendar: Any, rows_of: Any, has_etags: bool
) -> None:
    web_site.pages[URL], web_site.has_etags = calendar(*TEN), has_etags
    await collector.run(chamber)
    before, version = rows_of(collector.store), collector.store.data_version()
    pages = collector.store.stored_pages("chamber")

    run = await collector.run(chamber, hours=6)

    assert (run.outcome, run.not_modified, run.kept, run.changed) == (Outcome.ACCEPTED, True, 10, 0)
    assert (run.bytes_read == 0) is has_etags
    assert (rows_of(collector.store), collector.store.data_version()) == (before, version)
    assert collector.store.stored_pages("chamber") == pages


async def test_pages_that_did_not_change_are_made_sense_of_once(
    collector: Any, web_site: Any, chamber: Source, calendar: Any, steps: list[str]
) -> None:
    web_site.pages[URL] = calendar(*TEN)
    first = await collector.run(chamber)
    assert steps == ["fetch", "parse", "normalize", "apply"]
    steps.clear()

    again = await collector.run(chamber, hours=6)

    assert steps == ["fetch", "apply"]
    assert (again.found, again.kept, again.fills) == (first.found, first.kept, first.fills)


async def test_what_the_operator_took_away_has_pages_that_did_not_change_made_sense_of_again(
    collector: Any, web_site: Any, chamber: Source, calendar: Any, steps: list[str]
) -> None:
    web_site.pages[URL] = calendar(*TEN)
    await collector.run(chamber)
    collector.store.purge("chamber", collector.clock(), ["3"])
    steps.clear()

    run = await collector.run(chamber, hours=6)

    assert (steps, run.not_modified, run.new) == (["fetch", "normalize", "apply"], True, 1)


async def test_places_of_the_operators_own_hold_at_once_though_the_page_did_not_change(
    collector: Any, web_site: Any, chamber: Source, calendar: Any, steps: list[str]
) -> None:
    web_site.pages[URL] = calendar(*TEN)
    await collector.run(chamber)
    place = '[[place]]\nname = "Elm Hall"\nregion = "CA"\nlatitude = 36.7\nlongitude = -119.8\n'
    gazetteer = Gazetteer(load_places(place, "places.toml"))
    another = replace(collector, tools=replace(collector.tools, gazetteer=gazetteer))
    steps.clear()

    await another.run(chamber, hours=6)

    assert steps == ["fetch", "normalize", "apply"]


async def test_a_source_that_told_nothing_itself_is_still_read_by_its_other_way(
    collector: Any, web_site: Any, a_source: Any, calendar: Any
) -> None:
    source = a_source("chamber", fallbacks=[{"platform": "ics", "url": "http://chamber.example/other.ics"}])
    web_site.pages |= {URL: calendar(), "chamber.example/other.ics": calendar(1, 2)}
    await collector.run(source)
    web_site.pages["chamber.example/other.ics"] = calendar(1, 2, 3)

    run = await collector.run(source, hours=6)

    assert (run.new, run.kept) == (1, 3)


async def test_a_changed_page_changes_only_what_changed(
    collector: Any, web_site: Any, chamber: Source, calendar: Any
) -> None:
    web_site.pages[URL] = calendar(*TEN)
    await collector.run(chamber)
    web_site.pages[URL] = calendar(*TEN, 10, renamed=(3,))

    run = await collector.run(chamber, hours=6)

    assert (run.new, run.changed, run.unseen, run.kept) == (1, 1, 0, 11)
    assert collector.store.stored_listings("chamber")["3"].event.name == "New 3"


async def test_what_the_catalogue_says_holds_at_once_though_the_page_did_not_change(
    collector: Any, web_site: Any, chamber: Source, calendar: Any
) -> None:
    web_site.pages[URL] = calendar(*TEN)
    await collector.run(chamber)

    run = await collector.run(replace(chamber, organizer="Elm Valley Chamber"), hours=6)

    assert (run.not_modified, run.changed) == (True, 10)
    organizers = {listing.event.organizer for listing in collector.store.stored_listings("chamber").values()}
    assert [organizer.name for organizer in organizers] == ["Elm Valley Chamber"]


async def test_what_the_organiser_cancels_is_cancelled_at_once_and_stays_told(
    collector: Any, web_site: Any, chamber: Source, calendar: Any
) -> None:
    web_site.pages[URL] = calendar(*TEN)
    await collector.run(chamber)
    web_site.pages[URL] = calendar(*TEN, cancelled=(4,))

    run = await collector.run(chamber, hours=6)

    assert (run.cancelled, run.changed) == (1, 1)
    told = collector.told()
    assert len(told) == 10
    assert [uid for uid, status in told.items() if status is EventStatus.CANCELLED] == ["4"]


async def test_an_event_is_withdrawn_after_three_complete_runs_and_two_days_without_it(
    collector: Any, web_site: Any, chamber: Source, calendar: Any
) -> None:
    web_site.pages[URL] = calendar(*TEN)
    await collector.run(chamber)
    web_site.pages[URL] = calendar(*TEN[:9])

    runs = [await collector.run(chamber, hours=12) for _ in range(5)]

    assert [run.unseen for run in runs] == [1] * 5
    assert [run.withdrawn for run in runs] == [0, 0, 0, 0, 1]
    assert [run.not_modified for run in runs] == [False, True, True, True, True]
    assert collector.told().keys() == set("012345678")


async def test_an_event_that_is_shown_again_is_as_if_never_missed(
    collector: Any, web_site: Any, chamber: Source, calendar: Any
) -> None:
    whole = web_site.pages[URL] = calendar(*TEN)
    await collector.run(chamber)
    web_site.pages[URL] = calendar(*TEN[:9])
    for _ in range(3):
        await collector.run(chamber, days=1)
    assert "9" not in collector.told()
    web_site.pages[URL] = whole

    run = await collector.run(chamber, days=1)

    assert (run.new, run.unseen, run.withdrawn) == (0, 0, 0)
    assert collector.told().keys() == set("0123456789")
    listing = collector.store.stored_listings("chamber")["9"]
    assert (listing.unseen_runs, listing.unseen_since, listing.withdrawn_at) == (0, None, None)


async def test_a_page_that_was_cut_short_adds_but_removes_nothing(
    collector: Any, web_site: Any, chamber: Source, calendar: Any
) -> None:
    web_site.pages[URL] = calendar(*TEN)
    await collector.run(chamber)
    web_site.pages[URL] = calendar(10, *TEN).partition(b"UID:7")[0]

    run = await collector.run(chamber, hours=6)

    assert (run.outcome, run.new, run.unseen) == (Outcome.PARTIAL, 1, 0)
    assert "was cut off before its end" in run.reason
    assert len(collector.told()) == 11


async def test_a_body_shorter_than_promised_is_no_run_at_all(
    collector: Any, web_site: Any, chamber: Source, calendar: Any, new_reply: Any
) -> None:
    web_site.pages[URL] = calendar(*TEN)
    await collector.run(chamber)
    web_site.pages[URL] = new_reply(calendar(*TEN[:9]), missing=100)

    run = await collector.run(chamber, hours=6)

    assert (run.outcome, run.unseen) == (Outcome.FAILED, 0)
    assert len(collector.told()) == 10


async def test_a_page_that_never_was_a_calendar_is_a_failure(collector: Any, web_site: Any, chamber: Source) -> None:
    web_site.pages[URL] = b"<!doctype html><p>Welcome"

    run = await collector.run(chamber)

    assert run.outcome is Outcome.FAILED
    assert "not a calendar" in run.reason


async def test_fallbacks_are_tried_in_order_until_one_finds_something(
    collector: Any, web_site: Any, a_source: Any, calendar: Any, new_reply: Any
) -> None:
    fallbacks = [{"platform": "ics", "url": f"http://chamber.example/{path}"} for path in ("empty", "full", "last")]
    source = a_source("chamber", fallbacks=fallbacks)
    web_site.pages |= {
        URL: new_reply(status=404),
        "chamber.example/empty": calendar(),
        "chamber.example/full": calendar(1, 2),
        "chamber.example/last": calendar(3),
    }

    run = await collector.run(source)

    assert (run.outcome, run.kept) == (Outcome.ACCEPTED, 2)
    assert web_site.paths == ["/events.ics", "/empty", "/full"]


async def test_a_source_is_read_as_before_once_its_own_way_is_open_again(
    collector: Any, web_site: Any, a_source: Any, calendar: Any, new_reply: Any
) -> None:
    """A 304 stands for what that page showed, not for what a fallback showed since."""
    source = a_source("chamber", fallbacks=[{"platform": "ics", "url": "http://chamber.example/other.ics"}])
    own = web_site.pages[URL] = calendar(*TEN)
    await collector.run(source)
    web_site.pages |= {URL: new_reply(status=500), "chamber.example/other.ics": calendar(*TEN[:8])}
    assert (await collector.run(source, hours=6)).unseen == 2
    web_site.pages[URL] = own

    run = await collector.run(source, hours=6)

    assert (run.not_modified, run.kept) == (True, 10)
    assert not any(listing.unseen_runs for listing in collector.store.stored_listings("chamber").values())


async def test_all_is_asked_for_again_after_a_week_whatever_the_site_says_of_changes(
    collector: Any, web_site: Any, chamber: Source, calendar: Any
) -> None:
    web_site.pages[URL] = calendar(*TEN)

    runs = [await collector.run(chamber, days=1) for _ in range(9)]

    assert [run.not_modified for run in runs] == [False, *[True] * 6, False, True]
    conditional = ["if-none-match" in asked.headers for asked in web_site.asked]
    assert conditional == [False, *[True] * 6, False, True]


async def test_what_a_collector_finds_after_another_has_taken_over_is_not_written(
    collector: Any, web_site: Any, chamber: Source, calendar: Any, rows_of: Any
) -> None:
    web_site.pages[URL] = calendar(*TEN)
    collector.store.register([chamber], now=collector.clock())
    late = collector.store.lease("chamber", collector.clock(), owner="late", ttl=timedelta(minutes=1))
    collector.clock.forward(minutes=2)
    assert collector.store.lease("chamber", collector.clock(), owner="next", ttl=timedelta(minutes=1))
    before = rows_of(collector.store)

    with pytest.raises(StaleLeaseError):
        await collect(chamber, late, collector.tools)

    assert rows_of(collector.store) == before
    assert collector.store.history("chamber", 10) == ()
    assert collector.store.stored_pages("chamber") == {}
