"""The demo's 25 organisations: one site dies, one is rebuilt, one is emptied, and the operator hears of each once."""

import logging
from collections import Counter
from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from aggregator.alert import RUNS
from aggregator.health import State, examine
from aggregator.run import Outcome
from aggregator.source import Source
from api.cli.demo.pages import site_maps
from api.cli.demo.run import as_source
from api.cli.demo.site import serve_pages
from api.cli.demo.town import read_town

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
DEAD, REBUILT, EMPTIED = "arts_visalia", "conservancy_tule", "town_visalia"
HEALTH = {DEAD: State.MOVED, REBUILT: State.REDESIGNED, EMPTIED: State.SILENT}
EMPTY_RSS = b'<?xml version="1.0"?><rss version="2.0"><channel><title>Town</title><link>/</link></channel></rss>'


@pytest.fixture
def town() -> dict[str, Source]:
    return {source.name: source for source in map(as_source, read_town(date(2026, 6, 1)))}


@pytest.fixture
def pages() -> dict[tuple[str, str], tuple[str, bytes]]:
    return dict(site_maps(read_town(date(2026, 6, 1))))


@pytest.fixture
async def collector(pages: Any, open_collector: Callable[..., Any]) -> AsyncIterator[Any]:
    with serve_pages(pages) as port:
        async with open_collector(port, NOW, hosts=tuple({host for host, _ in pages})) as opened:
            yield opened


def damage(pages: dict[tuple[str, str], tuple[str, bytes]], town: dict[str, Source]) -> None:
    for key in [key for key in pages if key[0] == host_of(town[DEAD])]:
        del pages[key]
    for key in [key for key in pages if key[0] == host_of(town[REBUILT])]:
        pages[key] = ("text/html", b"<html><body><h1>Our new site</h1></body></html>")
    for key in [key for key in pages if key[0] == host_of(town[EMPTIED])]:
        pages[key] = ("application/rss+xml", EMPTY_RSS)


def host_of(source: Source) -> str:
    return source.request.url.split("/")[2]


async def test_three_ways_to_go_wrong_are_three_states_one_alert_each_and_no_event_is_lost(
    collector: Any, pages: Any, town: dict[str, Source], caplog: pytest.LogCaptureFixture
) -> None:
    first = await collector.run_all(list(town.values()))
    told = {name: collector.told(name) for name in town}
    damage(pages, town)

    with caplog.at_level(logging.ERROR, "hobnob.alert"):
        await collector.run_all(list(town.values()), hours=12)
        await collector.run_all(list(town.values()), hours=12)

    assert len(town) == 25
    assert len({source.platform for source in town.values()}) >= 12
    assert {run.outcome for run in first} == {Outcome.ACCEPTED}
    assert {name: state for name in town if (state := state_of(collector, name)).is_down} == HEALTH
    assert Counter(record.getMessage().partition(":")[0] for record in caplog.records) == dict.fromkeys(HEALTH, 1)
    assert {name: collector.told(name) for name in town} == told
    assert all(told.values())


def state_of(collector: Any, name: str) -> State:
    status = collector.store.source(name)
    return examine(status, collector.store.history(name, RUNS), collector.clock()).state
