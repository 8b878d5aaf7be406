"""Twenty-five organisations on sixteen platforms: three go wrong in three ways, and nothing is lost."""

import asyncio
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.console import Console

from aggregator.alert import RUNS
from aggregator.health import State, examine
from aggregator.run import Outcome
from aggregator.source import Source
from aggregator.store import open_store
from aggregator.store.store import Store
from api.cli.collect import collect_with_progress
from api.cli.demo.pages import site_maps
from api.cli.demo.run import _settings, as_source
from api.cli.demo.site import serve_pages
from api.cli.demo.town import ZONE, read_town

KILLED, BROKEN, EMPTIED = "volunteers_visalia", "chamber_visalia", "library_visalia"
EMPTY_FEED = b'<?xml version="1.0"?><rss version="2.0"><channel><title>Calendar</title></channel></rss>'
REDESIGNED = b"<!doctype html><html><body><h1>Our new site</h1><p>Coming soon.</p></body></html>"
Pages = dict[tuple[str, str], tuple[str, bytes]]


class Listener(logging.Handler):
    """Keeps what is logged."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


@dataclass
class Told:
    """A store after two runs, and what the operator was told after each."""

    store: Store
    first: list[Outcome]
    listings: dict[str, set[str]]
    alerts: list[list[str]]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    town = read_town(datetime.now(ZONE).date())
    pages: Pages = dict(site_maps(town))
    sources = tuple(map(as_source, town))
    address = str(tmp_path_factory.mktemp("town") / "hobnob.db")
    listener = Listener()
    logging.getLogger("hobnob.alert").addHandler(listener)
    with serve_pages(pages) as port, open_store(address) as store:
        store.register(sources, now=datetime.now(UTC))
        first = collect(sources, address, port, store)
        listings, alerts = told_by(store, sources), [listener.lines[:]]
        go_wrong(pages)
        for _ in range(2):
            listener.lines.clear()
            collect(sources, address, port, store)
            alerts.append(listener.lines[:])
        yield Told(store=store, first=first, listings=listings, alerts=alerts)
    logging.getLogger("hobnob.alert").removeHandler(listener)


def collect(sources: tuple[Source, ...], address: str, port: int, store: Store) -> list[Outcome]:
    settings = _settings(address, "http://127.0.0.1:1", port, sources)
    with Path("/dev/null").open("w") as nowhere:
        runs = asyncio.run(collect_with_progress(sources, settings, store, Console(file=nowhere)))
    return [run.outcome for run in runs if run]


def go_wrong(pages: Pages) -> None:
    """One site is gone, one has another face, one shows no events."""
    pages.pop(("volunteers.visalia.example", "/wp-json/tribe/events/v1/events"))
    pages["chamber.visalia.example", "/events"] = ("text/html", REDESIGNED)
    pages["library.visalia.example", "/calendar.rss"] = ("application/rss+xml", EMPTY_FEED)


def told_by(store: Store, sources: tuple[Source, ...]) -> dict[str, set[str]]:
    return {
        source.name: {uid for uid, one in store.stored_listings(source.name).items() if one.withdrawn_at is None}
        for source in sources
    }


def test_all_are_read_at_first(told: Told) -> None:
    assert told.first == [Outcome.ACCEPTED] * 25
    assert all(told.listings.values())
    assert told.alerts[0] == []


def test_the_three_are_in_three_states_each_with_its_reason(told: Told) -> None:
    now = datetime.now(UTC)
    states = {
        status.name: examine(status, told.store.history(status.name, RUNS), now) for status in told.store.sources()
    }
    down = {name: health.state for name, health in states.items() if health.state.is_down}

    assert down == {KILLED: State.MOVED, BROKEN: State.REDESIGNED, EMPTIED: State.SILENT}
    assert all(states[name].reason and states[name].advice and states[name].since for name in down)


def test_the_operator_is_told_once_of_each(told: Told) -> None:
    assert sorted(line.partition(":")[0] for line in told.alerts[1]) == sorted([KILLED, BROKEN, EMPTIED])
    assert told.alerts[2] == []


def test_no_event_is_lost(told: Told) -> None:
    assert told_by(told.store, tuple(map(as_source, read_town(datetime.now(ZONE).date())))) == told.listings
