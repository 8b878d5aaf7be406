"""The corpus of real pages, each from a site of its own, through `hobnob collect --all` to the answers of the API."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import httpx
import pytest

from aggregator.errors import HobnobError
from aggregator.event import Event, Precision, starts_at
from aggregator.run import Outcome
from aggregator.source import Page, Request
from aggregator.store import open_store
from aggregator.store.store import Store
from sources.detect import detect
from sources.load import platform, source_at

pytestmark = pytest.mark.anyio

NOW = datetime(1996, 1, 1, tzinfo=UTC)
"""Before all that the pages tell of, so that none of it is over."""

ENDS = ("was cut off before its end", "not read, on another site")
"""Why a saved page may be less than the whole: its file ends early, or a further page is named and not saved."""

PLACED = [
    ("hcalendar/calagator__hcal_basic.xml", "San Francisco, CA", "2007-10-05", "Web 2.0 Conference"),
    ("hcalendar/calagator__hcal_single.xml", "Portland, OR", "2008-01-19", "Calendar event"),
    ("ics/calagator__ical_upcoming.ics", "Portland, OR", "2008-02-05", "Ignite Portland"),
    ("ics/node-ical__meetup-timed-tz.ics", "Tempe, AZ", "2011-11-09", "Phoenix Drupal User Group Monthly Meetup"),
    ("jsonld/extruct__songkick_elysianfields.html", "Brooklyn, NY", "2017-06-10", "Elysian Fields"),
    ("jsonld/extruct__songkick_tovestyrke.html", "London, GB", "2017-06-12", "Tove Styrke"),
    ("microdata/schemaorg__eg-0012_microdata.html", "Denver, CO", "2013-09-14", "Typhoon with Radiation City"),
    ("microdata/schemaorg__eg-4468_microdata.html", "Ottawa, Ontario", "2026-01-22", "Rinse"),
    ("rss/civicplus-rss__gulfshores_calendar.xml", "Gulf Shores, AL", "2026-09-21", "Council Work Session"),
]
"""File, town, day and name: as the pages themselves tell, checked by eye."""


def name_of(file: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", file.lower())[:80].strip("_")


def choose_reader(row: dict[str, Any], host: str, body: bytes) -> tuple[str, str] | None:
    """The best platform that reads an event out of the file, and the address that it asks for."""
    kept = urlsplit(row.get("source_url") or f"/{Path(row['file']).name}")
    page = page_at(urlunsplit(("http", host, kept.path or "/", kept.query, "")), body)
    for candidate in detect(page):
        try:
            asked = source_at(page.url, candidate.platform).request.url
            if any(platform(candidate.platform, asked).parse(page_at(asked, body))):
                return candidate.platform, asked
        except HobnobError:
            continue
    return None


def page_at(url: str, body: bytes) -> Page:
    return Page(request=Request(url=url), url=url, body=body, fetched_at=NOW)


@pytest.fixture(scope="module")
def rows(shared: Path) -> dict[str, dict[str, Any]]:
    """The manifest's rows of files with expected events."""
    lines = (shared / "corpus" / "MANIFEST.jsonl").read_text("utf-8").splitlines()
    return {row["file"]: row for row in map(json.loads, lines) if row.get("expected")}


@pytest.fixture(scope="module")
def town(
    shared: Path,
    rows: dict[str, dict[str, Any]],
    found_town: Callable[..., Any],
    listed: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Any]:
    pages = []
    for file, row in rows.items():
        body = (shared / "corpus" / file).read_bytes()
        if chosen := choose_reader(row, f"site{len(pages)}.example", body):
            pages.append(listed(name_of(file), *chosen, body, row.get("timezone")))
    with found_town(tmp_path_factory.mktemp("corpus"), pages, NOW) as town:
        town.collect()
        yield town


@pytest.fixture(scope="module")
def store(town: Any) -> Iterator[Store]:
    with open_store(str(town.store_file)) as opened:
        yield opened


@pytest.fixture(scope="module")
def api(store: Store, open_api: Callable[..., httpx.AsyncClient]) -> httpx.AsyncClient:
    return open_api(store, NOW)


def has_a_name_and_a_start(expected: Any) -> bool:
    return isinstance(expected, dict) and bool(expected.get("title") and expected.get("start"))


async def test_every_site_is_read_whole_or_as_far_as_its_page_goes(
    store: Store, rows: dict[str, dict[str, Any]]
) -> None:
    """What is left out is told of: each event is kept, or dropped with a reason."""
    statuses = {status.name: status.last_run for status in store.sources()}
    complete = [row for row in rows.values() if row.get("expected_scope") == "complete"]

    assert len(statuses) > 250
    for name, run in statuses.items():
        assert run is not None
        assert run.outcome is Outcome.ACCEPTED or any(end in run.reason for end in ENDS), run
        assert run.kept or run.rejected, name
    for row in complete:
        run = statuses.get(name_of(row["file"]))
        assert not run or run.kept or not any(map(has_a_name_and_a_start, row["expected"])), row["file"]


@pytest.mark.parametrize(("file", "near", "day", "name"), PLACED, ids=[name for *_, name in PLACED])
async def test_an_event_is_told_in_its_town_and_on_its_day(
    api: httpx.AsyncClient, ask: Callable[..., Any], file: str, near: str, day: str, name: str
) -> None:
    """By whatever file tells it: some events are in two of them, and told once."""
    hits = await ask(api, near=near, within="15mi", start=day, end=day)
    elsewhere = await ask(api, near="Elko, NV", within="15mi", start=day, end=day)

    assert name in [hit["name"] for hit in hits], file
    assert elsewhere == []


async def test_every_event_whose_town_is_known_is_told_there(
    store: Store, api: httpx.AsyncClient, ask: Callable[..., Any]
) -> None:
    placed = [event for status in store.sources() if (event := one_with_a_town(store, status.name))]

    assert len(placed) > 50
    for event in placed:
        assert event.location.geo
        center = {"lat": str(event.location.geo.latitude), "lon": str(event.location.geo.longitude), "within": "1km"}
        start = starts_at(event.start_date, event.time_zone)
        window = {"start": start.isoformat(), "end": (start + timedelta(seconds=1)).isoformat()}
        window |= {"updated_since": "1990-01-01"}  # what is told with another's words is there too
        assert event.name in [hit["name"] for hit in await ask(api, **center, **window, source=event.source)]


def one_with_a_town(store: Store, source: str) -> Event | None:
    known = {Precision.ROOFTOP, Precision.STREET, Precision.POSTCODE, Precision.TOWN}
    events = (listing.event for listing in store.stored_listings(source).values())
    return next((event for event in events if event.location.precision in known and not event.is_series), None)


async def test_a_second_run_with_nothing_changed_writes_nothing_and_transfers_no_body(
    town: Any, store: Store, rows_of: Callable[[Store], Any]
) -> None:
    """A page that was cut short is asked for again, since what it did not show may be there now."""
    before, version = rows_of(store), store.data_version()
    town.site.sent.clear()

    town.collect()

    runs = [(status.url, status.last_run) for status in store.sources() if status.last_run]
    whole = [run for _, run in runs if run.outcome is Outcome.ACCEPTED]
    cut_short = {urlsplit(url).hostname: run.bytes_read for url, run in runs if run not in whole}
    assert (rows_of(store), store.data_version()) == (before, version)
    assert len(whole) > 250
    assert {(run.not_modified, run.new, run.changed, run.unseen) for run in whole} == {(True, 0, 0, 0)}
    assert +town.site.sent == cut_short
