"""Six saved pages in six formats, from six sites through `hobnob collect --all` to the answers of the API."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from aggregator.store import open_store
from aggregator.store.store import Store

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 10, 5, 12, tzinfo=UTC)
PAGES = {
    "chamber.ics": ("ics", "/calendar.ics"),
    "library.html": ("html", "/events"),
    "volunteers.rss": ("rss", "/shifts.rss"),
    "hikers.html": ("html", "/hikes"),
    "networking.json": ("tec", "/wp-json/tribe/events/v1/events?per_page=50"),
    "city.xml": ("civicplus", "/RSSFeed.aspx?ModID=58&CID=14"),
}
TOLD = [
    ("Visalia, CA", "2026-10-08T07:00:00-07:00", "Coffee Connections"),
    ("Visalia, CA", "2026-10-08T17:30:00-07:00", "October Mixer"),
    ("Tulare, CA", "2026-10-09T10:00:00-07:00", "Job Search Circle"),
    ("Fresno, CA", "2026-10-10T09:00:00-07:00", "Food Bank Sorting Shift"),
    ("Three Rivers, CA", "2026-10-11T08:00:00-07:00", "Rim Trail Day Hike"),
    ("Hanford, CA", "2026-10-12T12:00:00-07:00", "Lunch Exchange"),
    ("Visalia, CA", "2026-10-13T16:00:00-07:00", "Council Work Session"),
    ("Tulare, CA", "2026-10-17", "Friends of the Library Book Sale"),
]


@pytest.fixture(scope="module")
def town(found_town: Callable[..., Any], listed: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    folder = Path(__file__).parent / "pages"
    names = {file: file.partition(".")[0] for file in PAGES}
    pages = [
        listed(
            names[file],
            platform,
            f"http://{names[file]}.example{path}",
            (folder / file).read_bytes(),
            "America/Los_Angeles",
        )
        for file, (platform, path) in PAGES.items()
    ]
    with found_town(tmp_path_factory.mktemp("six"), pages, NOW) as town:
        ran = town.collect()
        assert ran.returncode == 0, ran.stderr
        yield town


@pytest.fixture(scope="module")
def store(town: Any) -> Iterator[Store]:
    with open_store(str(town.store_file)) as opened:
        yield opened


@pytest.fixture(scope="module")
def api(store: Store, open_api: Callable[..., httpx.AsyncClient]) -> httpx.AsyncClient:
    return open_api(store, NOW)


@pytest.mark.parametrize(("near", "start", "name"), TOLD, ids=[name for *_, name in TOLD])
async def test_an_event_is_told_at_its_place_and_in_its_time(
    api: httpx.AsyncClient, ask: Callable[..., Any], near: str, start: str, name: str
) -> None:
    here = await ask(api, near=near, within="6mi", start=start[:10], end=start[:10])
    later = await ask(api, near=near, within="6mi", start="2026-11-15", end="2026-11-15")

    assert (name, start) in [(hit["name"], hit["startDate"]) for hit in here]
    assert name not in [hit["name"] for hit in later]
    assert await ask(api, near="Sacramento, CA", within="6mi", start=start[:10], end=start[:10]) == []


async def test_the_county_is_told_in_order_of_start(api: httpx.AsyncClient, ask: Callable[..., Any]) -> None:
    hits = await ask(api, near="Visalia, CA", within="60mi", start="2026-10-05", end="2026-10-14")

    assert [(hit["startDate"], hit["name"]) for hit in hits] == [(start, name) for _, start, name in TOLD[:7]]


async def test_a_second_run_with_nothing_changed_writes_nothing_and_transfers_no_body(
    town: Any, store: Store, rows_of: Callable[[Store], Any]
) -> None:
    before, version, asked, sent = rows_of(store), store.data_version(), len(town.site.asked), town.site.sent.total()

    ran = town.collect()

    assert ran.returncode == 0, ran.stderr
    assert len(town.site.asked) == asked + len(PAGES)
    assert town.site.sent.total() == sent
    assert (rows_of(store), store.data_version()) == (before, version)
