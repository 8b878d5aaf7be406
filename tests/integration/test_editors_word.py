"""An editor's word holds in real runs: of a source that says other things, and of others that tell the same."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from aggregator.correct import Field, Patch
from aggregator.query import EventQuery
from aggregator.source import Source
from aggregator.store.correcting import Correction

pytestmark = pytest.mark.anyio

CHAMBER, LIBRARY = "chamber.example/events.ics", "library.example/events.ics"


async def told(collector: Any, **asked: Any) -> dict[str, bytes]:
    now = collector.clock()
    hits = (await collector.store.search(EventQuery(start=now, end=now + timedelta(days=60), **asked))).hits
    return {hit.id: hit.json for hit in hits}


def ids(collector: Any) -> dict[tuple[str, str], str]:
    with collector.store.snapshot() as town:
        return {one.key: one.id for one in town.listings()}


async def test_a_corrected_field_stays_while_a_run_changes_the_others_and_then_follows_again(
    collector: Any, web_site: Any, a_source: Callable[..., Source], calendar: Any
) -> None:
    web_site.pages[CHAMBER] = calendar(0, 1)
    await collector.run(a_source("chamber"))
    event = ids(collector)["chamber", "0"]
    end = collector.clock() + timedelta(days=3)
    word = Correction(field=Field.NAME, value="", patch=Patch(name="Walk"), why="they rang", by="Ed", until=end)
    collector.store.correct(event, word, collector.clock())

    web_site.pages[CHAMBER] = calendar(0, 1, renamed=(0,), later=1)
    await collector.run(a_source("chamber"), hours=6)
    during = await told(collector)
    await collector.run(a_source("chamber"), days=3)
    after = await told(collector)

    starts = collector.store.uncorrected(event).start_date
    (hit, *_) = await collector.store.event(event, now=collector.clock())
    assert (b'"name":"Walk"' in during[event], b'"name":"New 0"' in after[event]) == (True, True)
    assert hit.start == starts.timestamp()


async def test_what_is_hidden_stays_so_in_every_run_of_every_source(
    collector: Any, web_site: Any, a_source: Callable[..., Source], calendar: Any
) -> None:
    chamber, library = a_source("chamber"), a_source("library")
    web_site.pages[CHAMBER] = web_site.pages[LIBRARY] = calendar(0, 1)
    await collector.run_all([chamber])
    collector.store.hide(ids(collector)["chamber", "0"], "spam", "Ed", collector.clock())

    await collector.run_all([chamber, library], hours=6)
    web_site.pages[LIBRARY] = calendar(0, 1, later=0, cancelled=(0,))
    await collector.run_all([chamber, library], hours=6)
    everything = await told(collector, updated_since=collector.clock() - timedelta(days=9))

    hidden = {ids(collector)[name, "0"] for name in ("chamber", "library")}
    assert len(hidden) == 2
    assert hidden.isdisjoint(everything)
    assert {ids(collector)[name, "1"] for name in ("chamber", "library")} == everything.keys()


async def test_an_organisers_veto_takes_its_groups_away_whatever_source_tells_them(
    collector: Any, web_site: Any, a_source: Callable[..., Source], calendar: Any
) -> None:
    weekly = calendar(0).replace(b"DURATION:PT1H", b"DURATION:PT1H\r\nRRULE:FREQ=WEEKLY")
    web_site.pages[CHAMBER] = web_site.pages[LIBRARY] = weekly
    sources = [a_source("chamber", organizer="Elm Club"), a_source("library", organizer="ELM CLUB")]
    await collector.run_all(sources)
    assert len(collector.store.groups()) == 2

    collector.store.veto("Elm Club", "asked", collector.clock())
    at_once = collector.store.groups()
    await collector.run_all(sources, hours=6)

    assert (at_once, collector.store.groups()) == ((), ())
