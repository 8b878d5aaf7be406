"""A feed of 10,000 events is written as it is read: its length costs no memory."""

import tracemalloc
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import anyio
import pytest
from starlette.types import ASGIApp, Message

from aggregator.event import Event, Kind
from aggregator.place.gazetteer import Gazetteer
from aggregator.settings import Settings
from aggregator.store import open_store
from aggregator.store.store import Store
from api.app import create_app

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 10, 7, 18, 30, 20, tzinfo=UTC)
EVENTS = 10_000
ROOM = 1 << 20
"""Bytes by which what is held may differ; the feed is ten times as much."""


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory, fill_source: Callable[..., None]) -> Iterator[Store]:
    """Ten thousand events, of a kilobyte each."""
    with open_store(str(tmp_path_factory.mktemp("city") / "hobnob.db")) as store:
        fill_source(store, Kind.CHAMBER, tuple(
            Event(source="chamber", uid=f"{n}", name=f"Number {n}", description=f"{n} " + "x" * 1000,
                  start_date=NOW + timedelta(minutes=n), time_zone="America/Los_Angeles")
            for n in range(EVENTS)
        ))  # fmt: skip
        yield store


async def fetch(app: ASGIApp, path: str, query: str = "") -> tuple[int, int]:
    """Bytes that came, and the most memory that was held meanwhile; what comes is let go at once."""
    length = 0

    async def receive() -> Message:
        await anyio.sleep_forever()
        raise AssertionError

    async def send(message: Message) -> None:
        nonlocal length
        length += len(message.get("body", b""))

    scope = {"type": "http", "method": "GET", "path": path, "query_string": query.encode(), "headers": []}
    tracemalloc.start()
    await app(scope, receive, send)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return length, most


@pytest.mark.parametrize("suffix", ["ics", "rss", "geojson"])
async def test_ten_thousand_events_take_no_more_memory_than_a_thousand(
    city: Store, settings: Settings, gazetteer: Gazetteer, suffix: str
) -> None:
    app = create_app(city, settings, gazetteer, now=lambda: NOW)
    await fetch(app, f"/v1/events.{suffix}", "limit=1")

    short, least = await fetch(app, f"/v1/events.{suffix}", f"starts_before={NOW + timedelta(minutes=1000):%FT%TZ}")
    long, most = await fetch(app, f"/v1/events.{suffix}")

    assert long > short * 9 > ROOM * 9
    assert most < least + ROOM
